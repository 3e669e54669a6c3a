using System.Buffers.Binary;
using System.IO.Compression;
using System.Xml.Linq;
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

    [Fact]
    public void ColoursAreCentredOnZeroAndSharedByAllMaps()
    {
        var (width, pixels) = Decode(new FeatureMaps([new(new[,] { { 0.0, 4 } }), new(new[,] { { -4.0, 2 } })], "maps", columns: 2).ToSvg());
        var colours = Enumerable.Range(0, width).Select(x => (Color: Convert.ToHexString(pixels, 4 * x, 3), Cover: pixels[4 * x + 3]))
            .Where(pixel => pixel.Cover > 0).Distinct().Order().ToArray();

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

        Assert.Equal(["M1,1h1", "M1,1v1", "M1,2h1", "M2,1h1", "M2,2h1", "M3,1v1"], path.Split('M', StringSplitOptions.RemoveEmptyEntries).Select(part => "M" + part).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void TitlesAreEscaped()
    {
        var view = new FeatureMaps([new(new double[2, 2], "<b>")], "<script>");

        Assert.Contains("&lt;script&gt;", view.ToSvg());
        Assert.DoesNotContain("<b>", view.ToSvg());
    }

    private static (int Width, byte[] FirstRow) Decode(string svg)
    {
        var png = Convert.FromBase64String(svg.Split("data:image/png;base64,")[1].Split('"')[0]);
        Assert.Equal(6, png[25]);     // red, green, blue and how much they cover
        var width = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16));
        var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(33));
        using var data = new ZLibStream(new MemoryStream(png, 41, length), CompressionMode.Decompress);
        var row = new byte[1 + 4 * width];
        data.ReadExactly(row);
        return (width, row[1..]);
    }
}
