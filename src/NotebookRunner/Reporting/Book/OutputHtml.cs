using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using NotebookRunner.Reporting.Book.Formulas;

namespace NotebookRunner.Reporting.Book;

/// <summary>Cells' outputs as HTML; see <see cref="ViewHtml"/> for what may bring script.</summary>
internal sealed partial class OutputHtml
{
    private static readonly string[] PictureTypes = ["image/png", "image/jpeg", "image/gif"];

    private static readonly (string Open, string Close)[] Delimiters = [("$$", "$$"), ("$", "$"), (@"\[", @"\]"), (@"\(", @"\)")];

    private readonly ViewHtml _views = new();

    /// <summary>The hashes of the scripts that the page may run.</summary>
    internal IEnumerable<string> Scripts => _views.Scripts;

    /// <summary>Whether a figure would use plotly.js.</summary>
    internal bool UsesPlotly => _views.UsesPlotly;

    internal string Render(Output output) => output switch
    {
        StreamOutput stream => Pre(stream.IsError ? "stream error-stream" : "stream", Terminal(stream.Text)),
        ErrorOutput error => Error(error),
        DataOutput data => Data(data.Data),
        UnknownOutput unknown => Pre("result", $"(an output of type {unknown.Type})"),
        _ => "",
    };

    /// <summary>The richest type of a bundle that a page can show.</summary>
    private string Data(IReadOnlyDictionary<string, string> data)
    {
        if (data.TryGetValue("text/html", out var html))
            return _views.Clean(html) is { } clean
                ? $"<div class=\"html scroll\" tabindex=\"0\">{clean}</div>"
                : Data(WithoutHtml(data)) + Pre("result", "(drawn by a script, which this page does not run)");
        var alternative = WebUtility.HtmlEncode(data.GetValueOrDefault("text/plain", "").Trim());
        if (data.TryGetValue("image/svg+xml", out var svg))
            return Picture("image/svg+xml", Convert.ToBase64String(Encoding.UTF8.GetBytes(svg)), alternative);
        foreach (var type in PictureTypes)
            if (data.TryGetValue(type, out var picture))
                return Picture(type, WhiteSpace().Replace(picture, ""), alternative);
        if (data.TryGetValue("text/latex", out var latex))
            return Formula(latex.Trim());
        if (data.TryGetValue("text/markdown", out var markdown))
            return Words(markdown);
        if (data.TryGetValue("text/plain", out var text))
            return Pre("result", Terminal(text));
        return data.Count == 0 ? "" : Pre("result", $"({string.Join(", ", data.Keys)})");
    }

    private static Dictionary<string, string> WithoutHtml(IReadOnlyDictionary<string, string> data) =>
        data.Where(part => part.Key != "text/html").ToDictionary();

    /// <summary>A formula with its delimiters or without any, or words with formulas in them.</summary>
    private static string Formula(string latex)
    {
        foreach (var (open, close) in Delimiters)
            if (latex.Length >= open.Length + close.Length && latex.StartsWith(open, StringComparison.Ordinal) &&
                latex.EndsWith(close, StringComparison.Ordinal) && latex[open.Length..^close.Length] is var inner && !inner.Contains(open))
                return Formula(inner);
        return latex.Contains('$')
            ? Words(latex)
            : $"<div class=\"formula\" tabindex=\"0\">{new Latex().ToMathMl(latex, display: true)}</div>";
    }

    private static string Words(string markdown) =>
        $"<div class=\"prose\">{new Prose().Render(markdown, (url, picture) => IsFar(url) && !picture ? url : null)}</div>";

    private static bool IsFar(string url) => url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static string Picture(string type, string base64, string alternative)
    {
        var source = $"data:{type};base64,{WebUtility.HtmlEncode(base64)}";
        return $"<div class=\"scroll\"><img class=\"picture\" src=\"{source}\" alt=\"{alternative}\"></div>";
    }

    private static string Error(ErrorOutput error)
    {
        var name = error.Name.Length > 0 ? error.Name : "Error";
        var head = $"<strong>{WebUtility.HtmlEncode(name)}</strong>: {WebUtility.HtmlEncode(Terminal(error.Message))}";
        var trace = Terminal(error.Traceback).Trim();
        var more = trace.Length > 0 && trace != error.Message.Trim()
            ? $"<details><summary>Where</summary>{Pre("trace", trace)}</details>"
            : "";
        return $"<div class=\"error\" role=\"note\"><p>{head}</p>{more}</div>";
    }

    private static string Pre(string kind, string text) =>
        text.Length == 0 ? "" : $"<pre class=\"{kind}\" tabindex=\"0\">{WebUtility.HtmlEncode(text.TrimEnd('\n'))}</pre>";

    /// <summary>Text as a terminal leaves it: no colour codes, and of a line that was rewritten its last state.</summary>
    internal static string Terminal(string text)
    {
        var plain = Ansi.Strip(text).Replace("\r\n", "\n");
        return plain.Contains('\r')
            ? string.Join('\n', plain.Split('\n').Select(line => line.TrimEnd('\r').Split('\r')[^1]))
            : plain;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
