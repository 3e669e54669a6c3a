using Plotly.NET;
using static Plotly.NET.StyleParam;
using Chart = Plotly.NET.CSharp.Chart;

namespace NotebookHelpers.Charts;

/// <summary>
/// Draws the figures with Plotly.NET. The library calls these methods across the border of an AssemblyLoadContext, so
/// they take and give strings, numbers and arrays only: the figure comes back as JSON, {"data": […], "layout": {…}}.
/// Text is expected in plotly's own notation, in which &lt; begins a tag.
/// </summary>
public static class PlotlyCharts
{
    // The page's colour shows through, so that a chart is dark on a dark page; lines are grey enough for both.
    private const string NoColor = "rgba(0,0,0,0)", Grey = "#808080", Grid = "rgba(128,128,128,0.3)";

    /// <summary>
    /// Curves over a common x axis. Lines: solid, dash, dot, dashdot; marks are numbered as plotly numbers them, −1 for none.
    /// </summary>
    public static string Curves(string title, string xTitle, string yTitle,
        string[] names, double[][] x, double[][] y, string[] colors, string[] lines, int[] marks)
    {
        var curves = names.Select((name, i) => Chart.Line<double, double, string>(
            x[i], y[i], Name: name, ShowMarkers: marks[i] >= 0, ShowLegend: true,
            LineColor: Color.fromString(colors[i]), LineWidth: 2.0, LineDash: Dash(lines[i]),
            MarkerColor: Color.fromString(colors[i]), MarkerSymbol: Symbol(marks[i]), UseDefaults: false)).ToList();
        foreach (var curve in curves)
            Trace(curve, "hovertemplate", "%{y}");
        var all = x.SelectMany(values => values).ToList();
        var wholeAndFew = all.Count > 0 && all.All(value => value == Math.Round(value)) && all.Max() - all.Min() <= 10;
        double? tick = wholeAndFew ? 1 : null;
        return Json(Chart.Combine(curves), title, "x unified", new
        {
            type = "linear",
            title = Name(xTitle),
            showgrid = false,
            showline = true,
            linecolor = Grey,
            zeroline = false,
            dtick = tick,
        }, Upward(yTitle));
    }

    /// <summary>Groups of bars over categories; the groups differ in filling as well as in colour.</summary>
    public static string Bars(
        string title, string xTitle, string yTitle, string[] categories, string[] names, double[][] values, string[] colors)
    {
        PatternShape[] fillings =
            [PatternShape.None, PatternShape.HorizontalLines, PatternShape.VerticalLines, PatternShape.DiagonalChecked];
        var groups = names.Select((name, i) => Chart.Column<double, string, string>(
            values[i], Keys: categories, Name: name, ShowLegend: names.Length > 1,
            MarkerColor: Color.fromString(colors[i]), MarkerPatternShape: fillings[i % fillings.Length], UseDefaults: false));
        return Json(Chart.Combine(groups), title, "closest", Categories(xTitle, categories), Upward(yTitle));
    }

    /// <summary>
    /// A grid of coloured cells, each with a text in an ink that can be read on it; the first row is at the top. Cells
    /// that are not finite are left out, so that the grey behind them shows.
    /// </summary>
    public static string Cells(
        string title, string xTitle, string yTitle, string[] columns, string[] rows, double[][] values,
        string[][] texts, string[][] hovers, string[][] inks, string scale, double low, double high, double[] stops, string[] stopColors)
    {
        var heat = Chart.Heatmap<double, string, string, string>(
            values, X: columns, Y: rows, ShowScale: true, XGap: 1, YGap: 1, UseDefaults: false,
            ColorScale: Colorscale.NewCustom(stops.Zip(stopColors, (at, color) => Tuple.Create(at, Color.fromString(color)))));
        Trace(heat, "zmin", low);
        Trace(heat, "zmax", high);
        Trace(heat, "text", hovers);
        Trace(heat, "hovertemplate", $"{yTitle} %{{y}}, {xTitle} %{{x}}: %{{text}}<extra></extra>");
        Trace(heat, "colorbar", new { title = new { text = scale, side = "right", font = new { size = 13 } } });
        var chart = Chart.Combine(Words(columns, rows, texts, inks).Prepend(heat));
        return Json(chart, title, "closest", Categories(xTitle, columns), Categories(yTitle, [.. rows.Reverse()]), behind: "#e0e0e0");
    }

