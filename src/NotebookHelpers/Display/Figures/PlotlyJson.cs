using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NotebookHelpers;

/// <summary>Reads charts that others made, as plotly.js takes them: an array of traces and a layout.</summary>
internal static partial class PlotlyJson
{
    /// <summary>What a static picture can show of a plotly figure: curves, bars or a heat map; anything else in words.</summary>
    internal static Chart Read(JsonArray data, JsonObject layout)
    {
        var title = Words(layout["title"]);
        var (xTitle, yTitle) = (Words(Member(layout["xaxis"], "title")), Words(Member(layout["yaxis"], "title")));
        var traces = data.OfType<JsonObject>().ToList();
        var kinds = traces.Select(trace => Text(trace["type"]) is { Length: > 0 } type ? type : "scatter").ToList();
        Chart? chart = null;
        if (traces.Count > 0 && kinds.All(kind => kind is "scatter" or "scattergl"))
            chart = Curves();
        else if (traces.Count > 0 && kinds.All(kind => kind == "bar") && traces.All(trace => Text(trace["orientation"]) != "h"))
            chart = Bars();
        else if (kinds is ["heatmap"])
            chart = Cells();
        return chart ?? new OtherChart(title, xTitle, yTitle,
            [.. traces.Select((trace, i) => Words(trace["name"]) is { Length: > 0 } name ? $"{kinds[i]}: {name}" : kinds[i])]);

        CurveChart? Curves()
        {
            var curves = new List<Curve>();
            foreach (var (trace, i) in traces.Select((trace, i) => (trace, i)))
            {
                if (Numbers(trace["y"]) is not { } y || Places(trace["x"], y.Length) is not { } x)
                    return null;
                var shared = Math.Min(x.Length, y.Length);
                var series = new Series(Words(trace["name"]), x[..shared], y[..shared])
                {
                    Style = Style(Text(Member(trace["line"], "dash"))),
                };
                curves.Add(Curve.Of(series, i) with { Line = Text(trace["mode"]) != "markers" });
            }
            return new CurveChart(title, xTitle, yTitle, curves);
        }

        BarChart? Bars()
        {
            var groups = new List<(string, double[])>();
            string[]? categories = null;
            foreach (var trace in traces)
            {
                if (Numbers(trace["y"]) is not { } y)
                    return null;
                var labels = Labels(trace["x"], y.Length);
                categories ??= labels;
                if (labels.Length != y.Length || !categories.SequenceEqual(labels))
                    return null;
                groups.Add((Words(trace["name"]), y));
            }
            return new BarChart(title, xTitle, yTitle, categories!, groups);
        }

        HeatChart? Cells()
        {
            var rows = (traces[0]["z"] as JsonArray)?.Select(Numbers).ToList();
            if (rows is not [{ Length: > 0 } first, ..] || rows.Any(row => row?.Length != first.Length))
                return null;
            var values = new double[rows.Count, first.Length];
            var texts = new string[rows.Count, first.Length];
            for (var row = 0; row < rows.Count; row++)
                for (var column = 0; column < first.Length; column++)
                {
                    var value = values[row, column] = rows[row]![column];
                    texts[row, column] = double.IsFinite(value) ? Html.Number(value) : "";
                }
            var (columnLabels, rowLabels) = (Labels(traces[0]["x"], first.Length), Labels(traces[0]["y"], rows.Count));
            var scale = Words(Member(traces[0]["colorbar"], "title"));
            return columnLabels.Length != first.Length || rowLabels.Length != rows.Count ? null
                : new HeatChart(title, xTitle, yTitle, columnLabels, rowLabels, values, texts, scale);
        }
    }

    /// <summary>The data and layout that a chart's own script gives to Plotly.newPlot, as XPlot.Plotly writes it.</summary>
    internal static (string Data, string Layout) FromScript(string script) => (Variable(script, "data"), Variable(script, "layout"));

    private static string Variable(string script, string name)
    {
        var at = Regex.Match(script, $@"\bvar\s+{name}\s*=\s*");
        if (!at.Success)
            throw new ArgumentException(
                $"The chart's script has no 'var {name} = …', as XPlot.Plotly 4.1.0 writes it. Give a chart of XPlot.Plotly, or use " +
                "Figure.FromPlotly with the chart's data and layout as JSON.");
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(script[(at.Index + at.Length)..]));
        using var value = JsonDocument.ParseValue(ref reader);
        return value.RootElement.GetRawText();
    }

    /// <summary>Where points stand: numbers, or one after the other where nothing is said.</summary>
    private static double[]? Places(JsonNode? node, int count) => node is null ? [.. Enumerable.Range(0, count)] : Numbers(node);

    private static LineStyle Style(string dash) => dash switch
    {
        "dash" or "longdash" => LineStyle.Dash,
        "dot" => LineStyle.Dot,
        "dashdot" or "longdashdot" => LineStyle.DashDot,
        _ => LineStyle.Solid,
    };

    private static JsonNode? Member(JsonNode? node, string name) => (node as JsonObject)?[name];

    private static double[]? Numbers(JsonNode? node) => node is not JsonArray array ? null
        : array.All(value => value is null || value.GetValueKind() is JsonValueKind.Number || Text(value) == "NaN")
            ? [.. array.Select(value => value?.GetValueKind() is JsonValueKind.Number ? value.GetValue<double>() : double.NaN)]
            : null;

    private static string[] Labels(JsonNode? node, int count) => node is JsonArray array
        ? [.. array.Select(value => value?.GetValueKind() is JsonValueKind.Number ? Html.Number(value.GetValue<double>()) : Words(value))]
        : [.. Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    /// <summary>A title, plain or in an object, without plotly's few tags.</summary>
    private static string Words(JsonNode? node) =>
        WebUtility.HtmlDecode(Tags().Replace(Text(node is JsonObject holder ? holder["text"] : node), " ")).Trim();

    [GeneratedRegex(@"</?(b|i|em|br|sub|sup|span|a)\b[^>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex Tags();
}
