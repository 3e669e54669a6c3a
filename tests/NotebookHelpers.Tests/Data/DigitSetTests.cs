using CsCheck;

namespace NotebookHelpers.Tests.Data;

public sealed class DigitSetTests
{
    [Fact]
    public void AnAugmentedSetIsTheOriginalThenOneBlockForEachChange() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 6], Gen.Int[1, 6]).Sample((count, height, width) =>
        {
            var set = Random(count, height, width);
            var augmented = set.Augmented(Augmentation.ShiftsAndFlip);
            Assert.Equal(6 * count, augmented.Count);
            var expected = new byte[height * width];
            for (var i = 0; i < augmented.Count; i++)
            {
                var change = i < count ? Augmentation.Identity : Augmentation.ShiftsAndFlip[i / count - 1];
                change.Apply(set.Pixels(i % count), expected, height, width);
                Assert.Equal(expected, augmented.Pixels(i));
                Assert.Equal(set.Label(i % count), augmented.Label(i));
                Assert.Equal(i % count, augmented.OriginalIndex(i));
            }
        }, iter: 50);

    [Fact]
    public void TheArticlesSetsAreViewsNotCopies()
    {
        var set = DigitSet.Create(new byte[60_000 * 4], new byte[60_000], 2, 2);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(300_000, set.Augmented(Augmentation.Shifts).Count);
        Assert.Equal(360_000, set.Augmented(Augmentation.ShiftsAndFlip).Count);
        // An index and a change for each image, whatever the images' size.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 660_000 * 5 + 100_000);
    }

    [Fact]
    public void ValidationSplitsWithoutOverlapAndRepeatsBySeed() =>
        Gen.Select(Gen.Int[2, 60], Gen.Int, Gen.Int[1, 59]).Where((count, _, held) => held < count).Sample((count, seed, held) =>
        {
            var set = Random(count, 2, 3);
            var (train, validation) = set.Validation(held, seed);
            Assert.Equal((count - held, held), (train.Count, validation.Count));
            Assert.Equal(("train", "validation"), (train.Split, validation.Split));
            Assert.Equal(Enumerable.Range(0, count), Originals(train).Concat(Originals(validation)).Order());
            Assert.Equal(Originals(validation), Originals(set.Validation(held, seed).Validation));
        }, iter: 100);

    [Fact]
    public void SplittingAfterAugmentingIsRefused()
    {
        var augmented = Random(10, 2, 2).Augmented(Augmentation.FlipVertical);
        Assert.Contains("Split first", Assert.Throws<InvalidOperationException>(() => augmented.Validation(2, 1)).Message);
        Assert.Throws<InvalidOperationException>(() => augmented.Augmented(Augmentation.FlipVertical));
        Assert.Throws<ArgumentOutOfRangeException>(() => Random(10, 2, 2).Validation(10, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Random(10, 2, 2).Validation(0, 1));
    }

    [Fact]
    public void SelectionsOfAnAugmentedSetKeepTheirChanges()
    {
        var set = Random(4, 3, 3).Augmented(Augmentation.Shifts);
        var selected = set.Select(0, 19, 7, 7);
        Assert.Equal(new[] { 0, 19, 7, 7 }.Select(set.Pixels), Enumerable.Range(0, 4).Select(selected.Pixels));
        Assert.Equal(4, set.Take(4).Count);
        Assert.Equal(20, set.Take(1000).Count);
        var label = set.Label(2);
        var chosen = set.Where(value => value == label);
        Assert.All(Enumerable.Range(0, chosen.Count), i => Assert.Equal(label, chosen.Label(i)));
        Assert.Equal(5 * set.Take(4).LabelCounts()[label], set.LabelCounts()[label]);
    }

    [Fact]
    public void ImagesAreNumberedFromZero()
    {
        var set = Random(3, 2, 2);
        foreach (var index in new[] { -1, 3, int.MaxValue })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => set.Pixels(index));
            Assert.Throws<ArgumentOutOfRangeException>(() => set.Label(index));
            Assert.Throws<ArgumentOutOfRangeException>(() => set.OriginalIndex(index));
            Assert.Throws<ArgumentOutOfRangeException>(() => set.Select(index));
        }
        Assert.Throws<ArgumentException>(() => set.CopyTo(0, new byte[3]));
    }

    [Fact]
    public void PixelsAreACopyAndTheMatrixIsFromZeroToOne()
    {
        var set = DigitSet.Create([0, 51, 255, 102], [7], 2, 2);
        set.Pixels(0)[1] = 99;
        Assert.Equal(new[,] { { 0.0, 0.2 }, { 1.0, 0.4 } }, set.Matrix(0));
    }

    [Fact]
    public void OwnSetsAreChecked()
    {
        Assert.Throws<ArgumentException>(() => DigitSet.Create(new byte[7], new byte[2], 2, 2));
        Assert.Contains("12", Assert.Throws<ArgumentException>(() => DigitSet.Create(new byte[8], [3, 12], 2, 2)).Message);
        Assert.Throws<ArgumentException>(() => DigitSet.Create(new byte[4], [2], 2, 2, classes: ["cat", "dog"]));
        Assert.Equal(0, DigitSet.Create([], [], 2, 2).Count);
    }

    [Fact]
    public void ShufflingPermutesAllImagesAndTakesTheFirstForTesting()
    {
        var sample = SampleDigits.Load();
        var shuffled = sample.Shuffled(5);
        Assert.Equal((4000, 1000), (shuffled.Train.Count, shuffled.Test.Count));
        Assert.Equal(("train", "test"), (shuffled.Train.Split, shuffled.Test.Split));
        Assert.Equal(Permutation.Of(5000, 5), Originals(shuffled.Test).Concat(Originals(shuffled.Train)));
        Assert.NotEqual(Originals(shuffled.Test), Originals(sample.Shuffled(6).Test));
        Assert.True(shuffled.IsSample);
        Assert.Contains("not MNIST", shuffled.ToText());
    }

    [Fact]
    public void ThePermutationIsSplitMixAndFisherYates()
    {
        // The generator's published outputs for the state 1234567.
        var random = new SplitMix(1234567);
        ulong[] published = [6457827717110365317, 3203168211198807973, 9817491932198370423];
        Assert.Equal(published, new[] { random.Next(), random.Next(), random.Next() });
        Gen.Select(Gen.Int[0, 300], Gen.Int, Gen.Int[0, 1000]).Sample((count, seed, stream) =>
        {
            Assert.Equal(Enumerable.Range(0, count), Permutation.Of(count, seed, stream).Order());
            Assert.Equal(Permutation.Of(count, seed, stream), Permutation.Of(count, seed, stream));
        }, iter: 100);
        // Every order of three turns up about as often as any other.
        var counts = Enumerable.Range(0, 6000).CountBy(seed => string.Join("", Permutation.Of(3, seed))).ToDictionary();
        Assert.Equal(6, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 850, 1150));
    }

    internal static DigitSet Random(int count, int height, int width)
    {
        var random = new Random(count);
        var pixels = new byte[count * height * width];
        random.NextBytes(pixels);
        return DigitSet.Create(pixels, [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(10))], height, width);
    }

    private static IEnumerable<int> Originals(DigitSet set) => Enumerable.Range(0, set.Count).Select(set.OriginalIndex);
}
