using CsCheck;
using NotebookHelpers.Tests.Training;
using static TorchSharp.torch;

namespace NotebookHelpers.Tests.Models.Fast;

[Collection(TorchAlone.Name)]
public sealed class FastConvolutionTests
{
    [Fact]
    public void Every_step_gives_the_maps_of_the_lesson_by_hand() => Gen.Select(
        Gen.Int[1, 20], Gen.Int[3, 16], Gen.Int[3, 30], Gen.Int[0, 2], Gen.Int[1, 16], Gen.Int[0, 1000]).Sample(test =>
    {
        var (images, height, width, half, filters, seed) = test;
        var (pixels, weights) = Random(images, height, width, filters, 2 * half + 1, seed);
        var fast = new FastConvolution(pixels, weights);
        foreach (var step in new Action<float[]>[]
                 { fast.FourLoops, fast.Spans, fast.InMemoryOrder, fast.VectorOfFilters, fast.SeveralSums })
        {
            var maps = fast.NewMaps();
            Array.Fill(maps, float.NaN);   // nothing is left as it was
            step(maps);
            var (image, filter) = (images - 1, filters - 1);
            var expected = Convolution.CrossCorrelate(Table(pixels, image), Table(weights, filter), padding: Pad.Same).Values;
            for (var row = 0; row < height; row++)
                for (var column = 0; column < width; column++)
                    Assert.Equal(expected[row, column], maps[((image * height + row) * width + column) * 16 + filter], 1e-4);
        }
    }, iter: 40);

    [Fact]
    public void With_pooling_the_steps_give_what_torch_gives()
    {
        using var scope = NewDisposeScope();
        var (pixels, weights) = Random(37, 28, 28, 12, 3, 1);
        var fast = new FastConvolution(pixels, weights);
        var maps = nn.functional.conv2d(tensor(pixels).unsqueeze(1), tensor(weights).unsqueeze(1), padding: [1, 1]);
        var expected = nn.functional.max_pool2d(maps, [3, 3], [2, 2]).permute(0, 2, 3, 1);
        foreach (var step in new Action<float[]>[] { fast.Pooled, fast.PooledOnThreads })
        {
            var pooled = fast.NewPooled();
            step(pooled);
            Assert.True(expected.allclose(tensor(pooled).reshape(37, 13, 13, 16).narrow(3, 0, 12), 1e-5, 1e-5));
        }
    }

    [Fact]
    public void Every_step_computes_the_images_that_were_given_whatever_becomes_of_them()
    {
        var (pixels, weights) = Random(2, 5, 5, 3, 3, 1);
        var fast = new FastConvolution(pixels, weights);
        (pixels[0, 2, 2], weights[0, 1, 1]) = (100, 100);
        float[] simple = fast.NewMaps(), spans = fast.NewMaps();

        fast.FourLoops(simple);
        fast.Spans(spans);

        Assert.All(simple.Zip(spans), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void An_array_that_is_too_short_is_named()
    {
        var fast = new FastConvolution(new float[1, 3, 3], new float[1, 1, 1]);

        Assert.Equal("maps", Assert.Throws<ArgumentException>(() => fast.Spans(new float[1])).ParamName);
        Assert.Equal("pooled", Assert.Throws<ArgumentException>(() => fast.Pooled([])).ParamName);
        Assert.Equal("maps", Assert.Throws<ArgumentNullException>(() => fast.FourLoops(null!)).ParamName);
    }

    [Fact]
    public void Other_sizes_are_refused_with_what_was_expected()
    {
        AssertRefused(new float[1, 2, 28], new float[1, 3, 3], "1 of 2×28");
        AssertRefused(new float[0, 28, 28], new float[1, 3, 3], "0 of 28×28");
        AssertRefused(new float[1, 28, 28], new float[17, 3, 3], "17 of 3×3");
        AssertRefused(new float[1, 28, 28], new float[1, 4, 4], "1 of 4×4");
        var fast = new FastConvolution(new float[1, 28, 28], new float[1, 3, 3]);
        Assert.Throws<ArgumentException>(() => fast.Spans(new float[28 * 28]));
        Assert.Throws<ArgumentException>(() => fast.Pooled([]));
        Assert.Equal(28 * 28 * 9, fast.MultiplyAdds);

        static void AssertRefused(float[,,] images, float[,,] filters, string found) =>
            Assert.Contains(found, Assert.Throws<ArgumentException>(() => new FastConvolution(images, filters)).Message);
    }

    private static (float[,,] Pixels, float[,,] Weights) Random(int images, int height, int width, int filters, int kernel, int seed)
    {
        var random = new Random(seed);
        var (pixels, weights) = (new float[images, height, width], new float[filters, kernel, kernel]);
        foreach (var array in new[] { pixels, weights })
            for (var i = 0; i < array.GetLength(0); i++)
                for (var j = 0; j < array.GetLength(1); j++)
                    for (var k = 0; k < array.GetLength(2); k++)
                        array[i, j, k] = 2 * random.NextSingle() - 1;
        return (pixels, weights);
    }

    private static double[,] Table(float[,,] tables, int index)
    {
        var table = new double[tables.GetLength(1), tables.GetLength(2)];
        for (var row = 0; row < table.GetLength(0); row++)
            for (var column = 0; column < table.GetLength(1); column++)
                table[row, column] = tables[index, row, column];
        return table;
    }
}
