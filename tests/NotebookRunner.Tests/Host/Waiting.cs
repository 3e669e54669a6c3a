using System.Diagnostics;

namespace NotebookRunner.Tests.Host;

/// <summary>Waits for what another process does, with a limit.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    internal static async Task UntilAsync(Func<bool> condition)
    {
        for (var clock = Stopwatch.StartNew(); !condition(); await Task.Delay(20))
            Assert.True(clock.Elapsed < Limit, "What was waited for did not happen.");
    }
}
