using System.Globalization;
using System.Text;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// Maps side by side with one colour scale, centred on zero (blue below, paper at zero, orange above): the feature maps of a
/// layer, its kernels, or heat maps over a digit. The lesson inside the network shows all three. A map so weak that it would be
/// nearly all paper is drawn stronger, by the factor that its caption names, unless the scale is given.
/// </summary>
public sealed class FeatureMaps : SvgView
{
    private const int Gap = 10, CaptionHeight = 20, TitleLine = 18, LegendHeight = 40, Sheet = 720, Tallest = 160, LargestCell = 24;
    private const int Letter = 7, LegendSteps = 32, LegendStep = 5, Channels = 4;

    // A map whose largest value is below this part of the scale is drawn stronger.
    private const double Weak = 0.2;

    private readonly MapTile[] _tiles;
    private readonly int _columns, _rows, _zoom, _cellWidth, _cellHeight;
    private readonly double _scale;
    private readonly bool _isScaleGiven;
    private readonly string _unit;

    /// <summary>Shows maps, row by row.</summary>
    /// <param name="tiles">The maps, at least one.</param>
    /// <param name="title">What they are.</param>
    /// <param name="columns">How many stand side by side.</param>
    /// <param name="scale">
    /// The absolute value of the strongest colour; the largest of all maps when left out. Give several views the same to compare
    /// them.
    /// </param>
    /// <param name="unit">What a value is, with its unit, for the legend.</param>
    /// <exception cref="ArgumentException">There is no map, or an empty one.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no column, or the scale is not positive.</exception>
    public FeatureMaps(IEnumerable<MapTile> tiles, string title, int columns = 6, double? scale = null, string unit = "value")
    {
        ArgumentNullException.ThrowIfNull(tiles);
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (scale is not (null or > 0))
            throw new ArgumentOutOfRangeException(
                nameof(scale), scale, "The scale is the absolute value of the strongest colour, so it must be positive.");
        _tiles = [.. tiles];
        if (_tiles.Length == 0 || _tiles.Any(tile => tile.Values.Length == 0))
            throw new ArgumentException(
                "There is no map to show, or one without values. Give at least one map of at least one value.", nameof(tiles));
        (Title, _unit, _isScaleGiven) = (title, unit, scale is not null);
        _scale = scale ?? Tables.Largest(_tiles.SelectMany(Finite));
        _columns = Math.Min(columns, _tiles.Length);
        _rows = (_tiles.Length + _columns - 1) / _columns;
        var (height, width) = (_tiles.Max(tile => tile.Values.GetLength(0)), _tiles.Max(tile => tile.Values.GetLength(1)));
        _zoom = Math.Clamp(Math.Min((Sheet / columns - Gap) / width, Tallest / height), 1, LargestCell);
        var longest = Enumerable.Range(0, _tiles.Length).Max(tile => Caption(tile).Length);
        _cellWidth = Math.Max(width * _zoom, Letter * longest) + Gap;
        _cellHeight = height * _zoom + (longest > 0 ? CaptionHeight : 0) + Gap;
    }

    /// <summary>What the maps are.</summary>
    public string Title { get; }

    private string Alternative => $"{Title}. {string.Join("; ", _tiles.Select(Describe))}";

