using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookHelpers;

/// <summary>
/// A chart: a static picture first, which a few lines of script replace by plotly's interactive chart where plotly.js
/// is on the page already or can be loaded. Without scripts or network the picture stays. Every lesson from the graph on uses it.
/// </summary>
public sealed class Figure : SvgView
{
    private readonly Chart _chart;
    private readonly Lazy<JsonObject?> _interactive;

    private Figure(Chart chart, Func<JsonObject?> interactive) =>
        (_chart, _interactive) = (chart, new Lazy<JsonObject?>(interactive, LazyThreadSafetyMode.PublicationOnly));

    private Figure(Chart chart) : this(chart, () => PlotlyBridge.Draw(chart) is { } json ? JsonNode.Parse(json)!.AsObject() : null)
    {
    }

    /// <summary>What the figure shows.</summary>
    public string Title => _chart.Heading;

    /// <summary>Curves, such as an accuracy by epoch; they differ in line and mark as well as in colour.</summary>
    /// <param name="title">What the figure shows.</param>
    /// <param name="xTitle">The x axis, with its unit.</param>
    /// <param name="yTitle">The y axis, with its unit.</param>
    /// <param name="series">The curves; one without points is named in the legend only.</param>
    /// <exception cref="ArgumentException">A series has more x than y values, or fewer.</exception>
    public static Figure Curves(string title, string xTitle, string yTitle, params Series[] series) =>
        new(new CurveChart(title, xTitle, yTitle, [.. series.Select(Curve.Of)]));

    /// <summary>One bar a category.</summary>
    /// <param name="title">What the figure shows.</param>
    /// <param name="xTitle">What the categories are.</param>
    /// <param name="yTitle">What the bars measure, with its unit.</param>
    /// <param name="categories">The names below the bars.</param>
    /// <param name="values">One value a category.</param>
    /// <exception cref="ArgumentException">There are more values than categories, or fewer.</exception>
    public static Figure Bars(string title, string xTitle, string yTitle, string[] categories, double[] values) =>
        Bars(title, xTitle, yTitle, categories, (yTitle, values));

    /// <summary>Groups of bars side by side over each category.</summary>
    /// <param name="title">What the figure shows.</param>
    /// <param name="xTitle">What the categories are.</param>
    /// <param name="yTitle">What the bars measure, with its unit.</param>
    /// <param name="categories">The names below the bars.</param>
    /// <param name="groups">Each group's name and its value in every category.</param>
    /// <exception cref="ArgumentException">A group has more values than there are categories, or fewer.</exception>
    public static Figure Bars(
        string title, string xTitle, string yTitle, string[] categories, params (string Name, double[] Values)[] groups)
    {
        foreach (var (name, values) in groups)
            if (values.Length != categories.Length)
                throw new ArgumentException(
                    $"The bars '{name}' have {values.Length} values, but there are {categories.Length} categories. " +
                    "Give one value a category.", nameof(groups));
        (string, double[])[] copies = [.. groups.Select(group => (group.Name, group.Values.ToArray()))];
        return new(new BarChart(title, xTitle, yTitle, [.. categories], copies));
    }

    /// <summary>A dot with an error bar a row, from the top down; the dot is hollow where the bar crosses zero.</summary>
    /// <param name="title">What the figure shows.</param>
    /// <param name="xTitle">What the dots and bars are, with their unit.</param>
    /// <param name="yTitle">What the rows are.</param>
    /// <param name="rows">Each row's name, the bar's lower end, the dot and the bar's upper end; finite, in this order.</param>
    /// <exception cref="ArgumentException">A dot does not lie on its bar, or something is not finite.</exception>
    public static Figure Intervals(
        string title, string xTitle, string yTitle, params (string Name, double Low, double Value, double High)[] rows)
    {
        foreach (var (name, low, value, high) in rows)
            if (!double.IsFinite(low) || !double.IsFinite(high) || !(low <= value && value <= high))
                throw new ArgumentException(
                    FormattableString.Invariant($"The row '{name}' goes from {low} by {value} to {high}. ") +
                    "Give finite numbers, in rising order.", nameof(rows));
        return new(new IntervalChart(title, xTitle, yTitle, [.. rows]));
    }

