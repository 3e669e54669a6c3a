using System.Text;

namespace NotebookHelpers;

/// <summary>What a figure shows, as plain values: the source of its static picture, its text and its interactive chart.</summary>
/// <param name="Title">What the figure shows.</param>
/// <param name="XTitle">The x axis with its unit.</param>
/// <param name="YTitle">The y axis with its unit.</param>
internal abstract record Chart(string Title, string XTitle, string YTitle)
{
    // Okabe and Ito's palette (2008), told apart with every common colour blindness; the lightest are left out on white.
    internal static readonly string[] Palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000"];

    internal static string Color(int series) => Palette[series % Palette.Length];

    /// <summary>The kind of chart and what its parts say, a line each.</summary>
    internal abstract IEnumerable<string> Describe();

    internal string Heading => string.IsNullOrWhiteSpace(Title) ? "Figure" : Title;
}

/// <summary>A curve whose points are finite; <paramref name="Line"/> is false for points alone.</summary>
internal sealed record Curve(string Name, double[] X, double[] Y, LineStyle Style, int Marker, bool Line = true)
{
    internal static Curve Of(Series series, int index)
    {
        if (series.X.Length != series.Y.Length)
            throw new ArgumentException($"The series '{series.Name}' has {series.X.Length} x values and {series.Y.Length} y values. Give as many of one as of the other.");
        var kept = Enumerable.Range(0, series.X.Length).Where(i => double.IsFinite(series.X[i]) && double.IsFinite(series.Y[i])).ToArray();
        return new Curve(series.Name, [.. kept.Select(i => series.X[i])], [.. kept.Select(i => series.Y[i])],
            series.Style ?? (LineStyle)(index % 4), index % 5);
    }
}

internal sealed record CurveChart(string Title, string XTitle, string YTitle, IReadOnlyList<Curve> Curves) : Chart(Title, XTitle, YTitle)
{
    internal override IEnumerable<string> Describe()
    {
        yield return $"{YTitle} by {XTitle}";
        foreach (var curve in Curves)
        {
            var name = curve.Name.Length > 0 ? curve.Name + ": " : "";
            if (curve.Y.Length == 0)
            {
                yield return name + "no points";
                continue;
            }
            var (low, high) = (curve.Y.Min(), curve.Y.Max());
            yield return $"{name}{Sparkline(curve.Y, low, high)} {curve.Y.Length} points, from {Html.Number(curve.Y[0])} at {Html.Number(curve.X[0])} " +
                $"to {Html.Number(curve.Y[^1])} at {Html.Number(curve.X[^1])}; lowest {Html.Number(low)} at {At(low)}, highest {Html.Number(high)} at {At(high)}";
            string At(double value) => Html.Number(curve.X[Array.IndexOf(curve.Y, value)]);
        }
    }

    private static string Sparkline(double[] values, double low, double high)
    {
        var text = new StringBuilder();
        var count = Math.Min(values.Length, 40);
        for (var i = 0; i < count; i++)
        {
            var value = values[count == 1 ? 0 : (int)((long)i * (values.Length - 1) / (count - 1))];
            text.Append("▁▂▃▄▅▆▇█"[high > low ? Math.Clamp((int)((value / 2 - low / 2) / (high / 2 - low / 2) * 7.999), 0, 7) : 3]);
        }
        return text.ToString();
    }
}

internal sealed record BarChart(string Title, string XTitle, string YTitle, string[] Categories, IReadOnlyList<(string Name, double[] Values)> Groups)
    : Chart(Title, XTitle, YTitle)
{
    internal override IEnumerable<string> Describe()
    {
        yield return $"{YTitle} by {XTitle}";
        foreach (var (name, values) in Groups)
            yield return (Groups.Count > 1 ? name + ": " : "") +
                string.Join(", ", Categories.Select((category, i) => $"{category} {Html.Number(values[i])}"));
    }
}

/// <summary>A mean and its interval a row, beside a line at zero.</summary>
internal sealed record IntervalChart(string Title, string XTitle, string YTitle, IReadOnlyList<(string Name, double Low, double Value, double High)> Rows)
    : Chart(Title, XTitle, YTitle)
{
    internal override IEnumerable<string> Describe()
    {
        yield return $"{XTitle} by {YTitle}";
        foreach (var (name, low, value, high) in Rows)
            yield return $"{name}: {Html.Number(value)}, from {Html.Number(low)} to {Html.Number(high)}";
    }
}

/// <summary>
/// A grid of coloured cells; a value that is not finite is a neutral cell that takes no part in the colours. A text may
/// have a second line, a note to the first.
/// </summary>
internal sealed record HeatChart(string Title, string XTitle, string YTitle, string[] Columns, string[] Rows, double[,] Values, string[,] Texts, string Scale)
    : Chart(Title, XTitle, YTitle)
{
    internal override IEnumerable<string> Describe()
    {
        yield return $"rows: {YTitle}; columns: {XTitle}" + (Scale.Length > 0 ? $"; colour: {Scale}" : "");
        var width = Columns.Concat(Rows).Concat(Texts.Cast<string>().Select(Line)).Max(text => text.Length);
        yield return string.Join(' ', Columns.Prepend("").Select(text => text.PadLeft(width)));
        for (var row = 0; row < Rows.Length; row++)
            yield return string.Join(' ', Enumerable.Range(0, Columns.Length).Select(column => Line(Texts[row, column])).Prepend(Rows[row]).Select(text => text.PadLeft(width)));

        static string Line(string text) => text.Split('\n') is [var value, var note] ? $"{value} ({note})" : text;
    }
}

/// <summary>A chart that only plotly.js can draw; its picture says so and lists what is in it.</summary>
internal sealed record OtherChart(string Title, string XTitle, string YTitle, IReadOnlyList<string> Traces) : Chart(Title, XTitle, YTitle)
{
    internal override IEnumerable<string> Describe() => Traces.Prepend("An interactive chart: it is drawn where scripts run and plotly.js can be loaded.");
}
