using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax;

namespace NotebookRunner.Reporting.Book.Formulas;

/// <summary>The dollars of a paragraph that is still being read. Each of its lines is counted once, however often one asks.</summary>
internal sealed class ParagraphDollars
{
    private static readonly object Key = new();

    private int _lines;
    private (int Single, int Double) _here;
    private (int Single, int Double)? _all;

    /// <summary>
    /// Whether a formula between two dollars, or between <c>$$</c> alone, has begun in the paragraph above this line and not ended.
    /// None has where the dollars up to the next empty line are no pairs, as one of them is a word.
    /// </summary>
    internal static (bool Any, bool Display) Open(BlockProcessor processor)
    {
        if (processor.CurrentBlock is not ParagraphBlock paragraph)
            return (false, false);
        if (paragraph.GetData(Key) is not ParagraphDollars dollars)
            paragraph.SetData(Key, dollars = new());
        for (; dollars._lines < paragraph.Lines.Count; dollars._lines++)
            Count(paragraph.Lines.Lines[dollars._lines].Slice.AsSpan(), ref dollars._here);
        var all = dollars._all ??= dollars.WithThoseBelow(processor.Line);
        var display = all.Double % 2 == 0 && dollars._here.Double % 2 != 0;
        return (display || all.Single % 2 == 0 && dollars._here.Single % 2 != 0, display);
    }

    private (int Single, int Double) WithThoseBelow(StringSlice line)
    {
        var all = _here;
        for (var rest = line.Text.AsSpan(line.Start); rest.Length > 0;)
        {
            var end = rest.IndexOf('\n') is >= 0 and var next ? next : rest.Length;
            if (rest[..end].Trim("> \t\r").IsEmpty)
                break;
            Count(rest[..end], ref all);
            rest = rest[Math.Min(end + 1, rest.Length)..];
        }
        return all;
    }

    private static void Count(ReadOnlySpan<char> line, ref (int Single, int Double) dollars)
    {
        dollars.Single += line.Count('$') - line.Count("\\$");
        dollars.Double += line.Count("$$") - line.Count("\\$$");
    }
}
