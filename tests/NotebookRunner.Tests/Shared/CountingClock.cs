namespace NotebookRunner.Tests.Shared;

/// <summary>
/// A clock for what is tried until it succeeds or too much time has passed: it is looked at as the tries begin, and after each
/// that failed. Each look is a step later; without a step no time passes, however slow the machine is.
/// </summary>
internal sealed class CountingClock : TimeProvider
{
    private int _looks;

    internal TimeSpan Step { get; init; }

    internal int Looks => Volatile.Read(ref _looks);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Increment(ref _looks) * Step.Ticks;
}
