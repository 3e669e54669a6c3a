namespace NotebookHelpers;

/// <summary>One number of a computation: where it came from, what it is, and how fast the result grows with it.</summary>
/// <param name="Name">What it is called: a weight's name, or the operation that made it.</param>
/// <param name="Value">The number.</param>
/// <param name="Gradient">The slope of the result for this number.</param>
/// <param name="Parts">The numbers that it was computed from; none for a number that was given.</param>
public sealed record NumberNode(string Name, double Value, double Gradient, IEnumerable<NumberEdge> Parts);
