namespace NotebookHelpers;

/// <summary>Draws curves; they differ in line and mark as well as in colour.</summary>
internal static class CurvePicture
{
    private const int KeyWidth = 34;

    internal static string Draw(CurveChart chart, ChartCanvas canvas)
    {
        canvas.Legend([.. chart.Curves.Select(curve => curve.Name)], Key, KeyWidth);
        var drawn = chart.Curves.Where(curve => curve.X.Length > 0).ToList();
        if (drawn.Count == 0)
            canvas.Text((canvas.Left + canvas.Right) / 2, (canvas.Top + canvas.Bottom) / 2, "no points yet", "middle");
        var whole = drawn.All(curve => curve.X.All(x => x == Math.Round(x)));
        var across = ChartAxis.Of(drawn.SelectMany(curve => curve.X), 0.03, 10, whole);
        var lines = Math.Max(2, (int)((canvas.Bottom - canvas.Top) / 42));
        var up = ChartAxis.Of(drawn.SelectMany(curve => curve.Y), 0.06, lines, whole: false);
        canvas.Frame(across, up);
        foreach (var (i, curve) in chart.Curves.Index())
            Line(curve, i);
        return canvas.ToSvg();

        void Key(int i, double x, double y)
        {
            var curve = chart.Curves[i];
            if (curve.Line)
                canvas.Stroke($"M{ChartCanvas.N(x)},{ChartCanvas.N(y)}H{ChartCanvas.N(x + KeyWidth)}", Chart.Color(i), curve.Style);
            if (curve.IsMarked)
                canvas.Marks([(x + KeyWidth / 2, y)], curve.Marker, Chart.Color(i));
        }

        void Line(Curve curve, int i)
        {
            var points = curve.X.Zip(curve.Y, (x, y) => (X: canvas.X(across, x), Y: canvas.Y(up, y))).ToArray();
            if (curve.Line && points.Length > 1)
            {
                var path = string.Join('L', points.Select(point => $"{ChartCanvas.N(point.X)},{ChartCanvas.N(point.Y)}"));
                canvas.Stroke("M" + path, Chart.Color(i), curve.Style);
            }
            if (curve.IsMarked)
                canvas.Marks(points, curve.Marker, Chart.Color(i));
        }
    }
}
