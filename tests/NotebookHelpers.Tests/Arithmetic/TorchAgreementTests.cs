using CsCheck;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NotebookHelpers.Tests.Arithmetic;

/// <summary>Our loops against torch's operators, on random shapes, strides and paddings. Whole numbers: equal exactly.</summary>
public sealed class TorchAgreementTests
{
    private sealed record Case(double[][,] Channels, double[][,] Kernels, double Bias, int Stride, Pad Padding);

    private static Gen<double[,]> Table(int height, int width) => Gen.Int[-9, 9].Select(value => (double)value).Array2D[height, width];

    private static readonly Gen<Pad> AnyPad = Gen.OneOf(Gen.Const(Pad.Valid), Gen.Const(Pad.Same), Gen.Int[0, 3].Select(Pad.By));

    private static readonly Gen<Case> Cases =
        from channels in Gen.Int[1, 3]
        from height in Gen.Int[1, 11]
        from width in Gen.Int[1, 11]
        from kernelHeight in Gen.Int[1, 5]
        from kernelWidth in Gen.Int[1, 5]
        from stride in Gen.Int[1, 4]
        from padding in AnyPad
        where Fits(height, kernelHeight, padding) && Fits(width, kernelWidth, padding)
        from image in Table(height, width).Array[channels]
        from kernel in Table(kernelHeight, kernelWidth).Array[channels]
        from bias in Gen.Int[-3, 3]
        select new Case(image, kernel, bias, stride, padding);

    // torch takes at most half a window of padding
    private static readonly Gen<(double[,] Image, int Size, int Stride, Pad Padding)> PoolingCases =
        from height in Gen.Int[1, 11]
        from width in Gen.Int[1, 11]
        from size in Gen.Int[1, 4]
        from stride in Gen.Int[1, 4]
        from padding in AnyPad
        where Fits(height, size, padding) && Fits(width, size, padding)
        where padding == Pad.Same || padding.Along(1, 1, 1).Before <= size / 2
        from image in Table(height, width)
        select (image, size, stride, padding);

    [Fact]
    public void CrossCorrelationIsTorchsConv2d() => Cases.Sample(test =>
    {
        using var scope = NewDisposeScope();
        var ours = Convolution.CrossCorrelate(test.Channels, test.Kernels, test.Bias, test.Stride, test.Padding);
        var input = Padded(Stack(test.Channels), ours.Padding);
        var bias = tensor(new[] { test.Bias });
        Assert.Equal(ToTable(functional.conv2d(input, Stack(test.Kernels), bias, strides: [test.Stride, test.Stride])), ours.Values);
    }, iter: 500, threads: 1);

    [Fact]
    public void ExplicitPaddingIsTorchsOwn() => Cases.Where(test => test.Padding != Pad.Same).Sample(test =>
    {
        using var scope = NewDisposeScope();
        var ours = Convolution.CrossCorrelate(test.Channels, test.Kernels, 0, test.Stride, test.Padding);
        long cells = ours.Padding.Top;
        var torchs = functional.conv2d(
            Stack(test.Channels), Stack(test.Kernels), strides: [test.Stride, test.Stride], padding: [cells, cells]);
        Assert.Equal(ToTable(torchs), ours.Values);
    }, iter: 300, threads: 1);

    [Fact]
    public void ConvolutionIsTorchsConv2dWithTheKernelTurned() => Cases.Sample(test =>
    {
        using var scope = NewDisposeScope();
        var ours = Convolution.Convolve(test.Channels[0], test.Kernels[0], test.Stride, test.Padding);
        var kernel = Stack([test.Kernels[0]]).flip(2, 3);
        var input = Padded(Stack([test.Channels[0]]), ours.Padding);
        Assert.Equal(ToTable(functional.conv2d(input, kernel, strides: [test.Stride, test.Stride])), ours.Values);
    }, iter: 300, threads: 1);

