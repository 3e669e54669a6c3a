using System.Diagnostics;

namespace NotebookRunner.Tests.Host;

/// <summary>Whether a process runs.</summary>
internal static class RunningProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>One that has ended, and whose parent has not asked how, does not run.</summary>
    internal static bool Is(int id) => OperatingSystem.IsLinux() ? StateOf(id) is not (null or 'Z') : WholeFile.IsRunning(id);

    /// <summary>Linux's letter for what a process does: T where it was stopped; null where there is none.</summary>
    internal static char? StateOf(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 1)..].TrimStart()[0];
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Waits for the end of a process that does not end by itself. Where nobody ends it, this does, and the test fails.</summary>
    internal static async Task EndsAsync(int id)
    {
        for (var clock = Stopwatch.StartNew(); Is(id); await Task.Delay(20))
            if (clock.Elapsed > Limit)
            {
                Processes.TryKill(id);
                Assert.Fail($"Process {id} outlived the notebook that started it.");
            }
    }
}
