using System.Globalization;
using System.Text.RegularExpressions;
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
internal sealed partial class ViewHtml
{
    // Classes of the page that move what has them out of its place.
    private static readonly string[] PageClasses = ["skip", "unseen", "toc", "cell", "number", "top", "lessons"];

    private const string Shown = "img[src], svg, picture, table, hr, progress, meter";

    // By it an output's style sheets find it.
    private const string Mark = "data-output";

    // A table of more columns is read row by row on a phone.
    private const int FewColumns = 8;

    private readonly HtmlSanitizer _sanitizer = Sanitizers.ForOutputs();
    private int _outputs;

    /// <summary>The hashes of the scripts that stayed.</summary>
    internal SortedSet<string> Scripts { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether one of them draws with plotly.js.</summary>
    internal bool UsesPlotly { get; private set; }

    /// <summary>The HTML; null when all that it would show was drawn by a script that the page does not run.</summary>
    internal string? Clean(string html)
    {
        var name = (++_outputs).ToString(CultureInfo.InvariantCulture);
        var pieces = new Pieces();
        var output = Parse(html.ReplaceLineEndings("\n"));
        var runs = TakeScripts(output, pieces);
        TakeKnownStyles(output, pieces);
        var body = _sanitizer.SanitizeDom(output.InnerHtml).Body!;
        if (!runs && body.QuerySelector(Shown) is null && string.IsNullOrWhiteSpace(Words(body, pieces)))
            return null;
        foreach (var style in body.QuerySelectorAll("style"))
            Confine(style, name);
        foreach (var element in body.QuerySelectorAll("[class]"))
            element.ClassList.Remove(PageClasses);
        foreach (var element in body.QuerySelectorAll($"[{Mark}]"))
            element.RemoveAttribute(Mark);
        foreach (var table in body.QuerySelectorAll<IHtmlTableElement>("table"))
            LabelCells(table, pieces);
        return $"<div {Mark}=\"{name}\">{pieces.Restore(body.ChildNodes.ToHtml(_sanitizer.OutputFormatter))}</div>";
    }

    private static string Words(IElement body, Pieces pieces) => pieces.Without(string.Concat(
        body.Descendants<IText>().Where(text => text.Parent is not IHtmlStyleElement).Select(text => text.Data)));

    /// <summary>Where a table has many columns, its cells say what they are: then its rows can be taken apart.</summary>
    private static void LabelCells(IHtmlTableElement table, Pieces pieces)
    {
        if (table.Head?.Rows.FirstOrDefault() is not { Cells: { Length: > FewColumns } headings })
            return;
        foreach (var row in table.Bodies.SelectMany(body => body.Rows))
            foreach (var (cell, heading) in row.Cells.Zip(headings))
                cell.SetAttribute("data-label", pieces.Without(heading.TextContent).Trim());
    }

    private static IElement Parse(string html)
    {
        var document = new HtmlParser().ParseDocument("<body></body>");
        var output = document.CreateElement("div");
        output.InnerHtml = html;
        return output;
    }

    /// <returns>Whether no script was left out.</returns>
    private bool TakeScripts(IElement output, Pieces pieces)
    {
        var scripts = output.QuerySelectorAll("script").ToList();
        var trusted = scripts.Count > 0
            && scripts.TrueForAll(script => IsData(script) ? ViewData.IsHarmless(script.TextContent) : IsKnown(script));
        foreach (var script in scripts)
        {
            if (trusted && !IsData(script))
            {
                Scripts.Add(KnownViews.Hash(script.TextContent));
                UsesPlotly |= script.TextContent.Contains("Plotly", StringComparison.Ordinal);
            }
            var type = IsData(script) ? " type=\"application/json\"" : "";
            Replace(script, trusted ? pieces.Add($"<script{type}>{script.TextContent}</script>") : "");
        }
        return trusted || scripts.Count == 0;
    }

    private static void TakeKnownStyles(IElement output, Pieces pieces)
    {
        foreach (var style in output.QuerySelectorAll("style").Where(style => KnownViews.Knows(style.TextContent)).ToList())
            Replace(style, pieces.Add($"<style>{style.TextContent}</style>"));
    }

    private static void Replace(IElement element, string text) =>
        element.Parent!.ReplaceChild(element.Owner!.CreateTextNode(text), element);

    // A script of SVG has elements in it, which its text does not show.
    private static bool IsData(IElement script) =>
        script is IHtmlScriptElement { Attributes.Length: 1 } && script.GetAttribute("type") == "application/json";

    private static bool IsKnown(IElement script) =>
        script is IHtmlScriptElement { Attributes.Length: 0 } && KnownViews.Knows(script.TextContent);

    /// <summary>
    /// A style sheet of plain rules holds for its output only, whose mark nothing else bears; any other is removed.
    /// </summary>
    private static void Confine(IElement style, string output)
    {
        var rules = style.TextContent;
        if (Escaping().IsMatch(rules) || !IsBalanced(rules))
            style.Remove();
        else
            style.TextContent = $"@scope ([{Mark}=\"{output}\"]) {{ {rules} }}";
    }

    /// <summary>Whether its brackets are pairs, none of them within quotation marks, where a line's end would be their end.</summary>
    private static bool IsBalanced(string rules)
    {
        var (awaited, quote) = (new Stack<char>(), '\0');
        foreach (var character in rules)
            if (quote != '\0')
            {
                if (character is '{' or '}' or '\n' or '\r' or '\f')
                    return false;
                quote = character == quote ? '\0' : quote;
            }
            else if (character is '"' or '\'')
                quote = character;
            else if (character is '{' or '(' or '[')
                awaited.Push(character switch { '{' => '}', '(' => ')', _ => ']' });
            else if (character is '}' or ')' or ']' && (!awaited.TryPop(out var pair) || pair != character))
                return false;
        return quote == '\0' && awaited.Count == 0;
    }

    /// <summary>What rules can hide behind: other rules, tags, escapes, comments and addresses without quotation marks.</summary>
    [GeneratedRegex(@"[@<\\]|/\*|url\((?![""'])", RegexOptions.IgnoreCase)]
    private static partial Regex Escaping();
}
