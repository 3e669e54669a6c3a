namespace NotebookHelpers;

/// <summary>A curve whose points are finite; <paramref name="Line"/> is false for points alone.</summary>
internal sealed record Curve(string Name, double[] X, double[] Y, LineStyle Style, int Marker, bool Line = true)
{
    private const int MostMarks = 40;

    /// <summary>Whether its points have marks; of many they would hide the line.</summary>
    internal bool IsMarked => !Line || X.Length <= MostMarks;

    internal static Curve Of(Series series, int index)
    {
        if (series.X.Length != series.Y.Length)
            throw new ArgumentException(
                $"The series '{series.Name}' has {series.X.Length} x values and {series.Y.Length} y values. " +
                "Give as many of one as of the other.");
        var kept = Enumerable.Range(0, series.X.Length).Where(i => double.IsFinite(series.X[i]) && double.IsFinite(series.Y[i])).ToArray();
        return new Curve(series.Name, [.. kept.Select(i => series.X[i])], [.. kept.Select(i => series.Y[i])],
            series.Style ?? (LineStyle)(index % 4), index % 5);
    }
}
