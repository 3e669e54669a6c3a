using System.Globalization;
using System.Text;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// A grid of digits or other small images, ink dark on white, with captions: labels, or predictions with their confidence.
/// A wrong prediction is marked by a frame, a cross and its wording, not by colour alone. The pictures stay ink on paper on dark
/// pages too. Every lesson with a data set shows it so.
/// </summary>
public sealed class DigitGrid : PngView
{
    private const int Gap = 6, Spacing = 4, LetterScale = 2, CaptionLine = PixelFont.Height * LetterScale + 4, Smallest = 28;
    private readonly DigitTile[] _tiles;
    private readonly int _columns;

    /// <summary>Shows pictures with captions of your own.</summary>
    /// <param name="tiles">The pictures, row by row.</param>
    /// <param name="columns">How many stand side by side.</param>
    /// <param name="title">What the grid shows; left out, it says how many images there are.</param>
    /// <exception cref="ArgumentException">A tile has another number of pixels than its height and width say.</exception>
    public DigitGrid(IEnumerable<DigitTile> tiles, int columns = 8, string? title = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        _tiles = [.. tiles];
        foreach (var tile in _tiles)
            if (tile.Height < 1 || tile.Width < 1 || tile.Pixels.Length != tile.Height * tile.Width)
                throw new ArgumentException(
                    $"The tile '{tile.Caption}' has {tile.Pixels.Length} pixels, but {tile.Height}×{tile.Width} asks for " +
                    $"{tile.Height * tile.Width}. Give height·width bytes.", nameof(tiles));
        _columns = Math.Min(columns, Math.Max(1, _tiles.Length));
        Title = title ?? Images(_tiles.Length);
    }

    /// <summary>Shows images of a set with their labels, and with what a network took them for.</summary>
    /// <param name="set">Where the images are from.</param>
    /// <param name="indices">Which ones, counted from 0, row by row.</param>
    /// <param name="columns">How many stand side by side.</param>
    /// <param name="predictions">The predicted class of every image of <paramref name="set"/>; left out, the labels stand alone.</param>
    /// <param name="confidences">The probability, 0 to 1, of each of those predictions.</param>
    /// <param name="title">What the grid shows; left out, it says how many images of which set there are.</param>
    /// <exception cref="ArgumentException">There are not as many predictions or confidences as the set has images.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index or a predicted class does not exist.</exception>
    public DigitGrid(DigitSet set, IEnumerable<int> indices, int columns = 8,
        IReadOnlyList<int>? predictions = null, IReadOnlyList<float>? confidences = null, string? title = null)
        : this(Tiles(set, indices, predictions, confidences), columns, title)
    {
        if (title is null)
            Title += $" of {set.Name}";
    }

    /// <summary>Shows images of a set with captions of your own.</summary>
    /// <param name="set">Where the images are from.</param>
    /// <param name="captions">Which ones, counted from 0, row by row, and what stands below each.</param>
    /// <param name="columns">How many stand side by side.</param>
    /// <param name="title">What the grid shows; left out, it says how many images there are.</param>
    /// <exception cref="ArgumentOutOfRangeException">An image does not exist.</exception>
    public DigitGrid(DigitSet set, IEnumerable<(int Image, string Caption)> captions, int columns = 8, string? title = null)
        : this(captions.Select(tile => new DigitTile(set.Pixels(tile.Image), set.Height, set.Width, tile.Caption)), columns, title)
    {
    }

    /// <summary>Shows the images of a tensor, as a batch or a model of your own has them.</summary>
    /// <param name="images">
    /// (height, width), (images, height, width) or (images, 1, height, width), from 0 for paper to 1 for ink; bytes from 0 to 255.
    /// Only read.
    /// </param>
    /// <param name="captions">One an image; its number, counted from 0, when left out.</param>
    /// <param name="columns">How many stand side by side.</param>
    /// <param name="title">What the grid shows; left out, it says how many images there are.</param>
    /// <exception cref="ArgumentException">
    /// The tensor has another shape or other values, or there are not as many captions as images.
    /// </exception>
    public static DigitGrid Of(Tensor images, IEnumerable<string>? captions = null, int columns = 8, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        var (count, height, width) = images.shape switch
        {
            [var h, var w] => (1, (int)h, (int)w),
            [var n, var h, var w] => ((int)n, (int)h, (int)w),
            [var n, 1, var h, var w] => ((int)n, (int)h, (int)w),
            _ => throw new ArgumentException(
                "Grey images of shape (height, width), (images, height, width) or (images, 1, height, width) were expected; " +
                $"found ({string.Join(", ", images.shape)}). Take one channel: images[.., ..1].", nameof(images)),
        };
        string[] names = [.. captions ?? Enumerable.Range(0, count).Select(index => $"{index}")];
        if (names.Length != count)
            throw new ArgumentException($"There are {count} images, but {names.Length} captions. Give every image one.", nameof(captions));
        var values = Tables.Numbers(images);
        var ink = images.dtype == ScalarType.Byte ? 1 : 255;
        if (values.Any(value => !(value >= 0 && value * ink <= 255)))
            throw new ArgumentException(
                $"Images run from 0 for paper to 1 for ink; these run from {Html.Number(values.Min())} to {Html.Number(values.Max())}. " +
                "Scale them, or show them with FeatureMaps.Of or MatrixView.Of, which take any numbers.", nameof(images));
        var tiles = values.Select(value => (byte)Math.Round(value * ink)).Chunk(Math.Max(1, height * width))
            .Select((pixels, index) => new DigitTile(pixels, height, width, names[index]));
        return new(tiles, columns, title);
    }

