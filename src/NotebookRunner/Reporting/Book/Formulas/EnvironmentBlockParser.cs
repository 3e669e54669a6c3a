using System.Text.RegularExpressions;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax;

namespace NotebookRunner.Reporting.Book.Formulas;

/// <summary>An environment without dollars, as in <c>\begin{align} … \end{align}</c>, that begins a line.</summary>
internal sealed partial class EnvironmentBlockParser : BlockParser
{
    // Deeper ones are no environments that anyone wrote, and each line of a document may begin one.
    private const int DeepestNesting = 20;

    public EnvironmentBlockParser() => OpeningCharacters = ['\\'];

    public override bool CanInterrupt(BlockProcessor processor, Block block) => true;

    public override BlockState TryOpen(BlockProcessor processor)
    {
        var line = processor.Line.ToString();
        if (processor.IsCodeIndent && processor.CurrentBlock is not ParagraphBlock || !Begin().IsMatch(line) ||
            ParagraphDollars.Open(processor).Any || !Ends(processor.Line))
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
        block.Depth = Depth(line, block.Depth);
        return block.Depth == 0 ? BlockState.BreakDiscard : BlockState.ContinueDiscard;
    }

    /// <summary>
    /// Whether the environment that begins here ends in what follows, of which no more is looked at than can be drawn.
    /// </summary>
    private static bool Ends(StringSlice line)
    {
        var length = Math.Min(line.Text.Length - line.Start, Latex.LongestSource);
        return Depth(line.Text.AsSpan(line.Start, length), 0) == 0;
    }

    /// <summary>How many environments are open at the end; 0 as soon as the first has ended. It stops behind the deepest.</summary>
    internal static int Depth(ReadOnlySpan<char> text, int before)
    {
        var depth = before;
        foreach (var part in BeginOrEnd().EnumerateMatches(text))
            if ((depth += text[part.Index + 1] == 'b' ? 1 : -1) is <= 0 or > DeepestNesting)
                break;
        return Math.Max(depth, 0);
    }

    [GeneratedRegex(@"^\\begin[ \t]*\{[a-zA-Z]+\*?\}")]
    private static partial Regex Begin();

    [GeneratedRegex(@"\\(begin|end)[ \t]*\{[^{}\r\n]+\}")]
    private static partial Regex BeginOrEnd();
}
