using System.Diagnostics;
using System.Globalization;
using NotebookRunner.Host;

namespace NotebookRunner.Tests.Host;

/// <summary>What cells started ends with the next run, where their own runner and its worker were killed together.</summary>
public sealed class AbandonedProcessTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly TemporaryFolder _folder = new();

    public AbandonedProcessTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells what a process was started by.");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_next_run_ends_what_was_left()
    {
        // The cell stops its own process, so that the worker cannot end what it started when its runner goes.
        var started = _folder.File("started");
        var stops = _folder.Notebook("stops.ipynb",
            "[System.Runtime.InteropServices.DllImport(\"libc\")] static extern int kill(int process, int signal);\n"
            + "var left = System.Diagnostics.Process.Start(\"setsid\", [\"sleep\", \"100000\"]);\n"
            + "System.IO.File.WriteAllText(\"part\", $\"{Environment.ProcessId} {left.Id}\");\n"
            + $"System.IO.File.Move(\"part\", \"{started}\");\nkill(Environment.ProcessId, 19);");
        using var runner = Process.Start("dotnet", Run(stops));
        await Waiting.UntilAsync(() => File.Exists(started) || runner.HasExited);
        var ids = File.ReadAllText(started).Split(' ').Select(id => int.Parse(id, CultureInfo.InvariantCulture)).ToList();
        await Waiting.UntilAsync(() => RunningProcess.StateOf(ids[0]) == 'T');
        runner.Kill();
        await runner.WaitForExitAsync();
        Processes.TryKill(ids[0]);
        await Waiting.UntilAsync(() => !RunningProcess.Is(ids[0]));

        var next = await ChildProcess.RunAsync(new("dotnet", Run(_folder.Notebook("next.ipynb", "1"))), Limit);

        Assert.Equal(0, next.ExitCode);
        await RunningProcess.EndsAsync(ids[1]);
    }

    [Fact]
    public async Task What_a_living_run_or_another_container_started_is_left_alone()
    {
        using var living = Sleep([], Environment.ProcessId);
        using var abandoned = Sleep([], int.MaxValue);
        using var container = Sleep(["unshare", "--pid", "--fork"], int.MaxValue);
        try
        {
            // unshare itself is of this container, and its child of the new one; where it is not allowed, it ends.
            var inside = 0;
            await Waiting.UntilAsync(() => container.HasExited || Sleeps(inside = ChildOf(container.Id)));
            var isAllowed = !container.HasExited;
            await Waiting.UntilAsync(() => Sleeps(living.Id) && (Sleeps(abandoned.Id) || abandoned.HasExited));

            LeftProcesses.EndAbandoned();

            Assert.False(RunningProcess.Is(abandoned.Id));
            Assert.True(RunningProcess.Is(living.Id));
            Assert.True(!isAllowed || RunningProcess.Is(inside));
        }
        finally
        {
            foreach (var started in new[] { living, abandoned, container })
                started.Kill(entireProcessTree: true);
        }
    }

    private string[] Run(string notebook) =>
        [typeof(LeftProcesses).Assembly.Location, "run", notebook, "--no-book", "--output", _folder.File("executed")];

    /// <summary>A process with the mark of a runner, which sleeps for a day.</summary>
    private static Process Sleep(string[] within, int runner)
    {
        string[] command = [.. within, "env", $"NOTEBOOK_RUNNER_PROCESS={runner}-0", "sleep", "100000"];
        return Process.Start(command[0], command[1..]);
    }

    private static int ChildOf(int parent) =>
        int.TryParse(Read($"/proc/{parent}/task/{parent}/children"), CultureInfo.InvariantCulture, out var child) ? child : 0;

    /// <summary>Whether a process has come as far as sleeping.</summary>
    private static bool Sleeps(int process) => Read($"/proc/{process}/comm") == "sleep";

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (IOException)
        {
            return ""; // its process has ended
        }
    }
}
