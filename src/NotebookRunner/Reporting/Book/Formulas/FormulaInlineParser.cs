using System.Text.RegularExpressions;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax;

namespace NotebookRunner.Reporting.Book.Formulas;

/// <summary>
/// Formulas within a paragraph: <c>$…$</c>, <c>$`…`$</c> and, displayed, <c>$$…$$</c>; all may go over several lines.
/// </summary>
/// <remarks>
/// The rule is that of VS Code's markdown-it-katex: the dollar before is not behind a letter, a digit or a backslash, and
/// the very next one that is not escaped is not before a letter or a digit; spaces do not matter.
/// </remarks>
internal sealed partial class FormulaInlineParser : InlineParser
{
    private readonly Func<Block?, bool> _isTable;

    internal FormulaInlineParser(Func<Block?, bool> isTable) => (_isTable, OpeningCharacters) = (isTable, ['$']);

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        var (text, start) = (slice.Text, slice.Start);
        if (start > 0 && text[start - 1] is '$' or '\\')
            return false;
        var fence = Fence(text, start, slice.End);
        var end = fence.Length switch
        {
            2 when fence == "$`" => text.IndexOf("`$", start + 2, slice.End - start - 1, StringComparison.Ordinal),
            2 => Closing(text, start + 2, slice.End, "$$"),
            1 when start == 0 || !IsWord(text[start - 1]) => Closing(text, start + 1, slice.End, "$"),
            _ => -1,
        };
        if (end < 0 || !MayFollow(text, end + fence.Length, slice.End, fence))
            return false;
        var latex = text[(start + fence.Length)..end];
        if (string.IsNullOrWhiteSpace(latex) || CrossesCells(processor, latex))
            return false;

        processor.Inline = new FormulaInline
        {
            Latex = latex,
            Display = fence == "$$" || DisplayEnvironment().IsMatch(latex),
            Span = new SourceSpan(processor.GetSourcePosition(start), processor.GetSourcePosition(end + fence.Length - 1)),
        };
        slice.Start = end + fence.Length;
        return true;
    }

    private static string Fence(string text, int start, int last)
    {
        var next = start < last ? text[start + 1] : '\0';
        if (next == '$')
            return start + 1 < last && text[start + 2] == '$' ? "" : "$$";
        // $`x`$ is the formula x; ``$`a ``, `b` $ is not.
        return next == '`' && text.IndexOf("`$", start + 2, last - start - 1, StringComparison.Ordinal) > 0 ? "$`" : "$";
    }

    /// <summary>The place of the next fence that is neither escaped nor inside code; −1 when there is none.</summary>
    private static int Closing(string text, int from, int last, string fence)
    {
        for (var at = from; at <= last; at++)
            if (text[at] == '\\')
                at++;
            else if (text[at] == '`')
                at = CodeEnd(text, at, last);
            else if (text[at] == '$' && (fence.Length == 1 || at < last && text[at + 1] == '$'))
                return at;
        return -1;
    }

    /// <summary>The last backtick of the code that begins here, or of the run of backticks where no code begins.</summary>
    private static int CodeEnd(string text, int at, int last)
    {
        var run = Run(text, at, last);
        for (var next = at + run; next <= last;)
        {
            var here = Run(text, next, last);
            if (here == run)
                return next + run - 1;
            next += Math.Max(1, here);
        }
        return at + run - 1;
    }

    private static int Run(string text, int at, int last)
    {
        var length = 0;
        while (at + length <= last && text[at + length] == '`')
            length++;
        return length;
    }

    private static bool MayFollow(string text, int at, int last, string fence) =>
        at > last || text[at] != '$' && (fence == "$$" || !IsWord(text[at]));

    /// <summary>Whether a table's cell ends inside: there a bar of a formula is written <c>\|</c>, as everywhere in cells.</summary>
    private bool CrossesCells(InlineProcessor processor, string latex) =>
        (latex.Contains('\n') || BareBar().IsMatch(latex)) && _isTable(processor.Block);

    private static bool IsWord(char character) => char.IsAsciiLetterOrDigit(character) || character == '_';

    [GeneratedRegex(@"\\begin\{(align|equation|gather|cd|alignat|multline)\*?\}", RegexOptions.IgnoreCase)]
    private static partial Regex DisplayEnvironment();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex BareBar();
}
