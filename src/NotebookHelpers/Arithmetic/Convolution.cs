namespace NotebookHelpers;

/// <summary>
/// What a convolutional layer computes, by plain loops over small tables, with every term kept to be looked at.
/// It is meant to be read, not to be fast: networks use torch's operators, and the tests hold the two equal.
/// </summary>
public static class Convolution
{
    /// <summary>
    /// Slides a kernel over an image and sums the products under it:
    /// out[r, c] = Σ kernel[i, j] · image[r·stride + i − top, c·stride + j − left]. This is cross-correlation, which
    /// deep-learning libraries call convolution.
    /// </summary>
    /// <param name="image">The input, height × width.</param>
    /// <param name="kernel">The weights, height × width.</param>
    /// <param name="stride">How far the window moves each time, both ways; at least 1.</param>
    /// <param name="padding">Zeros around the image: <see cref="Pad.Valid"/>, <see cref="Pad.Same"/> or a number of cells.</param>
    /// <exception cref="ArgumentException">The image or kernel is empty, or the kernel larger than the padded image.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The stride is less than 1.</exception>
    public static ConvolutionResult CrossCorrelate(double[,] image, double[,] kernel, int stride = 1, Pad padding = default) =>
        CrossCorrelate([image], [kernel], 0, stride, padding);

    /// <summary>
    /// One feature map of an image with several channels: each channel under its own slice of the filter, all products
    /// added up, plus the bias. A layer of n feature maps is this n times, each with a filter of its own.
    /// </summary>
    /// <param name="channels">The image, one height × width table a channel, all of one size.</param>
    /// <param name="kernels">The filter, one table a channel, all of one size.</param>
    /// <param name="bias">Added to each sum.</param>
    /// <param name="stride">How far the window moves each time, both ways; at least 1.</param>
    /// <param name="padding">Zeros around each channel.</param>
    /// <exception cref="ArgumentException">
    /// Nothing is given, channels and kernels differ in number, tables of one list in size, or a kernel does not fit.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The stride is less than 1.</exception>
    public static ConvolutionResult CrossCorrelate(
        IReadOnlyList<double[,]> channels, IReadOnlyList<double[,]> kernels, double bias = 0, int stride = 1, Pad padding = default) =>
        new(channels, kernels, bias, stride, padding, flipped: false);

    /// <summary>
    /// Convolution as mathematics defines it: the kernel is turned by 180° before it slides, so that
    /// out[r, c] = Σ kernel[i, j] · image[r − i, c − j] up to a shift. Equal to <see cref="CrossCorrelate(double[,], double[,], int, Pad)"/>
    /// for a kernel that looks the same upside down.
    /// </summary>
    /// <inheritdoc cref="CrossCorrelate(double[,], double[,], int, Pad)"/>
    public static ConvolutionResult Convolve(double[,] image, double[,] kernel, int stride = 1, Pad padding = default) =>
        new([image], [Matrix.Turned(kernel)], 0, stride, padding, flipped: true);

