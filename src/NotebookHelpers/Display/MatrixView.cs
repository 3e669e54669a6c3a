using System.Globalization;
using System.Text;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// Matrices as tables tinted by value, side by side if there are several, with windows framed. From 17 rows or columns
/// on, a matrix is drawn as a picture with a colour scale.
/// </summary>
public sealed class MatrixView : SvgView
{
    internal const int LargestTable = 16;
    private const int MostChannels = 16;
    private readonly IReadOnlyList<object> _parts; // Panel or string

    /// <summary>A view of one matrix.</summary>
    /// <param name="values">What to show, height × width.</param>
    /// <param name="title">What it is.</param>
    /// <param name="highlight">Windows to frame; parts outside the matrix are not drawn.</param>
    /// <param name="tint">What the colours mean.</param>
    /// <param name="scale">The absolute value of the strongest colour; the largest in the matrix when not given. Give several views the same to compare them.</param>
    /// <param name="margins">Cells at the edges that are padding, and are shown so; not a number there is an empty cell.</param>
    /// <param name="asPicture">Draws a small matrix without its numbers too, as a large one.</param>
    /// <exception cref="ArgumentException">The matrix is empty, or the scale not positive.</exception>
    public MatrixView(double[,] values, string? title = null, IEnumerable<Region>? highlight = null,
        Tint tint = Tint.Signed, double? scale = null, Margins margins = default, bool asPicture = false)
    {
        Tables.Size(values, nameof(values));
        if (scale is not (null or > 0))
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "The scale is the absolute value of the strongest colour, so it must be positive.");
        _parts = [new Panel((double[,])values.Clone(), title ?? "", [.. highlight ?? []], tint, scale, margins, asPicture)];
    }

    private MatrixView(IReadOnlyList<object> parts) => _parts = parts;

    /// <summary>A view of a tensor: of one table, or of several channels side by side.</summary>
    /// <param name="values">(height, width), (channels, height, width) or (1, channels, height, width), up to 16 channels. Only read.</param>
    /// <param name="title">What it is.</param>
    /// <param name="tint">What the colours mean.</param>
    /// <param name="scale">The absolute value of the strongest colour; the largest in the tensor when not given.</param>
    /// <exception cref="ArgumentException">The tensor has another shape, or nothing in it.</exception>
    public static MatrixView Of(Tensor values, string? title = null, Tint tint = Tint.Signed, double? scale = null)
    {
        var channels = Tables.Channels(values, nameof(values));
        if (channels.Length is 0 or > MostChannels || channels[0].Length == 0)
            throw new ArgumentException($"A tensor with 1 to {MostChannels} channels that hold something was expected; found ({string.Join(", ", values.shape)}). FeatureMaps.Of shows more, drawn without their numbers.", nameof(values));
        scale ??= channels.Max(channel => channel.Cast<double>().Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max()) is > 0 and var largest ? largest : null;
        return Row([.. channels.Select((channel, index) => new MatrixView(channel, channels.Length == 1 ? title : $"{title} {index}".TrimStart(), tint: tint, scale: scale))]);
    }

    /// <summary>Several matrices in a row, with signs or words between them.</summary>
    /// <param name="parts">Each a <see cref="MatrixView"/>, a matrix or a string.</param>
    /// <exception cref="ArgumentException">There is nothing to show, or something that is none of the three.</exception>
    public static MatrixView Row(params object[] parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Length == 0)
            throw new ArgumentException("A row of matrices needs at least one part.", nameof(parts));
        return new([.. parts.SelectMany(part => part switch
        {
            MatrixView view => view._parts,
            double[,] values => new MatrixView(values)._parts,
            string sign => [sign],
            _ => throw new ArgumentException($"A row shows matrices, MatrixViews and strings, not {part?.GetType().Name ?? "null"}.", nameof(parts)),
        })]);
    }

    /// <inheritdoc />
    public override string ToHtml()
    {
        var html = new StringBuilder($"<div style=\"{Html.Card};display:flex;flex-wrap:wrap;align-items:center;gap:12px;padding:8px 10px;margin:6px 0 0;width:fit-content;max-width:100%;box-sizing:border-box;overflow-x:auto\">");
        foreach (var part in _parts)
            if (part is Panel panel)
                html.Append(panel.IsPicture ? panel.ToImage() : panel.ToTable());
            else
                html.Append($"<span style=\"font-size:24px\">{Html.Encode((string)part)}</span>");
        return html.Append("</div>").ToString();
    }

    /// <inheritdoc />
    public override string ToSvg()
    {
        const int gap = 14;
        var sizes = _parts.Select(part => part is Panel panel ? panel.SvgSize : (Width: 13 * ((string)part).Length, Height: 20)).ToArray();
        var (width, height) = (sizes.Sum(size => size.Width) + gap * (sizes.Length + 1), sizes.Max(size => size.Height) + 2 * gap);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-family=\"system-ui,sans-serif\" font-size=\"14\" role=\"img\">");
        svg.Append($"<title>{Html.Encode(Alternative)}</title><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>");
        var x = gap;
        for (var index = 0; index < _parts.Count; index++)
        {
            if (_parts[index] is Panel panel)
                panel.Draw(svg, x, (height - sizes[index].Height) / 2);
            else
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{height / 2 + 7}\" font-size=\"20\" fill=\"#1a1a1a\">{Html.Encode((string)_parts[index])}</text>");
            x += sizes[index].Width + gap;
        }
        return svg.Append("</svg>").ToString();
    }

    /// <inheritdoc />
    public override string ToText()
    {
        var columns = _parts.Select(part => part is Panel panel ? panel.ToLines() : [(string)part]).ToArray();
        var height = columns.Max(lines => lines.Length);
        var text = new StringBuilder();
        for (var row = 0; row < height; row++)
        {
            var line = string.Join("  ", columns.Select(lines =>
            {
                var index = row - (height - lines.Length) / 2;
                return (index >= 0 && index < lines.Length ? lines[index] : "").PadRight(lines.Max(l => l.Length));
            }));
            text.Append(row == 0 ? "" : "\n").Append(line.TrimEnd());
        }
        return text.ToString();
    }

    private string Alternative => string.Join(' ', _parts.Select(part => part is Panel panel ? panel.Alternative : (string)part));

    /// <summary>The colour of a value between −1 and 1, in steps, so that a picture has few; a table's stay light enough for dark figures.</summary>
    internal static string Colour(double value, Tint tint, bool isPicture)
    {
        if (double.IsNaN(value))
            return "#ffffff";
        var strength = Math.Round(32 * Math.Min(1, Math.Abs(value))) / 32;
        var (red, green, blue) = (tint, value < 0, isPicture) switch
        {
            (Tint.Ink, _, true) => (0, 0, 0),
            (Tint.Ink, _, false) => (150, 150, 150),
            (_, false, true) => (213, 94, 0),
            (_, true, true) => (0, 96, 168),
            (_, false, false) => (240, 170, 60),
            (_, true, false) => (110, 185, 235),
        };
        return $"#{Mix(red):x2}{Mix(green):x2}{Mix(blue):x2}";

        int Mix(int full) => (int)Math.Round(255 + (full - 255) * strength);
    }

    private sealed class Panel(double[,] values, string title, Region[] regions, Tint tint, double? givenScale, Margins margins, bool asPicture)
    {
        private const int TitleHeight = 22, LegendHeight = 26, RowHeight = 28;
        private readonly int _height = values.GetLength(0), _width = values.GetLength(1);
        private readonly double _scale = givenScale
            ?? values.Cast<double>().Where(double.IsFinite).Select(Math.Abs).Append(0).Max() switch { 0 => 1, var max => max };

        internal bool IsPicture => asPicture || Math.Max(_height, _width) > LargestTable;

        internal string Alternative
        {
            get
            {
                var finite = values.Cast<double>().Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
                return IsPicture
                    ? $"{title} ({_height}×{_width} values from {Notation.Number(finite.Min())} to {Notation.Number(finite.Max())})".TrimStart()
                    : $"{title} ({string.Join("; ", Enumerable.Range(0, _height).Select(row => string.Join(' ', Enumerable.Range(0, _width).Select(column => Text(row, column)))))})".TrimStart();
            }
        }

        internal string ToTable()
        {
            var html = new StringBuilder("<table style=\"border-collapse:collapse;background:#fff;color:#1a1a1a;font-variant-numeric:tabular-nums;margin:0;width:auto\">");
            if (title != "")
                html.Append($"<caption style=\"color:#1a1a1a;padding:2px;text-align:center;caption-side:top;white-space:nowrap\">{Html.Encode(title)}</caption>");
            for (var row = 0; row < _height; row++)
            {
                html.Append("<tr>");
                for (var column = 0; column < _width; column++)
                {
                    var (r, c) = (row, column);
                    var inside = regions.Any(region => region.Contains(r, c));
                    var text = inside ? $"<b>{Text(row, column)}</b>" : Text(row, column);
                    html.Append($"<td style=\"background:{Colour(row, column)};color:{(IsMargin(row, column) ? "#595959" : "#1a1a1a")};text-align:center;min-width:20px;padding:4px 5px;border:1px solid #d0d0d0!important{(inside ? Frame(row, column) : "")}\">{text}</td>");
                }
                html.Append("</tr>");
            }
            return html.Append("</table>").ToString();
        }

        internal string ToImage()
        {
            var (width, height) = SvgSize;
            var svg = new StringBuilder();
            svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" font-family=\"system-ui,sans-serif\" font-size=\"14\">");
            Draw(svg, 0, 0);
            return Html.Image(Mime.Svg, Encoding.UTF8.GetBytes(svg.Append("</svg>").ToString()), Alternative,
                string.Create(CultureInfo.InvariantCulture, $"width=\"{width}\" height=\"{height}\""));
        }

        internal (int Width, int Height) SvgSize =>
            (Math.Max(_width * CellWidth, 8 * title.Length), _height * CellHeight + (title == "" ? 0 : TitleHeight) + (IsPicture ? LegendHeight : 0));

        private int CellHeight => IsPicture ? Math.Clamp(200 / Math.Max(_height, _width), 2, 15) : RowHeight;

        private int CellWidth => IsPicture ? CellHeight
            : Math.Max(RowHeight, 12 + 8 * Enumerable.Range(0, _height).SelectMany(row => Enumerable.Range(0, _width).Select(column => Text(row, column).Length)).Max());

        internal void Draw(StringBuilder svg, int x, int y)
        {
            var (cellWidth, cellHeight, fullWidth) = (CellWidth, CellHeight, SvgSize.Width);
            if (title != "")
            {
                Write(x + fullWidth / 2, y + 14, title);
                y += TitleHeight;
            }
            x += (fullWidth - _width * cellWidth) / 2;

            // one path a colour, in units of cells, neighbours of one colour joined: a digit then takes few kilobytes
            svg.Append(CultureInfo.InvariantCulture, $"<g transform=\"translate({x} {y}) scale({cellWidth} {cellHeight})\" shape-rendering=\"crispEdges\">");
            foreach (var colour in Runs().GroupBy(run => run.Colour))
            {
                svg.Append($"<path fill=\"{colour.Key}\" d=\"");
                foreach (var (_, row, column, length) in colour)
                    svg.Append(CultureInfo.InvariantCulture, $"M{column} {row}h{length}v1h-{length}z");
                svg.Append("\"/>");
            }
            svg.Append("</g>");
            if (!IsPicture)
            {
                svg.Append("<path fill=\"none\" stroke=\"#d0d0d0\" d=\"");
                for (var row = 0; row <= _height; row++)
                    svg.Append(CultureInfo.InvariantCulture, $"M{x} {y + row * cellHeight}h{_width * cellWidth}");
                for (var column = 0; column <= _width; column++)
                    svg.Append(CultureInfo.InvariantCulture, $"M{x + column * cellWidth} {y}v{_height * cellHeight}");
                svg.Append("\"/>");
                svg.Append("<g text-anchor=\"middle\" fill=\"#1a1a1a\">");
                for (var row = 0; row < _height; row++)
                    for (var column = 0; column < _width; column++)
                        Write(x + column * cellWidth + cellWidth / 2, y + row * cellHeight + 19, Text(row, column), IsMargin(row, column) ? " fill=\"#595959\"" : "");
                svg.Append("</g>");
            }
            foreach (var region in regions)
            {
                var (top, left) = (Math.Clamp(region.Row, 0, _height), Math.Clamp(region.Column, 0, _width));
                var (bottom, right) = (Math.Clamp(region.Row + region.Height, 0, _height), Math.Clamp(region.Column + region.Width, 0, _width));
                svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x + left * cellWidth}\" y=\"{y + top * cellHeight}\" width=\"{(right - left) * cellWidth}\" height=\"{(bottom - top) * cellHeight}\" fill=\"none\" stroke=\"#1a1a1a\" stroke-width=\"2.5\"/>");
            }
            if (!IsPicture)
                return;
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x}\" y=\"{y}\" width=\"{_width * cellWidth}\" height=\"{_height * cellHeight}\" fill=\"none\" stroke=\"#d0d0d0\"/>");
            DrawLegend(svg, x, y + _height * cellHeight + 8, _width * cellWidth);

            void Write(int centre, int baseline, string text, string look = " text-anchor=\"middle\" fill=\"#1a1a1a\"") =>
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{centre}\" y=\"{baseline}\"{look}>{Html.Encode(text)}</text>");
        }

        private IEnumerable<(string Colour, int Row, int Column, int Length)> Runs()
        {
            for (var row = 0; row < _height; row++)
                for (int column = 0, length; column < _width; column += length)
                {
                    var colour = Colour(row, column);
                    for (length = 1; column + length < _width && Colour(row, column + length) == colour; length++) { }
                    yield return (colour, row, column, length);
                }
        }

        private void DrawLegend(StringBuilder svg, int x, int y, int width)
        {
            const int steps = 17, step = 5;
            var start = x + (width - steps * step) / 2;
            var least = tint == Tint.Signed ? -_scale : 0;
            for (var index = 0; index < steps; index++)
                svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{start + index * step}\" y=\"{y}\" width=\"{step}\" height=\"9\" fill=\"{Colour(least + (_scale - least) * index / (steps - 1))}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{start}\" y=\"{y}\" width=\"{steps * step}\" height=\"9\" fill=\"none\" stroke=\"#888\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{start - 4}\" y=\"{y + 9}\" text-anchor=\"end\" font-size=\"11\" fill=\"#1a1a1a\">{Notation.Number(least)}</text>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{start + steps * step + 4}\" y=\"{y + 9}\" font-size=\"11\" fill=\"#1a1a1a\">{Notation.Number(_scale)}</text>");
        }

        internal string[] ToLines()
        {
            if (IsPicture)
                return [Alternative];
            var cells = Enumerable.Range(0, _height).Select(row => Enumerable.Range(0, _width).Select(column =>
                regions.Any(region => region.Contains(row, column)) ? $"[{Text(row, column)}]" : $" {Text(row, column)} ").ToArray()).ToArray();
            var width = cells.Max(row => row.Max(cell => cell.Length));
            var lines = cells.Select(row => string.Concat(row.Select(cell => cell.PadLeft(width))));
            return [.. title == "" ? lines : lines.Prepend(title)];
        }

        private bool IsMargin(int row, int column) =>
            row < margins.Top || row >= _height - margins.Bottom || column < margins.Left || column >= _width - margins.Right;

        private string Text(int row, int column) =>
            double.IsNaN(values[row, column]) ? IsMargin(row, column) ? "·" : "NaN" : Notation.Number(values[row, column]);

        /// <summary>A border wherever the neighbour lies outside the cell's region.</summary>
        private string Frame(int row, int column)
        {
            (string Name, int Row, int Column)[] sides = [("top", row - 1, column), ("bottom", row + 1, column), ("left", row, column - 1), ("right", row, column + 1)];
            return string.Concat(sides
                .Where(side => regions.Any(region => region.Contains(row, column) && !region.Contains(side.Row, side.Column)))
                .Select(side => $";border-{side.Name}:3px solid #1a1a1a!important"));
        }

        private string Colour(int row, int column) => IsMargin(row, column) ? "#ededed" : Colour(values[row, column]);

        private string Colour(double value) => MatrixView.Colour(value / _scale, tint, IsPicture);
    }
}