    /// <summary>What the grid shows.</summary>
    public string Title { get; }

    private int Zoom => _columns <= 10 && _tiles.Length <= 40 ? 3 : 2;

    /// <inheritdoc />
    public override string ToHtml()
    {
        // Equally wide columns, as wide as the pictures where there is room, else at least as wide as the captions' longest piece
        // that is not broken. Rows may mean something, a class or a digit's mirror images, and stay; those of a list of mistakes
        // do not, so where there is no room for them they are broken anew.
        var isList = _tiles.Any(tile => tile.Wrong);
        var pieces = _tiles.SelectMany(tile => tile.Caption.Split(isList ? ['\n'] : [' ', '\n']));
        var least = Math.Max(28, 8 * pieces.Select(piece => piece.Length).DefaultIfEmpty(1).Max() + 14) + Spacing;
        var most = Math.Max(least, _tiles.Select(tile => tile.Width * Zoom).DefaultIfEmpty(0).Max() + 22);
        var columns = isList
            ? $"display:grid;grid-template-columns:repeat(auto-fill,minmax({least}px,1fr));gap:{Spacing}px;"
            : $"min-width:{_columns * least}px;";
        var through = isList ? " style=\"display:contents\"" : "";
        var html = new StringBuilder(Html.Heading(Title))
            .Append($"<table role=\"presentation\" style=\"{Html.Card};border-collapse:separate;border-spacing:{Spacing}px;{columns}")
            .Append($"margin:0 0 4px;table-layout:fixed;width:100%;max-width:{_columns * most}px\"><tbody{through}>");
        foreach (var row in _tiles.Chunk(_columns))
            html.Append($"<tr{through}>{string.Concat(row.Select(Cell))}</tr>");
        return Html.Scrolling(html.Append("</tbody></table>").ToString());
    }

    /// <summary>
    /// A picture over its caption. The size stands in attributes too: viewers that strip styles still show it large enough to read.
    /// </summary>
    private string Cell(DigitTile tile)
    {
        var picture = Html.Image(Mime.Png, PngEncoder.Grey(Ink(tile), tile.Height, tile.Width), $"Image: {Lines(tile, "; ")}",
            $"width=\"{tile.Width * Zoom}\" height=\"{tile.Height * Zoom}\" " +
            "style=\"image-rendering:pixelated;display:block;margin:0 auto;max-width:100%;height:auto\"");
        var lines = tile.Caption.Split('\n').Select(Html.Encode).ToArray();
        if (tile.Wrong)
            lines[0] = $"<strong>✗ {lines[0]}</strong>";
        var border = tile.Wrong ? "3px solid #d1344b" : "1px solid #8080804d";
        var style = $"{Html.Card};border:{border}!important;padding:4px 2px;text-align:center;vertical-align:top";
        return $"<td align=\"center\" style=\"{style}\">" +
            $"{picture}{string.Join("<br>", lines)}</td>";
    }

