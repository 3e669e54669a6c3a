namespace NotebookHelpers;

/// <summary>
/// A convolution to be looked at: image (with its padding), kernel and feature map side by side. The cell of the feature
/// map that the reader points at frames its window in the image and shows its sum term by term, zero terms in grey.
/// </summary>
public sealed class ConvolutionView : WindowView
{
    private readonly ConvolutionResult _result;

    /// <summary>A view of a convolution.</summary>
    /// <param name="result">What <see cref="Convolution.CrossCorrelate(double[,], double[,], int, Pad)"/> or <see cref="Convolution.Convolve"/> made.</param>
    /// <param name="title">What it shows.</param>
    /// <exception cref="ArgumentException">The image has more than 32×32 cells, padding included, or more than 3 channels.</exception>
    public ConvolutionView(ConvolutionResult result, string? title = null) : base(title)
    {
        ArgumentNullException.ThrowIfNull(result);
        Check(result.Image.GetLength(0), result.Image.GetLength(1), result.Padding, result.Channels.Count);
        _result = result;
    }

    /// <inheritdoc />
    public override string Settings =>
        $"{Window.Height}×{Window.Width} kernel{(_result.IsFlipped ? " turned by 180°" : "")}, {Describe(_result.Stride, _result.Padding, _result.Image, _result.Values)}";

    private protected override string Kind => "sum";

    private protected override string Bias => _result.Bias == 0 ? "" : Notation.Number(_result.Bias);

    private protected override (int Height, int Width, int Stride) Window => (_result.Kernel.GetLength(0), _result.Kernel.GetLength(1), _result.Stride);

    private protected override (int Height, int Width) Size => (_result.Height, _result.Width);

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
        return pieces.Append(new($" = {Notation.Number(window.Sum)}"));
    }

    private protected override SvgView Picture((int Row, int Column) place) => _result[place.Row, place.Column];
}
