using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Svg.Dom;
using Ganss.Xss;

namespace NotebookRunner.Reporting.Book;

/// <summary>What prose and outputs may contain. Neither may bring script, ask the network or leave its place on the page.</summary>
internal static partial class Sanitizers
{
    private const int LongestName = 200;

    private static readonly string[] Forms = ["form", "input", "button", "select", "option", "textarea", "fieldset", "keygen"];

    private static readonly string[] OutOfPlace =
    [
        "position", "z-index", "top", "left", "right", "bottom", "transform", "outline", "outline-color", "outline-style", "outline-width",
        "box-shadow", "text-shadow", "border-image", "border-image-outset", "filter", "all", "overflow", "overflow-x", "overflow-y",
    ];

    internal static readonly string[] Svg =
    [
        "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "textPath", "title", "desc",
        "defs", "clipPath", "use", "symbol", "marker", "pattern", "linearGradient", "radialGradient", "stop", "image",
    ];

    internal static readonly string[] SvgAttributes =
    [
        "viewBox", "xmlns", "version", "preserveAspectRatio", "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width",
        "stroke-opacity", "stroke-dasharray", "stroke-dashoffset", "stroke-linejoin", "stroke-linecap", "stroke-miterlimit", "d",
        "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "dx", "dy", "fx", "fy",
        "points", "transform", "opacity", "text-anchor", "dominant-baseline", "font-size", "font-family", "font-weight", "font-style",
        "clip-path", "clip-rule", "clipPathUnits", "vector-effect", "paint-order", "xlink:href", "offset", "stop-color", "stop-opacity",
        "gradientUnits", "gradientTransform", "spreadMethod", "marker-start", "marker-mid", "marker-end", "markerWidth", "markerHeight",
        "markerUnits", "refX", "refY", "orient", "patternUnits", "patternContentUnits", "patternTransform", "startOffset", "textLength",
        "lengthAdjust",
    ];

    // Beside those that HTML has too.
    private static readonly string[] SvgProperties =
    [
        "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-dashoffset",
        "stroke-linejoin", "stroke-linecap", "stroke-miterlimit", "stop-color", "stop-opacity", "paint-order", "marker", "marker-start",
        "marker-mid", "marker-end", "clip-path", "clip-rule", "text-anchor", "dominant-baseline", "alignment-baseline", "baseline-shift",
        "vector-effect", "shape-rendering", "text-rendering",
    ];

    private static readonly string[] ProseElements =
        ["details", "summary", "figure", "figcaption", "mark", "kbd", "input", "picture", "source"];

    /// <summary>Elements that go with what is in them, which is no text for a reader.</summary>
    private static readonly HashSet<string> Unreadable =
    [
        "script", "style", "template", "iframe", "noscript", "textarea", "xmp", "noembed", "noframes", "plaintext",
    ];

    private static readonly Dictionary<string, string> Unshown = new()
    {
        ["video"] = "A video",
        ["audio"] = "A sound",
        ["object"] = "An object",
        ["embed"] = "An object",
        ["iframe"] = "A page within the page",
    };

    /// <summary>The elements of HTML that prose may have.</summary>
    internal static IReadOnlySet<string> ProseTags { get; } = new HashSet<string>(
        HtmlSanitizerDefaults.AllowedTags.Except(Forms).Concat(ProseElements), StringComparer.OrdinalIgnoreCase);

    /// <summary>A sanitizer for what Markdown became, as its author may have written HTML in it.</summary>
    internal static HtmlSanitizer ForProse()
    {
        var sanitizer = WithDrawings();
        sanitizer.AllowedTags.UnionWith(ProseElements);
        sanitizer.AllowedAttributes.UnionWith(["disabled", "checked", "align"]);
        // Markdown's own; the page's classes could hide or move what is not the author's.
        sanitizer.AllowedClasses.UnionWith(["task-list-item", "contains-task-list", "footnotes", "footnote-ref", "footnote-back-ref"]);
        sanitizer.AllowedSchemes.Add("mailto");
        sanitizer.AllowedCssProperties.ExceptWith(OutOfPlace);
        sanitizer.DisallowCssPropertyValue = OutOfProse();
        sanitizer.PostProcessNode += (_, node) =>
        {
            // A task list's boxes, which cannot be ticked, are the only ones left.
            if (node.Node is IHtmlInputElement box && (box.Type != "checkbox" || !box.IsDisabled))
                box.Remove();
        };
        return sanitizer;
    }

