using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace NotebookRunner.Reporting.Book;

/// <summary>
/// What an output gives to a view's script. The scripts are the library's, but anyone may copy one and write other data beside
/// it: so the data may bring no style sheet, no markup and no address that the library's own data would not.
/// </summary>
internal static partial class ViewData
{
    private const string Svg = "http://www.w3.org/2000/svg";

    // The script takes the drawing's style sheet out, as its rules are for a picture of its own. It takes out one.
    private static readonly string[] StyledDrawings = ["wide", "tall"];

    private static readonly string[] Drawings = [.. StyledDrawings, "ground"];

    /// <summary>Attributes of drawings; those of data are words and numbers that the script reads.</summary>
    private static readonly HashSet<string> Attributes = [.. Sanitizers.SvgAttributes, "width", "height", "role"];

    // No property twice, as the browser and this check could then take different ones.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>
    /// Whether it is JSON that is no HTML, wherever it comes to stand (the library escapes what would begin a tag), whose style sheet,
    /// which the view's script puts into the page, is the library's, and whose texts hold no markup but a figure's
    /// (bold type, a new line) and plain drawings.
    /// </summary>
    internal static bool IsHarmless(string json)
    {
        if (json.Contains('<'))
            return false;
        try
        {
            using var data = JsonDocument.Parse(json, Strict);
            return data.RootElement.ValueKind != JsonValueKind.Object
                ? IsPlain(data.RootElement)
                : data.RootElement.EnumerateObject().All(IsHarmless);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return false; // not JSON, or half of a surrogate pair, which no text can hold
        }
    }

    private static bool IsHarmless(JsonProperty property) => property switch
    {
        { Name: "style" } => property.Value.ValueKind == JsonValueKind.String && KnownViews.Knows(property.Value.GetString()!),
        { Value.ValueKind: JsonValueKind.String } when Drawings.Contains(property.Name) =>
            IsDrawing(property.Value.GetString()!, styles: StyledDrawings.Contains(property.Name) ? 1 : 0),
        _ when Drawings.Contains(property.Name) => false,
        _ => IsPlain(property.Value),
    };

    private static bool IsPlain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => PlainText().IsMatch(value.GetString()!),
        JsonValueKind.Array => value.EnumerateArray().All(IsPlain),
        JsonValueKind.Object => value.EnumerateObject().All(property => IsPlain(property.Value) && !IsStyleSheet(property)),
        _ => true,
    };

    // A figure's data have styles as well, which are a word each.
    private static bool IsStyleSheet(JsonProperty property) =>
        property is { Name: "style", Value.ValueKind: JsonValueKind.String } && property.Value.GetString()!.Contains('{');

    /// <summary>Whether a text is SVG of shapes, words and pictures that are in it, with no more style sheets than these.</summary>
    private static bool IsDrawing(string text, int styles)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader($"<svg xmlns=\"{Svg}\">{text}</svg>"));
            var drawing = XElement.Load(reader);
            return drawing.DescendantNodes().All(node => node is XElement or XText and not XCData)
                && drawing.Descendants("{" + Svg + "}style").Count() <= styles
                && drawing.Descendants().All(IsShape);
        }
        catch (XmlException)
        {
            return false;
        }
    }

    private static bool IsShape(XElement element) =>
        element.Name.NamespaceName == Svg
        && (Sanitizers.Svg.Contains(element.Name.LocalName) || element.Name.LocalName is "image" or "style")
        && element.Attributes().All(attribute => attribute.IsNamespaceDeclaration || attribute.Name.NamespaceName.Length == 0
            && attribute.Name.LocalName switch
            {
                "class" => OwnClass().IsMatch(attribute.Value),
                "href" => element.Name.LocalName == "image" && OwnPicture().IsMatch(attribute.Value),
                var name => Attributes.Contains(name) && !Sanitizers.IsFarPaint(attribute.Value)
                    || name.StartsWith("data-", StringComparison.Ordinal),
            });

    /// <summary>No tag but those that a figure's texts have for bold type and the like.</summary>
    [GeneratedRegex(@"\A(?:[^<]|<(?=[\s=0-9])|</?(?:b|i|br|sub|sup|extra)\s*/?>)*\z")]
    private static partial Regex PlainText();

    /// <summary>A view's own class, which the page's rules do not know.</summary>
    [GeneratedRegex(@"\Ac[a-z]-[a-z-]+\z")]
    private static partial Regex OwnClass();

    [GeneratedRegex(@"\Adata:image/png;base64,[A-Za-z0-9+/=]*\z")]
    private static partial Regex OwnPicture();
}