    [Fact]
    public void MaximumIsTorchsMaxPool2dWinnersIncluded() => PoolingCases.Sample(test =>
    {
        using var scope = NewDisposeScope();
        var ours = Pooling.Max(test.Image, test.Size, test.Stride, test.Padding);
        var input = Padded(Stack([test.Image]), ours.Padding, double.NegativeInfinity);
        var (values, indices) = functional.max_pool2d_with_indices(input, [test.Size, test.Size], [test.Stride, test.Stride]);
        Assert.Equal(ToTable(values), ours.Values);
        var width = input.shape[3];
        var flat = indices.data<long>().ToArray();
        for (var row = 0; row < ours.Height; row++)
            for (var column = 0; column < ours.Width; column++)
            {
                var winner = ours[row, column].Winner!.Value;
                Assert.Equal(flat[row * ours.Width + column], (winner.Row + ours.Padding.Top) * width + winner.Column + ours.Padding.Left);
            }
    }, iter: 500, threads: 1);

    [Fact]
    public void MeanIsTorchsAvgPool2d() => PoolingCases.Sample(test =>
    {
        using var scope = NewDisposeScope();
        var ours = Pooling.Average(test.Image, test.Size, test.Stride, test.Padding);
        Tensor expected;
        if (test.Padding != Pad.Same)
            expected = functional.avg_pool2d(Stack([test.Image]), [test.Size, test.Size], [test.Stride, test.Stride],
                [ours.Padding.Top, ours.Padding.Left], count_include_pad: false);
        else // the mean over real cells: a mean that counts the zeros, over the share of real cells
            expected = Mean(Stack([test.Image])) / Mean(ones_like(Stack([test.Image])));
        Assert.True(Matrix.AreEqual(ToTable(expected), ours.Values, 1e-12));

        Tensor Mean(Tensor input) => functional.avg_pool2d(Padded(input, ours.Padding), [test.Size, test.Size], [test.Stride, test.Stride]);
    }, iter: 500, threads: 1);

    [Fact]
    public void SamePadsAsTensorFlowDocuments() => Gen.Select(
        Gen.Int[1, 300], Gen.Int[1, 12], Gen.Int[1, 9]).Sample((input, kernel, stride) =>
    {
        // the rule as TensorFlow's documentation words it, by the remainder
        var total = Math.Max(input % stride == 0 ? kernel - stride : kernel - input % stride, 0);
        Assert.Equal((int)Math.Ceiling(input / (double)stride), Convolution.OutputSize(input, kernel, stride, Pad.Same));
        Assert.Equal((total / 2, total - total / 2), Pad.Same.Along(input, kernel, stride));
    });

    [Fact]
    public void EveryWindowAddsUpToItsValue() => Cases.Sample(test =>
    {
        var result = Convolution.CrossCorrelate(test.Channels, test.Kernels, test.Bias, test.Stride, test.Padding);
        for (var row = 0; row < result.Height; row++)
            for (var column = 0; column < result.Width; column++)
            {
                Assert.Equal(result.Values[row, column], result[row, column].Terms.Sum(term => term.Product) + test.Bias);
                Assert.All(result[row, column].Terms, term => Assert.Equal(
                    term.IsPadding ? 0 : test.Channels[term.Channel][term.Row, term.Column], term.Value));
            }
    }, iter: 100, threads: 1);

    private static bool Fits(int input, int kernel, Pad padding) =>
        padding == Pad.Same || kernel <= input + 2 * padding.Along(1, 1, 1).Before;

    private static Tensor Stack(double[][,] tables) =>
        stack(tables.Select(table => tensor(table))).unsqueeze(0);

    private static Tensor Padded(Tensor input, Margins margins, double value = 0) =>
        functional.pad(input, [margins.Left, margins.Right, margins.Top, margins.Bottom], PaddingModes.Constant, value);

    private static double[,] ToTable(Tensor batch)
    {
        var (height, width) = ((int)batch.shape[2], (int)batch.shape[3]);
        var values = batch.contiguous().data<double>().ToArray();
        var table = new double[height, width];
        Buffer.BlockCopy(values, 0, table, 0, values.Length * sizeof(double));
        return table;
    }
}
