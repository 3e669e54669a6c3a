using System.Globalization;
using NotebookRunner.Host;
using NotebookRunner.Tests.Host;

namespace NotebookRunner.Tests.Worker;

/// <summary>What cells start ends with their notebook, however it detached itself.</summary>
public sealed class StartedProcessTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();

    public StartedProcessTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "The cells start Linux's own programs.");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sleep 600 >/dev/null 2>&1 & echo $!")]
    [InlineData("nohup sleep 600 >/dev/null 2>&1 & echo $!")]
    [InlineData("setsid sleep 600 >/dev/null 2>&1 & sleep 0.2; pgrep -n -x sleep")]
    [InlineData("(setsid sh -c 'sleep 600 & echo $! > pid' >/dev/null 2>&1 &); while [ ! -s pid ]; do sleep 0.05; done; cat pid")]
    [InlineData("(setsid env -i sh -c '/bin/sleep 600 & echo $! > pid' >/dev/null 2>&1 &); "
        + "while [ ! -s pid ]; do sleep 0.05; done; cat pid")]
    public async Task Processes_end_with_a_notebook_that_succeeded(string shell)
    {
        var run = await WorkerHarness.OfAsync(_folder, Starting(shell));

        Assert.Equal([CellStatus.Succeeded], run.Statuses);
        await EndsAsync(int.Parse(run.Outputs(0)[0]["stdout: ".Length..], CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Processes_end_when_their_worker_was_killed()
    {
        var notebook = _folder.Notebook("notebook.ipynb",
            Starting("(setsid sh -c 'sleep 600 & echo $! > pid' >/dev/null 2>&1 &); while [ ! -s pid ]; do sleep 0.05; done; cat pid")
            + "\nSystem.Diagnostics.Process.GetCurrentProcess().Kill();");
        Directory.CreateDirectory(_folder.File("executed"));
        var request = new WorkerRequest(
            notebook, _folder.File("executed", "notebook.ipynb"), "quick", new Dictionary<string, string>(), KeepGoing: true);
        await using (var worker = WorkerProcess.Start(request, memoryLimit: null))
            await worker.Exited.WaitAsync(Limit);

        await EndsAsync(int.Parse(File.ReadAllText(_folder.File("pid")), CultureInfo.InvariantCulture));
    }

    private static string Starting(string shell) =>
        $$"""""
        var start = new System.Diagnostics.ProcessStartInfo("sh") { RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("""{{shell}}""");
        Console.Write(System.Diagnostics.Process.Start(start).StandardOutput.ReadLine());
        """"";

    private static async Task EndsAsync(int id)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (IsRunning(id))
            await Task.Delay(20, limit.Token);
    }

    private static bool IsRunning(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return !stat[(stat.LastIndexOf(')') + 1)..].TrimStart().StartsWith('Z');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
