using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace NotebookRunner.Reporting.Book;

/// <summary>Where an exercise can be answered: below its text, before its solution.</summary>
internal sealed class ExerciseBlock(string form) : LeafBlock(null)
{
    private string Form => form;

    /// <summary>Puts a form below each exercise, a paragraph that begins with its number in bold, that has one.</summary>
    /// <param name="document">The cell's text.</param>
    /// <param name="formOf">The form of an exercise, as the text that is to stand in the page; null for those without.</param>
    internal static void AddTo(MarkdownDocument document, Func<string, string?> formOf)
    {
        foreach (var exercise in document.OfType<ParagraphBlock>().ToList())
            if (NumberOf(exercise) is { } number && formOf(number) is { } form)
            {
                var place = document.IndexOf(exercise) + 1;
                while (place < document.Count && !Ends(document[place]))
                    place++;
                document.Insert(place, new ExerciseBlock(form));
            }

        static bool Ends(Block block) => block is HeadingBlock || NumberOf(block) is not null ||
            block is HtmlBlock html && html.Lines.ToString().TrimStart().StartsWith("<details", StringComparison.OrdinalIgnoreCase);
    }

    private static string? NumberOf(Block block) =>
        block is ParagraphBlock { Inline.FirstChild: EmphasisInline { DelimiterCount: 2, FirstChild: LiteralInline text } } &&
        text.Content.ToString().Trim() is [.. var number, '.'] && number.Length > 0 && number.All(char.IsAsciiDigit) ? number : null;

    internal sealed class Renderer : HtmlObjectRenderer<ExerciseBlock>
    {
        protected override void Write(HtmlRenderer renderer, ExerciseBlock block) =>
            renderer.Write("<div>").Write(block.Form).WriteLine("</div>");
    }
}
