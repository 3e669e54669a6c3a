namespace NotebookHelpers.Tests.Arithmetic;

public sealed class ConvolutionTests
{
    private static readonly double[,] Image = Reference.Matrix("hand_convolution.image");
    private static readonly double[,] Kernel = Reference.Matrix("hand_convolution.kernel");

    public static TheoryData<string, int, Pad> Settings => new()
    {
        { "valid_stride1", 1, Pad.Valid },
        { "valid_stride2", 2, Pad.Valid },
        { "valid_stride3", 3, Pad.Valid },
        { "same_stride1", 1, Pad.Same },
        { "pad2_stride1", 1, 2 },
    };

    [Theory, MemberData(nameof(Settings), DisableDiscoveryEnumeration = true)]
    public void EqualsTheReferenceExactly(string name, int stride, Pad padding) =>
        Assert.Equal(Reference.Matrix($"hand_convolution.{name}"), Convolution.CrossCorrelate(Image, Kernel, stride, padding).Values);

    [Fact]
    public void TheArticlesKernelIsTheVerticalLine() => Assert.Equal(Kernel, Kernels.VerticalLine);

    [Fact]
    public void EveryTermIsKept()
    {
        var first = Convolution.CrossCorrelate(Image, Kernel)[0, 0];
        Assert.Equal(-7, first.Sum);
        Assert.Equal("3·1 + 1·0 − 1·1 + 1·1 + 0·0 − 7·1 + 2·1 + 3·0 − 5·1 = −7", first.Formula);
        Assert.Equal(9, first.Terms.Count);
        Assert.Equal(new ConvolutionTerm(0, 1, 2, 1, 2, 7, -1, false), first.Terms[5]);
        Assert.Equal(-2, Convolution.CrossCorrelate(Image, Kernel)[0, 1].Sum);
    }

    [Fact]
    public void TermsInThePaddingSayWhereTheyAre()
    {
        var corner = Convolution.CrossCorrelate(Image, Kernel, padding: Pad.Same)[0, 0];
        Assert.Equal((-1, -1), (corner.Top, corner.Left));
        Assert.Equal(new ConvolutionTerm(0, 0, 0, -1, -1, 0, 1, true), corner.Terms[0]);
        Assert.Equal(5, corner.Terms.Count(term => term.IsPadding));
        Assert.Equal(-1, corner.Sum);
    }

    [Fact]
    public void TrueConvolutionTurnsTheKernelFirst()
    {
        double[,] kernel = { { 1, 2, 0 }, { 0, -1, 3 }, { 4, 0, 0 } };
        var convolved = Convolution.Convolve(Image, kernel);
        Assert.Equal(Convolution.CrossCorrelate(Image, new double[,] { { 0, 0, 4 }, { 3, -1, 0 }, { 0, 2, 1 } }).Values, convolved.Values);
        Assert.True(convolved.IsFlipped);
        // turning the article's kernel by 180° changes its sign
        Assert.Equal(7, Convolution.Convolve(Image, Kernel).Values[0, 0]);
    }

    [Fact]
    public void ConvolvingAnImpulseDrawsTheKernelAndCorrelatingItTurned()
    {
        var impulse = new double[5, 5];
        impulse[2, 2] = 1;
        double[,] kernel = { { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8, 9 } };
        Assert.Equal(kernel, Convolution.Convolve(impulse, kernel).Values);
        Assert.Equal(Matrix.Turned(kernel), Convolution.CrossCorrelate(impulse, kernel).Values);
    }

    [Fact]
    public void ChannelsAddUpUnderOneFilterWithItsBias()
    {
        double[][,] channels = [Image, Matrix.Turned(Image)];
        double[][,] filter = [Kernel, Kernels.HorizontalLine];
        var map = Convolution.CrossCorrelate(channels, filter, bias: 0.5);
        var expected = Convolution.CrossCorrelate(channels[0], filter[0]).Values[2, 1]
            + Convolution.CrossCorrelate(channels[1], filter[1]).Values[2, 1] + 0.5;
        Assert.Equal(expected, map.Values[2, 1]);
        Assert.Equal(18, map[2, 1].Terms.Count);
        Assert.EndsWith($" + 0.5 = {Notation.Number(expected)}", map[2, 1].Formula);
    }

