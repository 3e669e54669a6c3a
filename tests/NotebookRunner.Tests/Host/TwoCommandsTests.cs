using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using NotebookRunner.Commands;
using NotebookRunner.Documents;
using NotebookRunner.Host;
using NotebookRunner.Tests.Shared;
using NotebookRunner.Tests.Worker;

namespace NotebookRunner.Tests.Host;

/// <summary>Commands side by side in one checkout, each a process of its own as in two terminals: they never mix.</summary>
public sealed class TwoCommandsTests : IDisposable
{
    private const string Profile = "Environment.GetEnvironmentVariable(\"WORKBOOK_PROFILE\")";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder = new();
    private readonly string _notebook;

    public TwoCommandsTests()
    {
        File.WriteAllText(_folder.File("Workbook.slnx"), "<Solution />");
        Directory.CreateDirectory(_folder.File("notebooks"));
        _notebook = _folder.Notebook(Path.Combine("notebooks", "01-a.ipynb"),
            Profile, "await Task.Delay(Random.Shared.Next(300));", Profile, "await Task.Delay(Random.Shared.Next(300));", Profile);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Outputs_written_back_and_executed_copies_and_pages_are_of_one_run()
    {
        for (var round = 0; round < 5; round++)
        {
            using var full = Start("run", "01", "--in-place", "--profile", "full");
            using var quick = Start("run", "01", "--profile", "quick");
            using var book = Start("book");

            Assert.Equal((0, 0, 0), (await full.ExitCode(), await quick.ExitCode(), await book.ExitCode()));

            Assert.Contains("Written back", full.Output);
            Assert.Equal(["full", "full", "full"], Profiles(_notebook));
            Assert.Single(Profiles(_folder.File("artifacts", "executed", "01-a.ipynb")).Distinct());
            var page = File.ReadAllText(_folder.File("artifacts", "book", "01-a.html"));
            Assert.NotEqual(page.Contains(">full<", StringComparison.Ordinal), page.Contains(">quick<", StringComparison.Ordinal));
            Assert.Empty(Directory.GetDirectories(_folder.File("artifacts", "executed")));
        }
    }

    [Fact]
    public async Task A_killed_run_keeps_nothing_from_the_next_and_what_it_had_is_kept()
    {
        var started = _folder.File("started");
        var endless = "System.IO.File.WriteAllText(\"part\", $\"{Environment.ProcessId}\");\n"
            + $"System.IO.File.Move(\"part\", @\"{started}\");\nwhile (true) {{ }}";
        _folder.Notebook(Path.Combine("notebooks", "02-b.ipynb"), "\"before\"", endless);
        using (var killed = Start("run", "02"))
        {
            await Waiting.UntilAsync(() => File.Exists(started));
            killed.Kill();
            await killed.ExitCode();
        }
        // The worker sees that its host has gone, writes what it has and goes too.
        var worker = int.Parse(File.ReadAllText(started), CultureInfo.InvariantCulture);
        await Waiting.UntilAsync(() => !RunningProcess.Is(worker));

        using var next = Start("run", "01");

        Assert.Equal(0, await next.ExitCode());
        var copy = JsonNode.Parse(File.ReadAllText(_folder.File("artifacts", "executed", "02-b.ipynb")))!;
        Assert.Equal(["text/plain: before"], WorkerHarness.Outputs(copy["cells"]![0]!));
        Assert.Empty(Directory.GetDirectories(_folder.File("artifacts", "executed")));
        Assert.Equal(["quick", "quick", "quick"], Profiles(_folder.File("artifacts", "executed", "01-a.ipynb")));
    }

    [Fact]
    public async Task A_chapter_never_shows_the_copy_of_another_notebook_of_the_same_name()
    {
        Directory.CreateDirectory(_folder.File("other"));
        _folder.Notebook(Path.Combine("other", "01-a.ipynb"), "\"of the \" + \"other\"");
        using (var run = Start("run", Path.Combine("other", "01-a.ipynb"), "--no-book"))
            Assert.Equal(0, await run.ExitCode());

        using (var lessons = Start("book"))
            Assert.Equal(0, await lessons.ExitCode());
        Assert.DoesNotContain("of the other", File.ReadAllText(_folder.File("artifacts", "book", "01-a.html")));
        using (var other = Start("book", "other"))
            Assert.Equal(0, await other.ExitCode());
        Assert.Contains("of the other", File.ReadAllText(_folder.File("artifacts", "book", "01-a.html")));
    }

    [Fact]
    public async Task A_book_waits_for_its_turn_and_has_it_when_the_other_is_killed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/flock"), "There is no command flock to hold the folder with.");
        var book = Directory.CreateDirectory(_folder.File("artifacts", "book")).FullName;
        using var holder = new Command("flock", _folder.Path, "-o", "-x", Path.Combine(book, ".lock"), "sh", "-c", "echo held; read x");
        await Waiting.UntilAsync(() => holder.Output.Contains("held", StringComparison.Ordinal));
        var repository = new Repository(_folder.Path);
        var sources = BookCommand.Sources(repository, repository.Lessons(), committed: true);
        var clock = new CountingClock();
        var waiting = Task.Run(() => BookCommand.Write(repository, sources, book, clock));
        await Waiting.UntilAsync(() => clock.Looks > 2 || waiting.IsCompleted); // it has tried, and tried again
        Assert.False(waiting.IsCompleted);
        Assert.Equal([".lock"], Directory.GetFileSystemEntries(book).Select(Path.GetFileName));

        holder.Kill();

        Assert.Empty((await waiting.WaitAsync(Limit)).LeftOut);
        Assert.True(File.Exists(Path.Combine(book, "index.html")));
    }

    [Fact]
    public void Who_waits_too_long_is_told_who_is_waited_for()
    {
        using var turn = FolderTurn.Wait(_folder.Path, TimeSpan.Zero);
        Assert.Contains("Another command has been writing into", Assert.Throws<UsageException>(
            () => FolderTurn.Wait(_folder.Path, TimeSpan.Zero)).Message);
    }

    private static IEnumerable<string> Profiles(string notebook) => NotebookDocument.Read(notebook).Cells
        .Where((_, index) => index % 2 == 0)
        .Select(cell => MultilineText.Join(cell.Outputs.Single().At("data", "text/plain")));

    private Command Start(params string[] arguments) =>
        new("dotnet", _folder.Path, [typeof(RunFolder).Assembly.Location, .. arguments]);

    /// <summary>A process with its output and a limit.</summary>
    private sealed class Command : IDisposable
    {
        private readonly Process _process;
        private readonly StringBuilder _output = new();

        internal Command(string program, string folder, params string[] arguments)
        {
            _process = new Process
            {
                StartInfo = new(program, arguments)
                {
                    WorkingDirectory = folder,
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                },
            };
            _process.OutputDataReceived += (_, line) =>
            {
                lock (_output)
                    _output.AppendLine(line.Data);
            };
            _process.Start();
            _process.BeginOutputReadLine();
        }

        internal string Output
        {
            get
            {
                lock (_output)
                    return _output.ToString();
            }
        }

        internal async Task<int> ExitCode()
        {
            using var limit = new CancellationTokenSource(Limit);
            await _process.WaitForExitAsync(limit.Token);
            return _process.ExitCode;
        }

        internal void Kill() => _process.Kill();

        public void Dispose()
        {
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
            _process.StandardInput.Close(); // ends what a killed process has left waiting for it
            _process.Dispose();
        }
    }
}
