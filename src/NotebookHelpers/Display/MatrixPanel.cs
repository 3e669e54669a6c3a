using System.Globalization;
using System.Text;

namespace NotebookHelpers;

/// <summary>One matrix of a <see cref="MatrixView"/>, as a table with its numbers or, when it is large, as a picture.</summary>
internal sealed class MatrixPanel(
    double[,] values, string title, Region[] regions, Tint tint, double? givenScale, Margins margins, bool asPicture)
{
    internal const int LargestTable = 16;
    private const double FrameWidth = 2.5;
    private const int TitleHeight = 22, LegendHeight = 26, RowHeight = 28, Letter = 8, PictureSide = 200;
    private readonly int _rows = values.GetLength(0), _columns = values.GetLength(1);
    private readonly double _scale = givenScale ?? Tables.Largest(values.Cast<double>());

    internal int Width => Math.Max(_columns * CellWidth, Letter * title.Length);

    internal int Height => _rows * CellHeight + (title == "" ? 0 : TitleHeight) + (IsPicture ? LegendHeight : 0);

    /// <summary>The matrix in words: its numbers, or, of a picture, its size and range.</summary>
    internal string Alternative
    {
        get
        {
            var finite = values.Cast<double>().Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
            var content = IsPicture
                ? $"{_rows}×{_columns} values from {Notation.Number(finite.Min())} to {Notation.Number(finite.Max())}"
                : string.Join("; ", Enumerable.Range(0, _rows).Select(row => string.Join(' ', Texts(row))));
            return $"{title} ({content})".TrimStart();
        }
    }

    private bool IsPicture => asPicture || Math.Max(_rows, _columns) > LargestTable;

    private int CellHeight => IsPicture ? Math.Clamp(PictureSide / Math.Max(_rows, _columns), 2, 15) : RowHeight;

    // All columns are as wide as the longest number asks for.
    private int CellWidth => IsPicture ? CellHeight
        : Math.Max(RowHeight, 12 + Letter * Enumerable.Range(0, _rows).SelectMany(Texts).Max(text => text.Length));

    internal string ToSvg() => SvgDocument.Of(Width, Height, Draw(0, 0), Alternative);

    /// <summary>Draws the matrix with its title, and a picture's legend, at a place of a larger drawing.</summary>
    internal string Draw(int x, int y)
    {
        var svg = new StringBuilder();
        if (title != "")
        {
            svg.Append(SvgDocument.Text(x + Width / 2, y + 14, title, "text-anchor=\"middle\""));
            y += TitleHeight;
        }
        x += (Width - _columns * CellWidth) / 2;
        svg.Append(Cells(x, y));
        if (!IsPicture)
            svg.Append(Lines(x, y)).Append(Numbers(x, y));
        svg.AppendJoin("", regions.Select(region => Frame(region, x, y)));
        if (IsPicture)
            svg.Append(SvgDocument.Rect(
                    x + 0.5, y + 0.5, _columns * CellWidth - 1, _rows * CellHeight - 1, "fill=\"none\" stroke=\"#d0d0d0\""))
                .Append(Legend(x, y + _rows * CellHeight + 8));
        return svg.ToString();
    }

    internal string[] ToLines()
    {
        if (IsPicture)
            return [Alternative];
        var cells = Enumerable.Range(0, _rows).Select(row => Texts(row)
            .Select((text, column) => regions.Any(region => region.Contains(row, column)) ? $"[{text}]" : $" {text} ").ToArray()).ToArray();
        var width = cells.Max(row => row.Max(cell => cell.Length));
        var lines = cells.Select(row => string.Concat(row.Select(cell => cell.PadLeft(width))));
        return [.. title == "" ? lines : lines.Prepend(title)];
    }

    /// <summary>One path a colour, in units of cells, neighbours of one colour joined: a digit then takes few kilobytes.</summary>
    private string Cells(int x, int y)
    {
        var paths = Runs().GroupBy(run => run.Fill).Where(fill => fill.Key != "").Select(fill =>
            $"<path {fill.Key} d=\"{string.Concat(fill.Select(run => $"M{run.Column} {run.Row}h{run.Length}v1h-{run.Length}z"))}\"/>");
        // ink stays on paper that is white, on dark pages too
        var paper = tint == Tint.Ink && IsPicture ? $"<path fill=\"white\" d=\"M0 0h{_columns}v{_rows}h-{_columns}z\"/>" : "";
        return $"<g transform=\"translate({x} {y}) scale({CellWidth} {CellHeight})\" shape-rendering=\"crispEdges\">" +
            $"{paper}{string.Concat(paths)}</g>";
    }

    private IEnumerable<(string Fill, int Row, int Column, int Length)> Runs()
    {
        for (var row = 0; row < _rows; row++)
            for (int column = 0, length; column < _columns; column += length)
            {
                var fill = Fill(row, column);
                for (length = 1; column + length < _columns && Fill(row, column + length) == fill; length++) { }
                yield return (fill, row, column, length);
            }
    }

    private string Lines(int x, int y)
    {
        var across = Enumerable.Range(0, _rows + 1).Select(row => $"M{x} {y + row * CellHeight}h{_columns * CellWidth}");
        var down = Enumerable.Range(0, _columns + 1).Select(column => $"M{x + column * CellWidth} {y}v{_rows * CellHeight}");
        return $"<path fill=\"none\" stroke=\"#d0d0d0\" d=\"{string.Concat(across.Concat(down))}\"/>";
    }

    private string Numbers(int x, int y) => "<g text-anchor=\"middle\">" + string.Concat(Tables.Places(values).Select(place =>
        SvgDocument.Text(x + place.Column * CellWidth + CellWidth / 2, y + place.Row * CellHeight + 19, Text(place.Row, place.Column),
            IsMargin(place.Row, place.Column) ? "fill=\"#595959\"" : ""))) + "</g>";

    private string Frame(Region region, int x, int y)
    {
        var (top, left) = (Math.Clamp(region.Row, 0, _rows), Math.Clamp(region.Column, 0, _columns));
        var (bottom, right) = (Math.Clamp(region.Row + region.Height, 0, _rows), Math.Clamp(region.Column + region.Width, 0, _columns));
        // ink stays black on white, on dark pages too: there a frame is orange
        var color = tint == Tint.Ink && IsPicture ? "#d55e00" : "#1a1a1a";
        // at the matrix's edges a frame stands inside, because the drawing ends there
        var (most, height) = (_columns * CellWidth - FrameWidth / 2, _rows * CellHeight - FrameWidth / 2);
        double from = Math.Max(left * CellWidth, FrameWidth / 2), to = Math.Min(right * CellWidth, most);
        double above = Math.Max(top * CellHeight, FrameWidth / 2), below = Math.Min(bottom * CellHeight, height);
        var look = $"fill=\"none\" stroke=\"{color}\" stroke-width=\"{FrameWidth.ToString(CultureInfo.InvariantCulture)}\"";
        return SvgDocument.Rect(x + from, y + above, Math.Max(0, to - from), Math.Max(0, below - above), look);
    }

    private string Legend(int x, int y)
    {
        const int steps = 17, step = 5;
        var start = x + (_columns * CellWidth - steps * step) / 2;
        var least = tint == Tint.Signed ? -_scale : 0;
        var colors = Enumerable.Range(0, steps).Select(index => Rect(index * step, step,
            Shade.Of((least + (_scale - least) * index / (steps - 1)) / _scale, tint, isPicture: true).Fill));
        return (tint == Tint.Ink ? Rect(0, steps * step, "fill=\"white\"") : "") + string.Concat(colors) +
            Rect(0, steps * step, "fill=\"none\" stroke=\"#888\"") +
            SvgDocument.Text(start - 4, y + 9, Notation.Number(least), "text-anchor=\"end\" font-size=\"11\"") +
            SvgDocument.Text(start + steps * step + 4, y + 9, Notation.Number(_scale), "font-size=\"11\"");

        string Rect(int from, int width, string look) => SvgDocument.Rect(start + from, y, width, 9, look);
    }

    private bool IsMargin(int row, int column) =>
        row < margins.Top || row >= _rows - margins.Bottom || column < margins.Left || column >= _columns - margins.Right;

    private IEnumerable<string> Texts(int row) => Enumerable.Range(0, _columns).Select(column => Text(row, column));

    private string Text(int row, int column) =>
        double.IsNaN(values[row, column]) ? IsMargin(row, column) ? "·" : "NaN"
        : IsNothing(values[row, column]) ? "0.00"
        : Notation.Number(values[row, column]);

    // Beside numbers of two decimals, one that these cannot show would be the longest of all, and make every column wide.
    private bool IsNothing(double value) => value != 0 && Math.Abs(value) < 0.005 && _scale >= 0.1;

    private string Fill(int row, int column)
    {
        if (IsMargin(row, column))
            return "fill=\"#ededed\"";
        var shade = Shade.Of(values[row, column] / _scale, tint, IsPicture);
        return shade.Strength == 0 ? "" : shade.Fill;
    }
}
