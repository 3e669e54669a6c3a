using System.Text.RegularExpressions;
using Markdig.Parsers;
using Markdig.Syntax;

namespace NotebookRunner.Reporting.Book.Formulas;

/// <summary>An environment without dollars, as in <c>\begin{align} … \end{align}</c>, that begins a line.</summary>
internal sealed partial class EnvironmentBlockParser : BlockParser
{
    public EnvironmentBlockParser() => OpeningCharacters = ['\\'];

    public override bool CanInterrupt(BlockProcessor processor, Block block) => true;

    public override BlockState TryOpen(BlockProcessor processor)
    {
        var line = processor.Line.ToString();
        if (processor.IsCodeIndent && processor.CurrentBlock is not ParagraphBlock || !Begin().IsMatch(line) || InFormula(processor) ||
            Depth(processor.Line.Text[processor.Line.Start..]) is not 0)
            return BlockState.None;

        var block = new FormulaBlock(this) { Column = processor.Column, Line = processor.LineIndex };
        block.Span = new SourceSpan(processor.Start, processor.Line.End);
        processor.NewBlocks.Push(block);
        return Add(block, line);
    }

    public override BlockState TryContinue(BlockProcessor processor, Block block)
    {
        var state = Add((FormulaBlock)block, processor.Line.ToString());
        block.UpdateSpanEnd(processor.Line.End);
        return state;
    }

    private static BlockState Add(FormulaBlock block, string line)
    {
        block.Rows.Add(line);
        return Depth(block.Latex) == 0 ? BlockState.BreakDiscard : BlockState.ContinueDiscard;
    }

    /// <summary>How many environments are open at the end; 0 as soon as the first has ended.</summary>
    private static int Depth(string text)
    {
        var depth = 0;
        foreach (Match part in BeginOrEnd().Matches(text))
            if ((depth += part.Value[1] == 'b' ? 1 : -1) <= 0)
                return 0;
        return depth;
    }

    /// <summary>Whether a formula has begun in the paragraph above and not ended.</summary>
    private static bool InFormula(BlockProcessor processor) =>
        processor.CurrentBlock is ParagraphBlock { IsOpen: true } paragraph && paragraph.Lines.ToString() is var text &&
        (text.Split('$').Length % 2 == 0 || text.Split("$$").Length % 2 == 0);

    [GeneratedRegex(@"^\\begin\s*\{[a-zA-Z]+\*?\}")]
    private static partial Regex Begin();

    [GeneratedRegex(@"\\(begin|end)\s*\{[^{}]+\}")]
    private static partial Regex BeginOrEnd();
}
