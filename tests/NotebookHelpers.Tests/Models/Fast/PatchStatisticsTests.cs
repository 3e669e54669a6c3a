using CsCheck;
using NotebookHelpers.Tests.Training;
using static TorchSharp.torch;

namespace NotebookHelpers.Tests.Models.Fast;

[Collection(TorchAlone.Name)]
public sealed class PatchStatisticsTests
{
    private static readonly Gen<(int Images, int Height, int Width, int Kernel)> SomeSizes =
        from images in Gen.OneOf(Gen.Const(1), Gen.Int[2, 40])
        from height in Gen.Int[1, 30]
        from width in Gen.Int[1, 30]
        from kernel in Gen.Int[0, 3].Select(half => 2 * half + 1)
        select (images, height, width, kernel);

    /// <summary>Small whole numbers: the products' sums are exact.</summary>
    [Fact]
    public void Mean_and_covariance_are_those_of_torchs_patches() => SomeSizes.Sample(sizes =>
    {
        using var scope = NewDisposeScope();
        var (images, height, width, kernel) = sizes;
        var input = randint(-3, 6, [images, 1, height, width]).to(ScalarType.Float32);
        // One patch a row.
        var patches = nn.functional.unfold(input, (kernel, kernel), padding: (kernel / 2, kernel / 2))
            .transpose(1, 2).flatten(0, 1).to(ScalarType.Float64);
        var expected = patches.mean([0L]);
        var centred = patches - expected;

        var (mean, covariance) = PatchStatistics.Of(input, kernel);

        AssertClose(expected, mean);
        AssertClose(centred.t().mm(centred) / patches.shape[0], covariance);
    }, iter: 200, threads: 1);

    [Fact]
    public void Images_that_lie_otherwise_in_memory_are_read_as_they_are()
    {
        using var scope = NewDisposeScope();
        var input = rand(20, 1, 9, 14);
        var (mean, covariance) = PatchStatistics.Of(input.transpose(2, 3).contiguous().transpose(2, 3), 3);
        var (expectedMean, expectedCovariance) = PatchStatistics.Of(input, 3);
        AssertClose(expectedMean, mean);
        AssertClose(expectedCovariance, covariance);
    }

    [Fact]
    public void One_thread_and_several_give_the_same_bits()
    {
        using var scope = NewDisposeScope();
        var input = rand(100, 1, 28, 28);
        var threads = get_num_threads();
        try
        {
            set_num_threads(1);
            var (mean, covariance) = PatchStatistics.Of(input, 5);
            set_num_threads(3);
            var (otherMean, otherCovariance) = PatchStatistics.Of(input, 5);
            Assert.True(mean.eq(otherMean).all().item<bool>());
            Assert.True(covariance.eq(otherCovariance).all().item<bool>());
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    private static void AssertClose(Tensor expected, Tensor found)
    {
        var apart = (expected - found).abs().max().to(ScalarType.Float64).item<double>();
        Assert.True(expected.allclose(found.to(expected.dtype), 1e-6, 1e-6), $"off by {apart}");
    }
}