    /// <summary>A sanitizer for a cell's HTML. Its box on the page cuts off what is too large for it.</summary>
    internal static HtmlSanitizer ForOutputs()
    {
        var sanitizer = WithDrawings();
        sanitizer.AllowedTags.UnionWith(
            ["details", "summary", "figure", "figcaption", "style", "progress", "meter", "output", "mark", "picture", "source"]);
        sanitizer.AllowedAttributes.UnionWith(
        [
            "role", "tabindex", "value", "max", "min", "scope", "aria-label", "aria-hidden", "aria-live", "aria-labelledby",
            "aria-describedby", "aria-selected", "aria-rowindex", "aria-colindex", "aria-roledescription",
        ]);
        sanitizer.AllowedCssProperties.UnionWith(
        [
            "image-rendering", "aspect-ratio", "object-fit", "gap", "row-gap", "column-gap", "overflow-x", "overflow-y", "inline-size",
            "accent-color", "color-scheme", "tab-size", "overflow-wrap", "text-wrap", "place-items", "font-variant-numeric",
        ]);
        sanitizer.AllowedCssProperties.ExceptWith(["position", "all"]);
        sanitizer.AllowCssCustomProperties = true;
        sanitizer.DisallowCssPropertyValue = FarPicture();
        sanitizer.AllowDataAttributes = true;
        // A page asks the network for nothing, so a picture is either in it or not at all.
        sanitizer.FilterUrl += (_, url) =>
        {
            var isPicture = url.OriginalUrl.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase);
            var isData = url.OriginalUrl.StartsWith("data:", StringComparison.OrdinalIgnoreCase);
            var isInThePage = isPicture || url.OriginalUrl.StartsWith('#');
            if (url.Tag.LocalName is "a" or "area" ? isData : !isInThePage)
                url.SanitizedUrl = null;
        };
        return sanitizer;
    }

    /// <summary>What both may contain: HTML without forms, and drawings.</summary>
    private static HtmlSanitizer WithDrawings()
    {
        var sanitizer = new HtmlSanitizer();
        sanitizer.AllowedTags.ExceptWith(Forms);
        sanitizer.AllowedTags.UnionWith(Svg);
        sanitizer.AllowedAttributes.UnionWith([.. SvgAttributes, "open", "id", "class", "media", "srcset"]);
        sanitizer.AllowedCssProperties.UnionWith(SvgProperties);
        sanitizer.AllowedSchemes.Add("data");
        sanitizer.RemovingTag += KeepContent;
        sanitizer.PostProcessNode += (_, node) =>
        {
            if (node.Node is IHtmlElement element)
                CheckHtml(element);
            else if (node.Node is ISvgElement drawn)
                CheckDrawing(drawn);
        };
        return sanitizer;
    }

    /// <summary>
    /// Of a tag that is not allowed the content stays. What is in SVG or MathML goes whole, as outside of it it would be read as HTML.
    /// </summary>
    private static void KeepContent(object? sender, RemovingTagEventArgs removing)
    {
        var tag = removing.Tag;
        if (tag is not IHtmlElement || tag.Parent is not IHtmlElement)
            return;
        var content = Unreadable.Contains(tag.LocalName) ? [] : tag.ChildNodes.ToList();
        if (Unshown.TryGetValue(tag.LocalName, out var kind))
            content.Insert(0, Note(tag, kind));
        if (content.Count == 0)
            return;
        tag.Replace([.. content]);
        removing.Cancel = true;
    }

    private static IElement Note(IElement tag, string kind)
    {
        var name = tag.GetAttribute("src") ?? tag.GetAttribute("data") ?? tag.QuerySelector("source[src]")?.GetAttribute("src") ?? "";
        var note = tag.Owner!.CreateElement("mark");
        note.TextContent = $"{kind} that this page cannot show" + (name.Length switch
        {
            0 => "",
            > LongestName => $": {name[..LongestName]}…",
            _ => $": {name}",
        });
        return note;
    }

    /// <summary>
    /// A list of addresses is not looked at as one: a picture's other form is one picture in the page, or goes. Titles are drawings'.
    /// </summary>
    private static void CheckHtml(IHtmlElement element)
    {
        var isOther = element is IHtmlSourceElement && element.Parent is IHtmlPictureElement;
        if (element.GetAttribute("srcset") is { } set && !(isOther && OnePicture().IsMatch(set)))
            element.RemoveAttribute("srcset");
        if (element is IHtmlTitleElement || element is IHtmlSourceElement && !(isOther && element.HasAttribute("srcset")))
            element.Remove();
    }

    /// <summary>A drawing takes what it draws from itself: it names its own parts, and pictures that it holds.</summary>
    private static void CheckDrawing(ISvgElement element)
    {
        foreach (var attribute in element.Attributes.ToList())
        {
            var value = attribute.Value.TrimStart();
            var isOwn = attribute.LocalName == "href"
                ? value.StartsWith('#') || (element.LocalName, attribute.Name) switch
                {
                    ("a", "href") => true,
                    ("image", _) => value.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase),
                    _ => false,
                }
                : attribute.Name == "style" || !FarPaint().IsMatch(value);
            if (!isOwn)
                element.RemoveAttribute(attribute.NamespaceUri!, attribute.LocalName);
        }
    }

    [GeneratedRegex("^data:image/(svg\\+xml|png|jpeg|gif|webp|bmp|avif);base64,[A-Za-z0-9+/=]+$")]
    private static partial Regex OnePicture();

    /// <summary>Whether an attribute of a drawing names what is not in the page.</summary>
    internal static bool IsFarPaint(string value) => FarPaint().IsMatch(value);

    /// <summary>What an attribute of a drawing may not name: what is not in the page. Escapes, which would hide it, it has none.</summary>
    [GeneratedRegex(@"\\|image-set\(|src\(|url\((?!\s*[""']?#)", RegexOptions.IgnoreCase)]
    private static partial Regex FarPaint();

    /// <summary>What an output's style sheets and attributes may not name: a picture that is not in the page.</summary>
    [GeneratedRegex(@"[<>]|image-set\(|src\(|url\((?!\s*[""']?(data:image/|#))", RegexOptions.IgnoreCase)]
    private static partial Regex FarPicture();

    /// <summary>
    /// What prose may not ask for in its style: negative lengths, which lead out of its place, and functions other than
    /// those of colours and of a drawing's own parts, as pictures and sums, which may be negative, are.
    /// </summary>
    [GeneratedRegex(
        @"[<>]|(^|[\s(,*])-\s*\.?[0-9]|(?<!\b(rgba?|hsla?|var|linear-gradient))\((?!(?<=\burl\()[""']?#)",
        RegexOptions.IgnoreCase)]
    private static partial Regex OutOfProse();
}
