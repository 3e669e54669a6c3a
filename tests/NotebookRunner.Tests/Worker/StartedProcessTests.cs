using System.Diagnostics;
using System.Globalization;
using NotebookRunner.Host;
using NotebookRunner.Tests.Host;

namespace NotebookRunner.Tests.Worker;

/// <summary>What cells start ends with their notebook, however it detached itself.</summary>
public sealed class StartedProcessTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly TemporaryFolder _folder = new();

    public StartedProcessTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "The cells start Linux's own programs.");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sleep 100000 >/dev/null 2>&1 & echo $!")]
    [InlineData("nohup sleep 100000 >/dev/null 2>&1 & echo $!")]
    [InlineData("setsid sh -c 'echo $$ > pid; exec sleep 100000' >/dev/null 2>&1 & while [ ! -s pid ]; do sleep 0.05; done; cat pid")]
    [InlineData("(setsid sh -c 'sleep 100000 & echo $! > pid' >/dev/null 2>&1 &); while [ ! -s pid ]; do sleep 0.05; done; cat pid")]
    [InlineData("(setsid env -i sh -c '/bin/sleep 100000 & echo $! > pid' >/dev/null 2>&1 &); "
        + "while [ ! -s pid ]; do sleep 0.05; done; cat pid")]
    public async Task Processes_end_with_a_notebook_that_succeeded(string shell)
    {
        var run = await WorkerHarness.OfAsync(_folder, Starting(shell));

        Assert.Equal([CellStatus.Succeeded], run.Statuses);
        await RunningProcess.EndsAsync(int.Parse(run.Outputs(0)[0]["stdout: ".Length..], CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("cat", "-")]
    [InlineData("sh", "-c", "read x; read y; cat")]
    public async Task Processes_read_an_empty_standard_input_and_no_command(string program, params string[] arguments)
    {
        var notebook = _folder.Notebook("notebook.ipynb",
            $"System.Diagnostics.Process.Start(\"{program}\", [\"{string.Join("\", \"", arguments)}\"]).WaitForExit();");
        var request = new WorkerRequest(
            notebook, _folder.File("executed", "notebook.ipynb"), "quick", new Dictionary<string, string>(), KeepGoing: true);
        await using var worker = WorkerProcess.Start(request, memoryLimit: null);

        while (await worker.NextAsync().WaitAsync(Limit) is { } happened and not NotebookFinished)
            if (happened is CellFinished cell)
                Assert.Equal(CellStatus.Succeeded, cell.Status);
        await worker.Exited.WaitAsync(Limit);
    }

    [Fact]
    public async Task Processes_end_when_their_worker_was_killed()
    {
        var notebook = _folder.Notebook("notebook.ipynb",
            Starting("(setsid sh -c 'sleep 100000 & echo $! > pid' >/dev/null 2>&1 &); while [ ! -s pid ]; do sleep 0.05; done; cat pid")
            + "\nSystem.Diagnostics.Process.GetCurrentProcess().Kill();");
        Directory.CreateDirectory(_folder.File("executed"));
        var request = new WorkerRequest(
            notebook, _folder.File("executed", "notebook.ipynb"), "quick", new Dictionary<string, string>(), KeepGoing: true);
        await using (var worker = WorkerProcess.Start(request, memoryLimit: null))
            await worker.Exited.WaitAsync(Limit);

        await RunningProcess.EndsAsync(int.Parse(File.ReadAllText(_folder.File("pid")), CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_run_leaves_nothing_when_the_worker_was_killed_and_what_it_started_knows_nothing_of_it()
    {
        var temporary = Directory.CreateDirectory(_folder.File("temporary")).FullName;
        var abandoned = Directory.CreateDirectory(Path.Combine(temporary, "notebook-restore-2147483647-x", "obj")).Parent!.FullName;
        var notebook = _folder.Notebook("notebook.ipynb",
            "System.IO.Directory.CreateDirectory($\"{System.IO.Path.GetTempPath()}/notebook-restore-{Environment.ProcessId}-x/obj\");\n"
            + Starting("(setsid env -i sh -c '/bin/sleep 100000 & echo $! > pid' >/dev/null 2>&1 &); "
                + "while [ ! -s pid ]; do sleep 0.05; done")
            + "\nSystem.Diagnostics.Process.GetCurrentProcess().Kill();");

        var start = new ProcessStartInfo(
            "dotnet", [typeof(WorkerProcess).Assembly.Location, "run", notebook, "--no-book", "--output", _folder.File("executed")]);
        start.Environment["TMPDIR"] = temporary;
        var run = await ChildProcess.RunAsync(start, Limit);

        Assert.Equal(2, run.ExitCode);
        await RunningProcess.EndsAsync(int.Parse(File.ReadAllText(_folder.File("pid")), CultureInfo.InvariantCulture));
        Assert.False(Directory.Exists(abandoned));
        Assert.Empty(Directory.GetFileSystemEntries(temporary));
    }

    private static string Starting(string shell) =>
        $$"""""
        var start = new System.Diagnostics.ProcessStartInfo("sh") { RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("""{{shell}}""");
        Console.Write(System.Diagnostics.Process.Start(start).StandardOutput.ReadLine());
        """"";
}
