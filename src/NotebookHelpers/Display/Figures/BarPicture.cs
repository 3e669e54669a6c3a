using System.Text;
using static NotebookHelpers.ChartCanvas;

namespace NotebookHelpers;

/// <summary>Draws bars, or groups of bars, over categories.</summary>
internal static class BarPicture
{
    internal static string Draw(BarChart chart, ChartCanvas canvas)
    {
        if (chart.Groups.Count > 1)
            canvas.Legend([.. chart.Groups.Select(group => group.Name)], (i, x, y) => Bar(canvas, i, x, y - 7, 20, 14), 20);
        var values = chart.Groups.SelectMany(group => group.Values).ToArray();
        var up = ChartAxis.Of(values.Where(double.IsFinite).Append(0), 0.08, 7, whole: false, fromZero: true);
        var slot = (canvas.Right - canvas.Left) / Math.Max(1, chart.Categories.Length);
        var slanted = chart.Categories.Any(category => category.Length * FontSize * Character > slot - 4);
        if (slanted)
            canvas.Bottom -= 34;
        canvas.Frame(null, up, below: slanted ? 76 : 42);

        var width = slot * 0.8 / Math.Max(1, chart.Groups.Count);
        var labelled = values.All(value => Html.Number(value).Length * 11 * Character < width + 6);
        for (var category = 0; category < chart.Categories.Length; category++)
        {
            var middle = canvas.Left + (category + 0.5) * slot;
            Name(canvas, chart.Categories[category], middle, slanted);
            for (var group = 0; group < chart.Groups.Count; group++)
                if (double.IsFinite(chart.Groups[group].Values[category]))
                    Value(group, middle + (group - chart.Groups.Count / 2.0) * width, chart.Groups[group].Values[category]);
        }
        return canvas.ToSvg();

        void Value(int group, double left, double value)
        {
            var (zero, end) = (canvas.Y(up, 0), canvas.Y(up, value));
            Bar(canvas, group, left, Math.Min(end, zero), width * 0.94, Math.Abs(zero - end));
            if (labelled)
                canvas.Text(left + width / 2, Math.Min(end, zero) - 4, Html.Number(value), "middle", "font-size=\"11\"");
        }
    }

    private static void Name(ChartCanvas canvas, string category, double middle, bool slanted)
    {
        var y = canvas.Bottom + 18;
        if (slanted)
            canvas.Text(middle, y, Shorten(category, 14), "end", $"transform=\"rotate(-30 {N(middle)} {N(y)})\"");
        else
            canvas.Text(middle, y, Shorten(category, 40), "middle");
    }

    /// <summary>Groups differ in filling as well as in colour: full, striped across, striped down, hollow.</summary>
    private static void Bar(ChartCanvas canvas, int group, double x, double y, double width, double height)
    {
        var color = Chart.Color(group);
        var stripes = new StringBuilder();
        if (group % 4 == 1)
            for (var at = y + 4; at < y + height; at += 5)
                stripes.Append($"M{N(x)},{N(at)}h{N(width)}");
        if (group % 4 == 2)
            for (var at = x + 4; at < x + width; at += 5)
                stripes.Append($"M{N(at)},{N(y)}v{N(height)}");
        canvas.Add(SvgDocument.Rect(x, y, width, height, $"fill=\"{(group % 4 == 0 ? color : "#fff")}\" stroke=\"{color}\""));
        if (stripes.Length > 0)
            canvas.Line(stripes.ToString(), color, 2);
    }
}
