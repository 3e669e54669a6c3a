namespace NotebookHelpers;

/// <summary>A program under the roof of the machine that it ran on.</summary>
/// <param name="Name">The program.</param>
/// <param name="Intensity">Its arithmetic intensity: floating-point operations for each byte that it reads or writes.</param>
/// <param name="Performance">Billions of floating-point operations a second (GFLOP/s), as measured.</param>
/// <param name="Roof">What it ran on.</param>
public sealed record RooflinePoint(string Name, double Intensity, double Performance, Roof Roof);
