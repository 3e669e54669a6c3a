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
    /// out[r, c] = Σ kernel[i, j] · image[r − i, c − j] up to a shift. Equal to
    /// <see cref="CrossCorrelate(double[,], double[,], int, Pad)"/> for a kernel that looks the same upside down.
    /// </summary>
    /// <inheritdoc cref="CrossCorrelate(double[,], double[,], int, Pad)"/>
    public static ConvolutionResult Convolve(double[,] image, double[,] kernel, int stride = 1, Pad padding = default) =>
        new([image], [Matrix.Turned(kernel)], 0, stride, padding, flipped: true);

    /// <summary>The output's size along one axis: ⌊(input + 2·padding − kernel)/stride⌋ + 1; SAME: ⌈input/stride⌉.</summary>
    /// <param name="input">Cells of the input along this axis; at least 1.</param>
    /// <param name="kernel">Cells of the kernel along this axis; at least 1.</param>
    /// <param name="stride">Cells that the window moves by; at least 1.</param>
    /// <param name="padding">Cells added on both sides.</param>
    /// <exception cref="ArgumentException">The kernel is larger than the padded input.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size or the stride is less than 1.</exception>
    public static int OutputSize(int input, int kernel, int stride = 1, Pad padding = default) => padding.OutputSize(input, kernel, stride);
}