    /// <summary>A dot a row on a logarithmic axis, from the top down, so that values of all sizes can be compared.</summary>
    /// <param name="title">What the figure shows.</param>
    /// <param name="xTitle">What the dots are, with their unit.</param>
    /// <param name="yTitle">What the rows are.</param>
    /// <param name="rows">Each row's name and its value, finite and above zero.</param>
    /// <exception cref="ArgumentException">A value is not.</exception>
    public static Figure Dots(string title, string xTitle, string yTitle, params (string Name, double Value)[] rows)
    {
        foreach (var (name, value) in rows)
            if (!double.IsFinite(value) || value <= 0)
                throw new ArgumentException(
                    FormattableString.Invariant($"The row '{name}' has the value {value}. ") +
                    "Give finite numbers above zero, as the axis is logarithmic.", nameof(rows));
        return new(new DotChart(title, xTitle, yTitle, [.. rows]));
    }

    /// <summary>A grid of coloured cells: white to blue, or orange to blue around zero where values are negative.</summary>
    /// <param name="title">What the figure shows.</param>
    /// <param name="xTitle">What the columns are.</param>
    /// <param name="yTitle">What the rows are.</param>
    /// <param name="columns">The columns' names.</param>
    /// <param name="rows">The rows' names; the first row is at the top.</param>
    /// <param name="values">values[row, column]; one that is not finite is a grey cell that takes no part in the colours.</param>
    /// <param name="scale">What the values are, with their unit.</param>
    /// <exception cref="ArgumentException"><paramref name="values"/> has another shape than the names.</exception>
    public static Figure Heatmap(
        string title, string xTitle, string yTitle, string[] columns, string[] rows, double[,] values, string scale = "") =>
        Heatmap(title, xTitle, yTitle, columns, rows, values, Texts(values), scale);

    /// <summary>
    /// A confusion matrix: in the cells counts, and rates in % of the true class; colours by the rates of the mistakes.
    /// The diagonal, the right answers, is grey, so that it does not drown the mistakes.
    /// </summary>
    /// <param name="title">What the figure shows.</param>
    /// <param name="counts">counts[true class, predicted class].</param>
    /// <param name="classes">The classes' names; left out, their numbers.</param>
    /// <exception cref="ArgumentException"><paramref name="counts"/> is not square, or the names are more or fewer.</exception>
    public static Figure Confusion(string title, int[,] counts, IReadOnlyList<string>? classes = null)
    {
        var size = counts.GetLength(0);
        string[] names = [.. classes ?? Enumerable.Range(0, size).Select(i => $"{i}")];
        if (counts.GetLength(1) != size || names.Length != size)
            throw new ArgumentException(
                $"A confusion matrix is square, with a name a class; this one is {size}×{counts.GetLength(1)} with {names.Length} names.",
                nameof(counts));
        var rates = new double[size, size];
        var texts = new string[size, size];
        for (var row = 0; row < size; row++)
        {
            var total = Enumerable.Range(0, size).Sum(column => (double)counts[row, column]);
            for (var column = 0; column < size; column++)
            {
                var (count, rate) = (counts[row, column], total == 0 ? 0 : 100 * counts[row, column] / total);
                rates[row, column] = row == column ? double.NaN : rate;
                var percent = Html.Number(Math.Round(rate, rate is < 1 or > 99 ? 2 : 1));
                texts[row, column] = count == 0 ? "0" : $"{Html.Number(count)}\n{percent} %";
            }
        }
        return Heatmap(title, "Predicted class", "True class", names, names, rates, texts, "mistakes, % of the true class");
    }

