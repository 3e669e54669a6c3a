using CsCheck;
using TorchSharp;

namespace NotebookHelpers.Tests.Data;

public sealed class BatchesTests
{
    [Fact]
    public void EveryImageComesOnceAnEpochWithItsLabel() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 15], Gen.Int[1, 9], Gen.Bool, Gen.Bool).Sample((count, size, side, shuffle, augment) =>
        {
            var set = DigitSetTests.Random(count, side, side + 1);
            set = augment ? set.Augmented(Augmentation.ShiftsAndFlip) : set;
            var batches = new Batches(set, size, shuffle ? 3 : null);
            var order = shuffle ? Permutation.Of(set.Count, 3, 2) : [.. Enumerable.Range(0, set.Count)];
            var (at, number) = (0, 0);
            foreach (var batch in batches.Epoch(2))
            {
                number++;
                Assert.Equal([batch.Count, 1, side, side + 1], batch.Images.shape);
                Assert.Equal((torch.ScalarType.Float32, torch.ScalarType.Int64), (batch.Images.dtype, batch.Labels.dtype));
                var images = batch.Images.data<float>().ToArray();
                var labels = batch.Labels.data<long>().ToArray();
                for (var i = 0; i < batch.Count; i++, at++)
                {
                    Assert.Equal(set.Label(order[at]), labels[i]);
                    var pixels = side * (side + 1);
                    Assert.Equal(set.Pixels(order[at]).Select(pixel => pixel / 255f), images.Skip(i * pixels).Take(pixels));
                }
            }
            Assert.Equal((set.Count, batches.Count), (at, number));
        }, iter: 60);

    [Theory]
    [InlineData(10, 4, false, new[] { 4, 4, 2 })]
    [InlineData(10, 4, true, new[] { 4, 4 })]
    [InlineData(8, 4, true, new[] { 4, 4 })]
    [InlineData(3, 128, false, new[] { 3 })]
    public void TheLastPartialBatchIsKeptOrDropped(int count, int size, bool drop, int[] expected)
    {
        var batches = new Batches(DigitSetTests.Random(count, 2, 2), size, dropLast: drop);
        Assert.Equal(expected.Length, batches.Count);
        Assert.Equal(expected, batches.Epoch(0).Select(batch => batch.Count));
    }

    [Fact]
    public void AnEpochsOrderDependsOnSeedAndEpochAlone()
    {
        var set = DigitSetTests.Random(500, 1, 1);
        long[] Labels(int seed, int epoch) =>
            [.. new Batches(set, 64, seed).Epoch(epoch).SelectMany(batch => batch.Labels.data<long>().ToArray())];
        torch.manual_seed(1);
        var first = Labels(7, 3);
        torch.manual_seed(2);
        var before = torch.get_rng_state();
        Assert.Equal(first, Labels(7, 3));
        Assert.True(before.Equals(torch.get_rng_state()));
        Assert.NotEqual(first, Labels(7, 4));
        Assert.NotEqual(first, Labels(8, 3));
        Assert.NotEqual(Labels(7, 4), Labels(8, 3));
    }

    [Fact]
    public void BatchesAreDisposedAsTheLoopGoesOnAndTheLastBelongsToTheCaller()
    {
        var batches = new Batches(DigitSetTests.Random(20, 2, 2), 4);
        using var kept = batches.Epoch(0).First();
        Assert.Equal(4, kept.Images.shape[0]);

        var seen = new List<Batch>();
        foreach (var batch in batches.Epoch(0))
        {
            Assert.All(seen, earlier => Assert.True(earlier.Images.IsInvalid && earlier.Labels.IsInvalid));
            seen.Add(batch);
        }
        Assert.All(seen, earlier => Assert.True(earlier.Images.IsInvalid && earlier.Labels.IsInvalid));
    }

    [Fact]
    public void EpochsLeaveNoTensorBehind()
    {
        var set = DigitSetTests.Random(100, 4, 4).Augmented(Augmentation.Shifts);
        using var scope = torch.NewDisposeScope();
        for (var epoch = 0; epoch < 3; epoch++)
            foreach (var batch in new Batches(set, 32, 1).Epoch(epoch))
                Assert.True(batch.Count > 0);
        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void ASetWithoutABatchIsRefusedAtOnce()
    {
        var set = DigitSetTests.Random(5, 2, 2);
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => new Batches(set.Take(0))).Message);
        Assert.Contains("dropLast", Assert.Throws<ArgumentException>(() => new Batches(set, 6, dropLast: true)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Batches(set, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Batches(set).Epoch(-1));
    }

    [Fact]
    public void VectorsDivideAsTheProcessorDoes()
    {
        byte[] bytes = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];
        for (var length = 0; length < 300; length++)
        {
            var values = new float[length];
            Batches.ToUnitInterval(bytes.AsSpan(bytes.Length - length), values);
            Assert.Equal(bytes[^length..].Select(value => value / 255f), values);
        }
    }
}
