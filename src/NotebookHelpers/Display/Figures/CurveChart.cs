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
            yield return name + Course(curve);
        }
    }

    /// <summary>A curve in words: its form, its ends, its lowest and highest point.</summary>
    private static string Course(Curve curve)
    {
        var (low, high) = (curve.Y.Min(), curve.Y.Max());
        return $"{Sparkline(curve.Y, low, high)} {curve.Y.Length} points, from {Point(0)} to {Point(curve.Y.Length - 1)}; " +
            $"lowest {Point(Array.IndexOf(curve.Y, low))}, highest {Point(Array.IndexOf(curve.Y, high))}";

        string Point(int index) => $"{Html.Number(curve.Y[index])} at {Html.Number(curve.X[index])}";
    }

    private static string Sparkline(double[] values, double low, double high)
    {
        var text = new StringBuilder();
        var count = Math.Min(values.Length, 40);
        for (var i = 0; i < count; i++)
        {
            var value = values[count == 1 ? 0 : (int)((long)i * (values.Length - 1) / (count - 1))];
            // halves, because the range of the largest numbers is none
            var height = high > low ? Math.Clamp((int)((value / 2 - low / 2) / (high / 2 - low / 2) * 7.999), 0, 7) : 3;
            text.Append("▁▂▃▄▅▆▇█"[height]);
        }
        return text.ToString();
    }
}