    /// <summary>The output's size along one axis: ⌊(input + 2·padding − kernel) / stride⌋ + 1; for SAME ⌈input / stride⌉.</summary>
    /// <param name="input">Cells of the input along this axis; at least 1.</param>
    /// <param name="kernel">Cells of the kernel along this axis; at least 1.</param>
    /// <param name="stride">Cells that the window moves by; at least 1.</param>
    /// <param name="padding">Cells added on both sides.</param>
    /// <exception cref="ArgumentException">The kernel is larger than the padded input.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size or the stride is less than 1.</exception>
    public static int OutputSize(int input, int kernel, int stride = 1, Pad padding = default) => padding.OutputSize(input, kernel, stride);
}

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
                $"The image has {channels.Count} channels, but the filter has {kernels.Count} slices. A filter needs one slice a channel.", nameof(kernels));
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
                var (top, left) = (row * stride - Padding.Top, column * stride - Padding.Left);
                var terms = new List<ConvolutionTerm>(channels.Count * kernelHeight * kernelWidth);
                var sum = 0.0;
                for (var channel = 0; channel < channels.Count; channel++)
                    for (var i = 0; i < kernelHeight; i++)
                        for (var j = 0; j < kernelWidth; j++)
                        {
                            var (y, x) = (top + i, left + j);
                            var inside = y >= 0 && y < height && x >= 0 && x < width;
                            var term = new ConvolutionTerm(channel, i, j, y, x, inside ? channels[channel][y, x] : 0, kernels[channel][i, j], !inside);
                            terms.Add(term);
                            sum += term.Product;
                        }
                _windows[row, column] = new ConvolutionWindow(this, row, column, terms, sum + bias);
                Values[row, column] = sum + bias;
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
            : throw new ArgumentOutOfRangeException(nameof(row), $"[{row}, {column}]", $"The feature map has rows 0 to {Height - 1} and columns 0 to {Width - 1}.");

    /// <inheritdoc />
    public override string ToHtml() => Picture().ToHtml();

    /// <inheritdoc />
    public override string ToText() => Picture().ToText();

    /// <inheritdoc />
    public override string ToSvg() => Picture().ToSvg();

    internal MatrixView Picture(ConvolutionWindow? window = null)
    {
        var (kernelHeight, kernelWidth) = (Kernel.GetLength(0), Kernel.GetLength(1));
        var parts = new List<object>();
        for (var channel = 0; channel < Channels.Count; channel++)
        {
            if (channel > 0)
                parts.Add("+");
            var name = Channels.Count == 1 ? "" : $" {channel}";
            parts.Add(new MatrixView(Matrix.Surround(Channels[channel], Padding), $"image{name}",
                window is null ? null : [new(window.Top + Padding.Top, window.Left + Padding.Left, kernelHeight, kernelWidth)], margins: Padding));
            parts.Add(IsFlipped ? "∗" : "⋆");
            parts.Add(new MatrixView(Kernels[channel], (IsFlipped ? "turned kernel" : "kernel") + name));
        }
        if (Bias != 0)
            parts.Add(Notation.Added(Bias));
        parts.Add("=");
        parts.Add(new MatrixView(Values, "feature map", window is null ? null : [new(window.Row, window.Column)]));
        return MatrixView.Row([.. parts]);
    }

    private static (int Height, int Width) CommonSize(IReadOnlyList<double[,]> tables, string name)
    {
        ArgumentNullException.ThrowIfNull(tables, name);
        if (tables.Count == 0)
            throw new ArgumentException($"There are no {name}. Give at least one.", name);
        var noun = name == "kernels" ? "kernel" : "image";
        var size = Matrix.Size(tables[0], noun);
        for (var index = 1; index < tables.Count; index++)
            if (Matrix.Size(tables[index], noun) is var other && other != size)
                throw new ArgumentException(
                    $"The first of the {name} is {size.Height}×{size.Width}, but number {index} is {other.Height}×{other.Width}. All must have one size.", name);
        return size;
    }
}

/// <summary>One place of the sliding window. Displayed, it shows where it stands and its sum term by term.</summary>
public sealed class ConvolutionWindow : SvgView
{
    internal ConvolutionWindow(ConvolutionResult result, int row, int column, IReadOnlyList<ConvolutionTerm> terms, double sum) =>
        (Result, Row, Column, Terms, Sum) = (result, row, column, terms, sum);

    /// <summary>The feature map that this is a window of.</summary>
    public ConvolutionResult Result { get; }

    /// <summary>The row of the value in the feature map.</summary>
    public int Row { get; }

    /// <summary>The column of the value in the feature map.</summary>
    public int Column { get; }

    /// <summary>The image row of the window's upper left corner; negative inside the padding.</summary>
    public int Top => Row * Result.Stride - Result.Padding.Top;

    /// <summary>The image column of the window's upper left corner; negative inside the padding.</summary>
    public int Left => Column * Result.Stride - Result.Padding.Left;

    /// <summary>Every product under the window, channel by channel, row by row.</summary>
    public IReadOnlyList<ConvolutionTerm> Terms { get; }

    /// <summary>The value of the feature map: the terms' products and the bias.</summary>
    public double Sum { get; }

    /// <summary>The sum written out, such as 3·1 + 1·0 − 1·1 … = −7.</summary>
    public string Formula => Notation.Sum(Terms.Select(term => (term.Value, term.Weight)), Result.Bias, Sum, (text, _) => text);

    /// <inheritdoc />
    public override string ToHtml() => Result.Picture(this).ToHtml() + Notation.HtmlLine(
        Notation.Sum(Terms.Select(term => (term.Value, term.Weight)), Result.Bias, Sum, (text, isZero) => isZero ? Notation.Grey(text) : text));

    /// <inheritdoc />
    public override string ToText() => Result.Picture(this).ToText() + "\n" + Formula;

    /// <inheritdoc />
    public override string ToSvg() => Result.Picture(this).ToSvg();
}

/// <summary>One product under the window.</summary>
/// <param name="Channel">The image channel.</param>
/// <param name="KernelRow">The weight's row in the kernel.</param>
/// <param name="KernelColumn">The weight's column in the kernel.</param>
/// <param name="Row">The value's row in the image; outside it, for padding.</param>
/// <param name="Column">The value's column in the image; outside it, for padding.</param>
/// <param name="Value">The image's value; 0 for padding.</param>
/// <param name="Weight">The kernel's value.</param>
/// <param name="IsPadding">Whether the cell lies outside the image.</param>
public readonly record struct ConvolutionTerm(
    int Channel, int KernelRow, int KernelColumn, int Row, int Column, double Value, double Weight, bool IsPadding)
{
    /// <summary>Value times weight.</summary>
    public double Product => Value * Weight;
}
