using System.Globalization;
using static NotebookHelpers.ChartCanvas;

namespace NotebookHelpers;

/// <summary>Draws a grid of coloured cells with a scale beside it.</summary>
internal static class HeatPicture
{
    private const int ScaleSteps = 20;

    internal static string Draw(HeatChart chart, ChartCanvas canvas)
    {
        var rowLabels = chart.Rows.Select(row => row.Length).DefaultIfEmpty().Max() * FontSize * Character;
        canvas.Left = Math.Max(canvas.Left, Math.Min(rowLabels, 150) + 52);
        canvas.Right -= 84;
        var width = (canvas.Right - canvas.Left) / Math.Max(1, chart.Columns.Length);
        var height = (canvas.Bottom - canvas.Top) / Math.Max(1, chart.Rows.Length);
        var colors = new HeatColors(chart.Values);
        for (var row = 0; row < chart.Rows.Length; row++)
        {
            canvas.Text(canvas.Left - 8, canvas.Top + (row + 0.5) * height + 4, Shorten(chart.Rows[row], 19), "end");
            for (var column = 0; column < chart.Columns.Length; column++)
                Cell(row, column);
        }
        var room = Math.Max(1, (int)(width / (FontSize * Character)));
        for (var column = 0; column < chart.Columns.Length; column++)
            canvas.Text(canvas.Left + (column + 0.5) * width, canvas.Bottom + 18, Shorten(chart.Columns[column], room), "middle");
        canvas.AxisTitles();
        Scale(canvas, colors, chart.Scale);
        return canvas.ToSvg();

        void Cell(int row, int column)
        {
            var (left, top) = (canvas.Left + column * width, canvas.Top + row * height);
            var (fill, ink) = colors.Of(chart.Values[row, column]);
            canvas.Add(SvgDocument.Rect(left, top, width, height, $"{fill} stroke=\"#fff\""));
            var roomInCell = Math.Max(1, (int)((width - 4) / (12 * Character)));
            string[] lines = [.. chart.Texts[row, column].Split('\n').Where(line => line.Length <= roomInCell)];
            for (var line = 0; line < lines.Length; line++)
                canvas.Text(left + width / 2, top + height / 2 + 4 + 12 * line - 6 * (lines.Length - 1), lines[line], "middle",
                    $"font-size=\"{(line == 0 ? 12 : 10)}\" fill=\"{ink}\"");
        }
    }

    private static void Scale(ChartCanvas canvas, HeatColors colors, string name)
    {
        var (x, step) = (canvas.Right + 18, (canvas.Bottom - canvas.Top) / ScaleSteps);
        for (var at = 0; at < ScaleSteps; at++)
            canvas.Add(SvgDocument.Rect(x, canvas.Bottom - (at + 1) * step, 14, step + 0.5, colors.At((at + 0.5) / ScaleSteps)));
        canvas.Text(x + 18, canvas.Top + 10, Number(colors.High), "start", "font-size=\"12\"");
        canvas.Text(x + 18, canvas.Bottom, Number(colors.Low), "start", "font-size=\"12\"");
        canvas.Sideways(canvas.Right + 92, Shorten(name, 40), "font-size=\"12\"");

        static string Number(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
    }
}