    [Fact]
    public void TheResultKeepsWhatItWasMadeFrom()
    {
        var image = (double[,])Image.Clone();
        var result = Convolution.CrossCorrelate(image, Kernel);
        image[0, 0] = 100;
        Assert.Equal(3, result.Image[0, 0]);
        Assert.Equal(3, result[0, 0].Terms[0].Value);
    }

    [Theory]
    [InlineData(6, 3, 1, 0, 4)]
    [InlineData(6, 3, 2, 0, 2)]
    [InlineData(6, 3, 3, 0, 2)]
    [InlineData(6, 3, 1, 1, 6)]
    [InlineData(6, 3, 1, 2, 8)]
    [InlineData(28, 3, 2, 0, 13)]
    [InlineData(13, 3, 2, 0, 6)]
    [InlineData(1, 3, 1, 1, 1)]
    public void TheFormulaGivesTheSize(int input, int kernel, int stride, int padding, int size) =>
        Assert.Equal(size, Convolution.OutputSize(input, kernel, stride, padding));

    [Theory]
    [InlineData(6, 3, 2, 3, 0, 1)] // TensorFlow puts the odd cell last
    [InlineData(6, 2, 1, 6, 0, 1)]
    [InlineData(7, 3, 2, 4, 1, 1)]
    [InlineData(5, 4, 1, 5, 1, 2)]
    [InlineData(4, 1, 3, 2, 0, 0)] // the stride is larger than the kernel: nothing to add
    [InlineData(2, 5, 1, 2, 2, 2)]
    public void SameFollowsTensorFlow(int input, int kernel, int stride, int size, int before, int after)
    {
        Assert.Equal(size, Convolution.OutputSize(input, kernel, stride, Pad.Same));
        Assert.Equal((before, after), Pad.Same.Along(input, kernel, stride));
    }

    [Fact]
    public void ImpossibleSettingsAreExplained()
    {
        Refused<ArgumentException>(
            "A kernel of 7 does not fit into an input of 6 with padding 0 (6 + 2·0 = 6)",
            () => Convolution.CrossCorrelate(Image, new double[7, 7]));
        Refused<ArgumentException>(
            "A kernel of 9 does not fit into an input of 6 with padding 1 (6 + 2·1 = 8)",
            () => Convolution.OutputSize(6, 9, 1, 1));
        Refused<ArgumentOutOfRangeException>("must move by at least one cell", () => Convolution.CrossCorrelate(Image, Kernel, stride: 0));
        Refused<ArgumentOutOfRangeException>(
            "must move by at least one cell", () => Convolution.CrossCorrelate(Image, Kernel, -1, Pad.Same));
        Refused<ArgumentOutOfRangeException>("0 or more cells", () => Convolution.CrossCorrelate(Image, Kernel, 1, -1));
        Refused<ArgumentException>("The image is 0×4, that is empty", () => Convolution.CrossCorrelate(new double[0, 4], Kernel));
        Refused<ArgumentException>("The kernel is 3×0, that is empty", () => Convolution.CrossCorrelate(Image, new double[3, 0]));
        Refused<ArgumentException>("2 channels, but the filter has 1 slices", () => Convolution.CrossCorrelate([Image, Image], [Kernel]));
        Refused<ArgumentException>("There are no channels", () => Convolution.CrossCorrelate([], [Kernel]));
        Refused<ArgumentException>(
            "first of the channels is 6×6, but number 1 is 3×3",
            () => Convolution.CrossCorrelate([Image, Kernel], [Kernel, Kernel]));
        Refused<ArgumentOutOfRangeException>("rows 0 to 3", () => Convolution.CrossCorrelate(Image, Kernel)[4, 0]);
    }

    private static void Refused<T>(string message, Func<object?> act) where T : ArgumentException =>
        Assert.Contains(message, Assert.Throws<T>(act).Message);
}
