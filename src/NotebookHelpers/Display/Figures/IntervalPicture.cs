using static NotebookHelpers.ChartCanvas;

namespace NotebookHelpers;

/// <summary>
/// Draws means with their intervals beside a line at zero. On a sheet as narrow as a phone names stand above their intervals,
/// so that the line and every row are seen without scrolling.
/// </summary>
internal static class IntervalPicture
{
    private const int NarrowBelow = 560, LongestName = 30;

    internal static string Draw(IntervalChart chart, int width)
    {
        var isNarrow = width < NarrowBelow;
        var canvas = new ChartCanvas(chart, width, 116 + chart.Rows.Count * (isNarrow ? 40 : 26));
        if (isNarrow)
            canvas.Left = 20;
        else
            canvas.Left += Math.Min(190, chart.Rows.Select(row => row.Name.Length).DefaultIfEmpty().Max() * FontSize * Character - 30);
        var ends = chart.Rows.SelectMany(row => new[] { row.Low, row.High }).Append(0);
        var across = ChartAxis.Of(ends, 0.04, isNarrow ? 4 : 9, whole: false);
        var room = (int)((canvas.Right - canvas.Left) / (FontSize * Character));
        canvas.Upright(across);
        canvas.Line($"M{N(canvas.X(across, 0))},{N(canvas.Top)}V{N(canvas.Bottom)}", "#1a1a1a", 1.5);
        canvas.Line($"M{N(canvas.Left)},{N(canvas.Top)}V{N(canvas.Bottom)}H{N(canvas.Right)}", "#555");
        var slot = (canvas.Bottom - canvas.Top) / Math.Max(1, chart.Rows.Count);
        foreach (var (number, row) in chart.Rows.Index())
        {
            var y = canvas.Top + (number + (isNarrow ? 0.7 : 0.5)) * slot;
            if (isNarrow)
                canvas.Text(canvas.Left + 6, y - 11, Shorten(row.Name, room), "start");
            else
                canvas.Text(canvas.Left - 8, y + 4, Shorten(row.Name, LongestName), "end");
            Interval(canvas, across, y, row.Low, row.Value, row.High);
        }
        if (isNarrow)
            canvas.Text((canvas.Left + canvas.Right) / 2, canvas.Bottom + 42, Shorten(chart.XTitle, 46), "middle");
        else
            canvas.AxisTitles();
        return canvas.ToSvg();
    }

    /// <summary>A bar with ends and a dot, which is hollow where the bar crosses zero.</summary>
    private static void Interval(ChartCanvas canvas, ChartAxis across, double y, double low, double value, double high)
    {
        var color = low > 0 ? Chart.Color(0) : high < 0 ? Chart.Color(1) : "#555";
        var (from, to) = (N(canvas.X(across, low)), N(canvas.X(across, high)));
        canvas.Stroke($"M{from},{N(y)}H{to}M{from},{N(y - 5)}v10M{to},{N(y - 5)}v10", color, LineStyle.Solid);
        var fill = low <= 0 && high >= 0 ? "#fff" : color;
        var place = $"cx=\"{N(canvas.X(across, value))}\" cy=\"{N(y)}\"";
        canvas.Add($"<circle {place} r=\"5\" fill=\"{fill}\" stroke=\"{color}\" stroke-width=\"2\"/>");
    }
}
