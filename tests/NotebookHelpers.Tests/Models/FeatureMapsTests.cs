using System.Xml.Linq;
using AngleSharp.Html.Parser;
using NotebookHelpers.Tests.Display;
using static TorchSharp.torch;

namespace NotebookHelpers.Tests.Models;

public sealed class FeatureMapsTests
{
    [Fact]
    public void EveryChannelIsAMapWithItsOwnValues()
    {
        using var output = arange(2 * 3 * 4, ScalarType.Float32).reshape(1, 2, 3, 4) - 12;

        Assert.Equal("maps; colour: value, ±12\n0 3×4, −12 to −1\n1 3×4, 0 to 11", FeatureMaps.Of(output, "maps").ToText());
    }

    [Theory]
    [InlineData(10, "1×10")]
    [InlineData(100, "5×20")]
    [InlineData(256, "8×32")]
    [InlineData(101, "6×20")]     // a prime leaves the last places empty
    public void NumbersWithoutRowsAreOneBlock(int count, string block)
    {
        using var output = arange(count, ScalarType.Float32).reshape(1, count);

        Assert.Contains($"{block}, 0 to {count - 1}", FeatureMaps.Of(output, "numbers").ToText());
    }

    [Fact]
    public void ABatchIsRefusedAndSaysWhatToDo()
    {
        using var output = zeros(2, 3, 4, 4);

        Assert.Contains("output[0]", Assert.Throws<ArgumentException>(() => FeatureMaps.Of(output, "maps")).Message);
    }

