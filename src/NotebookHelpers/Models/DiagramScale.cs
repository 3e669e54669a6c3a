namespace NotebookHelpers;

/// <summary>
/// How large the blocks of diagrams beside each other are drawn: the sides of all maps to one scale, depth and length by the
/// square root of channels and values.
/// </summary>
internal sealed class DiagramScale
{
    /// <summary>The length of the longest bar.</summary>
    internal const int LongestBar = 110;

    private const int LargestSide = 60, LargestDepth = 42, Smallest = 3, BarHeight = 14, Unknown = 24, MostSheets = 16;
    private readonly double _side, _depth, _bar;

    internal DiagramScale(IEnumerable<DiagramColumn> columns)
    {
        var blocks = columns.SelectMany(column => column.Blocks).ToList();
        var maps = blocks.Where(block => block.IsMaps).ToList();
        _side = LargestSide / (double)maps.SelectMany(block => new[] { block.Height, block.Width }).DefaultIfEmpty(1).Max();
        _depth = LargestDepth / Math.Sqrt(maps.Select(block => block.Channels).DefaultIfEmpty(1).Max());
        _bar = LongestBar / Math.Sqrt(blocks.Where(block => !block.IsMaps).Select(block => block.Channels).DefaultIfEmpty(1).Max());
    }

    /// <summary>A sheet, or a bar: one a channel for maps, so many at most, of which the last stands that far from the first.</summary>
    internal (double Width, double Height, double Depth, int Sheets) Of(DiagramBlock block)
    {
        if (!block.IsMaps)
            return (block.Shape.Length == 0 ? Unknown : Math.Max(Smallest, Math.Sqrt(block.Channels) * _bar), BarHeight, 0, 1);
        var depth = block.Channels > 1 ? Math.Max(Smallest, Math.Sqrt(block.Channels) * _depth) : 0;
        return (Math.Max(Smallest, block.Width * _side), Math.Max(Smallest, block.Height * _side), depth,
            (int)Math.Min(block.Channels, MostSheets));
    }
}