    /// <inheritdoc />
    public override byte[] ToPng()
    {
        var captions = 2 + CaptionLine * _tiles.Select(tile => tile.Caption.Split('\n').Length).DefaultIfEmpty(1).Max();
        var (tileHeight, tileWidth) = _tiles.Length == 0
            ? (Smallest, Smallest)
            : (_tiles.Max(tile => tile.Height), _tiles.Max(tile => tile.Width));
        var (cellHeight, cellWidth) = (tileHeight * Zoom + captions + 2 * Gap, tileWidth * Zoom + 2 * Gap);
        var (height, width) = ((_tiles.Length + _columns - 1) / _columns * cellHeight + Gap, _columns * cellWidth + Gap);
        var picture = new byte[height * width];
        Array.Fill(picture, (byte)255);
        foreach (var (i, tile) in _tiles.Index())
        {
            var (top, left) = (i / _columns * cellHeight + Gap, i % _columns * cellWidth + Gap);
            if (tile.Wrong)
                Frame(picture, width, top, left, cellHeight - Gap / 2, cellWidth - Gap / 2);
            Paint(picture, width, top + Gap, left + Gap, tile);
            Write(picture, width, top + cellHeight - captions - Gap + 3, left, cellWidth - Gap, tile.Caption);
        }
        return PngEncoder.Grey(picture, height, width);
    }

    private void Paint(byte[] picture, int width, int top, int left, DigitTile tile)
    {
        var ink = Ink(tile);
        for (var y = 0; y < tile.Height * Zoom; y++)
            for (var x = 0; x < tile.Width * Zoom; x++)
                picture[(top + y) * width + left + x] = ink[y / Zoom * tile.Width + x / Zoom];
    }

    /// <summary>
    /// Writes a caption's lines in the middle, without spaces where they would not fit, and cut where that does not help.
    /// </summary>
    private static void Write(byte[] picture, int width, int top, int left, int room, string caption)
    {
        var most = (room - Gap + LetterScale) / (PixelFont.Measure(2, LetterScale) - PixelFont.Measure(1, LetterScale));
        foreach (var (number, line) in caption.Split('\n').Index())
        {
            var words = line.Length > most ? line.Replace(" ", "") : line;
            words = words.Length > most ? words[..most] : words;
            var start = left + (room - PixelFont.Measure(words.Length, LetterScale)) / 2;
            PixelFont.Write(picture, width, start, top + number * CaptionLine, words, LetterScale, 0);
        }
    }

    /// <summary>The frame of a wrong prediction: 3 dark pixels all around, which no right one has.</summary>
    private static void Frame(byte[] picture, int width, int top, int left, int down, int across)
    {
        for (var y = 0; y < down; y++)
            for (var x = 0; x < across; x++)
                if (y < 3 || x < 3 || y >= down - 3 || x >= across - 3)
                    picture[(top + y) * width + left + x] = 0;
    }

    /// <inheritdoc />
    public override string ToText() => string.Join('\n', _tiles
        .Chunk(_columns)
        .Select(row => string.Join("  |  ", row.Select(tile => (tile.Wrong ? "✗ " : "") + Lines(tile, "; "))))
        .Prepend(Title));

    private static IEnumerable<DigitTile> Tiles(
        DigitSet set, IEnumerable<int> indices, IReadOnlyList<int>? predictions, IReadOnlyList<float>? confidences)
    {
        foreach (var (count, what) in new[] { (predictions?.Count, "predictions"), (confidences?.Count, "confidences") })
            if (count is not null && count != set.Count)
                throw new ArgumentException(
                    $"There are {count} {what}, but the set has {set.Count} images. " +
                    "Give one an image of the whole set, whichever of them are shown.", what);
        if (confidences is not null && predictions is null)
            throw new ArgumentException(
                "There are confidences without predictions. Give the predictions that they belong to.", nameof(confidences));
        return indices.Select(index =>
        {
            var label = set.Label(index);
            var predicted = predictions?[index];
            if (predicted < 0 || predicted >= set.Classes.Count)
                throw new ArgumentOutOfRangeException(nameof(predictions),
                    $"Image {index} is predicted as class {predicted}, but there are classes 0 to {set.Classes.Count - 1} only.");
            var prediction = predicted is { } known ? set.Classes[known] : null;
            return new DigitTile(set.Pixels(index), set.Height, set.Width,
                Caption(set.Classes[label], prediction, confidences?[index]), predicted is not null && predicted != label);
        });
    }

    internal static string Caption(string label, string? prediction, double? confidence)
    {
        var text = prediction is null || prediction == label ? label : $"{label} → {prediction}";
        return confidence is { } value ? string.Create(CultureInfo.InvariantCulture, $"{text}, {value:0 %}") : text;
    }

    private static string Images(int count) => count == 1 ? "1 image" : string.Create(CultureInfo.InvariantCulture, $"{count:#,0} images");

    private static string Lines(DigitTile tile, string separator) => tile.Caption.Replace("\n", separator);

    private static byte[] Ink(DigitTile tile) => Array.ConvertAll(tile.Pixels, value => (byte)(255 - value));
}
