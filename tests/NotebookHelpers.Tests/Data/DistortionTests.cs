using CsCheck;
using NotebookHelpers.Tests.Training;
using static TorchSharp.torch;

namespace NotebookHelpers.Tests.Data;

[Collection(TorchAlone.Name)]
public sealed class DistortionTests
{
    private static readonly DigitSet Digits = SampleDigits.Load().Train;

    private static byte[] Apply(Distortion distortion, byte[] image, int height, int width, ulong seed)
    {
        var target = new byte[image.Length];
        var random = new SplitMix(seed);
        distortion.Apply(image, target, height, width, ref random);
        return target;
    }

    [Fact]
    public void Without_limits_nothing_changes() => Gen.Select(Gen.Int[1, 30], Gen.Int[1, 30], Gen.ULong).SelectMany(
        (height, width, seed) => Gen.Byte.Array[height * width].Select(image => (height, width, seed, image))).Sample(test =>
            Assert.Equal(test.image, Apply(new Distortion(), test.image, test.height, test.width, test.seed)));

    /// <summary>torch's own sampler, given the matrix of the amounts that the same random numbers make.</summary>
    [Fact]
    public void A_whole_image_moves_as_torchs_grid_sample_moves_it() => Gen.Select(
        Gen.Int[0, Digits.Count - 1], Gen.ULong, Gen.Double[0, 40], Gen.Double[0, 0.3], Gen.Double[0, 0.5], Gen.Double[0, 4])
        .Sample(test =>
        {
            var (index, seed, rotation, scale, shear, shift) = test;
            using var scope = NewDisposeScope();
            var distortion = new Distortion { Rotation = rotation, Scale = scale, Shear = shear, Shift = shift };
            var found = Apply(distortion, Digits.Pixels(index), 28, 28, seed);

            var random = new SplitMix(seed);
            double angle = random.Within(rotation) * Math.PI / 180, slant = random.Within(shear);
            double wide = 1 + random.Within(scale), high = 1 + random.Within(scale);
            double moveX = random.Within(shift), moveY = random.Within(shift);
            // Scale, then shear, then turn, then move, from source to result; grid_sample wants the way back.
            var forth = tensor(new[] { Math.Cos(angle), -Math.Sin(angle), Math.Sin(angle), Math.Cos(angle) }, [2, 2])
                .matmul(tensor(new[] { 1, -slant, 0, 1 }, [2, 2])).matmul(tensor(new[] { wide, 0, 0, high }, [2, 2]));
            var back = linalg.inv(forth);
            var offset = back.matmul(tensor(new[] { moveX, moveY }, [2, 1])).neg() / 13.5;   // 1 in the grid is half of 27 pixels
            var grid = nn.functional.affine_grid(cat([back, offset], 1).unsqueeze(0), [1, 1, 28, 28], align_corners: true);
            var source = tensor(Digits.Pixels(index)).to(ScalarType.Float64).reshape(1, 1, 28, 28);
            var expected = nn.functional.grid_sample(source, grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Zeros, true).flatten();
            // Places and weights are in 1/256 pixel here, so an edge from 0 to 255 may be off by a few.
            var apart = (expected - tensor(found).to(ScalarType.Float64)).abs();
            Assert.InRange(apart.max().item<double>(), 0, 6);
            Assert.InRange(apart.mean().item<double>(), 0, 0.6);
        }, iter: 200, threads: 1);

    [Fact]
    public void Elastic_bends_by_no_more_than_its_limit() => Gen.Select(
        Gen.Int[1, 28], Gen.Int[1, 28], Gen.Double[0, 7], Gen.ULong).Sample(test =>
    {
        // In a picture whose values rise by 9 a column, a place that is at most e columns off is at most 9·e grey levels off.
        var (height, width, elastic, seed) = test;
        var image = Enumerable.Range(0, height * width).Select(i => (byte)(9 * (i % width))).ToArray();
        var bent = Apply(new Distortion { Elastic = elastic }, image, height, width, seed);
        var margin = (int)Math.Ceiling(elastic);
        for (var y = margin; y < height - margin; y++)
            for (var x = margin; x < width - margin; x++)
                Assert.InRange(bent[y * width + x] - image[y * width + x], -9 * elastic - 2, 9 * elastic + 2);
    });

    [Fact]
    public void Batches_are_distorted_anew_in_each_epoch_and_the_same_for_the_same_seed()
    {
        byte[] Images(int seed, int epoch)
        {
            using var scope = NewDisposeScope();
            var batches = new Batches(Digits.Take(40), 16, seed, distortion: Distortion.Usual);
            return [.. batches.Epoch(epoch).SelectMany(batch => batch.Images.bytes.ToArray())];
        }

        Assert.Equal(Images(3, 1), Images(3, 1));
        Assert.NotEqual(Images(3, 1), Images(3, 2));
        Assert.NotEqual(Images(3, 1), Images(4, 1));
        var plain = new Batches(Digits.Take(40), 40).Epoch(0).First();
        using var distorted = new Batches(Digits.Take(40), 40, distortion: Distortion.Usual).Epoch(0).First();
        Assert.Equal(plain.Labels.data<long>().ToArray(), distorted.Labels.data<long>().ToArray());
        plain.Dispose();
    }

    /// <summary>A stack too small for the nodes of this image would end the process.</summary>
    [Fact]
    public void An_image_may_be_large()
    {
        const int Side = 2100;
        var image = Enumerable.Range(0, Side * Side).Select(i => (byte)(i % 251)).ToArray();
        byte[]? found = null;
        var thread = new Thread(() => found = Apply(new Distortion(), image, Side, Side, 1), maxStackSize: 512 * 1024);
        thread.Start();
        Assert.True(thread.Join(TimeSpan.FromMinutes(10)));
        Assert.Equal(image, found);
    }

    [Theory]
    [InlineData(-1, 0, 0, "Rotation")]
    [InlineData(double.NaN, 0, 0, "Rotation")]
    [InlineData(0, 0.6, 0, "Scale")]
    [InlineData(0, 0, 8, "Elastic")]
    public void Limits_out_of_range_are_refused_by_name(double rotation, double scale, double elastic, string name)
    {
        Distortion Distorted() => new() { Rotation = rotation, Scale = scale, Elastic = elastic };
        Assert.Contains(name, Assert.Throws<ArgumentOutOfRangeException>(Distorted).Message);
    }
}
