using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// A pooling to be looked at: image and pooled map side by side. The cell of the pooled map that the reader points at
/// frames its window in the image and shows its maximum, the winning cell ringed, or its mean. Lesson 2 shows both with it.
/// </summary>
public sealed class PoolingView : WindowView
{
    private readonly PoolingResult _result;

    /// <summary>A view of a pooling.</summary>
    /// <param name="result">What <see cref="Pooling.Max"/> or <see cref="Pooling.Average"/> made.</param>
    /// <param name="title">What it shows.</param>
    /// <exception cref="ArgumentException">The image has more than 32×32 cells, padding included.</exception>
    public PoolingView(PoolingResult result, string? title = null) : base(title)
    {
        ArgumentNullException.ThrowIfNull(result);
        Check(result.Image.GetLength(0), result.Image.GetLength(1), result.Padding, channels: 1);
        _result = result;
    }

    /// <summary>A view of what a layer of a model does with one channel of an image.</summary>
    /// <param name="layer">
    /// A MaxPool2d or AvgPool2d with a square window, one stride and one padding for both directions, no dilation or ceil_mode,
    /// and no padding in its means.
    /// </param>
    /// <param name="image">(height, width), (channels, height, width) or (1, channels, height, width). Only read.</param>
    /// <param name="channel">Which channel, counted from 0; each is pooled by itself.</param>
    /// <param name="title">What it shows.</param>
    /// <exception cref="ArgumentException">
    /// The layer is another or has settings that cannot be drawn, or the image does not fit or is too large to be pointed at.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such channel.</exception>
    public static PoolingView Of(nn.Module layer, Tensor image, int channel = 0, string? title = null)
    {
        var window = LayerWindow.Of(layer);
        if (layer is not (MaxPool2d or AvgPool2d))
            throw new ArgumentException(
                $"A MaxPool2d or AvgPool2d was expected. This is a {layer.GetType().Name}: ConvolutionView shows it.", nameof(layer));
        if (window.Height != window.Width || window.Dilation > 1)
            throw new ArgumentException(
                $"The {layer.GetType().Name} has a window of {window.Height}×{window.Width} with dilation {window.Dilation}. " +
                "This view draws square windows without dilation.", nameof(layer));
        var channels = Tables.Channels(image, nameof(image));
        var values = channels[LayerWindow.Chosen(channel, channels.Length, nameof(channel))];
        var (height, width) = Tables.Size(values, nameof(image));
        Check(height, width, window.Padding.Around(height, width, window.Height, window.Width, window.Stride), channels: 1);
        return new(layer is MaxPool2d
            ? Pooling.Max(values, window.Height, window.Stride, window.Padding)
            : Pooling.Average(values, window.Height, window.Stride, window.Padding), title);
    }

    /// <inheritdoc />
    public override string Settings =>
        $"{(_result.IsMax ? "max" : "average")} pooling {_result.Size}×{_result.Size}, " +
        Describe(_result.Stride, _result.Padding, _result.Image, _result.Values);

    /// <inheritdoc />
    public override double[,] Values => _result.Values;

    private protected override string Kind => _result.IsMax ? "max" : "mean";

    private protected override (int Height, int Width, int Stride) Window => (_result.Size, _result.Size, _result.Stride);

    private protected override IEnumerable<object> Parts =>
    [
        new Pane("in", "image", Matrix.Surround(_result.Image, _result.Padding, double.NaN), _result.Padding),
        _result.IsMax ? "max →" : "mean →",
        new Pane("out", "pooled map", _result.Values),
    ];

    private protected override string Summary => _result.ToText();

    private protected override IEnumerable<Piece> Formula((int Row, int Column) place)
    {
        var window = _result[place.Row, place.Column];
        yield return new(_result.IsMax ? "max(" : "(");
        for (var index = 0; index < window.Cells.Count; index++)
        {
            if (index > 0)
                yield return new(_result.IsMax ? ", " : " + ");
            var cell = window.Cells[index];
            var text = _result.IsMax ? Notation.Number(cell.Value) : Notation.Operand(cell.Value);
            yield return new(text, cell == window.Winner ? Mark.Strong : Mark.None);
        }
        yield return new(_result.IsMax ? ")" : $") / {window.Cells.Count}");
        yield return Result(_result.IsMax
            ? Notation.AsWritten(window.Value)
            : window.Cells.Sum(cell => Notation.AsWritten(cell.Value)) / window.Cells.Count, window.Value);
        if (Winner(place) is var (_, alike) && alike > 1)
            yield return new($" (the first of {alike} equal values)");
    }

    private protected override SvgView Picture((int Row, int Column) place) => _result[place.Row, place.Column];

    private protected override (int At, int Alike)? Winner((int Row, int Column) place) =>
        _result[place.Row, place.Column] is { Winner: { } winner } window
            ? ((winner.Row - window.Top) * _result.Size + winner.Column - window.Left,
                window.Cells.Count(cell => cell.Value.Equals(winner.Value)))
            : null;
}
