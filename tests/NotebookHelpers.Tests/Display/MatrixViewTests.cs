using System.Net;
using System.Text;
using System.Xml.Linq;
using static TorchSharp.torch;

namespace NotebookHelpers.Tests.Display;

public sealed class MatrixViewTests
{
    private static readonly double[,] Small = { { 1, -2 }, { 0.5, 0 } };

    [Fact]
    public void AnyTensorOfTheRightShapeIsShown()
    {
        using var scope = NewDisposeScope();
        var table = tensor(new double[,] { { 1, -2 }, { 3, 4 } });
        Assert.Equal(new MatrixView(new double[,] { { 1, -2 }, { 3, 4 } }, "t").ToHtml(), MatrixView.Of(table, "t").ToHtml());
        Assert.Equal(MatrixView.Of(table, "t").ToHtml(), MatrixView.Of(table.to(ScalarType.Float32).reshape(1, 1, 2, 2), "t").ToHtml());
        // channels share one scale
        var (first, second) = (new double[,] { { 1 } }, new double[,] { { -8 } });
        Assert.Equal(
            MatrixView.Row(new MatrixView(first, "c 0", scale: 8), new MatrixView(second, "c 1", scale: 8)).ToHtml(),
            MatrixView.Of(tensor(new double[] { 1, -8 }).reshape(2, 1, 1), "c").ToHtml());
        MatrixView.Of(zeros(3, 3)).ToSvg();
        Assert.Contains("FeatureMaps.Of shows more", Assert.Throws<ArgumentException>(() => MatrixView.Of(zeros(17, 2, 2))).Message);
        Assert.Contains("found (2, 1, 2, 2)", Assert.Throws<ArgumentException>(() => MatrixView.Of(zeros(2, 1, 2, 2))).Message);
    }

    [Fact]
    public void TextFramesTheWindow() =>
        Assert.Equal("sums\n  [1] [−2]\n 0.5    0", new MatrixView(Small, "sums", [new(0, 0, 1, 2)]).ToText());

    [Fact]
    public void MatricesStandInARow() =>
        Assert.Equal("   1   −2   =   2\n 0.5    0", MatrixView.Row(Small, "=", new double[,] { { 2 } }).ToText());

    [Fact]
    public void PicturesHoldValuesAndEscapeTitles()
    {
        var view = new MatrixView(Small, Hostile.Text, [new(1, 0)]);
        var picture = Assert.Single(Hostile.Parse(view.ToHtml()).QuerySelectorAll("img"));
        Assert.EndsWith(" (1 −2; 0.5 0)", picture.GetAttribute("alt"));
        var drawing = XElement.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(picture.GetAttribute("src")!.Split(',')[1])));
        Assert.Equal(picture.GetAttribute("width"), (string)drawing.Attribute("width")!);
        Assert.Equal(picture.GetAttribute("height"), (string)drawing.Attribute("height")!);
        var texts = drawing.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value);
        Assert.Equal(["1", "−2", "0.5", "0"], texts.Skip(1));
        Assert.Single(drawing.Descendants(), element => (string?)element.Attribute("stroke-width") == "2.5");
    }

    [Fact]
    public void ColumnsAreOfOneWidth()
    {
        var drawing = XElement.Parse(new MatrixView(new double[,] { { 1, -123.45, 0 }, { 7, 8, 9 } }).ToSvg());
        var centres = drawing.Descendants().Where(element => element.Name.LocalName == "text")
            .Select(text => (double)text.Attribute("x")!).ToArray();
        Assert.Equal(centres[1] - centres[0], centres[2] - centres[1]);
        Assert.Equal(centres[..3], centres[3..]);
    }

    [Fact]
    public void ColoursAreSymmetricAroundZero()
    {
        var paths = XElement.Parse(new MatrixView(new double[,] { { 4, -4, 0, 2 } }).ToSvg()).Descendants()
            .Where(element => element.Name.LocalName == "path" && element.Attribute("stroke") is null)
            .ToDictionary(
                path => (string)path.Attribute("d")!,
                path => ((string)path.Attribute("fill")!, (double?)path.Attribute("fill-opacity")));
        Assert.Equal(("#f0aa3c", null), paths["M0 0h1v1h-1z"]);
        Assert.Equal(("#6eb9eb", null), paths["M1 0h1v1h-1z"]);
        Assert.Equal(("#f0aa3c", 0.5), paths["M3 0h1v1h-1z"]);
        Assert.Equal(3, paths.Count);
    }

    [Fact]
    public void ALargeMatrixIsAPictureWithAnAlternative()
    {
        var large = new double[28, 28];
        large[3, 4] = -1.5;
        var view = new MatrixView(large, "digit");
        Assert.Equal("digit (28×28 values from −1.5 to 0)", WebUtility.HtmlDecode(view.ToHtml()).Split("alt=\"")[1].Split('"')[0]);
        Assert.Equal("digit (28×28 values from −1.5 to 0)", view.ToText());
        Assert.Equal("svg", XElement.Parse(view.ToSvg()).Name.LocalName);
    }

    [Fact]
    public void WindowsAndResultsShowThemselves()
    {
        var result = Convolution.CrossCorrelate(Reference.Matrix("hand_convolution.image"), Kernels.VerticalLine, padding: Pad.Same);
        Assert.EndsWith(result[0, 0].Formula, result[0, 0].ToText());
        Assert.Contains("feature map", result.ToHtml());
        Assert.Contains("3·1", result[1, 1].ToHtml());
        XElement.Parse(result[0, 0].ToSvg());
        Assert.Contains("[7]", Pooling.Max(Reference.Matrix("hand_pooling.image")).ToText());
        Assert.Contains("·", Pooling.Max(Reference.Matrix("hand_pooling.image"), 3, 2, Pad.Same)[2, 2].ToText());
    }

    [Fact]
    public void WhatCannotBeShownIsRefused()
    {
        Assert.Throws<ArgumentException>(() => new MatrixView(new double[0, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MatrixView(Small, scale: 0));
        Assert.Throws<ArgumentException>(() => MatrixView.Row());
        Assert.Throws<ArgumentException>(() => MatrixView.Row(3));
    }

    [Theory]
    [InlineData(-7, "−7")]
    [InlineData(0.333333, "0.33")]
    [InlineData(-0.0, "0")]
    [InlineData(1152, "1152")]
    [InlineData(0.001, "1e−3")]
    [InlineData(-2e9, "−2e+9")]
    public void NumbersAreShort(double value, string text) => Assert.Equal(text, Notation.Number(value));
}
