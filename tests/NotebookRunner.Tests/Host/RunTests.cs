using System.Text.Json.Nodes;
using NotebookRunner.Documents;
using NotebookRunner.Host;

namespace NotebookRunner.Tests.Host;

/// <summary>Whole notebooks in real worker processes, and every way in which one can take its process down.</summary>
public sealed class RunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Recorder _recorder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Good_notebook_succeeds_and_leaves_an_executed_copy()
    {
        var notebook = _folder.Notebook("good.ipynb", "var x = 20;", "x + 1");
        var before = File.ReadAllBytes(notebook);

        var run = await RunAll(notebook);

        Assert.Equal(ExitCodes.Success, run.ExitCode);
        var result = Assert.Single(run.Notebooks);
        Assert.Equal((NotebookStatus.Succeeded, 2, 2), (result.Status, result.CodeCells, result.Succeeded));
        Assert.Equal(["start good", "cells 2", "cell 1 Succeeded", "cell 2 Succeeded", "end Succeeded"], _recorder.Events);
        Assert.Equal(before, File.ReadAllBytes(notebook));
        Assert.Contains("21", Copy(result)["cells"]![1]!["outputs"]!.ToJsonString());
        Assert.Equal([result.Job.ExecutedCopy], Directory.GetFiles(_folder.File("executed")));
    }

    [Fact]
    public async Task Copy_says_what_run_it_is_of_unless_a_cell_failed()
    {
        var good = _folder.Notebook("good.ipynb", "AppContext.SetData(\"ConvNetWorkbook.Seed\", 7);", "2");
        var fails = _folder.Notebook("fails.ipynb", "throw new Exception();");

        var run = await RunAll(good, fails);

        var recorded = Copy(run.Notebooks[0])["metadata"]!["convnet_workbook"]!;
        Assert.Equal(("quick", 7), ((string?)recorded["profile"], (int)recorded["seed"]!));
        Assert.Equal(Provenance.HashOf(NotebookDocument.Read(good)), (string?)recorded["source_sha256"]);
        Assert.Null(Copy(run.Notebooks[1])["metadata"]!["convnet_workbook"]);
    }

    [Fact]
    public async Task Failed_cell_is_reported_with_its_place_and_the_next_cells_run()
    {
        var notebook = _folder.Notebook("fails.ipynb", "1", "var a = 1;\nthrow new InvalidOperationException(\"no digits\");", "3");

        var run = await RunAll(notebook);

        Assert.Equal(ExitCodes.Failure, run.ExitCode);
        var result = Assert.Single(run.Notebooks);
        var cell = Assert.Single(result.FailedCells);
        Assert.Equal((2, 2), (cell.Number, cell.Error!.Line));
        Assert.Contains("no digits", cell.Error.Message);
        Assert.Contains("throw", cell.Error.SourceLine);
        Assert.Equal(CellStatus.Succeeded, result.Cells[2].Status);
    }

    [Fact]
    public async Task Tagged_cells_that_throw_as_announced_or_are_left_alone_fail_nothing()
    {
        var throws = NotebookJson.Code("throw new Exception(\"as announced\");");
        throws["metadata"] = new JsonObject { ["tags"] = new JsonArray("raises-exception") };
        var skipped = NotebookJson.Code("Environment.Exit(3);");
        skipped["metadata"] = new JsonObject { ["tags"] = new JsonArray("skip-execution") };
        var quiet = NotebookJson.Code("1");
        quiet["metadata"] = throws["metadata"]!.DeepClone();

        var run = await RunAll(
            _folder.Notebook("good.ipynb", throws, skipped, NotebookJson.Code("2")), _folder.Notebook("quiet.ipynb", quiet));

        Assert.Equal([NotebookStatus.Succeeded, NotebookStatus.Failed], run.Notebooks.Select(result => result.Status));
        Assert.Equal((2, 2), (run.Notebooks[0].CodeCells, run.Notebooks[0].Succeeded));
        Assert.Contains("as announced", Copy(run.Notebooks[0]).ToJsonString());
    }

    [Fact]
    public async Task Fail_fast_ends_the_run_at_the_first_failed_cell()
    {
        var first = _folder.Notebook("a.ipynb", "throw new Exception(\"first\");", "2");
        var second = _folder.Notebook("b.ipynb", "1");

        var run = await Run(new() { Notebooks = [first, second], OutputFolder = _folder.File("executed"), FailFast = true });

        Assert.Equal([NotebookStatus.Failed, NotebookStatus.NotRun], run.Notebooks.Select(result => result.Status));
        Assert.DoesNotContain(run.Notebooks[0].Cells, cell => cell is { Number: 2, Status: CellStatus.Succeeded });
        Assert.Equal(ExitCodes.Failure, run.ExitCode);
    }

    [Theory]
    [InlineData("Environment.Exit(3);", "ProcessExited", "exit code 3")]
    [InlineData("Environment.Exit(0);", "ProcessExited", "exit code 0")]
    [InlineData("int Deeper(int n) => Deeper(n + 1) + 1;\nDeeper(0)", "StackOverflowException", "stack")]
    [InlineData("Environment.FailFast(\"gone\");", "ProcessAborted", "gone")]
    [InlineData("System.Diagnostics.Process.GetCurrentProcess().Kill();\nawait Task.Delay(10000);", "ProcessKilled", "killed")]
    public async Task Cell_that_ends_its_process_is_named_and_the_others_go_on(string code, string name, string words)
    {
        if (OperatingSystem.IsWindows() && name is "ProcessKilled" or "ProcessAborted")
            Assert.Skip("Windows tells a killed process only by its exit code.");
        var dies = _folder.Notebook("dies.ipynb", "Console.WriteLine(\"before\");", code, "3");
        var lives = _folder.Notebook("lives.ipynb", "1 + 1");

        var run = await RunAll(dies, lives);

        var (dead, alive) = (run.Notebooks[0], run.Notebooks[1]);
        var cell = Assert.Single(dead.FailedCells);
        Assert.Equal((2, name), (cell.Number, cell.Error!.Name));
        Assert.Contains(words, cell.Error.Message);
        Assert.Equal(NotebookStatus.Failed, dead.Status);
        Assert.Equal(NotebookStatus.Succeeded, alive.Status);
        Assert.Equal(ExitCodes.Failure, run.ExitCode);

        var cells = Copy(dead)["cells"]!.AsArray();
        Assert.Contains("before", cells[0]!["outputs"]!.ToJsonString());
        var error = cells[1]!["outputs"]!.AsArray()[^1]!;
        Assert.Equal(("error", name), ((string?)error["output_type"], (string?)error["ename"]));
        Assert.Empty(cells[2]!["outputs"]!.AsArray());
        Assert.DoesNotContain("old output", Copy(dead).ToJsonString());
    }

    [Fact]
    public async Task Cell_that_heeds_its_token_is_stopped_by_the_timeout_and_the_next_cells_run()
    {
        var notebook = _folder.Notebook("waits.ipynb",
            "var token = ((Func<System.Threading.CancellationToken>)AppContext.GetData(\"NotebookRunner.Cancellation\"))();\n" +
            "Console.WriteLine(\"waiting\");\nawait Task.Delay(-1, token);", "2");
        var clock = new Clock();
        _recorder.OnOutput = preview =>
        {
            if (preview == "waiting")
                clock.PassAnHour();
        };

        var run = await Run(new()
        {
            Notebooks = [notebook],
            OutputFolder = _folder.File("executed"),
            CellTimeout = TimeSpan.FromHours(1),
            Clock = clock,
        });

        var result = Assert.Single(run.Notebooks);
        Assert.Equal([CellStatus.Cancelled, CellStatus.Succeeded], result.Cells.Select(cell => cell.Status));
        Assert.Contains("--timeout", result.Cells[0].Error!.Message);
        Assert.Contains("waiting", Copy(result)["cells"]![0]!["outputs"]!.ToJsonString());
        Assert.Equal(ExitCodes.Failure, run.ExitCode);
    }

    [Fact]
    public async Task Cell_that_never_ends_is_ended_with_its_process_and_keeps_its_outputs()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The cell sends a signal by Linux's number.");
        // Asked to stop, it stops its whole process, so that not even the worker answers.
        const string StopItself =
            "[System.Runtime.InteropServices.DllImport(\"libc\")] static extern int kill(int process, int signal);\n" +
            "var token = Microsoft.DotNet.Interactive.KernelInvocationContext.Current.CancellationToken;\n" +
            "Console.WriteLine(\"waiting\");\ntoken.WaitHandle.WaitOne();\nkill(Environment.ProcessId, 19);\nwhile (true) { }";
        var hangs = _folder.Notebook("hangs.ipynb", "Console.WriteLine(\"before\");", StopItself, "3");
        var lives = _folder.Notebook("lives.ipynb", "1");

        var clock = new Clock();
        _recorder.OnOutput = preview =>
        {
            if (preview == "waiting")
                clock.PassAnHour();
        };
        _recorder.OnNotice = _ => clock.PassAnHour(); // it is asked to stop, and does not

        var run = await Run(new()
        {
            Notebooks = [hangs, lives],
            OutputFolder = _folder.File("executed"),
            CellTimeout = TimeSpan.FromHours(1),
            Clock = clock,
        });

        Assert.Equal([NotebookStatus.Failed, NotebookStatus.Succeeded], run.Notebooks.Select(result => result.Status));
        var cell = Assert.Single(run.Notebooks[0].FailedCells);
        Assert.Equal((2, "TimeoutException"), (cell.Number, cell.Error!.Name));
        Assert.Contains("before", Copy(run.Notebooks[0])["cells"]![0]!["outputs"]!.ToJsonString());
    }

    [Theory]
    [InlineData("await Task.Delay(-1, ((Func<System.Threading.CancellationToken>)AppContext.GetData(\"NotebookRunner.Cancellation\"))());")]
    [InlineData("while (true) { }")]
    public async Task Interrupt_stops_the_running_cell_and_what_there_is_stays(string code)
    {
        var notebook = _folder.Notebook("a.ipynb", "Console.WriteLine(\"before\");", code, "3");
        var next = _folder.Notebook("b.ipynb", "1");
        using var interrupt = new Interrupt();
        _recorder.OnCellStarted = number =>
        {
            if (number == 2)
                interrupt.Raise();
        };

        var run = await Execute(new()
        {
            Notebooks = [notebook, next],
            OutputFolder = _folder.File("executed"),
            Grace = TimeSpan.FromSeconds(2),
        }, interrupt);

        Assert.Equal([NotebookStatus.Interrupted, NotebookStatus.NotRun], run.Notebooks.Select(result => result.Status));
        Assert.Equal(CellStatus.Cancelled, run.Notebooks[0].Cells[1].Status);
        Assert.Contains("before", Copy(run.Notebooks[0])["cells"]![0]!["outputs"]!.ToJsonString());
        Assert.Contains("interrupted", Copy(run.Notebooks[0])["cells"]![1]!["outputs"]!.ToJsonString());
        Assert.Equal(ExitCodes.Failure, run.ExitCode);
    }

    [Fact]
    public async Task Unreadable_notebook_is_rejected_and_the_others_run()
    {
        var broken = _folder.File("broken.ipynb");
        File.WriteAllText(broken, "{\"cells\": [");
        var good = _folder.Notebook("good.ipynb", "1");

        var run = await RunAll(broken, good);

        Assert.Equal([NotebookStatus.Rejected, NotebookStatus.Succeeded], run.Notebooks.Select(result => result.Status));
        Assert.Contains("broken.ipynb", run.Notebooks[0].Message);
        Assert.Equal(ExitCodes.Usage, run.ExitCode);
    }

    [Theory, InlineData("start", "run"), InlineData("cell", "run"), InlineData("end", "shown")]
    public async Task What_nobody_thought_of_is_one_notebooks_failure_and_the_others_run(string moment, string words)
    {
        void FailAt(string happened)
        {
            if (happened == moment)
                throw new InvalidOperationException("nobody thought of it");
        }
        _recorder.OnNotebook = (happened, name) => FailAt(name == "one" ? happened : "");
        _recorder.OnCellStarted = _ => FailAt(_recorder.Events.Contains("start other") ? "" : "cell");

        var run = await RunAll(_folder.Notebook("one.ipynb", "1"), _folder.Notebook("other.ipynb", "2"));

        Assert.Equal([NotebookStatus.Failed, NotebookStatus.Succeeded], run.Notebooks.Select(result => result.Status));
        Assert.Equal($"It cannot be {words}: nobody thought of it", run.Notebooks[0].Message);
        Assert.Equal(ExitCodes.Failure, run.ExitCode);
    }

    [Fact]
    public async Task Copy_whose_place_is_taken_is_called_that_and_kept_and_the_others_run()
    {
        var taken = _folder.File("executed", "a.ipynb");
        Directory.CreateDirectory(taken);

        var run = await RunAll(_folder.Notebook("a.ipynb", "6 * 7"), _folder.Notebook("b.ipynb", "2"));

        Assert.Equal([NotebookStatus.NotSaved, NotebookStatus.Succeeded], run.Notebooks.Select(result => result.Status));
        Assert.Equal(ExitCodes.Failure, run.ExitCode);
        var lines = run.Notebooks[0].Message!.Split('\n');
        Assert.Contains($"cannot be moved to {taken}", lines[0]);
        Assert.Contains("42", File.ReadAllText(lines[1]["It is kept: ".Length..]));

        Directory.Delete(taken);
        RunFolder.PublishAbandoned(_folder.File("executed"));
        Assert.Contains("42", File.ReadAllText(taken));
        Assert.Empty(Directory.GetDirectories(_folder.File("executed")));
    }

    [Fact]
    public async Task Full_disk_is_called_that_and_nothing_half_written_stays()
    {
        using var disk = SmallDisk.Mount(_folder.File("small"), megabytes: 1);

        var run = await Run(new()
        {
            Notebooks =
            [
                _folder.Notebook("large.ipynb", "for (var i = 0; i < 900; i++) Console.WriteLine(new string('x', 1000));",
                    "display(new string('y', 500_000), \"text/html\");"),
                _folder.Notebook("small.ipynb", "6 * 7"),
            ],
            OutputFolder = disk.Path,
        });

        Assert.Equal([NotebookStatus.NotSaved, NotebookStatus.Succeeded], run.Notebooks.Select(result => result.Status));
        Assert.Contains("cannot be written: the disk is full", run.Notebooks[0].Message);
        Assert.Equal(["large.ipynb", "small.ipynb"], Directory.GetFiles(disk.Path).Select(Path.GetFileName).Order());
        Assert.All(run.Notebooks, result => Copy(result));
        Assert.Empty(Directory.GetDirectories(disk.Path));
    }

    [Fact]
    public async Task Disk_that_is_full_before_the_first_cell_is_called_that_too()
    {
        using var disk = SmallDisk.Mount(_folder.File("small"), megabytes: 1);
        Directory.CreateDirectory(disk.File("other"));
        File.WriteAllBytes(disk.File("other", "large"), new byte[1_000_000]);
        var cells = Enumerable.Range(0, 300).Select(number => $"// {number} {new string('x', 200)}").ToArray();

        var run = await Run(new() { Notebooks = [_folder.Notebook("a.ipynb", cells)], OutputFolder = disk.Path });

        var result = Assert.Single(run.Notebooks);
        Assert.Equal((NotebookStatus.NotSaved, 0), (result.Status, result.Cells.Count));
        Assert.Contains("the disk is full", result.Message);
        Assert.Empty(Directory.GetFiles(disk.Path));
    }

    [Fact]
    public async Task Temporary_files_go_from_a_full_disk_too()
    {
        using var disk = SmallDisk.Mount(_folder.File("small"), megabytes: 1);
        var temporary = Directory.CreateDirectory(disk.File("temporary")).FullName;
        // What a restore would have begun, until there is no room for more of it.
        const string Fill = "var folder = $\"{System.IO.Path.GetTempPath()}/notebook-restore-{Environment.ProcessId}-x\";\n"
            + "System.IO.Directory.CreateDirectory(folder);\n"
            + "using (var file = System.IO.File.Create($\"{folder}/half\", bufferSize: 1))\n"
            + "    try { while (true) file.Write(new byte[4096]); } catch (System.IO.IOException e) { Console.Write(e.Message); }";
        var restores = _folder.Notebook("a.ipynb", Fill, "#r \"nuget: No.Such.Package, 1.0.0\"");
        var dies = _folder.Notebook("b.ipynb", Fill, "System.Diagnostics.Process.GetCurrentProcess().Kill();");
        var start = new System.Diagnostics.ProcessStartInfo("dotnet",
            [typeof(RunFolder).Assembly.Location, "run", restores, dies, "--no-book", "--output", _folder.File("executed")])
        {
            Environment = { ["TMPDIR"] = temporary },
        };

        var run = await ChildProcess.RunAsync(start, TimeSpan.FromMinutes(10));

        Assert.Equal(ExitCodes.Failure, run.ExitCode);
        foreach (var name in new[] { "a.ipynb", "b.ipynb" })
            Assert.Contains("No space left", File.ReadAllText(_folder.File("executed", name)));
        Assert.Empty(Directory.GetFileSystemEntries(temporary));
    }

    [Fact]
    public async Task In_place_writes_back_what_succeeded_and_nothing_else()
    {
        var good = _folder.Notebook("good.ipynb", "6 * 7");
        var bad = _folder.Notebook("bad.ipynb", "throw new Exception();");
        var badBefore = File.ReadAllBytes(bad);

        var run = await Run(new() { Notebooks = [good, bad], OutputFolder = _folder.File("executed"), InPlace = true });

        Assert.Equal([true, false], run.Notebooks.Select(result => result.WrittenBack));
        Assert.Contains("42", File.ReadAllText(good));
        Assert.Equal(File.ReadAllBytes(run.Notebooks[0].Job.ExecutedCopy), File.ReadAllBytes(good));
        Assert.Equal(badBefore, File.ReadAllBytes(bad));
    }

    [Fact]
    public async Task In_place_keeps_what_was_changed_meanwhile()
    {
        var notebook = _folder.Notebook("a.ipynb", "6 * 7");
        var changed = File.ReadAllText(notebook).Replace("6 * 7", "6 * 8");
        _recorder.OnCellStarted = _ => File.WriteAllText(notebook, changed);

        var run = await Run(new() { Notebooks = [notebook], OutputFolder = _folder.File("executed"), InPlace = true });

        var result = Assert.Single(run.Notebooks);
        Assert.Equal((NotebookStatus.NotSaved, false), (result.Status, result.WrittenBack));
        Assert.Contains("was changed while it ran", result.Message);
        Assert.Equal(changed, File.ReadAllText(notebook));
        Assert.Contains("42", Copy(result).ToJsonString());
    }

    [Fact]
    public async Task In_place_writes_to_what_a_link_leads_to()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links ask for rights on Windows.");
        var notebook = _folder.Notebook("a.ipynb", "6 * 7");
        var link = _folder.File("link.ipynb");
        File.CreateSymbolicLink(link, notebook);

        await Run(new() { Notebooks = [link], OutputFolder = _folder.File("executed"), InPlace = true });

        Assert.Contains("42", File.ReadAllText(notebook));
        Assert.Equal(notebook, File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName);
    }

    [Fact]
    public async Task Worker_sees_the_profile_and_the_notebooks_folder()
    {
        var notebook = _folder.Notebook(
            "where.ipynb", "Environment.GetEnvironmentVariable(\"WORKBOOK_PROFILE\") + \" \" + Environment.CurrentDirectory");

        var run = await Run(new() { Notebooks = [notebook], OutputFolder = _folder.File("executed"), Profile = "full" });

        var output = Copy(Assert.Single(run.Notebooks))["cells"]![0]!["outputs"]!.ToJsonString();
        Assert.Contains("full ", output);
        Assert.Contains(Path.GetFileName(_folder.Path), output);
    }

    [Fact]
    public async Task An_old_executed_copy_never_passes_for_this_runs()
    {
        var notebook = _folder.Notebook("exits.ipynb", "Environment.Exit(1);");
        Directory.CreateDirectory(_folder.File("executed"));
        File.Copy(_folder.Notebook("old.ipynb", "stale"), _folder.File("executed", "exits.ipynb"));

        var run = await RunAll(notebook);

        var text = Copy(Assert.Single(run.Notebooks)).ToJsonString();
        Assert.DoesNotContain("stale", text);
        Assert.DoesNotContain("old output", text);
    }

    [Theory]
    [InlineData("var all = new List<byte[]>();\nwhile (true) { var some = new byte[8 << 20]; Array.Fill(some, (byte)1); all.Add(some); }")]
    // It takes its time, as the host looks now and then: on a busy machine it would find many gigabytes.
    [InlineData("unsafe { while (true) { System.Threading.Thread.Sleep(20);\n"
        + "new Span<byte>(System.Runtime.InteropServices.NativeMemory.Alloc(4 << 20), 4 << 20).Fill(1); } }")]
    public async Task Cell_that_allocates_without_bound_is_stopped_by_the_limit_and_the_others_run(string code)
    {
        var greedy = _folder.Notebook("greedy.ipynb", "Console.WriteLine(\"before\");", code);
        var modest = _folder.Notebook("modest.ipynb", "1");

        var run = await Run(new() { Notebooks = [greedy, modest], OutputFolder = _folder.File("executed"), MemoryLimit = 512 << 20 });

        Assert.Equal([NotebookStatus.Failed, NotebookStatus.Succeeded], run.Notebooks.Select(result => result.Status));
        var cell = Assert.Single(run.Notebooks[0].FailedCells);
        Assert.Contains("OutOfMemoryException", cell.Error!.Name);
        Assert.Contains("before", Copy(run.Notebooks[0])["cells"]![0]!["outputs"]!.ToJsonString());
    }

    [Theory]
    [InlineData("for (var i = 0; i < 20; i++) Console.Write(new string('x', 1 << 20));", "left out")]
    [InlineData("Console.ReadLine()", "waits for input")]
    [InlineData("await GetInputAsync(\"Name?\")", "waits for input")]
    public async Task Noise_is_cut_and_waiting_for_input_fails(string code, string words)
    {
        var run = await RunAll(_folder.Notebook("one.ipynb", code, "2"), _folder.Notebook("other.ipynb", "1"));

        Assert.Equal(NotebookStatus.Succeeded, run.Notebooks[1].Status);
        Assert.Equal(CellStatus.Succeeded, run.Notebooks[0].Cells[1].Status);
        Assert.Contains(words, Copy(run.Notebooks[0])["cells"]![0]!["outputs"]!.ToJsonString());
        Assert.InRange(new FileInfo(run.Notebooks[0].Job.ExecutedCopy).Length, 1, 3_000_000);
    }

    [Fact]
    public async Task Cell_that_floods_the_console_fails_with_what_is_kept()
    {
        var flood = "var line = new string('x', 1 << 20);\nfor (var i = 0; i < 128; i++) Console.WriteLine(line);";
        var run = await RunAll(
            _folder.Notebook("floods.ipynb", flood, "2"),
            _folder.Notebook("other.ipynb", "1"));

        Assert.Equal([NotebookStatus.Failed, NotebookStatus.Succeeded], run.Notebooks.Select(result => result.Status));
        Assert.Equal([CellStatus.Failed, CellStatus.Succeeded], run.Notebooks[0].Cells.Select(cell => cell.Status));
        Assert.Contains("characters to the console", run.Notebooks[0].Cells[0].Error!.Message);
        Assert.InRange(new FileInfo(run.Notebooks[0].Job.ExecutedCopy).Length, 1, 3_000_000);
    }

    [Fact]
    public async Task Exception_of_a_task_that_nobody_awaited_fails_the_notebook()
    {
        var run = await RunAll(
            _folder.Notebook("forgets.ipynb", "1", "_ = Task.FromException(new InvalidOperationException(\"in the background\"));", "3"),
            _folder.Notebook("other.ipynb", "1"));

        Assert.Equal([NotebookStatus.Failed, NotebookStatus.Succeeded], run.Notebooks.Select(result => result.Status));
        Assert.Contains("in the background", run.Notebooks[0].Message);
        Assert.Contains("in the background", Copy(run.Notebooks[0])["cells"]![2]!["outputs"]!.ToJsonString());
        Assert.Equal(ExitCodes.Failure, run.ExitCode);
    }

    [Fact]
    public async Task Where_all_lessons_run_each_takes_the_parameters_that_it_has()
    {
        var with = _folder.Notebook("with.ipynb", NotebookJson.Parameters("var epochs = 2;"), NotebookJson.Code("epochs"));
        var without = _folder.Notebook("without.ipynb", "1");

        var run = await Run(new()
        {
            Notebooks = [with, without],
            OutputFolder = _folder.File("executed"),
            Parameters = new Dictionary<string, string> { ["epochs"] = "7" },
            ParametersWhereKnown = true,
        });

        Assert.All(run.Notebooks, result => Assert.Equal(NotebookStatus.Succeeded, result.Status));
        Assert.Contains("7", Copy(run.Notebooks[0])["cells"]![2]!["outputs"]!.ToJsonString());
    }

    [Fact]
    public void Notebooks_of_one_name_have_copies_of_their_own()
    {
        var request = new ExecutionRequest { Notebooks = ["/a/lesson.ipynb", "/b/lesson.ipynb"], OutputFolder = "/out" };

        Assert.Equal(["lesson", "lesson-2"], request.Jobs().Select(job => job.Name));
    }

    private Task<ExecutionResult> RunAll(params string[] notebooks) =>
        Run(new() { Notebooks = notebooks, OutputFolder = _folder.File("executed") });

    private async Task<ExecutionResult> Run(ExecutionRequest request)
    {
        using var interrupt = new Interrupt();
        return await Execute(request, interrupt);
    }

    private Task<ExecutionResult> Execute(ExecutionRequest request, Interrupt interrupt) =>
        NotebookRunner.Host.NotebookSequence.ExecuteAsync(request, _recorder, interrupt);

    private static JsonNode Copy(NotebookResult result) => JsonNode.Parse(File.ReadAllText(result.Job.ExecutedCopy))!;

    /// <summary>A clock whose time passes when a test says so.</summary>
    private sealed class Clock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _now);

        internal void PassAnHour() => Interlocked.Add(ref _now, TimeSpan.TicksPerHour);
    }

    private sealed class Recorder : IProgressObserver
    {
        internal List<string> Events { get; } = [];

        internal Action<string, string>? OnNotebook { get; set; }

        internal Action<int>? OnCellStarted { get; set; }

        internal Action<string>? OnOutput { get; set; }

        internal Action<string>? OnNotice { get; set; }

        public void NotebookStarting(NotebookJob job, int position, int count)
        {
            Events.Add($"start {job.Name}");
            OnNotebook?.Invoke("start", job.Name);
        }

        public void NotebookStarted(int codeCells) => Events.Add($"cells {codeCells}");

        public void CellStarted(int number, string firstLine) => OnCellStarted?.Invoke(number);

        public void Output(string preview) => OnOutput?.Invoke(preview);

        public void CellFinished(CellResult cell) => Events.Add($"cell {cell.Number} {cell.Status}");

        public void NotebookFinished(NotebookResult result)
        {
            Events.Add($"end {result.Status}");
            OnNotebook?.Invoke("end", result.Job.Name);
        }

        public void Notice(string message) => OnNotice?.Invoke(message);

        public void Tick()
        {
        }
    }
}