    /// <summary>A chart made elsewhere, as plotly.js takes it; its picture shows scatter, bar and heatmap traces.</summary>
    /// <param name="dataJson">The traces: a JSON array.</param>
    /// <param name="layoutJson">The layout: a JSON object.</param>
    /// <exception cref="ArgumentException">One of them is not that.</exception>
    public static Figure FromPlotly(string dataJson, string layoutJson)
    {
        var data = Parse<JsonArray>(dataJson, "an array of traces", nameof(dataJson));
        var layout = Parse<JsonObject>(layoutJson, "an object", nameof(layoutJson));
        // the picture's colours, so that the chart does not change them when it takes the picture's place
        if (layout["colorway"] is null)
            layout["colorway"] = new JsonArray([.. Chart.Palette.Select(color => JsonValue.Create(color))]);
        return new Figure(PlotlyJson.Read(data, layout), () => new JsonObject { ["data"] = data, ["layout"] = layout });
    }

    /// <summary>
    /// A chart of XPlot.Plotly. Its own HTML waits for a script from the network and stays empty without; this shows it
    /// as every figure here. The library has no reference to XPlot: the chart is asked for its script by name.
    /// </summary>
    /// <param name="chart">A PlotlyChart.</param>
    /// <exception cref="ArgumentException"><paramref name="chart"/> is no chart of XPlot.Plotly.</exception>
    public static Figure FromXPlot(object chart)
    {
        ArgumentNullException.ThrowIfNull(chart);
        if (chart.GetType().GetMethod("GetInlineJS", [])?.Invoke(chart, null) is not string script)
            throw new ArgumentException(
                $"A chart of XPlot.Plotly was expected, which has a method GetInlineJS(); {chart.GetType()} has none. " +
                "Use Figure.FromPlotly for other charts.", nameof(chart));
        var (data, layout) = PlotlyJson.FromScript(script);
        return FromPlotly(data, layout);
    }

    /// <inheritdoc />
    public override string ToSvg() => StaticChart.Draw(_chart);

    /// <inheritdoc />
    public override string ToText() => string.Join('\n', _chart.Describe().Prepend(Title));

    /// <inheritdoc />
    public override string ToHtml()
    {
        var picture = ChartImage.Of(ToSvg(), StaticChart.DrawNarrow(_chart), string.Join(". ", _chart.Describe().Prepend(Title)));
        try
        {
            return _interactive.Value is { } figure
                ? Html.View("figure", picture, $"data-plotly=\"{PlotlyBridge.PlotlyJsVersion}\"", figure, "Figure.js")
                : Html.View("figure", picture);
        }
        catch (Exception error)
        {
            // A picture without its interactive twin is a figure still; whoever misses the twin finds the reason here. Ours
            // only: the runtime's own messages name folders of this machine, which have no place in a notebook.
            var reason = error is InvalidOperationException ? Html.Encode(error.Message) : error.GetType().Name;
            return Html.View("figure", $"{picture}<!-- no interactive chart: {reason} -->");
        }
    }

    private static Figure Heatmap(string title, string xTitle, string yTitle,
        string[] columns, string[] rows, double[,] values, string[,] texts, string scale)
    {
        if (values.GetLength(0) != rows.Length || values.GetLength(1) != columns.Length || values.Length == 0)
            throw new ArgumentException(
                $"The values are {values.GetLength(0)}×{values.GetLength(1)}, the names {rows.Length}×{columns.Length}. " +
                "Give a name for every row and column, one of each at least.", nameof(values));
        return new(new HeatChart(title, xTitle, yTitle, [.. columns], [.. rows], (double[,])values.Clone(), texts, scale));
    }

    private static string[,] Texts(double[,] values)
    {
        var texts = new string[values.GetLength(0), values.GetLength(1)];
        for (var row = 0; row < texts.GetLength(0); row++)
            for (var column = 0; column < texts.GetLength(1); column++)
                texts[row, column] = double.IsFinite(values[row, column]) ? Html.Number(values[row, column]) : "";
        return texts;
    }

    private static T Parse<T>(string json, string expected, string parameter) where T : JsonNode
    {
        try
        {
            return JsonNode.Parse(json) as T
                ?? throw new ArgumentException($"The JSON is not {expected}. Give it as Plotly.newPlot takes it.", parameter);
        }
        catch (JsonException error)
        {
            throw new ArgumentException(
                $"This is not JSON: {error.Message} Expected {expected}, as Plotly.newPlot takes it.", parameter, error);
        }
    }
}
