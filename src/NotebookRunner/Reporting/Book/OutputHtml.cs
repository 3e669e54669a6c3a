using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Ganss.Xss;
using NotebookRunner.Reporting.Book.Formulas;

namespace NotebookRunner.Reporting.Book;

/// <summary>
/// Cells' outputs as HTML. Script runs only in an output that is marked as a view of the workbook's library, and the page's
/// content security policy names each such script by its hash; the mark is a convention, so a notebook whose outputs come
/// from a stranger is trusted that far. Other HTML is sanitised.
/// </summary>
internal sealed partial class OutputHtml
{
    private readonly HtmlSanitizer _sanitizer = MakeSanitizer();

    /// <summary>The hashes of the scripts that the page may run, as a content security policy names them.</summary>
    internal HashSet<string> ScriptHashes { get; } = [];

    /// <summary>Whether a figure would use plotly.js.</summary>
    internal bool UsesPlotly { get; private set; }

    internal string Render(Output output) => output switch
    {
        StreamOutput stream => Pre(stream.IsError ? "stream error-stream" : "stream", Terminal(stream.Text)),
        ErrorOutput error => Error(error),
        DataOutput data => Data(data.Data),
        _ => "",
    };

    /// <summary>The richest type of a bundle that a page can show.</summary>
    private string Data(IReadOnlyDictionary<string, string> data)
    {
        if (data.TryGetValue("text/html", out var html))
            return $"<div class=\"html scroll\" tabindex=\"0\">{Html(html)}</div>";
        var alternative = WebUtility.HtmlEncode(data.GetValueOrDefault("text/plain", "").Trim());
        if (data.TryGetValue("image/svg+xml", out var svg))
            return Picture("image/svg+xml", Convert.ToBase64String(Encoding.UTF8.GetBytes(svg)), alternative);
        foreach (var type in new[] { "image/png", "image/jpeg", "image/gif" })
            if (data.TryGetValue(type, out var picture))
                return Picture(type, WhiteSpace().Replace(picture, ""), alternative);
        if (data.TryGetValue("text/latex", out var latex))
            return $"<div class=\"formula\" tabindex=\"0\">{new Latex().ToMathMl(latex.Trim().Trim('$'), display: true)}</div>";
        if (data.TryGetValue("text/markdown", out var markdown))
            return new Prose().Render(markdown, (url, _) => url.StartsWith("https://", StringComparison.Ordinal) ? url : null);
        if (data.TryGetValue("text/plain", out var text))
            return Pre("result", Terminal(text));
        return data.Count == 0 ? "" : Pre("result", $"({string.Join(", ", data.Keys)})");
    }

    private string Html(string html)
    {
        // Only the library's own views may bring script: their outermost element is of a class that begins with convnet-.
        var scripts = Script().Matches(html);
        if (scripts.Count == 0 || !OwnView().IsMatch(html))
            return _sanitizer.Sanitize(html);
        foreach (Match script in scripts)
        {
            if (script.Groups["attributes"].Value.Contains("application/json", StringComparison.Ordinal))
                continue;
            var body = script.Groups["body"].Value.ReplaceLineEndings("\n");
            ScriptHashes.Add($"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}'");
            UsesPlotly |= body.Contains("Plotly", StringComparison.Ordinal);
        }
        return html.ReplaceLineEndings("\n");
    }

    private static string Picture(string type, string base64, string alternative) =>
        $"<div class=\"scroll\"><img class=\"picture\" src=\"data:{type};base64,{WebUtility.HtmlEncode(base64)}\" alt=\"{alternative}\"></div>";

    private static string Error(ErrorOutput error)
    {
        var head = $"<strong>{WebUtility.HtmlEncode(error.Name)}</strong>: {WebUtility.HtmlEncode(Terminal(error.Message))}";
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

    private static HtmlSanitizer MakeSanitizer()
    {
        var sanitizer = new HtmlSanitizer();
        foreach (var tag in new[]
        {
            "details", "summary", "figure", "figcaption", "style", "progress", "meter",
            "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "title", "desc", "defs", "clipPath",
        })
            sanitizer.AllowedTags.Add(tag);
        foreach (var tag in new[] { "form", "input", "button", "select", "option", "textarea", "fieldset" })
            sanitizer.AllowedTags.Remove(tag);
        foreach (var attribute in new[]
        {
            "open", "id", "class", "role", "tabindex", "value", "max", "min", "scope", "aria-label", "aria-hidden", "aria-labelledby", "aria-describedby",
            "viewBox", "xmlns", "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linejoin", "stroke-linecap",
            "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "points", "transform", "opacity", "text-anchor", "dominant-baseline",
            "font-size", "font-family", "font-weight", "preserveAspectRatio", "clip-path", "dx", "dy", "version",
        })
            sanitizer.AllowedAttributes.Add(attribute);
        foreach (var property in new[] { "image-rendering", "aspect-ratio", "object-fit", "gap", "row-gap", "column-gap", "overflow-x", "overflow-y", "inline-size", "accent-color" })
            sanitizer.AllowedCssProperties.Add(property);
        sanitizer.AllowedCssProperties.Remove("position");
        sanitizer.AllowDataAttributes = true;
        sanitizer.AllowedSchemes.Add("data");
        // A page asks the network for nothing, so a picture is either in it or not at all.
        sanitizer.FilterUrl += (_, url) =>
        {
            if (url.Tag.LocalName == "img" && !url.OriginalUrl.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase))
                url.SanitizedUrl = null;
            else if (url.Tag.LocalName != "img" && url.OriginalUrl.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
                url.SanitizedUrl = null;
        };
        return sanitizer;
    }

    [GeneratedRegex(@"<script\b(?<attributes>[^>]*)>(?<body>.*?)</script\s*>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Script();

    [GeneratedRegex(@"^\s*<[a-z]+ class=""convnet-")]
    private static partial Regex OwnView();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
