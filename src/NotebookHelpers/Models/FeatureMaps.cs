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
    private const int Gap = 10, TitleLine = 18, LegendHeight = 40;

    // A map whose largest value is below this part of the scale is drawn stronger.
    private const double Weak = 0.2;

    private readonly MapTile[] _tiles;
    private readonly MapSheet _sheet;
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
        _tiles = [.. tiles.Select(Copy)];
        if (_tiles.Length == 0 || _tiles.Any(tile => tile.Values.Length == 0))
            throw new ArgumentException(
                "There is no map to show, or one without values. Give at least one map of at least one value.", nameof(tiles));
        (Title, _unit, _isScaleGiven) = (title, unit, scale is not null);
        _scale = scale ?? Tables.Largest(_tiles.SelectMany(Finite));
        _sheet = new MapSheet([.. _tiles.Select((tile, i) => tile with { Caption = Caption(i) })],
            [.. Enumerable.Range(0, _tiles.Length).Select(i => Strengthened(i) / _scale)], columns);
    }

    /// <summary>What the maps are.</summary>
    public string Title { get; }

    private string Alternative => $"{Title}. {string.Join("; ", _tiles.Select(Describe))}";

    private MapLegend Legend => new(_unit, _scale, _tiles.SelectMany(Finite).Any(value => value < 0));

    /// <summary>
    /// What a layer put out for one image: each channel a map; numbers without rows and columns, as a fully connected
    /// layer's, row by row in one block.
    /// </summary>
    /// <param name="output">(1, channels, height, width), (channels, height, width), (1, numbers) or (numbers). Only read.</param>
    /// <param name="title">What it is.</param>
    /// <param name="columns">How many maps stand side by side.</param>
    /// <param name="scale">The absolute value of the strongest colour; the largest there is when left out.</param>
    /// <param name="unit">What a value is, with its unit, for the legend.</param>
    /// <exception cref="ArgumentException">The tensor is empty or has another shape; a batch must hold one image.</exception>
    public static FeatureMaps Of(Tensor output, string title, int columns = 6, double? scale = null, string unit = "value")
    {
        ArgumentNullException.ThrowIfNull(output);
        var shape = output.shape;
        if (output.numel() == 0)
            throw new ArgumentException("The output holds no numbers. Give what a layer puts out for one image.", nameof(output));
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
        // Pieces of a row stand side by side where there is room for them, and below each other on a phone.
        var pieces = string.Concat(_sheet.Pieces(Html.PhoneWidth).Select(piece =>
        {
            var words = string.Join("; ", _tiles[piece].Select(Describe));
            return Html.Drawing(SvgDocument.Of(_sheet.WidthOf(piece), _sheet.RowHeight, _sheet.Draw(piece, 0), "", fontSize: 12), words);
        }));
        var legend = SvgDocument.Of(Legend.Width, LegendHeight, Legend.Draw(0, 4), "", fontSize: 12);
        return Html.View("maps", $"<figcaption style=\"font-weight:bold;text-align:left\">{Html.Encode(Title)}</figcaption>" +
            $"<div style=\"max-width:{_sheet.Width}px;line-height:0\">{pieces}</div>{Html.Drawing(legend, Legend.Words)}");
    }

    /// <inheritdoc />
    public override string ToSvg()
    {
        var width = Math.Max(_sheet.Width, Legend.Width) + Gap;
        var lines = SvgDocument.Wrap(Title, Math.Max(20, width / 8));
        var svg = new StringBuilder();
        foreach (var (words, line) in lines.Select((words, line) => (words, line)))
            svg.Append(SvgDocument.Text(Gap / 2, 20 + TitleLine * line, words, "font-size=\"14\" font-weight=\"bold\""));
        var y = 12 + TitleLine * lines.Count;
        foreach (var row in _sheet.Pieces(_sheet.Width))
        {
            svg.Append(_sheet.Draw(row, y));
            y += _sheet.RowHeight;
        }
        svg.Append(Legend.Draw(Gap / 2, y + 4));
        return SvgDocument.Of(width, y + LegendHeight, svg.ToString(), Alternative, fontSize: 12);
    }

    /// <inheritdoc />
    public override string ToText() =>
        string.Join('\n', _tiles.Select(Describe).Prepend($"{Title}; colour: {_unit}, ±{Html.Number(_scale)}"));

    private static MapTile Copy(MapTile tile) =>
        tile with { Values = (double[,])tile.Values.Clone(), Outline = (double[,]?)tile.Outline?.Clone() };

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
}
