using Markdig.Parsers;
using Markdig.Syntax;

namespace NotebookRunner.Reporting.Book.Formulas;

/// <summary>
/// The last lines of a formula in a list item or a quote, where they lack the item's indent or the quote's mark: as those of a
/// paragraph, they belong to it all the same. Without this the closing dollars would begin a formula of what follows.
/// </summary>
internal sealed class FormulaTailParser : BlockParser
{
    /// <summary>Before all others that begin with one of these characters; without any, before those that begin with whatever.</summary>
    public FormulaTailParser(params char[] openings) => OpeningCharacters = openings.Length > 0 ? openings : null;

    public override bool CanInterrupt(BlockProcessor processor, Block block) => true;

    public override BlockState TryOpen(BlockProcessor processor)
    {
        if (processor.CurrentBlock is not FormulaBlock { IsOpen: false, IsComplete: false } formula || !ClosesSoon(processor, formula))
            return BlockState.None;
        var state = formula.Parser!.TryContinue(processor, formula);
        if (state == BlockState.None)
            return BlockState.None;
        for (var container = formula.Parent; container is not null; container = container.Parent)
            container.IsOpen = true;
        formula.IsOpen = state == BlockState.ContinueDiscard;
        return BlockState.BreakDiscard;
    }

    /// <summary>Whether the formula ends before the next empty line, as a paragraph would.</summary>
    private static bool ClosesSoon(BlockProcessor processor, FormulaBlock formula)
    {
        var (text, depth) = (processor.Line.Text, formula.Depth);
        for (var start = processor.Line.Start; start >= formula.TailEnd;)
        {
            var end = text.IndexOf('\n', start) is >= 0 and var next ? next : text.Length;
            var line = text.AsSpan(start, end - start);
            if (line.Trim("> \t\r").IsEmpty)
                return false;
            var closes = DollarBlockParser.Closes(line);
            if (formula.Parser is EnvironmentBlockParser)
                closes = (depth = EnvironmentBlockParser.Depth(line, depth)) == 0;
            if (closes is null)
                return false;
            if (closes is true)
                formula.TailEnd = end;
            else if ((start = end + 1) >= text.Length)
                return false;
        }
        return true;
    }
}