    [Fact]
    public void NothingToShowIsRefused()
    {
        Assert.Throws<ArgumentException>(() => new FeatureMaps([], "maps"));
        Assert.Throws<ArgumentException>(() => new FeatureMaps([new(new double[0, 3])], "maps"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureMaps([new(new double[2, 2])], "maps", scale: 0));
    }

    [Theory, InlineData("0"), InlineData("1 0"), InlineData("2 0 3"), InlineData("1 2 3 0")]
    public void AnEmptyOutputIsRefused(string shape)
    {
        using var output = zeros([.. shape.Split(' ').Select(long.Parse)]);

        Assert.Contains("holds no numbers", Assert.Throws<ArgumentException>(() => FeatureMaps.Of(output, "maps")).Message);
    }

    [Fact]
    public void WhatHappensToTheCallersArraysChangesNoMap()
    {
        double[,] values = { { 1, -2 } }, outline = { { 0, 1 } };
        var maps = new FeatureMaps([new(values, "a", outline)], "maps");
        var (svg, text) = (maps.ToSvg(), maps.ToText());

        (values[0, 0], outline[0, 0]) = (9, 1);

        Assert.Equal((svg, text), (maps.ToSvg(), maps.ToText()));
    }

    [Fact]
    public void ColoursAreCentredOnZeroAndSharedByAllMaps()
    {
        var svg = new FeatureMaps([new(new[,] { { 0.0, 4 } }), new(new[,] { { -4.0, 2 } })], "maps", columns: 2).ToSvg();
        var png = PngPixels.Of(Bytes(Image(svg)));
        var colours = Enumerable.Range(0, png.Width).Select(x => png[x, 0]).Where(pixel => pixel.Cover > 0).Distinct().Order().ToArray();

        // the strongest blue and orange, and half of that orange; zero and the gaps let the paper show
        Assert.Equal([("0060A8", (byte)255), ("D55E01", (byte)128), ("D55E01", (byte)255)], colours);
    }

    [Fact]
    public void AWeakMapIsDrawnStrongerAndSaysSo()
    {
        var (strong, weak) = (new[,] { { 1.0, -0.5 } }, new[,] { { 0.01, 0.002 } });
        var svg = XElement.Parse(new FeatureMaps([new(strong, "0"), new(weak, "1"), new(new double[1, 2], "2")], "maps").ToSvg()).Value;
        Assert.Contains("1 (×64)", svg); // 0.01·64 is the largest power of two within the scale
        Assert.DoesNotContain("2 (×", svg);
        Assert.DoesNotContain("(×", XElement.Parse(new FeatureMaps([new(strong, "0"), new(weak, "1")], "maps", scale: 1).ToSvg()).Value);
    }

    [Fact]
    public void TheLegendBeginsAtZeroWhereNothingIsBelow()
    {
        Assert.DoesNotContain("−2", new FeatureMaps([new(new[,] { { 0.0, 2 } })], "maps").ToSvg());
        Assert.Contains("−2", new FeatureMaps([new(new[,] { { -1.0, 2 } })], "maps").ToSvg());
    }

    [Fact]
    public void AnOutlineFollowsTheEdgeOfTheInk()
    {
        var ink = new double[4, 4];
        ink[1, 1] = ink[1, 2] = 1;
        var path = XElement.Parse(new FeatureMaps([new(new double[8, 8], "heat", ink)], "maps").ToSvg())
            .Elements().Single(element => element.Name.LocalName == "path").Attribute("d")!.Value;

        var sides = path.Split('M', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);
        Assert.Equal(["1,1h2", "1,1v1", "1,2h2", "3,1v1"], sides);
    }

    [Fact]
    public void TitlesAreEscaped()
    {
        var view = new FeatureMaps([new(new double[2, 2], "<b>")], "<script>");

        Assert.Contains("&lt;script&gt;", view.ToSvg());
        Assert.DoesNotContain("<b>", view.ToSvg());
    }

    [Fact]
    public void EveryPixelOfABitmapIsAValueAndShowsAsASharpSquare()
    {
        var random = new Random(4);
        var values = new double[13, 13];
        for (var i = 0; i < values.Length; i++)
            values[i / 13, i % 13] = random.NextDouble() * 2 - 1;
        var image = Image(new FeatureMaps([new(values, "0"), new(values, "1")], "maps", columns: 2, scale: 1).ToSvg());
        var png = PngPixels.Of(Bytes(image));

        Assert.Equal("pixelated", image.Attribute("image-rendering")!.Value);
        Assert.Equal(13, png.Height);
        Assert.Equal((double)image.Attribute("width")! / png.Width, (double)image.Attribute("height")! / png.Height);
        for (var i = 0; i < values.Length; i++)
        {
            var (row, column) = (i / 13, i % 13);
            foreach (var left in new[] { 0, png.Width - 13 })
            {
                var (color, cover) = png[left + column, row];
                Assert.Equal(Math.Round(32 * Math.Abs(values[row, column])) / 32, cover / 255.0, 0.003);
                if (cover > 0)
                    Assert.Equal(values[row, column] > 0 ? "D55E01" : "0060A8", color);
            }
        }
    }

    [Theory]
    [InlineData(12, 6, 28, 3)]    // conv1's maps: two pieces a row
    [InlineData(16, 8, 13, 4)]
    [InlineData(6, 3, 28, 1)]     // three of 28×28 are wider than a phone, and 3 has no other divisor
    [InlineData(5, 6, 8, 1)]      // nor has 5
    [InlineData(4, 6, 8, 2)]
    [InlineData(1, 1, 48, 1)]
    public void OnAPageRowsComeInPiecesThatFitAPhone(int maps, int columns, int width, int expected)
    {
        var view = new FeatureMaps(Enumerable.Range(0, maps).Select(i => new MapTile(new double[width, width], $"{i}")), "maps", columns);
        var page = new HtmlParser().ParseDocument(view.ToHtml());
        var pieces = page.QuerySelectorAll("div > img");

        Assert.Equal((maps + expected - 1) / expected, pieces.Length);
        Assert.All(page.QuerySelectorAll("img"), image => Assert.InRange(int.Parse(image.GetAttribute("width")!), 20, 360));
        Assert.Equal(maps, pieces.Sum(piece => piece.GetAttribute("alt")!.Split("; ").Length));
    }

    private static XElement Image(string svg) => XElement.Parse(svg).Elements().First(element => element.Name.LocalName == "image");

    private static byte[] Bytes(XElement image) =>
        Convert.FromBase64String(image.Attributes().Single(attribute => attribute.Name.LocalName == "href").Value.Split(',')[1]);
}
