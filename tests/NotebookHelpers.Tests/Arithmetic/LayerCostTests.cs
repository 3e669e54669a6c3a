namespace NotebookHelpers.Tests.Arithmetic;

public sealed class LayerCostTests
{
    private static readonly MapShape Photo = new(299, 299, 3);

    [Fact]
    public void TheArticlesExampleAndItsSlip()
    {
        var layer = LayerCost.Conv2d(Photo, filters: 128, kernel: 4, padding: Pad.Same);
        Assert.Equal(new MapShape(299, 299, 128), layer.Output);
        Assert.Equal(6_272, layer.Parameters);
        Assert.Equal(549_279_744, layer.MultiplyAccumulates);
        Assert.Equal(4L * 299 * 299 * 128, layer.ActivationBytes);
        // as printed: 150 in the place of 128
        Assert.Equal(643_687_200, LayerCost.Conv2d(Photo, filters: 150, kernel: 4, padding: Pad.Same).MultiplyAccumulates);
    }

    [Fact]
    public void FlatteningKeepsEveryNumber() => Assert.Equal("1152", LayerCost.Flatten(new(3, 3, 128)).Output.ToString());

    [Fact]
    public void TheArticlesLayerTable()
    {
        var conv1 = LayerCost.Conv2d(new(28, 28, 1), filters: 12, kernel: 3, padding: Pad.Same);
        var pool1 = LayerCost.Pool2d(conv1.Output, kernel: 3, stride: 2);
        var conv2 = LayerCost.Conv2d(pool1.Output, filters: 16, kernel: 3, padding: Pad.Same);
        var pool2 = LayerCost.Pool2d(conv2.Output, kernel: 3, stride: 2);
        var flatten = LayerCost.Flatten(pool2.Output);
        var fc1 = LayerCost.Linear(flatten.Output, 256);
        var fc2 = LayerCost.Linear(fc1.Output, 100);
        var output = LayerCost.Linear(fc2.Output, 10);
        LayerCost[] layers = [conv1, pool1, conv2, pool2, flatten, fc1, fc2, output];

        Assert.Equal(
            ["28×28×12", "13×13×12", "13×13×16", "6×6×16", "576", "256", "100", "10"],
            layers.Select(layer => layer.Output.ToString()));
        Assert.Equal([120, 0, 1_744, 0, 0, 147_712, 25_700, 1_010], layers.Select(layer => layer.Parameters));
        Assert.Equal(176_286, layers.Sum(layer => layer.Parameters));
        Assert.Equal(
            [28L * 28 * 12 * 9, 0, 13L * 13 * 16 * 9 * 12, 0, 0, 576 * 256, 256 * 100, 100 * 10],
            layers.Select(layer => layer.MultiplyAccumulates));
        Assert.Equal(2_570, LayerCost.Linear(fc1.Output, 10).Parameters); // as published, the output reads fc1
    }

    [Fact]
    public void LeNet5HasItsParameters()
    {
        var conv1 = LayerCost.Conv2d(new(32, 32, 1), 6, 5);
        var conv2 = LayerCost.Conv2d(LayerCost.Pool2d(conv1.Output, 2, 2).Output, 16, 5);
        var fc1 = LayerCost.Linear(LayerCost.Pool2d(conv2.Output, 2, 2).Output, 120);
        var fc2 = LayerCost.Linear(fc1.Output, 84);
        LayerCost[] layers = [conv1, conv2, fc1, fc2, LayerCost.Linear(fc2.Output, 10)];

        Assert.Equal(61_706, layers.Sum(layer => layer.Parameters));
    }

    [Fact]
    public void WithoutBiasOnlyWeightsCount()
    {
        Assert.Equal(4 * 4 * 3 * 128, LayerCost.Conv2d(Photo, 128, 4, bias: false).Parameters);
        Assert.Equal(2_560, LayerCost.Linear(MapShape.Vector(256), 10, bias: false).Parameters);
    }

    [Fact]
    public void ImpossibleLayersAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LayerCost.Conv2d(Photo, 0, 3));
        Assert.Throws<ArgumentException>(() => LayerCost.Conv2d(new(2, 2, 1), 1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => LayerCost.Linear(MapShape.Vector(3), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MapShape(0, 1, 1));
        Assert.Throws<OverflowException>(() => new MapShape(int.MaxValue, int.MaxValue, 8).Count);
    }
}
