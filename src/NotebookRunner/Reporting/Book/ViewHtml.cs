using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Ganss.Xss;

namespace NotebookRunner.Reporting.Book;

/// <summary>
/// A cell's HTML, sanitised. Of its scripts stay those of the library's views, which are known by their content, with the
/// data they are given; if one script of an output is not known, none stays. Style sheets that are not known reach no
/// further than their output.
/// </summary>
internal sealed class ViewHtml
{
    // Classes of the page that move what has them out of its place.
    private static readonly string[] PageClasses = ["skip", "unseen", "toc", "cell", "number", "top", "lessons"];

    // A table of more columns is read row by row on a phone.
    private const int FewColumns = 8;

    private readonly HtmlSanitizer _sanitizer = Sanitizers.ForOutputs();
    private int _outputs;

    /// <summary>The hashes of the scripts that stayed.</summary>
    internal SortedSet<string> Scripts { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether one of them draws with plotly.js.</summary>
    internal bool UsesPlotly { get; private set; }

    internal string Clean(string html)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"output-{++_outputs}");
        var pieces = new Pieces();
        var output = Parse(Pieces.Without(html.ReplaceLineEndings("\n")));
        TakeScripts(output, pieces);
        TakeKnownStyles(output, pieces);
        var body = _sanitizer.SanitizeDom(output.InnerHtml).Body!;
        foreach (var style in body.QuerySelectorAll("style"))
            Confine(style, name);
        foreach (var element in body.QuerySelectorAll("[class]"))
            element.ClassList.Remove(PageClasses);
        foreach (var table in body.QuerySelectorAll<IHtmlTableElement>("table"))
            LabelCells(table);
        return $"<div id=\"{name}\">{pieces.Restore(body.ChildNodes.ToHtml(_sanitizer.OutputFormatter))}</div>";
    }

    /// <summary>Where a table has many columns, its cells say what they are: then its rows can be taken apart.</summary>
    private static void LabelCells(IHtmlTableElement table)
    {
        if (table.Head?.Rows.FirstOrDefault() is not { Cells: { Length: > FewColumns } headings })
            return;
        foreach (var row in table.Bodies.SelectMany(body => body.Rows))
            foreach (var (cell, heading) in row.Cells.Zip(headings))
                cell.SetAttribute("data-label", heading.TextContent.Trim());
    }

    private static IElement Parse(string html)
    {
        var document = new HtmlParser().ParseDocument("<body></body>");
        var output = document.CreateElement("div");
        output.InnerHtml = html;
        return output;
    }

    private void TakeScripts(IElement output, Pieces pieces)
    {
        var scripts = output.QuerySelectorAll("script").ToList();
        var trusted = scripts.Count > 0 && scripts.TrueForAll(script => IsData(script) ? IsHarmless(script.TextContent) : IsKnown(script));
        foreach (var script in scripts)
        {
            if (trusted && !IsData(script))
            {
                Scripts.Add(KnownViews.Hash(script.TextContent));
                UsesPlotly |= script.TextContent.Contains("Plotly", StringComparison.Ordinal);
            }
            Replace(script, trusted ? pieces.Add(script.OuterHtml) : "");
        }
    }

    private static void TakeKnownStyles(IElement output, Pieces pieces)
    {
        foreach (var style in output.QuerySelectorAll("style").Where(style => KnownViews.Knows(style.TextContent)).ToList())
            Replace(style, pieces.Add($"<style>{style.TextContent}</style>"));
    }

    private static void Replace(IElement element, string text) =>
        element.Parent!.ReplaceChild(element.Owner!.CreateTextNode(text), element);

    private static bool IsData(IElement script) => script.Attributes.Length == 1 && script.GetAttribute("type") == "application/json";

    private static bool IsKnown(IElement script) => script.Attributes.Length == 0 && KnownViews.Knows(script.TextContent);

    /// <summary>Whether a view's data is JSON whose style sheets, which the view's script puts into the page, are the library's.</summary>
    private static bool IsHarmless(string json)
    {
        try
        {
            return JsonNode.Parse(json) is { } data && Styles(data).All(KnownViews.Knows);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Styles(JsonNode? node) => node switch
    {
        JsonArray array => array.SelectMany(Styles),
        JsonObject data => data.SelectMany(property => property.Key == "style" && property.Value is JsonValue value &&
            value.TryGetValue<string>(out var style) && style.Contains('{') ? [style] : Styles(property.Value)),
        _ => [],
    };

    /// <summary>A style sheet of plain rules holds for its output only; any other is removed.</summary>
    private static void Confine(IElement style, string output)
    {
        var rules = style.TextContent;
        if (rules.IndexOfAny(['@', '<', '\\']) >= 0 || !IsBalanced(rules))
            style.Remove();
        else
            style.TextContent = $"@scope (#{output}) {{ {rules} }}";
    }

    private static bool IsBalanced(string rules)
    {
        var depth = 0;
        foreach (var character in rules)
            if (character is '{' or '}' && (depth += character == '{' ? 1 : -1) < 0)
                return false;
        return depth == 0 && !rules.Contains("/*", StringComparison.Ordinal);
    }
}
