namespace NotebookHelpers;

/// <summary>A feature map with all that went into it. Displayed, it shows image, kernel and result side by side.</summary>
public sealed class ConvolutionResult : SvgView
{
    private readonly ConvolutionWindow[,] _windows;

    internal ConvolutionResult(
        IReadOnlyList<double[,]> channels, IReadOnlyList<double[,]> kernels, double bias, int stride, Pad padding, bool flipped)
    {
        var (height, width) = CommonSize(channels, nameof(channels));
        var (kernelHeight, kernelWidth) = CommonSize(kernels, nameof(kernels));
        if (channels.Count != kernels.Count)
            throw new ArgumentException(
                $"The image has {channels.Count} channels, but the filter has {kernels.Count} slices. " +
                "A filter needs one slice a channel.", nameof(kernels));
        var outputHeight = padding.OutputSize(height, kernelHeight, stride);
        var outputWidth = padding.OutputSize(width, kernelWidth, stride);

        // copies, so that the terms stay true when a cell goes on to change its arrays
        Channels = [.. channels.Select(channel => (double[,])channel.Clone())];
        Kernels = [.. kernels.Select(kernel => (double[,])kernel.Clone())];
        (Bias, Stride, Padding, IsFlipped) = (bias, stride, padding.Around(height, width, kernelHeight, kernelWidth, stride), flipped);
        Values = new double[outputHeight, outputWidth];
        _windows = new ConvolutionWindow[outputHeight, outputWidth];

        for (var row = 0; row < outputHeight; row++)
            for (var column = 0; column < outputWidth; column++)
            {
                var terms = Terms(row * stride - Padding.Top, column * stride - Padding.Left);
                Values[row, column] = terms.Sum(term => term.Product) + bias;
                _windows[row, column] = new ConvolutionWindow(this, row, column, terms, Values[row, column]);
            }
    }

    /// <summary>The feature map, height × width.</summary>
    public double[,] Values { get; }

    /// <summary>The image's channels as they were given, each height × width.</summary>
    public IReadOnlyList<double[,]> Channels { get; }

    /// <summary>The weights as they slid (turned already, for a true convolution), one table a channel.</summary>
    public IReadOnlyList<double[,]> Kernels { get; }

    /// <summary>The image, when it has one channel: the first of <see cref="Channels"/>.</summary>
    public double[,] Image => Channels[0];

    /// <summary>The kernel, when there is one channel: the first of <see cref="Kernels"/>.</summary>
    public double[,] Kernel => Kernels[0];

    /// <summary>What was added to each sum.</summary>
    public double Bias { get; }

    /// <summary>How far the window moved each time.</summary>
    public int Stride { get; }

    /// <summary>The zeros around the image.</summary>
    public Margins Padding { get; }

    /// <summary>Whether the kernel was turned first: true convolution, not cross-correlation.</summary>
    public bool IsFlipped { get; }

    /// <summary>Rows of the feature map.</summary>
    public int Height => Values.GetLength(0);

    /// <summary>Columns of the feature map.</summary>
    public int Width => Values.GetLength(1);

    /// <summary>The window that made one value of the feature map, with its terms.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such value.</exception>
    public ConvolutionWindow this[int row, int column] =>
        row >= 0 && row < Height && column >= 0 && column < Width
            ? _windows[row, column]
            : throw new ArgumentOutOfRangeException(nameof(row), $"[{row}, {column}]",
                $"The feature map has rows 0 to {Height - 1} and columns 0 to {Width - 1}.");

    /// <inheritdoc />
    public override string ToHtml() => Picture().ToHtml();

    /// <inheritdoc />
    public override string ToText() => Picture().ToText();

    /// <inheritdoc />
    public override string ToSvg() => Picture().ToSvg();

    internal MatrixView Picture(ConvolutionWindow? window = null)
    {
        var (kernelHeight, kernelWidth) = (Kernel.GetLength(0), Kernel.GetLength(1));
        Region[] under = window is null ? []
            : [new(window.Top + Padding.Top, window.Left + Padding.Left, kernelHeight, kernelWidth)];
        var parts = new List<object>();
        for (var channel = 0; channel < Channels.Count; channel++)
        {
            if (channel > 0)
                parts.Add("+");
            var name = Channels.Count == 1 ? "" : $" {channel}";
            parts.Add(new MatrixView(Matrix.Surround(Channels[channel], Padding), $"image{name}", under, margins: Padding));
            parts.Add(IsFlipped ? "∗" : "⋆");
            parts.Add(new MatrixView(Kernels[channel], (IsFlipped ? "turned kernel" : "kernel") + name));
        }
        if (Bias != 0)
            parts.Add(Notation.Added(Bias));
        parts.Add("=");
        parts.Add(new MatrixView(Values, "feature map", window is null ? null : [new(window.Row, window.Column)]));
        return MatrixView.Row([.. parts]);
    }

    /// <summary>The products under the window whose upper left corner stands there, channel by channel, row by row.</summary>
    private List<ConvolutionTerm> Terms(int top, int left)
    {
        var (height, width) = (Image.GetLength(0), Image.GetLength(1));
        var terms = new List<ConvolutionTerm>(Channels.Count * Kernel.Length);
        for (var channel = 0; channel < Channels.Count; channel++)
            for (var i = 0; i < Kernel.GetLength(0); i++)
                for (var j = 0; j < Kernel.GetLength(1); j++)
                {
                    var (y, x) = (top + i, left + j);
                    var inside = y >= 0 && y < height && x >= 0 && x < width;
                    terms.Add(new(channel, i, j, y, x, inside ? Channels[channel][y, x] : 0, Kernels[channel][i, j], !inside));
                }
        return terms;
    }

    private static (int Height, int Width) CommonSize(IReadOnlyList<double[,]> tables, string name)
    {
        ArgumentNullException.ThrowIfNull(tables, name);
        if (tables.Count == 0)
            throw new ArgumentException($"There are no {name}. Give at least one.", name);
        var noun = name == "kernels" ? "kernel" : "image";
        var size = Tables.Size(tables[0], noun);
        for (var index = 1; index < tables.Count; index++)
            if (Tables.Size(tables[index], noun) is var other && other != size)
                throw new ArgumentException(
                    $"The first of the {name} is {size.Height}×{size.Width}, but number {index} is {other.Height}×{other.Width}. " +
                    "All must have one size.", name);
        return size;
    }
}
