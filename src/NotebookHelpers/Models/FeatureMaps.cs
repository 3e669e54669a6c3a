using System.Globalization;
using System.Text;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// Maps side by side with one colour scale, centred on zero (blue below, white at zero, orange above): the feature maps
/// of a layer, its kernels, or heat maps over a digit.
/// </summary>
public sealed class FeatureMaps : SvgView
{
    private const int Gap = 10, CaptionHeight = 20, TitleHeight = 30, LegendHeight = 40, Sheet = 720, Tallest = 160, LargestCell = 24;

    private readonly MapTile[] _tiles;
    private readonly int _columns, _rows, _zoom, _cellWidth, _cellHeight;
    private readonly double _scale;
    private readonly string _unit;

    /// <summary>Shows maps, row by row.</summary>
    /// <param name="tiles">The maps, at least one.</param>
    /// <param name="title">What they are.</param>
    /// <param name="columns">How many stand side by side.</param>
    /// <param name="scale">The absolute value of the strongest colour; the largest of all maps when left out. Give several views the same to compare them.</param>
    /// <param name="unit">What a value is, with its unit, for the legend.</param>
    /// <exception cref="ArgumentException">There is no map, or an empty one.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no column, or the scale is not positive.</exception>
    public FeatureMaps(IEnumerable<MapTile> tiles, string title, int columns = 6, double? scale = null, string unit = "value")
    {
        ArgumentNullException.ThrowIfNull(tiles);
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (scale is not (null or > 0))
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "The scale is the absolute value of the strongest colour, so it must be positive.");
        _tiles = [.. tiles];
        if (_tiles.Length == 0 || _tiles.Any(tile => tile.Values.Length == 0))
            throw new ArgumentException("There is no map to show, or one without values. Give at least one map of at least one value.", nameof(tiles));
        (Title, _unit) = (title, unit);
        _columns = Math.Min(columns, _tiles.Length);
        _rows = (_tiles.Length + _columns - 1) / _columns;
        var (height, width) = (_tiles.Max(tile => tile.Values.GetLength(0)), _tiles.Max(tile => tile.Values.GetLength(1)));
        _zoom = Math.Clamp(Math.Min((Sheet / columns - Gap) / width, Tallest / height), 1, LargestCell);
        var longest = _tiles.Max(tile => tile.Caption.Length);
        (_cellWidth, _cellHeight) = (Math.Max(width * _zoom, 7 * longest) + Gap, height * _zoom + (longest > 0 ? CaptionHeight : 0) + Gap);
        _scale = scale ?? _tiles.SelectMany(Finite).Select(Math.Abs).Append(0).Max() switch { 0 => 1, var max => max };
    }

    /// <summary>What the maps are.</summary>
    public string Title { get; }

    /// <summary>
    /// What a layer put out for one image: each channel a map; numbers without rows and columns, as a fully connected
    /// layer's, row by row in one block.
    /// </summary>
    /// <param name="output">(1, channels, height, width), (channels, height, width), (1, numbers) or (numbers). Only read.</param>
    /// <param name="title">What it is.</param>
    /// <param name="columns">How many maps stand side by side.</param>
    /// <param name="scale">The absolute value of the strongest colour; the largest there is when left out.</param>
    /// <param name="unit">What a value is, with its unit, for the legend.</param>
    /// <exception cref="ArgumentException">The tensor has another shape; a batch must hold one image.</exception>
    public static FeatureMaps Of(Tensor output, string title, int columns = 6, double? scale = null, string unit = "value")
    {
        ArgumentNullException.ThrowIfNull(output);
        var shape = output.shape;
        var (channels, height, width) = shape switch
        {
            [1, var c, var h, var w] => ((int)c, (int)h, (int)w),
            [var c, var h, var w] => ((int)c, (int)h, (int)w),
            [1, var n] => Block((int)n),
            [var n] => Block((int)n),
            _ => throw new ArgumentException(
                $"Expected what a layer puts out for one image, of shape (1, channels, height, width), (channels, height, width), (1, numbers) or (numbers); found ({string.Join(", ", shape)}). Take one image of a batch: output[0].", nameof(output)),
        };
        using var scope = NewDisposeScope();
        var values = output.detach().cpu().to(ScalarType.Float64).contiguous().data<double>().ToArray();
        return new FeatureMaps(Enumerable.Range(0, channels).Select(channel =>
        {
            var map = new double[height, width];
            for (var i = 0; i < map.Length; i++)
                map[i / width, i % width] = channel * map.Length + i is var at && at < values.Length ? values[at] : double.NaN;
            return new MapTile(map, channels > 1 ? $"{channel}" : "");
        }), title, channels > 1 ? columns : 1, scale, unit);

        // Some four times as wide as high, and without rest where a width near that divides the count.
        static (int, int, int) Block(int count)
        {
            var wish = 2 * Math.Sqrt(count);
            var width = count <= 32 ? count
                : Enumerable.Range((int)(wish / 2), (int)(1.5 * wish)).Where(width => count % width == 0).DefaultIfEmpty((int)wish).MinBy(width => Math.Abs(width - wish));
            return (1, (count + width - 1) / Math.Max(1, width), width);
        }
    }

    /// <inheritdoc />
    public override string ToHtml() => Html.Scrolling(Html.Image(Mime.Svg, Encoding.UTF8.GetBytes(ToSvg()), Alternative,
        $"width=\"{Width}\" height=\"{Height}\" style=\"{Html.Card};display:block;max-width:none\""));

    /// <inheritdoc />
    public override string ToSvg()
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"{Width}\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\" font-family=\"system-ui,sans-serif\" font-size=\"12\" fill=\"#1a1a1a\" role=\"img\">");
        svg.Append($"<title>{Html.Encode(Alternative)}</title><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>");
        Text(Gap, 20, Title, "start", "font-size=\"14\" font-weight=\"bold\"");
        var (sheetWidth, sheetHeight) = (_columns * _cellWidth, _rows * _cellHeight);
        var picture = Convert.ToBase64String(Paint(sheetWidth, sheetHeight));
        svg.Append(CultureInfo.InvariantCulture, $"<image x=\"{Gap}\" y=\"{TitleHeight}\" width=\"{sheetWidth}\" height=\"{sheetHeight}\" xlink:href=\"data:{Mime.Png};base64,{picture}\"/>");
        for (var i = 0; i < _tiles.Length; i++)
        {
            var (left, top) = (Gap + Left(i), TitleHeight + Top(i));
            if (_tiles[i].Outline is { } ink)
                svg.Append(CultureInfo.InvariantCulture, $"<path transform=\"translate({left} {top}) scale({(double)Across(i) / ink.GetLength(1)} {(double)Down(i) / ink.GetLength(0)})\" d=\"{Edge(ink)}\" fill=\"none\" stroke=\"#000\" stroke-width=\"1.6\" vector-effect=\"non-scaling-stroke\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{left - 0.5}\" y=\"{top - 0.5}\" width=\"{Across(i) + 1}\" height=\"{Down(i) + 1}\" fill=\"none\" stroke=\"#b0b0b0\"/>");
            Text(left + Across(i) / 2, top + Down(i) + 15, _tiles[i].Caption, "middle");
        }
        const int steps = 32, step = 5;
        var (x, y) = (Gap, TitleHeight + sheetHeight + 4);
        for (var i = 0; i <= steps; i++)
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x + i * step}\" y=\"{y}\" width=\"{step}\" height=\"10\" fill=\"{MatrixView.Colour(2.0 * i / steps - 1, Tint.Signed, isPicture: true)}\"/>");
        Text(x, y + 24, Notation.Number(Math.Round(-_scale, 3)), "start");
        Text(x + (steps + 1) * step / 2, y + 24, "0", "middle");
        Text(x + (steps + 1) * step, y + 24, Notation.Number(Math.Round(_scale, 3)), "end");
        Text(x + (steps + 1) * step + Gap, y + 10, _unit, "start");
        return svg.Append("</svg>").ToString();

        void Text(double atX, double atY, string text, string anchor, string attributes = "")
        {
            if (text.Length > 0)
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{atX}\" y=\"{atY}\" text-anchor=\"{anchor}\" {attributes}>{Html.Encode(text)}</text>");
        }
    }

    /// <inheritdoc />
    public override string ToText() => string.Join('\n', _tiles.Select(Describe).Prepend($"{Title}; colour: {_unit}, ±{Html.Number(_scale)}"));

    private string Alternative => $"{Title}. {string.Join("; ", _tiles.Select(Describe))}";

    private int Width => Math.Max(2 * Gap + _columns * _cellWidth, Math.Max(8 * Title.Length + 2 * Gap, 200 + 7 * _unit.Length));

    private int Height => TitleHeight + _rows * _cellHeight + LegendHeight;

    private static IEnumerable<double> Finite(MapTile tile) => tile.Values.Cast<double>().Where(double.IsFinite);

    private static string Describe(MapTile tile)
    {
        var finite = Finite(tile).DefaultIfEmpty(0).ToArray();
        return $"{tile.Caption} {tile.Values.GetLength(0)}×{tile.Values.GetLength(1)}, {Html.Number(finite.Min())} to {Html.Number(finite.Max())}".TrimStart();
    }

    private int Across(int tile) => _tiles[tile].Values.GetLength(1) * _zoom;

    private int Down(int tile) => _tiles[tile].Values.GetLength(0) * _zoom;

    private int Left(int tile) => tile % _columns * _cellWidth + (_cellWidth - Gap - Across(tile)) / 2;

    private int Top(int tile) => tile / _columns * _cellHeight;

    /// <summary>All maps as one bitmap, each value a square: much smaller than a rectangle a value.</summary>
    private byte[] Paint(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        Array.Fill(pixels, (byte)255);
        for (var i = 0; i < _tiles.Length; i++)
            for (var y = 0; y < Down(i); y++)
                for (var x = 0; x < Across(i); x++)
                    Convert.FromHexString(MatrixView.Colour(_tiles[i].Values[y / _zoom, x / _zoom] / _scale, Tint.Signed, isPicture: true).AsSpan(1))
                        .CopyTo(pixels, ((Top(i) + y) * width + Left(i) + x) * 3);
        return PngEncoder.Rgb(pixels, height, width);
    }

    /// <summary>The sides of all pixels where ink meets paper.</summary>
    private static string Edge(double[,] ink)
    {
        var path = new StringBuilder();
        for (var row = 0; row <= ink.GetLength(0); row++)
            for (var column = 0; column <= ink.GetLength(1); column++)
            {
                if (Dark(row, column) != Dark(row - 1, column))
                    path.Append(CultureInfo.InvariantCulture, $"M{column},{row}h1");
                if (Dark(row, column) != Dark(row, column - 1))
                    path.Append(CultureInfo.InvariantCulture, $"M{column},{row}v1");
            }
        return path.ToString();

        bool Dark(int row, int column) => row >= 0 && column >= 0 && row < ink.GetLength(0) && column < ink.GetLength(1) && ink[row, column] >= 0.5;
    }
}
