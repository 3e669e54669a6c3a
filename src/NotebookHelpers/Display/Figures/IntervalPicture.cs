using static NotebookHelpers.ChartCanvas;

namespace NotebookHelpers;

/// <summary>Draws means with their intervals beside a line at zero.</summary>
internal static class IntervalPicture
{
    internal static string Draw(IntervalChart chart, int width)
    {
        var sheet = new RowSheet(chart, [.. chart.Rows.Select(row => row.Name)], width);
        var canvas = sheet.Canvas;
        var across = ChartAxis.Of(chart.Rows.SelectMany(row => new[] { row.Low, row.High }).Append(0), 0.04, sheet.Ticks, whole: false);
        sheet.Frame(across, zero: true);
        foreach (var (number, row) in chart.Rows.Index())
            Interval(canvas, across, sheet.Y(number), row.Low, row.Value, row.High);
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
