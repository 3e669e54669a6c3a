using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Ganss.Xss;

namespace NotebookRunner.Reporting.Book;

/// <summary>What prose and outputs may contain. Neither may bring script, ask the network or leave its place on the page.</summary>
internal static partial class Sanitizers
{
    private static readonly string[] Forms = ["form", "input", "button", "select", "option", "textarea", "fieldset", "keygen"];

    private static readonly string[] OutOfPlace =
    [
        "position", "z-index", "top", "left", "right", "bottom", "transform", "outline", "outline-color", "outline-style", "outline-width",
        "box-shadow", "text-shadow", "border-image", "border-image-outset", "filter", "all",
    ];

    private static readonly string[] Svg =
    [
        "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "title", "desc", "defs",
        "clipPath",
    ];

    private static readonly string[] SvgAttributes =
    [
        "viewBox", "xmlns", "version", "preserveAspectRatio", "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width",
        "stroke-opacity", "stroke-dasharray", "stroke-linejoin", "stroke-linecap", "d", "x", "y", "x1", "y1", "x2", "y2",
        "cx", "cy", "r", "rx", "ry", "dx", "dy",
        "points", "transform", "opacity", "text-anchor", "dominant-baseline", "font-size", "font-family", "font-weight", "font-style",
        "clip-path", "vector-effect", "paint-order",
    ];

    /// <summary>A sanitizer for what Markdown became, as its author may have written HTML in it.</summary>
    internal static HtmlSanitizer ForProse()
    {
        var sanitizer = WithoutForms();
        sanitizer.AllowedTags.UnionWith(["details", "summary", "figure", "figcaption", "mark", "kbd", "input"]);
        sanitizer.AllowedAttributes.UnionWith(["open", "id", "class", "disabled", "checked", "align"]);
        // Markdown's own; the page's classes could hide or move what is not the author's.
        sanitizer.AllowedClasses.UnionWith(["task-list-item", "contains-task-list", "footnotes", "footnote-ref", "footnote-back-ref"]);
        sanitizer.AllowedSchemes.UnionWith(["mailto", "data"]);
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
        var sanitizer = WithoutForms();
        sanitizer.AllowedTags.UnionWith(
            [.. Svg, "details", "summary", "figure", "figcaption", "style", "progress", "meter", "output", "mark", "picture", "source"]);
        sanitizer.AllowedAttributes.UnionWith(
        [
            .. SvgAttributes, "open", "id", "class", "role", "tabindex", "value", "max", "min", "scope", "media", "srcset",
            "aria-label", "aria-hidden", "aria-live", "aria-labelledby", "aria-describedby", "aria-selected",
            "aria-rowindex", "aria-colindex", "aria-roledescription",
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
        sanitizer.AllowedSchemes.Add("data");
        // A page asks the network for nothing, so a picture is either in it or not at all.
        sanitizer.FilterUrl += (_, url) =>
        {
            var isPicture = url.OriginalUrl.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase);
            var isData = url.OriginalUrl.StartsWith("data:", StringComparison.OrdinalIgnoreCase);
            if (url.Tag.LocalName is "a" or "area" ? isData : !isPicture)
                url.SanitizedUrl = null;
        };
        // A list of addresses is not looked at as one: a picture's other form is one picture in the page, or goes.
        sanitizer.PostProcessNode += (_, node) =>
        {
            if (node.Node is IElement element && element.GetAttribute("srcset") is { } set
                && !(element.LocalName == "source" && OnePicture().IsMatch(set)))
                element.RemoveAttribute("srcset");
        };
        return sanitizer;
    }

    private static HtmlSanitizer WithoutForms()
    {
        var sanitizer = new HtmlSanitizer();
        sanitizer.AllowedTags.ExceptWith(Forms);
        return sanitizer;
    }

    [GeneratedRegex("^data:image/(svg\\+xml|png);base64,[A-Za-z0-9+/=]+$")]
    private static partial Regex OnePicture();

    /// <summary>What an output's style sheets and attributes may not name: a picture that is not in the page.</summary>
    [GeneratedRegex(@"[<>]|image-set\(|url\((?!\s*[""']?data:image/)", RegexOptions.IgnoreCase)]
    private static partial Regex FarPicture();

    /// <summary>
    /// What prose may not ask for in its style: negative lengths, which lead out of its place, and functions other than those of
    /// colours, as pictures and sums, which may be negative, are.
    /// </summary>
    [GeneratedRegex(@"[<>]|(^|[\s(,*])-\s*\.?[0-9]|(?<!\b(rgba?|hsla?|var|linear-gradient))\(", RegexOptions.IgnoreCase)]
    private static partial Regex OutOfProse();
}
