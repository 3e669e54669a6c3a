using System.Net;
using System.Text.RegularExpressions;
using Markdig.Helpers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace NotebookRunner.Reporting.Book;

/// <summary>
/// Words that Markdown takes for tags, as in <c>List&lt;int&gt;</c> or <c>Press &lt;Enter&gt;</c>: tags that nothing closes, of names
/// that no page has. They are shown as they were written; a browser would drop them, some with all that follows.
/// </summary>
internal static partial class WordTags
{
    /// <summary>Elements whose text is no HTML, or is never shown; without an end they take in the rest of the page.</summary>
    private static readonly HashSet<string> Swallowing = new(StringComparer.OrdinalIgnoreCase)
    {
        "iframe", "noembed", "noframes", "noscript", "plaintext", "script", "select", "style", "template", "textarea", "title", "xmp",
    };

    /// <summary>Makes them text in a document; <paramref name="known"/> are the names that a page may have.</summary>
    internal static void ShowIn(MarkdownDocument document, IReadOnlySet<string> known)
    {
        foreach (var leaf in document.Descendants<LeafBlock>())
            if (leaf is HtmlBlock html)
                ShowIn(html);
            else if (leaf.Inline is { } inline)
                ShowIn([.. inline.Descendants<HtmlInline>()], known);
    }

    /// <summary>What the reader sees of a tag: nothing, or the word that it is.</summary>
    internal static string Shown(HtmlInline tag) => tag.Tag.StartsWith('<') ? "" : WebUtility.HtmlDecode(tag.Tag);

    private static void ShowIn(List<HtmlInline> tags, IReadOnlySet<string> known)
    {
        var closed = Closed(tags.Select(tag => tag.Tag));
        var isDrawing = closed.Contains("svg");
        foreach (var tag in tags)
            if (Opening().Match(tag.Tag) is { Success: true, Index: 0 } opening
                && opening.Groups["name"].Value is var name && !closed.Contains(name)
                && (Swallowing.Contains(name) || opening.Groups["bare"].Success && !isDrawing && !known.Contains(name)))
                tag.Tag = WebUtility.HtmlEncode(tag.Tag);
    }

    private static void ShowIn(HtmlBlock block)
    {
        var closed = Closed([block.Lines.ToString()]);
        for (var line = 0; line < block.Lines.Count; line++)
        {
            ref var slice = ref block.Lines.Lines[line].Slice;
            var text = slice.ToString();
            var shown = Opening().Replace(text, tag => tag.Groups["name"].Value is var name && Swallowing.Contains(name)
                && !closed.Contains(name) ? "&lt;" + tag.Value[1..] : tag.Value);
            if (shown != text)
                slice = new StringSlice(shown, slice.NewLine);
        }
    }

    // Nothing ends plaintext.
    private static HashSet<string> Closed(IEnumerable<string> texts) => texts
        .SelectMany(text => Closing().Matches(text)).Select(tag => tag.Groups["name"].Value)
        .Where(name => !name.Equals("plaintext", StringComparison.OrdinalIgnoreCase)).ToHashSet(StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex(@"<(?<name>[a-zA-Z][a-zA-Z0-9-]*)(?<bare>[^=]*>$)?")]
    private static partial Regex Opening();

    [GeneratedRegex("</(?<name>[a-zA-Z][a-zA-Z0-9-]*)")]
    private static partial Regex Closing();
}