    /// <summary>
    /// The cells' texts, a layer an ink, above the cells: plotly's own choice of ink goes astray where cells are left out.
    /// </summary>
    private static IEnumerable<GenericChart> Words(string[] columns, string[] rows, string[][] texts, string[][] inks)
    {
        var cells = rows.SelectMany((row, i) => columns.Select((column, j) => (row, column, text: texts[i][j], ink: inks[i][j])));
        return cells.GroupBy(cell => cell.ink).Select(Layer);

        static GenericChart Layer(IGrouping<string, (string Row, string Column, string Text, string Ink)> layer)
        {
            var words = Chart.Scatter<string, string, string>(
                layer.Select(cell => cell.Column), layer.Select(cell => cell.Row), Mode.Text,
                MultiText: new(layer.Select(cell => cell.Text), true), ShowLegend: false, UseDefaults: false);
            Trace(words, "textfont", new { color = layer.Key, size = 12 });
            Trace(words, "hoverinfo", "skip");
            return words;
        }
    }

    private static object Upward(string title) => new
    {
        title = Name(title),
        showgrid = true,
        gridcolor = Grid,
        showline = true,
        linecolor = Grey,
        zeroline = false,
    };

    private static object Categories(string title, string[] order) => new
    {
        type = "category",
        title = Name(title),
        categoryorder = "array",
        categoryarray = order,
        showgrid = false,
        showline = true,
        linecolor = Grey,
    };

    private static object Name(string axis) => new { text = axis, font = new { size = 13 } };

    private static string Json(GenericChart chart, string title, string hover, object xAxis, object yAxis, string behind = NoColor)
    {
        // Plotly.NET's functions for a layout want every optional argument from C#, so its parts are set by plotly's names.
        var layout = new Layout();
        layout.SetProperty("title", new { text = $"<b>{title}</b>", font = new { size = 16 }, y = 0.96, yanchor = "top" });
        layout.SetProperty("font", new { family = "Helvetica, Arial, sans-serif", size = 13, color = "#1a1a1a" });
        layout.SetProperty("paper_bgcolor", NoColor);
        layout.SetProperty("plot_bgcolor", behind);
        layout.SetProperty("hovermode", hover);
        layout.SetProperty("margin", new { l = 70, r = 24, t = 84, b = 60 });
        layout.SetProperty("legend", new { orientation = "h", x = 0, y = 1, xanchor = "left", yanchor = "bottom" });
        layout.SetProperty("xaxis", xAxis);
        layout.SetProperty("yaxis", yAxis);
        return GenericChart.toFigureJson(GenericChart.addLayout(layout, chart));
    }

    private static void Trace(GenericChart chart, string property, object value)
    {
        foreach (var trace in GenericChart.getTraces(chart))
            trace.SetProperty(property, value);
    }

    private static DrawingStyle Dash(string line) => line switch
    {
        "dash" => DrawingStyle.Dash,
        "dot" => DrawingStyle.Dot,
        "dashdot" => DrawingStyle.DashDot,
        _ => DrawingStyle.Solid,
    };

    private static MarkerSymbol Symbol(int mark) => mark switch
    {
        0 => MarkerSymbol.Circle,
        1 => MarkerSymbol.Square,
        2 => MarkerSymbol.TriangleUp,
        3 => MarkerSymbol.Diamond,
        _ => MarkerSymbol.TriangleDown,
    };
}
