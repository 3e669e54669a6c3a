using BigGustave;
using CsCheck;
using static TorchSharp.torch;

namespace NotebookHelpers.Tests.Data;

public sealed class DigitGridTests
{
    [Fact]
    public void AnyGreyPictureComesBackFromItsPng() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40])
            .SelectMany((height, width) => Gen.Byte.Array[height * width].Select(pixels => (height, width, pixels)))
            .Sample(picture =>
            {
                var png = Png.Open(PngEncoder.Grey(picture.pixels, picture.height, picture.width));
                Assert.Equal((picture.height, picture.width), (png.Height, png.Width));
                for (var y = 0; y < picture.height; y++)
                    for (var x = 0; x < picture.width; x++)
                        Assert.Equal(picture.pixels[y * picture.width + x], png.GetPixel(x, y).R);
            }, iter: 100);

    [Fact]
    public void InkIsDarkOnWhiteAndEveryPixelIsThere()
    {
        var tile = Gradient("7");
        var html = Hostile.Parse(new DigitGrid([tile]).ToHtml());
        var image = html.QuerySelector("img")!;
        Assert.Equal("84", image.GetAttribute("width"));
        Assert.Equal("Image: 7", image.GetAttribute("alt"));
        var png = Png.Open(Convert.FromBase64String(image.GetAttribute("src")!["data:image/png;base64,".Length..]));
        for (var i = 0; i < 28 * 28; i++)
            Assert.Equal(255 - tile.Pixels[i], png.GetPixel(i % 28, i / 28).R);
    }

    [Theory]
    [InlineData("7", 10)]
    [InlineData("original", 7)]
    [InlineData("a caption of many words", 3)]
    public void ColumnsAreEquallyWideAndTakeTheLongestWord(string caption, int columns)
    {
        var tiles = Enumerable.Range(0, columns).Select(column => Gradient(column == 0 ? caption : "1"));
        var style = Style(new DigitGrid(tiles, columns));
        Assert.Contains("table-layout:fixed", style);
        var least = Pixels(style, "min-width:") / columns;
        var most = Pixels(style, "max-width:") / columns;
        Assert.InRange(least, 8 * caption.Split(' ').Max(word => word.Length), most);
        Assert.True(most >= 84);
    }

    [Fact]
    public void AnyTensorOfImagesIsShown()
    {
        using var scope = NewDisposeScope();
        var batch = arange(2 * 5 * 4).reshape(2, 1, 5, 4).to(ScalarType.Float32) / 39;
        var expected = new DigitGrid(Enumerable.Range(0, 2).Select(image => new DigitTile(
            [.. Enumerable.Range(20 * image, 20).Select(value => (byte)Math.Round(255.0 * value / 39))], 5, 4, $"{image}"))).ToHtml();
        Assert.Equal(expected, DigitGrid.Of(batch).ToHtml());
        Assert.Equal(expected, DigitGrid.Of(batch.squeeze(1)).ToHtml());
        Assert.Equal(expected, DigitGrid.Of((batch * 255).round().to(ScalarType.Byte)).ToHtml());
        Assert.EndsWith("\na", DigitGrid.Of(batch[0, 0], ["a"]).ToText());
        Assert.Contains("found (2, 3, 5, 4)", Assert.Throws<ArgumentException>(() => DigitGrid.Of(zeros(2, 3, 5, 4))).Message);
        Assert.Contains("from −1 to 1", Assert.Throws<ArgumentException>(() => DigitGrid.Of(linspace(-1, 1, 4).reshape(2, 2))).Message);
        Assert.Contains("FeatureMaps.Of", Assert.Throws<ArgumentException>(() => DigitGrid.Of(full(2, 2, double.NaN))).Message);
        Assert.Contains("2 images, but 1 captions", Assert.Throws<ArgumentException>(() => DigitGrid.Of(batch, ["a"])).Message);
    }

    [Fact]
    public void ThePictureIsReadableAndMarksMistakesByAFrame()
    {
        var right = Gradient("7");
        var wrong = right with { Caption = "5 → 6, 83 %", Wrong = true };
        var picture = Png.Open(new DigitGrid([right, wrong]).ToPng());
        const int cell = 28 * 3 + 12, gap = 6;
        for (var i = 0; i < 28 * 28; i++)
            Assert.Equal(255 - right.Pixels[i], picture.GetPixel(gap + gap + i % 28 * 3 + 1, gap + gap + i / 28 * 3 + 1).R);
        Assert.Equal(255, picture.GetPixel(gap + 1, gap + 1).R);
        Assert.Equal(0, picture.GetPixel(cell + gap + 1, gap + 1).R);
        Assert.True(DarkPixelsBelow(picture) > 20, "no caption was written");

        static int DarkPixelsBelow(Png png) => Enumerable.Range(0, cell)
            .Sum(x => Enumerable.Range(gap + gap + 84 + 2, 14).Count(y => png.GetPixel(x, y).R == 0));
    }

    [Fact]
    public void RowsOfAListOfMistakesAreBrokenAnewWhereThereIsNoRoomAndOthersStay()
    {
        const string Guesses = "3 → 7\n7: 99.9 %\n9: 0.1 %";
        var mistakes = Style(new DigitGrid(Enumerable.Repeat(Gradient(Guesses) with { Wrong = true }, 16)));
        Assert.InRange(Pixels(mistakes, "minmax("), 8 * "7: 99.9 %".Length, 120);
        Assert.DoesNotContain("min-width", mistakes);
        Assert.Contains("min-width", Style(new DigitGrid(Enumerable.Repeat(Gradient("7"), 16))));
    }

    [Fact]
    public void AMistakeIsMarkedByWordsAndSignNotByColourAlone()
    {
        var grid = new DigitGrid([Gradient("7"), Gradient("5 → 6") with { Wrong = true }], columns: 1, title: Hostile.Text);
        var cells = Hostile.Parse(grid.ToHtml()).QuerySelectorAll("td");
        Assert.Equal(["7", "✗ 5 → 6"], cells.Select(cell => cell.TextContent));
        Assert.EndsWith("\n7\n✗ 5 → 6", grid.ToText());
    }

    [Fact]
    public void ACaptionOfSeveralLinesIsShownWhole()
    {
        var (one, three) = (new DigitGrid([Gradient("8")]), new DigitGrid([Gradient("8 → 0\n0 97 %\n8 2 %") with { Wrong = true }]));
        var cell = Hostile.Parse(three.ToHtml()).QuerySelector("td")!;
        Assert.Equal("✗ 8 → 0", cell.QuerySelector("strong")!.TextContent);
        Assert.Equal(2, cell.QuerySelectorAll("br").Length);
        Assert.EndsWith("\n✗ 8 → 0; 0 97 %; 8 2 %", three.ToText());
        var (low, high) = (Png.Open(one.ToPng()), Png.Open(three.ToPng()));
        Assert.Equal(low.Width, high.Width);
        for (var line = 0; line < 3; line++)
        {
            var top = 98 + line * (high.Height - low.Height) / 2;
            Assert.Contains(Enumerable.Range(top, 10), y => Enumerable.Range(20, 60).Any(x => high.GetPixel(x, y).R == 0));
        }
    }

    [Theory]
    [InlineData(null, null, "7")]
    [InlineData("7", 0.987, "7, 99 %")]
    [InlineData("1", 0.5, "7 → 1, 50 %")]
    [InlineData("1", null, "7 → 1")]
    public void CaptionsSayLabelPredictionAndConfidence(string? prediction, double? confidence, string expected) =>
        Assert.Equal(expected, DigitGrid.Caption("7", prediction, confidence));

    [Fact]
    public void ASetsImagesComeWithLabelsPredictionsAndConfidences()
    {
        var set = DigitSet.Create([.. Enumerable.Repeat((byte)9, 4), .. Enumerable.Repeat((byte)200, 4), 0, 0, 0, 0], [3, 5, 8], 2, 2);
        var grid = new DigitGrid(set, [2, 1], predictions: [3, 6, 8], confidences: [1, 0.834f, 0.99f]);
        Assert.Equal("2 images of own digits\n8, 99 %  |  ✗ 5 → 6, 83 %", grid.ToText());
        Assert.Equal("1 image of own digits\n3", new DigitGrid(set, [0]).ToText());
        Assert.Contains("There are 2 predictions, but the set has 3 images",
            Assert.Throws<ArgumentException>(() => new DigitGrid(set, [0], predictions: [1, 2])).Message);
        Assert.Contains("class 10",
            Assert.Throws<ArgumentOutOfRangeException>(() => new DigitGrid(set, [0], predictions: [10, 2, 3])).Message);
        Assert.Contains("without predictions",
            Assert.Throws<ArgumentException>(() => new DigitGrid(set, [0], confidences: [1, 1, 1])).Message);
        Assert.ThrowsAny<ArgumentException>(() => new DigitGrid(set, [3]));
    }

    [Fact]
    public void ASetsImagesTakeCaptionsOfOnesOwn()
    {
        var set = SampleDigits.Load().Test;

        Assert.Equal("Two\nfar  |  near", new DigitGrid(set, [(3, "far"), (0, "near")], columns: 2, title: "Two").ToText());
        Assert.Throws<ArgumentOutOfRangeException>(() => new DigitGrid(set, [(set.Count, "none")]));
    }

    [Fact]
    public void AnEmptyGridIsAViewToo()
    {
        var grid = new DigitGrid([]);
        Assert.Contains("0 images", grid.ToHtml());
        Assert.True(Png.Open(grid.ToPng()).Width > 0);
    }

    [Fact]
    public void TooFewPixelsAreRefused() => Assert.Contains("has 10 pixels, but 28×28 asks for 784",
        Assert.Throws<ArgumentException>(() => new DigitGrid([new DigitTile(new byte[10], 28, 28, "7")])).Message);

    [Fact]
    public void SixtyDigitsStaySmall() =>
        Assert.InRange(new DigitGrid(Enumerable.Range(0, 60).Select(i => Gradient($"{i}"))).ToHtml().Length, 1, 120_000);

    private static DigitTile Gradient(string caption) =>
        new([.. Enumerable.Range(0, 28 * 28).Select(i => (byte)(i * 255 / (28 * 28 - 1)))], 28, 28, caption);

    private static string Style(DigitGrid grid) => Hostile.Parse(grid.ToHtml()).QuerySelector("table")!.GetAttribute("style")!;

    private static int Pixels(string style, string after) =>
        int.Parse(style.Split(after)[1].Split("px")[0], System.Globalization.CultureInfo.InvariantCulture);
}
