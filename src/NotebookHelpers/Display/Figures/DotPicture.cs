using static NotebookHelpers.ChartCanvas;

namespace NotebookHelpers;

/// <summary>Draws values as dots, each with its number beside it.</summary>
internal static class DotPicture
{
    private const int NumberWidth = 70;

    internal static string Draw(DotChart chart, int width)
    {
        var sheet = new RowSheet(chart, [.. chart.Rows.Select(row => row.Name)], width);
        if (chart.Rows.Count == 0)
            return sheet.Canvas.ToSvg();
        var across = LogAxis.Of([.. chart.Rows.Select(row => row.Value)], sheet.Ticks * 2 / 3);
        sheet.Frame(across);
        foreach (var (number, row) in chart.Rows.Index())
            Dot(sheet.Canvas, sheet.Canvas.X(across, row.Value), sheet.Y(number), DotChart.Text(row.Value));
        return sheet.Canvas.ToSvg();
    }

    private static void Dot(ChartCanvas canvas, double x, double y, string value)
    {
        canvas.Line($"M{N(canvas.Left)},{N(y)}H{N(x)}", Chart.Color(0), 2);
        canvas.Add($"<circle cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"5\" fill=\"{Chart.Color(0)}\"/>");
        var isRight = x + NumberWidth < canvas.Right;
        canvas.Text(x + (isRight ? 10 : -10), y + (isRight ? 4 : -7), value, isRight ? "start" : "end", "font-size=\"12\"");
    }
}
