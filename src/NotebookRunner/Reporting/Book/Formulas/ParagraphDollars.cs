using Markdig.Parsers;
using Markdig.Syntax;

namespace NotebookRunner.Reporting.Book.Formulas;

/// <summary>The dollars of a paragraph that is still being read. Each of its lines is counted once, however often one asks.</summary>
internal sealed class ParagraphDollars
{
    private static readonly object Key = new();

    private int _lines, _fences;

    /// <summary>Whether a formula between <c>$$</c> has begun in the paragraph above this line and not ended.</summary>
    internal static bool AreOpen(BlockProcessor processor)
    {
        if (processor.CurrentBlock is not ParagraphBlock paragraph)
            return false;
        if (paragraph.GetData(Key) is not ParagraphDollars dollars)
            paragraph.SetData(Key, dollars = new());
        for (; dollars._lines < paragraph.Lines.Count; dollars._lines++)
            dollars._fences += paragraph.Lines.Lines[dollars._lines].Slice.AsSpan().Count("$$");
        return dollars._fences % 2 != 0;
    }
}
