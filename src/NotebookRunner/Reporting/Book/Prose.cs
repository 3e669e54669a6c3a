using System.Globalization;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Ganss.Xss;
using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using NotebookRunner.Reporting.Book.Formulas;

namespace NotebookRunner.Reporting.Book;

/// <summary>A heading of a page, for its table of contents.</summary>
internal sealed record Heading(int Level, string Id, string Text);

/// <summary>
/// A notebook's Markdown as HTML. What the author wrote is sanitised; formulas and highlighted code, which are made here,
/// take their places after that.
/// </summary>
internal sealed class Prose
{
    /// <summary>The scheme of a picture that the cell itself holds.</summary>
    internal const string Attachment = "attachment";

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables().UseGridTables().UseEmphasisExtras(EmphasisExtraOptions.Strikethrough).UseTaskLists().UseAutoLinks().UseFootnotes()
        .Use(new FormulaSyntax(TableSyntax.IsTable)).Use<TableSyntax>()
        .Build();

    private readonly HtmlSanitizer _sanitizer = Sanitizers.ForProse();
    private readonly HashSet<string> _usedIds = [];
    private readonly Dictionary<INode, (string Source, string? Reason)> _lost = [];
    private Pieces _pieces = new();
    private readonly Latex _latex = new();

    internal Prose() => _sanitizer.PostProcessNode += ExplainLostPicture;

    /// <summary>The headings so far, in order.</summary>
    internal List<Heading> Headings { get; } = [];

    /// <summary>
    /// Renders one Markdown cell; <paramref name="link"/> says where links and pictures lead from the page, or null for nowhere,
    /// <paramref name="form"/> where an exercise can be answered, by its number.
    /// </summary>
    internal string Render(string markdown, Func<string, bool, string?> link, Func<string, string?>? form = null)
    {
        _pieces = new();
        var document = Parsed(markdown);
        if (form is not null)
            ExerciseBlock.AddTo(document, number => form(number) is { } html ? _pieces.Add(html) : null);
        foreach (var heading in document.Descendants<HeadingBlock>())
            Register(heading);
        foreach (var cell in document.Descendants<TableCell>())
            UnescapeBars(cell);

        var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.Add(new FormulaInlineRenderer(this));
        renderer.ObjectRenderers.Add(new FormulaBlockRenderer(this));
        renderer.ObjectRenderers.Add(new ExerciseBlock.Renderer());
        renderer.ObjectRenderers.Replace<CodeBlockRenderer>(new HighlightedCodeRenderer(this));
        renderer.Render(document);

        var clean = Sanitize(writer.ToString(), link);
        clean = clean.Replace("<table", "<div class=\"scroll\"><table").Replace("</table>", "</table></div>");
        return _pieces.Restore(clean);
    }

    private string Sanitize(string html, Func<string, bool, string?> link)
    {
        void Lead(object? sender, FilterUrlEventArgs url)
        {
            var isPicture = url.Tag.LocalName is "img" or "source" or "image";
            try
            {
                url.SanitizedUrl = link(url.OriginalUrl, isPicture);
                if (url.SanitizedUrl is null)
                    _lost[url.Tag] = (url.OriginalUrl, null);
            }
            catch (PictureException lost)
            {
                url.SanitizedUrl = null;
                _lost[url.Tag] = (url.OriginalUrl, lost.Message);
            }
        }
        _lost.Clear();
        _sanitizer.FilterUrl += Lead;
        try
        {
            return _sanitizer.Sanitize(html);
        }
        finally
        {
            _sanitizer.FilterUrl -= Lead;
        }
    }

    /// <summary>Says what stood in the place of a picture that the page cannot show.</summary>
    private void ExplainLostPicture(object? sender, PostProcessNodeEventArgs node)
    {
        if (node.Node is not IHtmlImageElement picture || picture.HasAttribute("src") || !_lost.TryGetValue(picture, out var lost))
            return;
        var source = lost.Source;
        var isFar = Uri.TryCreate(source, UriKind.Absolute, out var address) && !address.IsFile && address.Scheme != Attachment;
        var reason = lost.Reason ?? (isFar ? "Picture not shown, as it is not in a file here" : "Picture not found");
        var about = picture.GetAttribute("alt") is { Length: > 0 } text ? $" ({text})" : "";
        var note = picture.Owner!.CreateElement("mark");
        note.TextContent = $"{reason}: {(isFar && source.Length > 200 ? source[..200] + "…" : source)}{about}";
        node.ReplacementNodes.Add(note);
    }

    private static MarkdownDocument Parsed(string markdown)
    {
        var document = Read(markdown);
        WordTags.ShowIn(document, Sanitizers.ProseTags);
        return document;
    }

    private static MarkdownDocument Read(string markdown)
    {
        try
        {
            return Markdown.Parse(markdown, Pipeline);
        }
        catch (ArgumentException)   // Markdig's limit to nesting: such a text is shown as it was written, as an indented block of code
        {
            return Markdown.Parse("    " + markdown.ReplaceLineEndings("\n").Replace("\n", "\n    ", StringComparison.Ordinal), Pipeline);
        }
    }

    /// <summary>The first heading's text.</summary>
    internal static string? Title(string markdown) =>
        Parsed(markdown).Descendants<HeadingBlock>().Select(heading => Text(heading.Inline).Trim()).FirstOrDefault();

