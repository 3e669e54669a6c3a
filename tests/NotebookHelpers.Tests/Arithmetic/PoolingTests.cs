namespace NotebookHelpers.Tests.Arithmetic;

public sealed class PoolingTests
{
    private static readonly double[,] Image = Reference.Matrix("hand_pooling.image");

    [Theory]
    [InlineData("2x2", 2, 2)]
    [InlineData("3x3", 3, 2)]
    [InlineData("3x3", 3, 1)]
    public void EqualsTheReferenceExactly(string window, int size, int stride)
    {
        Assert.Equal(Reference.Matrix($"hand_pooling.max_{window}_stride{stride}"), Pooling.Max(Image, size, stride).Values);
        Assert.Equal(Reference.Matrix($"hand_pooling.avg_{window}_stride{stride}"), Pooling.Average(Image, size, stride).Values);
    }

    [Fact]
    public void TheStrideIsTheWindowUnlessGiven() => Assert.Equal(Pooling.Max(Image, 3, 3).Values, Pooling.Max(Image, 3).Values);

    [Fact]
    public void AWindowMayBeFarLargerThanTheImage() =>
        Assert.Equal(Image.Cast<double>().Max(), Pooling.Max(Image, 50_000, padding: Pad.Same).Values[0, 0]);

    [Fact]
    public void WindowsKeepTheirCellsAndTheWinner()
    {
        var window = Pooling.Max(Image)[0, 1];
        Assert.Equal([1, 2, 7, 3], window.Cells.Select(cell => cell.Value));
        Assert.Equal(new PoolingCell(1, 2, 7), window.Winner);
        Assert.Equal("max(1, 2, 7, 3) = 7", window.Formula);
        Assert.Equal("(1 + 2 + 7 + 3) / 4 = 3.25", Pooling.Average(Image)[0, 1].Formula);
        Assert.Null(Pooling.Average(Image)[0, 1].Winner);
    }

    [Fact]
    public void TheFirstOfEqualValuesWins() =>
        Assert.Equal(new PoolingCell(0, 1, 5), Pooling.Max(new double[,] { { 1, 5 }, { 5, 5 } })[0, 0].Winner);

    [Fact]
    public void NotANumberIsPassedOn() =>
        Assert.Equal(double.NaN, Pooling.Max(new double[,] { { 1, double.NaN }, { 5, 2 } }).Values[0, 0]);

    [Fact]
    public void PaddingIsNeverTheMaximumNorInTheMean()
    {
        double[,] negative = { { -4, -2, -6 }, { -8, -1, -3 }, { -5, -7, -9 } };
        Assert.Equal(-4, Pooling.Max(negative, 2, 2, 1).Values[0, 0]);
        Assert.Equal(new double[,] { { -3.75, -4.5 }, { -6, -9 } }, Pooling.Average(negative, 2, 2, Pad.Same).Values);
    }

    [Fact]
    public void ImpossibleSettingsAreExplained()
    {
        Assert.Contains("would lie wholly outside", Assert.Throws<ArgumentException>(() => Pooling.Max(Image, 2, 2, 2)).Message);
        Assert.Contains("does not fit", Assert.Throws<ArgumentException>(() => Pooling.Max(Image, 7)).Message);
        Assert.Contains("is empty", Assert.Throws<ArgumentException>(() => Pooling.Average(new double[0, 0])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Pooling.Max(Image, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pooling.Max(Image, 2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pooling.Max(Image)[0, 3]);
    }
}
