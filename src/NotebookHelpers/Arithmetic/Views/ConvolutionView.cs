using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// A convolution to be looked at: image (with its padding), kernel and feature map side by side. The cell of the feature
/// map that the reader points at frames its window in the image and shows its sum term by term, zero terms in grey. Lesson 1
/// shows its first convolution with it.
/// </summary>
public sealed class ConvolutionView : WindowView
{
    private readonly ConvolutionResult _result;
    private readonly string _which = "";

    /// <summary>A view of a convolution.</summary>
    /// <param name="result">
    /// What <see cref="Convolution.CrossCorrelate(double[,], double[,], int, Pad)"/> or <see cref="Convolution.Convolve"/> made.
    /// </param>
    /// <param name="title">What it shows.</param>
    /// <exception cref="ArgumentException">The image has more than 32×32 cells, padding included, or more than 3 channels.</exception>
    public ConvolutionView(ConvolutionResult result, string? title = null) : base(title)
    {
        ArgumentNullException.ThrowIfNull(result);
        Check(result.Image.GetLength(0), result.Image.GetLength(1), result.Padding, result.Channels.Count);
        _result = result;
    }

    private ConvolutionView(ConvolutionResult result, string? title, string which) : this(result, title) => _which = which;

    /// <summary>A view of any tensor under any kernel.</summary>
    /// <param name="image">(height, width), (channels, height, width) or (1, channels, height, width). Only read.</param>
    /// <param name="kernel">One filter, of the same form: a slice for each channel. Only read.</param>
    /// <param name="stride">How far the window moves each time, both ways; at least 1.</param>
    /// <param name="padding">Zeros around the image.</param>
    /// <param name="title">What it shows.</param>
    /// <exception cref="ArgumentException">A shape does not fit, or the image is too large to be pointed at.</exception>
    public static ConvolutionView Of(Tensor image, Tensor kernel, int stride = 1, Pad padding = default, string? title = null) =>
        Slide(Tables.Channels(image, nameof(image)), Tables.Channels(kernel, nameof(kernel)), 0, stride, padding, title, "");

    /// <summary>
    /// A view of what a layer of a model does with an image: one of its filters, with its own weights, bias, stride and padding.
    /// </summary>
    /// <param name="layer">Any Conv2d with one stride and one padding for both directions, without dilation; groups are followed.</param>
    /// <param name="image">What it reads: (channels, height, width) or (1, channels, height, width). Only read.</param>
    /// <param name="filter">Which of its filters, counted from 0.</param>
    /// <param name="channel">
    /// Only this channel of those that the filter reads, counted from 0: its part of the sum, without the bias. Needed
    /// when there are more than 3.
    /// </param>
    /// <param name="title">What it shows.</param>
    /// <exception cref="ArgumentException">
    /// The layer has settings that cannot be drawn, or the image does not fit or is too large to be pointed at.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such filter or channel.</exception>
    public static ConvolutionView Of(Conv2d layer, Tensor image, int filter = 0, int? channel = null, string? title = null)
    {
        var window = LayerWindow.Of(layer);
        if (window.Dilation > 1)
            throw new ArgumentException(
                $"The Conv2d has dilation {window.Dilation}, which this view does not draw; HyperparameterView does.", nameof(layer));
        LayerWindow.Chosen(filter, layer.out_channels, nameof(filter));
        var channels = Tables.Channels(image, nameof(image));
        if (channels.Length != layer.in_channels)
            throw new ArgumentException(
                $"The layer reads {layer.in_channels} channels, but the image has {channels.Length} " +
                $"(shape {string.Join("×", image.shape)}). Give what the layer reads.", nameof(image));

        using var scope = NewDisposeScope();
        var kernels = Tables.Channels(layer.weight[filter], nameof(layer));
        var first = filter / (int)(layer.out_channels / layer.groups) * kernels.Length;
        channels = channels[first..(first + kernels.Length)];
        var which = layer.out_channels == 1 ? "" : $"filter {filter} of 0 to {layer.out_channels - 1}, ";
        if (channel is not { } chosen)
            return Slide(channels, kernels, Bias(), window.Stride, window.Padding, title, which);
        LayerWindow.Chosen(chosen, kernels.Length, nameof(channel));
        return Slide([channels[chosen]], [kernels[chosen]], 0, window.Stride, window.Padding, title,
            $"{which}the part of channel {chosen} of 0 to {kernels.Length - 1} without the bias, ");

        double Bias() => layer.bias is null ? 0 : layer.bias[filter].to(ScalarType.Float64).item<double>();
    }

    private static ConvolutionView Slide(
        double[][,] channels, double[][,] kernels, double bias, int stride, Pad padding, string? title, string which)
    {
        // before all sums are made
        var (height, width) = Tables.Size(channels[0], "image");
        Check(height, width, padding.Around(height, width, kernels[0].GetLength(0), kernels[0].GetLength(1), stride), channels.Length);
        return new(Convolution.CrossCorrelate(channels, kernels, bias, stride, padding), title, which);
    }

    /// <inheritdoc />
    public override string Settings =>
        $"{_which}{Window.Height}×{Window.Width} kernel{(_result.IsFlipped ? " turned by 180°" : "")}, " +
        Describe(_result.Stride, _result.Padding, _result.Image, _result.Values);

    /// <inheritdoc />
    public override double[,] Values => _result.Values;

    private protected override string Kind => "sum";

    private protected override (int Height, int Width, int Stride) Window =>
        (_result.Kernel.GetLength(0), _result.Kernel.GetLength(1), _result.Stride);

    private protected override IEnumerable<object> Parts
    {
        get
        {
            for (var channel = 0; channel < _result.Channels.Count; channel++)
            {
                if (channel > 0)
                    yield return "+";
                var name = _result.Channels.Count == 1 ? "" : $" {channel}";
                yield return new Pane("in", $"image{name}", Matrix.Surround(_result.Channels[channel], _result.Padding), _result.Padding);
                yield return _result.IsFlipped ? "∗" : "⋆";
                yield return new Pane("kernel", (_result.IsFlipped ? "turned kernel" : "kernel") + name, _result.Kernels[channel]);
            }
            if (_result.Bias != 0)
                yield return Notation.Added(_result.Bias);
            yield return "=";
            yield return new Pane("out", "feature map", _result.Values);
        }
    }

    private protected override string Summary => _result.ToText();

    private protected override IEnumerable<Piece> Formula((int Row, int Column) place)
    {
        var window = _result[place.Row, place.Column];
        var pieces = new List<Piece>();
        Notation.Sum(window.Terms.Select(term => (term.Value, term.Weight)), _result.Bias, window.Sum, (text, isZero) =>
        {
            pieces.Add(new(text, isZero ? Mark.Zero : Mark.None));
            return text;
        });
        var products = window.Terms.Sum(term => Notation.AsWritten(term.Value) * Notation.AsWritten(term.Weight));
        return pieces.Append(Result(products + Notation.AsWritten(_result.Bias), window.Sum));
    }

    private protected override SvgView Picture((int Row, int Column) place) => _result[place.Row, place.Column];
}