    /// <summary>The text of the first paragraph that is no label (one that begins in bold), else of the first list.</summary>
    internal static string? Lead(string markdown)
    {
        var blocks = Parsed(markdown);
        return blocks.OfType<ParagraphBlock>()
            .Where(paragraph => paragraph.Inline?.FirstChild is not EmphasisInline { DelimiterCount: 2 })
            .Select(paragraph => Text(paragraph.Inline).Trim()).FirstOrDefault(text => text.Length > 0)
            ?? blocks.OfType<ListBlock>()
                .Select(list => string.Join(' ', list.Descendants<ParagraphBlock>().Select(item => Text(item.Inline).Trim())))
                .Where(text => text.Length > 0).Select(text => char.ToUpperInvariant(text[0]) + text[1..]).FirstOrDefault();
    }

    private void Register(HeadingBlock heading)
    {
        var slug = Slug(Text(heading.Inline, forAnchor: true));
        var id = slug;
        for (var again = 1; !_usedIds.Add(id); again++)
            id = string.Create(CultureInfo.InvariantCulture, $"{slug}-{again}");
        heading.GetAttributes().Id = id;
        Headings.Add(new Heading(heading.Level, id, Text(heading.Inline).Trim()));
    }

    /// <summary>A bar within a table's cell is written \|, also in code and formulas, where a backslash would mean itself.</summary>
    private static void UnescapeBars(TableCell cell)
    {
        foreach (var code in cell.Descendants<CodeInline>())
            code.Content = code.Content.Replace(@"\|", "|");
        foreach (var formula in cell.Descendants<FormulaInline>())
            formula.Latex = formula.Latex.Replace(@"\|", "|");
    }

    /// <summary>A heading's anchor as GitHub makes it: small letters, hyphens for spaces, no punctuation.</summary>
    private static string Slug(string text)
    {
        // The one letter whose small form is two characters.
        var small = text.ToLowerInvariant().Replace("\u0130", "i\u0307", StringComparison.Ordinal);
        var slug = string.Concat(small.EnumerateRunes().Where(StaysInSlug)).Replace(' ', '-');
        // A heading of signs alone has none on GitHub; this one, with a capital, is no other heading's.
        return slug.Length > 0 ? slug : "Section";
    }

    private static bool StaysInSlug(Rune character) => character.Value is ' ' or '-' || Rune.GetUnicodeCategory(character) is
        <= UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation; // letters, marks and numbers that are no signs

    /// <summary>The words; an anchor's are without those of pictures and those that Markdown takes for tags.</summary>
    private static string Text(ContainerInline? inline, bool forAnchor = false)
    {
        var text = new StringBuilder();
        foreach (var part in inline?.Descendants().Where(part => !forAnchor || part is not HtmlInline && !IsInPicture(part)) ?? [])
            switch (part)
            {
                case LiteralInline literal:
                    text.Append(literal.Content.AsSpan());
                    break;
                case CodeInline code:
                    text.Append(code.Content);
                    break;
                case FormulaInline formula:
                    text.Append(formula.Latex);
                    break;
                case HtmlEntityInline entity:
                    text.Append(entity.Transcoded.AsSpan());
                    break;
                case HtmlInline tag:
                    text.Append(WordTags.Shown(tag));
                    break;
                case LineBreakInline:
                    text.Append(' ');
                    break;
            }
        return text.ToString();
    }

    private static bool IsInPicture(MarkdownObject part) =>
        part is Inline { Parent: { } parent } && (parent is LinkInline { IsImage: true } || IsInPicture(parent));

    private string Formula(string latex, bool display, string element)
    {
        var formula = _latex.ToMathMl(latex, display);
        return _pieces.Add(display ? $"<{element} class=\"formula\" tabindex=\"0\">{formula}</{element}>" : formula);
    }

    private sealed class FormulaInlineRenderer(Prose prose) : HtmlObjectRenderer<FormulaInline>
    {
        protected override void Write(HtmlRenderer renderer, FormulaInline formula)
        {
            if (renderer.EnableHtmlForInline)
                renderer.Write(prose.Formula(formula.Latex, formula.Display, "span"));
            else // the words of a picture, which are an attribute
                renderer.WriteEscape(formula.Display ? $"$${formula.Latex}$$" : $"${formula.Latex}$");
        }
    }

    private sealed class FormulaBlockRenderer(Prose prose) : HtmlObjectRenderer<FormulaBlock>
    {
        protected override void Write(HtmlRenderer renderer, FormulaBlock formula) =>
            renderer.Write("<div>").Write(prose.Formula(formula.Latex, display: true, "div")).WriteLine("</div>");
    }

    /// <summary>Code in colours; code whose language is math is a formula.</summary>
    private sealed class HighlightedCodeRenderer(Prose prose) : HtmlObjectRenderer<CodeBlock>
    {
        protected override void Write(HtmlRenderer renderer, CodeBlock code)
        {
            var (text, language) = (code.Lines.ToString(), (code as FencedCodeBlock)?.Info);
            var isFormula = string.Equals(language, "math", StringComparison.OrdinalIgnoreCase);
            var piece = isFormula ? prose.Formula(text, display: true, "div") : prose._pieces.Add(Code.Highlight(text, language));
            renderer.Write("<div>").Write(piece).WriteLine("</div>");
        }
    }
}
