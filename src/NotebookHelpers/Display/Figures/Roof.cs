namespace NotebookHelpers;

/// <summary>What a machine can do at best: as fast as it computes, or as fast as memory brings the numbers.</summary>
/// <param name="Name">What of the machine is at work, such as "one thread".</param>
/// <param name="Peak">Billions of floating-point operations a second (GFLOP/s); a multiplication with an addition is two.</param>
/// <param name="Bandwidth">Billions of bytes a second (GB/s) that memory reads and writes.</param>
public sealed record Roof(string Name, double Peak, double Bandwidth)
{
    /// <summary>The arithmetic intensity from which on arithmetic, and not memory, is the limit; in operations a byte.</summary>
    public double Ridge => Peak / Bandwidth;

    /// <summary>The highest performance, in GFLOP/s, at an arithmetic intensity in operations a byte.</summary>
    public double At(double intensity) => Math.Min(Peak, Bandwidth * intensity);
}
