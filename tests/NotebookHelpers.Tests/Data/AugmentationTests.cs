using CsCheck;

namespace NotebookHelpers.Tests.Data;

public sealed class AugmentationTests
{
    // An image of any small size, as (height, width, pixels).
    private static readonly Gen<(int Height, int Width, byte[] Pixels)> Images =
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 9]).SelectMany((height, width) =>
            Gen.Byte.Array[height * width].Select(pixels => (height, width, pixels)));

    [Fact]
    public void EachPixelComesFromWhereTheDefinitionSays() =>
        Gen.Select(Images, Gen.Int[-11, 11], Gen.Int[-11, 11]).Sample((image, dx, dy) =>
        {
            var (height, width, pixels) = image;
            var shifted = Apply(Augmentation.Shift(dx, dy), image);
            var mirrored = Apply(Augmentation.FlipHorizontal, image);
            var upended = Apply(Augmentation.FlipVertical, image);
            for (var y = 0; y < height; y++)
                for (var x = 0; x < width; x++)
                {
                    var (fromY, fromX) = (y - dy, x - dx);
                    var inside = fromY >= 0 && fromY < height && fromX >= 0 && fromX < width;
                    Assert.Equal(inside ? pixels[fromY * width + fromX] : 0, shifted[y * width + x]);
                    Assert.Equal(pixels[y * width + width - 1 - x], mirrored[y * width + x]);
                    Assert.Equal(pixels[(height - 1 - y) * width + x], upended[y * width + x]);
                }
        });

    [Fact]
    public void FlipsAreTheirOwnInverse() => Images.Sample(image =>
    {
        foreach (var flip in new[] { Augmentation.FlipHorizontal, Augmentation.FlipVertical, Augmentation.Identity })
            Assert.Equal(image.Pixels, Apply(flip, (image.Height, image.Width, Apply(flip, image))));
    });

    [Fact]
    public void AShiftBackRestoresAllButWhatLeft() =>
        Gen.Select(Images, Gen.Int[-3, 3], Gen.Int[-3, 3]).Sample((image, dx, dy) =>
        {
            var (height, width, pixels) = image;
            var back = Apply(Augmentation.Shift(-dx, -dy), (height, width, Apply(Augmentation.Shift(dx, dy), image)));
            for (var y = 0; y < height; y++)
                for (var x = 0; x < width; x++)
                {
                    var stayed = y + dy >= 0 && y + dy < height && x + dx >= 0 && x + dx < width;
                    Assert.Equal(stayed ? pixels[y * width + x] : 0, back[y * width + x]);
                }
        });

    [Fact]
    public void TheArticlesShiftsAreRightLeftUpDown()
    {
        byte[] image = [0, 0, 0, 0, 9, 0, 0, 0, 0];
        int[] centreGoesTo = [5, 3, 1, 7];
        Assert.Equal(centreGoesTo, Augmentation.Shifts.Select(shift => Array.IndexOf(Apply(shift, (3, 3, image)), (byte)9)));
        Assert.Equal(["shift right 1", "shift left 1", "shift up 1", "shift down 1", "flip horizontal"],
            Augmentation.ShiftsAndFlip.Select(augmentation => augmentation.ToString()));
    }

    [Theory]
    [InlineData(int.MaxValue, 0)]
    [InlineData(int.MinValue, 0)]
    [InlineData(0, int.MaxValue)]
    [InlineData(0, int.MinValue)]
    [InlineData(3, 0)]
    [InlineData(-3, 3)]
    public void AShiftPastTheEdgeLeavesZeros(int dx, int dy) =>
        Assert.All(Apply(Augmentation.Shift(dx, dy), (3, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9])), pixel => Assert.Equal(0, pixel));

    [Fact]
    public void TheTargetIsWrittenWhollyAndMayNotOverlap()
    {
        var image = new byte[12];
        var target = Enumerable.Repeat((byte)7, 12).ToArray();
        Augmentation.Shift(1, 1).Apply(image, target, 3, 4);
        Assert.All(target, pixel => Assert.Equal(0, pixel));
        Assert.Throws<ArgumentException>(() => Augmentation.FlipHorizontal.Apply(image, image, 3, 4));
        Assert.Throws<ArgumentException>(() => Augmentation.FlipHorizontal.Apply(image, new byte[11], 3, 4));
        Assert.Throws<ArgumentException>(() => Augmentation.FlipHorizontal.Apply(image, target, 3, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Augmentation.FlipHorizontal.Apply([], [], 0, 5));
    }

    private static byte[] Apply(Augmentation augmentation, (int Height, int Width, byte[] Pixels) image)
    {
        var target = new byte[image.Pixels.Length];
        augmentation.Apply(image.Pixels, target, image.Height, image.Width);
        return target;
    }
}
