namespace NotebookRunner.Tests.Shared;

/// <summary>
/// A file that another program has open cannot be replaced on Windows. Here a folder under the file's name stands for it:
/// the same step fails, on every system, until the folder goes.
/// </summary>
internal static class InUse
{
    /// <summary>Does what must wait, and takes the obstacle away once it has been met. Meanwhile no time passes.</summary>
    internal static async Task ForAMoment(string file, Action<TimeProvider> action)
    {
        Directory.CreateDirectory(file);
        var clock = new CountingClock();
        var running = Task.Run(() => action(clock));
        while (clock.Looks < 2 && !running.IsCompleted)
            await Task.Delay(5);
        Assert.False(running.IsCompleted);

        Directory.Delete(file);
        await running.WaitAsync(TimeSpan.FromMinutes(2));
    }
}
