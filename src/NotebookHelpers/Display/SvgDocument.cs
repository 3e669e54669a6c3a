using System.Globalization;
using System.Text.RegularExpressions;

namespace NotebookHelpers;

/// <summary>
/// The frame of every drawing: a title for those who do not see it, paper, and the style sheet by which paper and inks change
/// on a dark page. It rules by the colours' names, so whoever draws writes the light ones and nothing else; a drawing carries the
/// rules for its own.
/// </summary>
internal static partial class SvgDocument
{
    /// <summary>Attributes of a text that lines pass behind: paper around its letters.</summary>
    internal const string Halo = "paint-order=\"stroke\" stroke=\"#fff\" stroke-width=\"4\" stroke-linejoin=\"round\"";

    private const string Paper = "#fff", Ink = "#1a1a1a";

    /// <summary>Puts a drawing on paper.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="content">The drawing's elements.</param>
    /// <param name="alternative">What a reader who does not see it is told; empty where the page tells it.</param>
    /// <param name="fontSize">In pixels.</param>
    internal static string Of(double width, double height, string content, string alternative, int fontSize = 14)
    {
        var size = string.Create(CultureInfo.InvariantCulture,
            $"width=\"{width:0.#}\" height=\"{height:0.#}\" viewBox=\"0 0 {width:0.#} {height:0.#}\"");
        var title = alternative.Length > 0 ? $"<title>{Html.Encode(alternative)}</title>" : "";
        var drawing = $"<rect width=\"100%\" height=\"100%\" fill=\"{Paper}\"/>{content}";
        return $"<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" {size} " +
            $"font-family=\"system-ui,sans-serif\" font-size=\"{fontSize}\" fill=\"{Ink}\" role=\"img\">" +
            $"{title}<style>{Style($"fill=\"{Ink}\"{drawing}")}</style>{drawing}</svg>";
    }

    /// <summary>A line of text.</summary>
    internal static string Text(double x, double y, string text, string attributes = "") => text.Length == 0 ? ""
        : string.Create(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" {attributes}>{Html.Encode(text)}</text>");

    /// <summary>A box.</summary>
    internal static string Rect(double x, double y, double width, double height, string attributes) => string.Create(
        CultureInfo.InvariantCulture, $"<rect x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{width:0.#}\" height=\"{height:0.#}\" {attributes}/>");

    /// <summary>A text in lines of so many characters at most, as few as the words allow.</summary>
    internal static IReadOnlyList<string> Wrap(string text, int length)
    {
        var lines = new List<string>();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            if (lines.Count > 0 && lines[^1].Length + 1 + word.Length <= length)
                lines[^1] += " " + word;
            else
                lines.Add(word);
        return lines;
    }

    /// <summary>The size that a drawing says it has.</summary>
    internal static (string Width, string Height) Size(string svg)
    {
        var size = Sizes().Match(svg);
        return (size.Groups["width"].Value, size.Groups["height"].Value);
    }

    /// <summary>The rules of the style sheet, a line each, for what the drawing holds.</summary>
    private static string Style(string content)
    {
        return string.Concat(Html.Embedded("Dark.css").Split('\n').Where(IsOfUse));

        bool IsOfUse(string rule) =>
            Subjects().Matches(rule) is not { Count: > 0 } subjects
            || subjects.Any(subject => content.Contains(subject.Value, StringComparison.OrdinalIgnoreCase));
    }

    [GeneratedRegex("(?<=\\[)(fill|stroke)=\"#\\w+\"|^image")]
    private static partial Regex Subjects();

    [GeneratedRegex("^<svg[^>]*? width=\"(?<width>[^\"]+)\" height=\"(?<height>[^\"]+)\"")]
    private static partial Regex Sizes();
}
