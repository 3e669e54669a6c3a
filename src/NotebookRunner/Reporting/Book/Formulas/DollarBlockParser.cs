using Markdig.Parsers;
using Markdig.Syntax;

namespace NotebookRunner.Reporting.Book.Formulas;

/// <summary>A formula between <c>$$</c> at the beginning of a line and the next <c>$$</c>, on this line or a later one.</summary>
internal sealed class DollarBlockParser : BlockParser
{
    private const string Fence = "$$";

    public DollarBlockParser() => OpeningCharacters = ['$'];

    public override bool CanInterrupt(BlockProcessor processor, Block block) => true;

    public override BlockState TryOpen(BlockProcessor processor)
    {
        var line = processor.Line.ToString();
        // Dollars that are the last of a formula that began within the paragraph above them begin none.
        if (processor.IsCodeIndent && processor.CurrentBlock is not ParagraphBlock || !line.StartsWith(Fence, StringComparison.Ordinal) ||
            line.StartsWith("$$$", StringComparison.Ordinal) || ParagraphDollars.Open(processor).Display)
            return BlockState.None;

        var first = line[Fence.Length..].Trim();
        var end = first.IndexOf(Fence, StringComparison.Ordinal);
        // A formula with words after it is one of a paragraph.
        if (end >= 0 ? end == 0 || end != first.Length - Fence.Length : !ClosesLater(processor))
            return BlockState.None;

        var block = new FormulaBlock(this) { Column = processor.Column, Line = processor.LineIndex };
        block.Span = new SourceSpan(processor.Start, processor.Line.End);
        block.Rows.Add(end >= 0 ? first[..end] : first);
        processor.NewBlocks.Push(block);
        return end >= 0 ? BlockState.BreakDiscard : BlockState.ContinueDiscard;
    }

    public override BlockState TryContinue(BlockProcessor processor, Block block)
    {
        var (formula, line) = ((FormulaBlock)block, processor.Line.ToString());
        var end = line.IndexOf(Fence, StringComparison.Ordinal);
        formula.Rows.Add(end >= 0 ? line[..end] : line);
        if (end < 0)
            return BlockState.ContinueDiscard;
        formula.UpdateSpanEnd(processor.Line.End);
        if (line[(end + Fence.Length)..].Trim().Length == 0)
            return BlockState.BreakDiscard;
        // What follows on the line is prose again.
        formula.IsComplete = true;
        for (var taken = 0; taken < end + Fence.Length; taken++)
            processor.NextChar();
        return BlockState.None;
    }

    /// <summary>Whether this line ends a formula; null for one with a formula of its own.</summary>
    internal static bool? Closes(ReadOnlySpan<char> line) => line.Count(Fence) switch
    {
        0 => false,
        var fences => fences % 2 != 0 ? true : null,
    };

    private static bool ClosesLater(BlockProcessor processor) =>
        processor.Line.Text.IndexOf(Fence, processor.Line.End + 1, StringComparison.Ordinal) >= 0;
}
