using Markdig.Parsers;
using Markdig.Syntax;

namespace NotebookRunner.Reporting.Book.Formulas;

/// <summary>The dollars of a paragraph that is still being read. Each of its lines is counted once, however often one asks.</summary>
internal sealed class ParagraphDollars
{
    private static readonly object Key = new();

    private int _lines, _single, _double;

    /// <summary>Whether a formula between two dollars, or between <c>$$</c> alone, has begun in the open paragraph and not ended.</summary>
    internal static (bool Any, bool Display) Open(BlockProcessor processor)
    {
        if (processor.CurrentBlock is not ParagraphBlock { IsOpen: true } paragraph)
            return (false, false);
        if (paragraph.GetData(Key) is not ParagraphDollars dollars)
            paragraph.SetData(Key, dollars = new());
        dollars.Count(paragraph);
        return (dollars._single % 2 != 0 || dollars._double % 2 != 0, dollars._double % 2 != 0);
    }

    private void Count(ParagraphBlock paragraph)
    {
        for (; _lines < paragraph.Lines.Count; _lines++)
        {
            var line = paragraph.Lines.Lines[_lines].Slice.AsSpan();
            _single += line.Count('$');
            _double += line.Count("$$");
        }
    }
}
