namespace NotebookHelpers;

/// <summary>
/// Draws a chart as SVG with nothing but strings. (OxyPlot's SVG exporter, tried first, has no way to measure text
/// without a graphics library: titles ran into tick labels and legends were cut.)
/// </summary>
internal static class StaticChart
{
    internal const int Width = 720, Height = 420;

    /// <summary>A chart for a page of usual width.</summary>
    internal static string Draw(Chart chart) => chart switch
    {
        CurveChart lines => CurvePicture.Draw(lines, new(lines, Width, Height)),
        BarChart bars => BarPicture.Draw(bars, new(bars, Width, Height)),
        IntervalChart intervals => IntervalPicture.Draw(intervals, Width),
        DotChart dots => DotPicture.Draw(dots, Width),
        HeatChart cells => HeatPicture.Draw(cells, new(cells, Width, Math.Clamp(150 + cells.Rows.Length * 38, 260, 560))),
        _ => Words(chart, new(chart, Width, Height)),
    };

    /// <summary>The chart for a phone, where there is one of its own; null where the usual picture is scrolled.</summary>
    internal static string? DrawNarrow(Chart chart) => chart switch
    {
        IntervalChart intervals => IntervalPicture.Draw(intervals, Html.PhoneWidth),
        DotChart dots => DotPicture.Draw(dots, Html.PhoneWidth),
        _ => null,
    };

    private static string Words(Chart chart, ChartCanvas canvas)
    {
        var y = canvas.Top + 20;
        foreach (var line in chart.Describe().Take(14))
            canvas.Text(40, y += 22, ChartCanvas.Shorten(line, 84), "start");
        return canvas.ToSvg();
    }
}
