using Plotly.NET;
using Plotly.NET.CSharp;
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
    /// <summary>Curves over a common x axis. Lines: solid, dash, dot, dashdot; marks are numbered as plotly numbers them.</summary>
    public static string Curves(string title, string xTitle, string yTitle, string[] names, double[][] x, double[][] y, string[] colors, string[] lines, int[] marks)
    {
        var curves = names.Select((name, i) => Chart.Line<double, double, string>(
            x[i], y[i], Name: name, ShowMarkers: true, ShowLegend: true,
            LineColor: Color.fromString(colors[i]), LineWidth: 2.0, LineDash: Dash(lines[i]),
            MarkerColor: Color.fromString(colors[i]), MarkerSymbol: Symbol(marks[i]), UseDefaults: false));
        return Json(Chart.Combine(curves), title, xTitle, yTitle, AxisType.Linear, hover: "x unified");
    }

    /// <summary>Groups of bars over categories; the groups differ in filling as well as in colour.</summary>
    public static string Bars(string title, string xTitle, string yTitle, string[] categories, string[] names, double[][] values, string[] colors)
    {
        PatternShape[] fillings = [PatternShape.None, PatternShape.HorizontalLines, PatternShape.VerticalLines, PatternShape.DiagonalChecked];
        var groups = names.Select((name, i) => Chart.Column<double, string, string>(
            values[i], Keys: categories, Name: name, ShowLegend: names.Length > 1,
            MarkerColor: Color.fromString(colors[i]), MarkerPatternShape: fillings[i % fillings.Length], UseDefaults: false));
        return Json(Chart.Combine(groups), title, xTitle, yTitle, AxisType.Category, hover: "closest");
    }

    /// <summary>A grid of coloured cells with their texts. Cells that are not finite are neutral; the first row is at the top.</summary>
    public static string Cells(
        string title, string xTitle, string yTitle, string[] columns, string[] rows, double[][] values, string[][] texts, string scale,
        double low, double high, double[] stops, string[] stopColors)
    {
        var colorscale = Colorscale.NewCustom(stops.Zip(stopColors, (at, color) => Tuple.Create(at, Color.fromString(color))));
        var colored = Heat(values, colorscale, showScale: true);
        Trace(colored, "zmin", low);
        Trace(colored, "zmax", high);
        Trace(colored, "colorbar", new { title = new { text = scale, side = "right" } });
        List<GenericChart> layers = [colored];
        if (values.Any(row => row.Any(value => !double.IsFinite(value))))
        {
            var grey = Color.fromString("#e0e0e0");
            layers.Add(Heat([.. values.Select(row => row.Select(value => double.IsFinite(value) ? double.NaN : 0).ToArray())],
                Colorscale.NewCustom([Tuple.Create(0.0, grey), Tuple.Create(1.0, grey)]), showScale: false));
        }
        return Json(Chart.Combine(layers), title, xTitle, yTitle, AxisType.Category, hover: "closest", cells: true);

        GenericChart Heat(double[][] z, Colorscale color, bool showScale)
        {
            var chart = Chart.Heatmap<double, string, string, string>(z, X: columns, Y: rows, ColorScale: color, ShowScale: showScale, XGap: 1, YGap: 1, ReverseYAxis: true, UseDefaults: false);
            Trace(chart, "text", texts);
            Trace(chart, "texttemplate", "%{text}");
            Trace(chart, "hovertemplate", "%{y}, %{x}: %{text}<extra></extra>");
            return chart;
        }
    }

    private static string Json(GenericChart chart, string title, string xTitle, string yTitle, AxisType xAxis, string hover, bool cells = false)
    {
        // Plotly.NET's own functions for these want every optional argument from C#, so they are set by plotly's names.
        var layout = new Layout();
        layout.SetProperty("title", new { text = title });
        layout.SetProperty("font", new { family = "Helvetica, Arial, sans-serif", size = 13, color = "#1a1a1a" });
        layout.SetProperty("paper_bgcolor", "#ffffff");
        layout.SetProperty("plot_bgcolor", "#ffffff");
        layout.SetProperty("hovermode", hover);
        layout.SetProperty("margin", new { l = 70, r = 24, t = 84, b = 60 });
        var styled = GenericChart.addLayout(layout, chart)
            .WithXAxisStyle<double, double, string>(TitleText: xTitle, AxisType: xAxis, ShowGrid: false, ShowLine: true, ZeroLine: false)
            .WithYAxisStyle<double, double, string>(TitleText: yTitle, AxisType: cells ? AxisType.Category : AxisType.Linear,
                ShowGrid: !cells, GridColor: Color.fromString("#e3e3e3"), ShowLine: !cells, ZeroLine: false)
            .WithLegendStyle(Orientation: Orientation.Horizontal, X: 0.0, Y: 1.0, XAnchor: XAnchorPosition.Left, YAnchor: YAnchorPosition.Bottom);
        return GenericChart.toFigureJson(styled);
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
