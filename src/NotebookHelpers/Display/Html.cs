using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace NotebookHelpers;

/// <summary>What every view needs to write HTML, SVG and text: escaping, and numbers that are the same in every culture.</summary>
internal static class Html
{
    /// <summary>The card that views stand on: dark on white in light and in dark editors alike.</summary>
    internal const string Card = "background:#fff;color:#1a1a1a;font-family:system-ui,sans-serif;font-size:14px";

    private static readonly ConcurrentDictionary<string, string> Files = new();

    /// <summary>
    /// A view's style sheet or script; embedded, so that an output needs nothing but itself. It is the file's very text, the
    /// same in every output, so that a page can trust a script by its hash: what differs travels in data attributes or JSON.
    /// </summary>
    internal static string Embedded(string file) => Files.GetOrAdd(file, Read);

    /// <summary>A script element with an embedded file.</summary>
    internal static string Script(string file) => $"<script>{Embedded(file)}</script>";

    private static string Read(string file)
    {
        using var stream = typeof(Html).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException(
                $"The library was built without its embedded {file}; build it again from the repository.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>Text for an element's content or a quoted attribute, in HTML and in XML.</summary>
    internal static string Encode(string? text) => WebUtility.HtmlEncode(
        string.Concat((text ?? "").Select(c => c is < ' ' and not '\t' and not '\n' and not '\r' or '\uFFFE' or '\uFFFF' ? '\uFFFD' : c)));

    /// <summary>A number for a reader: as many digits as tell something, thousands separated.</summary>
    internal static string Number(double value) =>
        !double.IsFinite(value) ? value.ToString(CultureInfo.InvariantCulture)
        : value == Math.Round(value) && Math.Abs(value) < 1e15 ? value.ToString("#,0", CultureInfo.InvariantCulture)
        : Math.Abs(value) is >= 0.001 and < 1e9 ? value.ToString(Math.Abs(value) < 100 ? "0.####" : "#,0.##", CultureInfo.InvariantCulture)
        : value.ToString("0.###e+0", CultureInfo.InvariantCulture);

    /// <summary>Something that may be wider than a phone: it scrolls by itself, also by keyboard, and the page does not.</summary>
    internal static string Scrolling(string html) => $"<div tabindex=\"0\" style=\"overflow-x:auto\">{html}</div>";

    /// <summary>A picture inside HTML: as an image, because sanitisers (GitHub's, Jupyter's) keep those and drop inline SVG.</summary>
    internal static string Image(string mimeType, byte[] content, string alternative, string attributes) =>
        $"<img src=\"data:{mimeType};base64,{Convert.ToBase64String(content)}\" alt=\"{Encode(alternative)}\" {attributes}>";
}