    private int Width => Math.Max(2 * Gap + _columns * _cellWidth, 200 + Letter * _unit.Length);

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
                "Expected what a layer puts out for one image, of shape (1, channels, height, width), (channels, height, width), " +
                $"(1, numbers) or (numbers); found ({string.Join(", ", shape)}). Take one image of a batch: output[0].", nameof(output)),
        };
        var values = Tables.Numbers(output);
        return new FeatureMaps(Enumerable.Range(0, channels).Select(Map), title, channels > 1 ? columns : 1, scale, unit);

        MapTile Map(int channel)
        {
            var map = new double[height, width];
            for (var i = 0; i < map.Length; i++)
                map[i / width, i % width] = channel * map.Length + i is var at && at < values.Length ? values[at] : double.NaN;
            return new MapTile(map, channels > 1 ? $"{channel}" : "");
        }
    }

    /// <inheritdoc />
    public override string ToHtml()
    {
        // The title is as wide as the page; the maps below it scroll on a phone.
        var maps = Html.Drawing(Draw(titleHeight: Gap / 2, ""), Alternative, "", scales: false);
        var title = $"<figcaption style=\"font-weight:bold;text-align:left;padding-left:{Gap}px\">{Html.Encode(Title)}</figcaption>";
        return Html.View("maps", title + Html.Scrolling(maps));
    }

    /// <inheritdoc />
    public override string ToSvg()
    {
        var lines = SvgDocument.Wrap(Title, Math.Max(20, (Width - 2 * Gap) / 8));
        return Draw(12 + TitleLine * lines.Count, string.Concat(lines.Select((words, line) =>
            SvgDocument.Text(Gap, 20 + TitleLine * line, words, "font-size=\"14\" font-weight=\"bold\""))));
    }

    /// <summary>The maps below a title.</summary>
    private string Draw(int titleHeight, string title)
    {
        var svg = new StringBuilder(title);
        var (width, height) = (_columns * _cellWidth, _rows * _cellHeight);
        var sheet = Convert.ToBase64String(Paint(width, height));
        svg.Append($"<image x=\"{Gap}\" y=\"{titleHeight}\" width=\"{width}\" height=\"{height}\" ")
            .Append($"xlink:href=\"data:{Mime.Png};base64,{sheet}\"/>");
        for (var i = 0; i < _tiles.Length; i++)
            svg.Append(Around(i, titleHeight));
        svg.Append(Legend(Gap, titleHeight + height + 4));
        return SvgDocument.Of(Width, titleHeight + height + LegendHeight, svg.ToString(), Alternative, fontSize: 12);
    }

    /// <inheritdoc />
    public override string ToText() =>
        string.Join('\n', _tiles.Select(Describe).Prepend($"{Title}; colour: {_unit}, ±{Html.Number(_scale)}"));

    private static IEnumerable<double> Finite(MapTile tile) => tile.Values.Cast<double>().Where(double.IsFinite);

    private static string Describe(MapTile tile)
    {
        var finite = Finite(tile).DefaultIfEmpty(0).ToArray();
        var range = $"{Html.Number(finite.Min())} to {Html.Number(finite.Max())}";
        return $"{tile.Caption} {tile.Values.GetLength(0)}×{tile.Values.GetLength(1)}, {range}".TrimStart();
    }

    /// <summary>
    /// The size of a block of so many numbers: some four times as wide as high, without rest where a width near that divides them.
    /// </summary>
    private static (int Channels, int Height, int Width) Block(int count)
    {
        var wish = 2 * Math.Sqrt(count);
        var width = count <= 32 ? count
            : Enumerable.Range((int)(wish / 2), (int)(1.5 * wish)).Where(width => count % width == 0).DefaultIfEmpty((int)wish)
                .MinBy(width => Math.Abs(width - wish));
        return (1, (count + width - 1) / Math.Max(1, width), width);
    }

    private int Across(int tile) => _tiles[tile].Values.GetLength(1) * _zoom;

    private int Down(int tile) => _tiles[tile].Values.GetLength(0) * _zoom;

    private int Left(int tile) => tile % _columns * _cellWidth + (_cellWidth - Gap - Across(tile)) / 2;

    private int Top(int tile) => tile / _columns * _cellHeight;

    /// <summary>
    /// How much stronger than the scale says a map is drawn: 1, or a power of two that leaves its largest value some room.
    /// </summary>
    private int Strengthened(int tile)
    {
        var largest = Finite(_tiles[tile]).Select(Math.Abs).Append(0).Max();
        return _isScaleGiven || largest == 0 || largest >= Weak * _scale
            ? 1
            : (int)Math.Pow(2, Math.Min(20, Math.Floor(Math.Log2(_scale / largest))));
    }

    private string Caption(int tile) => Strengthened(tile) is > 1 and var factor
        ? $"{_tiles[tile].Caption} (×{factor.ToString(CultureInfo.InvariantCulture)})".TrimStart()
        : _tiles[tile].Caption;

    /// <summary>All maps as one bitmap, each value a square through which the paper shows: much smaller than a rectangle a value.</summary>
    private byte[] Paint(int width, int height)
    {
        var pixels = new byte[width * height * Channels];
        for (var i = 0; i < _tiles.Length; i++)
        {
            var strength = Strengthened(i) / _scale;
            for (var y = 0; y < Down(i); y++)
                for (var x = 0; x < Across(i); x++)
                {
                    var shade = Shade.Of(_tiles[i].Values[y / _zoom, x / _zoom] * strength, Tint.Signed, isPicture: true);
                    var at = ((Top(i) + y) * width + Left(i) + x) * Channels;
                    Convert.FromHexString(shade.Color.AsSpan(1)).CopyTo(pixels, at);
                    pixels[at + Channels - 1] = (byte)Math.Round(255 * shade.Strength);
                }
        }
        return PngEncoder.Rgba(pixels, height, width);
    }

    /// <summary>What is drawn over a map and around it: the edge of the ink, a frame, a caption.</summary>
    private string Around(int tile, int above)
    {
        var (left, top) = (Gap + Left(tile), above + Top(tile));
        var svg = new StringBuilder();
        if (_tiles[tile].Outline is { } ink)
        {
            var (across, down) = ((double)Across(tile) / ink.GetLength(1), (double)Down(tile) / ink.GetLength(0));
            svg.Append(CultureInfo.InvariantCulture, $"<path transform=\"translate({left} {top}) scale({across} {down})\" ")
                .Append($"d=\"{Edge(ink)}\" fill=\"none\" stroke=\"#000000\" stroke-width=\"1.6\" vector-effect=\"non-scaling-stroke\"/>");
        }
        return svg.Append(SvgDocument.Rect(left - 0.5, top - 0.5, Across(tile) + 1, Down(tile) + 1, "fill=\"none\" stroke=\"#b0b0b0\""))
            .Append(SvgDocument.Text(left + Across(tile) / 2, top + Down(tile) + 15, Caption(tile), "text-anchor=\"middle\"")).ToString();
    }

    /// <summary>The colours with their numbers; where no value is below zero, from zero on.</summary>
    private string Legend(int x, int y)
    {
        var least = _tiles.SelectMany(Finite).Any(value => value < 0) ? -1 : 0;
        var svg = new StringBuilder();
        for (var i = 0; i <= LegendSteps; i++)
        {
            var shade = Shade.Of(least + (1.0 - least) * i / LegendSteps, Tint.Signed, isPicture: true);
            svg.Append(SvgDocument.Rect(x + i * LegendStep, y, LegendStep, 10, shade.Fill));
        }
        var width = (LegendSteps + 1) * LegendStep;
        svg.Append(SvgDocument.Text(x, y + 24, Notation.Number(Math.Round(least * _scale, 3))));
        if (least < 0)
            svg.Append(SvgDocument.Text(x + width / 2, y + 24, "0", "text-anchor=\"middle\""));
        return svg.Append(SvgDocument.Text(x + width, y + 24, Notation.Number(Math.Round(_scale, 3)), "text-anchor=\"end\""))
            .Append(SvgDocument.Text(x + width + Gap, y + 10, _unit)).ToString();
    }

    /// <summary>The sides of all pixels where ink meets paper.</summary>
    private static string Edge(double[,] ink)
    {
        var path = new StringBuilder();
        for (var row = 0; row <= ink.GetLength(0); row++)
            for (var column = 0; column <= ink.GetLength(1); column++)
            {
                if (IsDark(row, column) != IsDark(row - 1, column))
                    path.Append(CultureInfo.InvariantCulture, $"M{column},{row}h1");
                if (IsDark(row, column) != IsDark(row, column - 1))
                    path.Append(CultureInfo.InvariantCulture, $"M{column},{row}v1");
            }
        return path.ToString();

        bool IsDark(int row, int column) =>
            row >= 0 && column >= 0 && row < ink.GetLength(0) && column < ink.GetLength(1) && ink[row, column] >= 0.5;
    }
}
