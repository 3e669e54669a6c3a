namespace NotebookHelpers;

/// <summary>One curve of a <see cref="Figure"/>.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="X">Where the points are, in the x axis's unit.</param>
/// <param name="Y">Their values, as many as <paramref name="X"/>. A point that is not finite is left out.</param>
public sealed record Series(string Name, double[] X, double[] Y)
{
    /// <summary>The line; left out, each curve of a figure gets another.</summary>
    public LineStyle? Style { get; init; }

    /// <summary>A curve of values that follow each other by 1, such as one an epoch.</summary>
    /// <param name="name">What the legend calls it.</param>
    /// <param name="values">The values.</param>
    /// <param name="start">Where the first one stands on the x axis.</param>
    public static Series Of(string name, IEnumerable<double> values, double start = 0)
    {
        double[] y = [.. values];
        return new Series(name, [.. y.Select((_, i) => start + i)], y);
    }
}
