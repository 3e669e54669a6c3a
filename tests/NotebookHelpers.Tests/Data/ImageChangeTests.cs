using CsCheck;
using static TorchSharp.torch;

namespace NotebookHelpers.Tests.Data;

public sealed class ImageChangeTests
{
    private static readonly Gen<(byte[] Image, int Height, int Width)> Images =
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 12]).SelectMany((height, width) =>
            Gen.Byte.Array[height * width].Select(image => (image, height, width)));

    [Fact]
    public void RotationsAreThoseOfTorchsGridSample() =>
        Gen.Select(Images, Gen.Double[-400, 400]).Where((image, _) => image.Height > 1 && image.Width > 1).Sample((image, degrees) =>
        {
            var (pixels, height, width) = image;
            using var scope = NewDisposeScope();
            // affine_grid counts from −1 to 1 along each side, so sides of different lengths stretch the turn.
            var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
            var theta = tensor(new[]
            {
                cos, -sin * (height - 1) / (width - 1), 0,
                sin * (width - 1) / (height - 1), cos, 0,
            }).reshape(1, 2, 3);
            var grid = nn.functional.affine_grid(theta, [1, 1, height, width], align_corners: true);
            var turned = nn.functional.grid_sample(Tensor(pixels, height, width), grid, align_corners: true);
            var expected = turned.data<double>().ToArray();
            var found = Apply(ImageChange.Rotation(degrees), pixels, height, width);
            Assert.All(expected.Zip(found), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.5 + 1e-6));
        }, iter: 300);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(90, 1)]
    [InlineData(180, 2)]
    [InlineData(-90, 3)]
    [InlineData(450, 1)]
    public void QuarterTurnsLoseNothing(double degrees, int quarters) => Gen.Int[1, 9].SelectMany(side => Gen.Byte.Array[side * side]
        .Select(image => (image, side))).Sample((image, side) =>
    {
        using var scope = NewDisposeScope();
        var expected = Tensor(image, side, side).rot90(quarters, (2, 3)).contiguous().data<double>().ToArray();
        Assert.Equal(expected.Select(value => (byte)value), Apply(ImageChange.Rotation(degrees), image, side, side));
    }, iter: 50);

    [Fact]
    public void StrokesGrowAsByTorchsMaximumAndShrinkAsByItsMinimum() => Gen.Select(Images, Gen.Int[1, 5]).Sample((image, pixels) =>
    {
        var (source, height, width) = image;
        using var scope = NewDisposeScope();
        long before = pixels / 2, after = pixels - before;
        var padded = nn.functional.pad(Tensor(source, height, width), [before, after, before, after]);
        var largest = nn.functional.max_pool2d(padded, [pixels + 1, pixels + 1], [1, 1]).data<double>().ToArray();
        var smallest = nn.functional.max_pool2d(-padded, [pixels + 1, pixels + 1], [1, 1]).data<double>().ToArray();
        Assert.Equal(largest.Select(value => (byte)value), Apply(ImageChange.Thicker(pixels), source, height, width));
        Assert.Equal(smallest.Select(value => (byte)-value), Apply(ImageChange.Thinner(pixels), source, height, width));
    }, iter: 300);

    [Fact]
    public void ABarGrowsAndShrinksByWholePixels()
    {
        var bar = new byte[10 * 10];
        for (var row = 0; row < 10; row++)
            bar.AsSpan(row * 10 + 3, 3).Fill(200);
        Assert.Equal(3 + 2, Apply(ImageChange.Thicker(2), bar, 10, 10).Skip(50).Take(10).Count(value => value == 200));
        Assert.Equal(3 - 1, Apply(ImageChange.Thinner(1), bar, 10, 10).Skip(50).Take(10).Count(value => value == 200));
        Assert.DoesNotContain(Apply(ImageChange.Thinner(3), bar, 10, 10), value => value != 0);
    }

    [Fact]
    public void ShiftsMoveEachPixel() => Gen.Select(Images, Gen.Int[-4, 4], Gen.Int[-4, 4]).Sample((image, dx, dy) =>
    {
        var (source, height, width) = image;
        var found = Apply(ImageChange.Shift(dx, dy), source, height, width);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var inside = y - dy >= 0 && y - dy < height && x - dx >= 0 && x - dx < width;
                Assert.Equal(inside ? source[(y - dy) * width + x - dx] : 0, found[y * width + x]);
            }
    }, iter: 200);

    [Fact]
    public void AChangedSetKeepsLabelsAndClassesAndLeavesTheOriginalAlone()
    {
        var set = SampleDigits.Load().Test.Take(37);
        var before = set.Pixels(5);
        var change = ImageChange.Rotation(15);
        var changed = set.Changed(change);
        Assert.Equal((37, 28, 28, "test, turned by 15°"), (changed.Count, changed.Height, changed.Width, changed.Split));
        Assert.Equal(set.Classes, changed.Classes);
        for (var i = 0; i < set.Count; i++)
        {
            Assert.Equal(set.Label(i), changed.Label(i));
            Assert.Equal(Apply(change, set.Pixels(i), 28, 28), changed.Pixels(i));
            Assert.Equal(changed.Pixels(i), set.Changed(change).Pixels(i));
        }
        Assert.Equal(before, set.Pixels(5));
        Assert.Equal(set.Pixels(3), set.Changed(ImageChange.None).Pixels(3));
    }

    [Fact]
    public void AnAugmentedSetIsChangedAfterItsAugmentations()
    {
        var set = SampleDigits.Load().Test.Take(3).Augmented(Augmentation.FlipHorizontal);
        var changed = set.Changed(ImageChange.Thicker(1));
        Assert.Equal(6, changed.Count);
        Assert.Equal(Apply(ImageChange.Thicker(1), set.Pixels(4), 28, 28), changed.Pixels(4));
    }

    [Fact]
    public void AllImagesAreThoseOfTrainingThenThoseOfTesting()
    {
        var data = SampleDigits.Load();
        Assert.Equal(5000, data.All.Count);
        Assert.Equal(data.Train.Pixels(7), data.All.Pixels(7));
        Assert.Equal(data.Test.Pixels(7), data.All.Pixels(4007));
        Assert.Equal(data.Test.Label(8), data.All.Label(4008));
    }

    [Fact]
    public void NamesSayWhatIsDoneAndWrongAmountsAreRefused()
    {
        Assert.Equal(["unchanged", "unchanged", "shifted right 2 up 1", "turned by -7.5°", "thicker by 1", "thinner by 2"],
            new[]
            {
                ImageChange.None, ImageChange.Shift(0, 0), ImageChange.Shift(2, -1), ImageChange.Rotation(-7.5),
                ImageChange.Thicker(1), ImageChange.Thinner(2),
            }.Select(change => change.ToString()));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageChange.Rotation(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageChange.Thicker(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageChange.Thinner(28));
        Assert.Throws<ArgumentException>(() => ImageChange.None.Apply(new byte[4], new byte[5], 2, 2));
    }

    private static Tensor Tensor(byte[] image, int height, int width) =>
        tensor(image.Select(value => (double)value).ToArray()).reshape(1, 1, height, width);

    private static byte[] Apply(ImageChange change, byte[] image, int height, int width)
    {
        var target = new byte[image.Length];
        change.Apply(image, target, height, width);
        return target;
    }
}
