using System.Text;

namespace NotebookHelpers;

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
