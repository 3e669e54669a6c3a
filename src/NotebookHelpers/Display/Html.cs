using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace NotebookHelpers;

/// <summary>What every view needs to write HTML, SVG and text: escaping, and numbers that are the same in every culture.</summary>
internal static class Html
{
    /// <summary>How text in a view looks. Its colour is the page's, so that a view is dark on a dark page.</summary>
    internal const string Card = "font-family:system-ui,sans-serif;font-size:14px";

    /// <summary>When a page is as narrow as a phone's, as a media query says it.</summary>
    internal const string Phone = "(max-width:600px)";

    /// <summary>How wide a picture for such a page is, in pixels.</summary>
    internal const int PhoneWidth = 360;

    /// <summary>Whether a picture of this width is for such a page.</summary>
    internal static bool IsPhone(int width) => width <= PhoneWidth;

    private static readonly ConcurrentDictionary<string, string> Files = new();

    // Escapes <, > and &, so that no text can end the script element that holds it.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    /// <summary>
    /// A view's style sheet or script; embedded, so that an output needs nothing but itself. It is the file's very text, the
    /// same in every output, so that a page can trust a script by its hash: what differs travels in data attributes or JSON.
    /// </summary>
    internal static string Embedded(string file) => Files.GetOrAdd(file, Read);

    /// <summary>
    /// A view in HTML: a picture, which stays where scripts do not run and styles are taken away (on GitHub, in a notebook
    /// that is not trusted), and what a script needs to put something livelier in its place.
    /// </summary>
    /// <param name="kind">The class of the outermost element is convnet- and this; scripts look for it, and the book trusts it.</param>
    /// <param name="picture">Images and text.</param>
    /// <param name="attributes">More attributes of the outermost element.</param>
    /// <param name="data">What the script is given, as JSON.</param>
    /// <param name="script">The script's file.</param>
    internal static string View(string kind, string picture, string attributes = "", object? data = null, string? script = null)
    {
        var html = new StringBuilder($"<figure class=\"convnet-{kind}\" {attributes} style=\"{Card};margin:4px 0;max-width:100%\">");
        html.Append(picture);
        if (data is not null)
            html.Append($"<script type=\"application/json\">{JsonSerializer.Serialize(data, Json)}</script>");
        html.Append(Script("View.js"));
        if (script is not null)
            html.Append(Script(script));
        return html.Append("</figure>").ToString();
    }

    /// <summary>Text for an element's content or a quoted attribute, in HTML and in XML.</summary>
    internal static string Encode(string? text) => WebUtility.HtmlEncode(string.Concat((text ?? "").Select(Allowed)));

    /// <summary>A number for a reader: as many digits as tell something, thousands separated, with a real minus sign.</summary>
    internal static string Number(double value)
    {
        var size = Math.Abs(value);
        var format = !double.IsFinite(value) ? "R"
            : value == Math.Round(value) && size < 1e15 ? "#,0"
            : size is < 0.001 or >= 1e9 ? "0.###e0"
            : size < 100 ? "0.####"
            : "#,0.##";
        return value.ToString(format, CultureInfo.InvariantCulture).Split('e') is [var factor, var power]
            ? $"{Minus(factor)}·10{string.Concat(power.Select(Raised))}"
            : Minus(value.ToString(format, CultureInfo.InvariantCulture));
    }

    private static char Raised(char digit) => digit == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit - '0'];

    /// <summary>A number's text with real minus signs.</summary>
    internal static string Minus(string number) => number.Replace('-', '−');

    /// <summary>A table's title. It stands above it, not in it: it is as wide as the page, however wide the table is.</summary>
    internal static string Heading(string title) =>
        $"<p style=\"{Card};color:inherit;margin:4px 0 0;padding:6px 10px 0;font-weight:bold\">{Encode(title)}</p>";

    /// <summary>Something that may be wider than a phone: it scrolls by itself, also by keyboard, and the page does not.</summary>
    internal static string Scrolling(string html) => $"<div tabindex=\"0\" style=\"overflow-x:auto\">{html}</div>";

    /// <summary>A picture inside HTML: as an image, because sanitisers (GitHub's, Jupyter's) keep those and drop inline SVG.</summary>
    internal static string Image(string mimeType, byte[] content, string alternative, string attributes) =>
        $"<img src=\"data:{mimeType};base64,{Convert.ToBase64String(content)}\" alt=\"{Encode(alternative)}\" {attributes}>";

    /// <summary>A drawing as an image of its own size, or of the room there is, if that is less and it scales.</summary>
    internal static string Drawing(string svg, string alternative, string attributes = "", bool scales = true)
    {
        var (width, height) = SvgDocument.Size(svg);
        var style = scales ? "max-width:100%;height:auto" : "display:block;max-width:none";
        return Image(Mime.Svg, Encoding.UTF8.GetBytes(svg), alternative, string.Create(CultureInfo.InvariantCulture,
            $"width=\"{width}\" height=\"{height}\" style=\"{style}\" {attributes}"));
    }

    /// <summary>The part of a picture element that a phone shows in place of its image.</summary>
    internal static string OnPhone(string svg) => $"<source media=\"{Phone}\" " +
        $"srcset=\"data:{Mime.Svg};base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}\">";

    private static string Script(string file) => $"<script>{Embedded(file)}</script>";

    private static string Read(string file)
    {
        using var stream = typeof(Html).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException(
                $"The library was built without its embedded {file}; build it again from the repository.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>The character, or the replacement character for one that XML does not allow.</summary>
    private static char Allowed(char character) => character switch
    {
        '\t' or '\n' or '\r' => character,
        < ' ' or '\uFFFE' or '\uFFFF' => '\uFFFD',
        _ => character,
    };
}
