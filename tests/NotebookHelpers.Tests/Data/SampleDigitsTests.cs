using System.Security.Cryptography;
using BigGustave;

namespace NotebookHelpers.Tests.Data;

public sealed class SampleDigitsTests
{
    [Fact]
    public void TheEmbeddedSheetIsOpenCVs()
    {
        using var sheet = Sheet();
        Assert.Equal("60c917758ef97cc090f35cd8e293e4de691ef942847da0ff80dedab33d57c662", Convert.ToHexStringLower(SHA256.HashData(sheet)));
    }

    [Fact]
    public void TheSplitIsStratifiedAndEverySliceBalanced()
    {
        var sample = SampleDigits.Load();
        Assert.Equal((4000, 1000), (sample.Train.Count, sample.Test.Count));
        Assert.Equal((28, 28), (sample.Train.Height, sample.Train.Width));
        Assert.All(sample.Train.LabelCounts(), count => Assert.Equal(400, count));
        Assert.All(sample.Test.LabelCounts(), count => Assert.Equal(100, count));
        Assert.All(sample.Train.Take(50).LabelCounts(), count => Assert.Equal(5, count));
        Assert.True(sample.IsSample);
    }

    [Fact]
    public void EveryDigitOfTheSheetIsThereWithAllItsInkAndItsLabel()
    {
        using var stream = Sheet();
        var sheet = Png.Open(stream);
        var expected = Enumerable.Range(0, 5000).Select(cell => (Label: cell / 500, Ink: (
            from y in Enumerable.Range(cell / 100 * 20, 20)
            from x in Enumerable.Range(cell % 100 * 20, 20)
            select (int)sheet.GetPixel(x, y).R).Sum()));
        var sample = SampleDigits.Load();
        var found = new[] { sample.Train, sample.Test }.SelectMany(set =>
            Enumerable.Range(0, set.Count).Select(i => (Label: (int)set.Label(i), Ink: set.Pixels(i).Sum(pixel => pixel))));
        Assert.Equal(expected.Order(), found.Order());
    }

    [Fact]
    public void EachDigitsCentreOfMassIsNearestToPixel14()
    {
        var set = SampleDigits.Load().Train;
        for (var i = 0; i < set.Count; i++)
        {
            var pixels = set.Pixels(i);
            double mass = pixels.Sum(pixel => pixel);
            var x = pixels.Select((pixel, at) => pixel * (at % 28)).Sum() / mass;
            var y = pixels.Select((pixel, at) => pixel * (at / 28)).Sum() / mass;
            Assert.InRange(x, 13.5, 14.5);
            Assert.InRange(y, 13.5, 14.5);
        }
    }

    [Fact]
    public void InkAtTheEdgeIsKeptWhereTheCentreWouldPushItOut()
    {
        // A heavy right edge and one dark pixel at the left: centred exactly, that pixel would leave the image.
        var source = new byte[400];
        for (var row = 0; row < 20; row++)
            source[row * 20 + 19] = 255;
        source[0] = 1;
        var target = new byte[784];
        SampleDigits.Centre(source, target);
        Assert.Equal(source.Sum(pixel => pixel), target.Sum(pixel => pixel));
        SampleDigits.Centre(new byte[400], target);
        Assert.All(target, pixel => Assert.Equal(0, pixel));
    }

    private static Stream Sheet() => typeof(SampleDigits).Assembly.GetManifestResourceStream("digits.png")!;
}
