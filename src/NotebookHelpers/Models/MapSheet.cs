using System.Globalization;
using System.Text;

namespace NotebookHelpers;

/// <summary>
/// Maps in rows: each row is one small bitmap, and around each map stand a frame, its caption and the edge of the ink.
/// A row can be drawn in pieces, so that a page puts as many side by side as it has room for.
/// </summary>
internal sealed class MapSheet
{
    private const int Room = 10, CaptionHeight = 20, Widest = 720, Tallest = 160, LargestCell = 24, Letter = 7;

    private readonly IReadOnlyList<MapTile> _tiles;
    private readonly IReadOnlyList<double> _strengths;
    private readonly int _columns, _height, _zoom, _gap, _step;

    /// <summary>Finds the sizes.</summary>
    /// <param name="tiles">The maps with their captions.</param>
    /// <param name="strengths">What each map's values are multiplied by before they become colours.</param>
    /// <param name="columns">How many stand side by side, at most.</param>
    internal MapSheet(IReadOnlyList<MapTile> tiles, IReadOnlyList<double> strengths, int columns)
    {
        (_tiles, _strengths, _columns) = (tiles, strengths, Math.Min(columns, tiles.Count));
        var width = tiles.Max(tile => tile.Values.GetLength(1));
        _height = tiles.Max(tile => tile.Values.GetLength(0));
        _zoom = Math.Clamp(Math.Min((Widest / columns - Room) / width, Tallest / _height), 1, LargestCell);
        var longest = tiles.Max(tile => tile.Caption.Length);
        RowHeight = _height * _zoom + (longest > 0 ? CaptionHeight : 0) + Room;
        // Gaps and captions are as wide as whole values, so that a row is one bitmap of one pixel a value.
        _gap = (Room + _zoom - 1) / _zoom;
        _step = Math.Max(width, (Letter * longest + _zoom - 1) / _zoom) + _gap;
    }

    internal int RowHeight { get; }

    internal int Width => _columns * _step * _zoom;

    internal int WidthOf(Range piece) => piece.GetOffsetAndLength(_tiles.Count).Length * _step * _zoom;

    /// <summary>All maps in order, in pieces of a row that are at most so wide, or of one map.</summary>
    internal IEnumerable<Range> Pieces(int width)
    {
        var count = Enumerable.Range(1, _columns).Last(count => _columns % count == 0 && (count == 1 || count * _step * _zoom <= width));
        for (var first = 0; first < _tiles.Count; first += count)
            yield return first..Math.Min(first + count, _tiles.Count);
    }

    /// <summary>A piece of a row, from the left edge of the drawing on.</summary>
    internal string Draw(Range piece, int y)
    {
        var (first, count) = piece.GetOffsetAndLength(_tiles.Count);
        var bitmap = new MapBitmap(count * _step - _gap, _height);
        var around = new StringBuilder();
        for (var i = first; i < first + count; i++)
        {
            var (values, strength) = (_tiles[i].Values, _strengths[i]);
            var left = (i - first) * _step + (_step - _gap - values.GetLength(1)) / 2;
            bitmap.Paint(left, values.GetLength(1), (row, column) =>
                row < values.GetLength(0) ? values[row, column] * strength : double.NaN);
            around.Append(Around(_tiles[i], Edge + left * _zoom, y + 1));
        }
        return bitmap.Draw(Edge, y + 1, _zoom, _zoom) + around;
    }

    private int Edge => _gap * _zoom / 2;

    /// <summary>What is drawn over a map and around it: the edge of the ink, a frame, a caption.</summary>
    private string Around(MapTile tile, int left, int top)
    {
        var (across, down) = (tile.Values.GetLength(1) * _zoom, tile.Values.GetLength(0) * _zoom);
        var svg = new StringBuilder();
        if (tile.Outline is { } ink)
        {
            var scale = (X: (double)across / ink.GetLength(1), Y: (double)down / ink.GetLength(0));
            svg.Append(CultureInfo.InvariantCulture, $"<path transform=\"translate({left} {top}) scale({scale.X} {scale.Y})\" ")
                .Append($"d=\"{EdgeOf(ink)}\" fill=\"none\" stroke=\"#000000\" stroke-width=\"1.6\" ")
                .Append("vector-effect=\"non-scaling-stroke\"/>");
        }
        return svg.Append(SvgDocument.Rect(left - 0.5, top - 0.5, across + 1, down + 1, "fill=\"none\" stroke=\"#b0b0b0\""))
            .Append(SvgDocument.Text(left + across / 2.0, top + down + 15, tile.Caption, "text-anchor=\"middle\"")).ToString();
    }

    /// <summary>The sides of all pixels where ink meets paper, those in a line as one.</summary>
    private static string EdgeOf(double[,] ink)
    {
        var (rows, columns) = (ink.GetLength(0), ink.GetLength(1));
        var path = new StringBuilder();
        for (var row = 0; row <= rows; row++)
            Append(columns, column => IsDark(row, column) != IsDark(row - 1, column), (from, length) => $"M{from},{row}h{length}");
        for (var column = 0; column <= columns; column++)
            Append(rows, row => IsDark(row, column) != IsDark(row, column - 1), (from, length) => $"M{column},{from}v{length}");
        return path.ToString();

        void Append(int count, Func<int, bool> isEdge, Func<int, int, string> line)
        {
            for (var from = 0; from < count; from++)
                if (isEdge(from))
                {
                    var end = from + 1;
                    while (end < count && isEdge(end))
                        end++;
                    path.Append(line(from, end - from));
                    from = end;
                }
        }

        bool IsDark(int row, int column) => row >= 0 && column >= 0 && row < rows && column < columns && ink[row, column] >= 0.5;
    }
}
