using System.Text;
using System.Xml.Linq;
using AngleSharp.Dom;

namespace NotebookHelpers.Tests.Display;

public sealed class WindowViewTests
{
    private static readonly double[,] Image = Reference.Matrix("hand_convolution.image");
    private static readonly double[,] Kernel = Reference.Matrix("hand_convolution.kernel");

    public static TheoryData<string, WindowView, int, int> Views => new()
    {
        { "hand_convolution.valid_stride1", Convolved(1, Pad.Valid), 1, 0 },
        { "hand_convolution.valid_stride2", Convolved(2, Pad.Valid), 2, 0 },
        { "hand_convolution.valid_stride3", Convolved(3, Pad.Valid), 3, 0 },
        { "hand_convolution.same_stride1", Convolved(1, Pad.Same), 1, 28 },
        { "hand_convolution.pad2_stride1", Convolved(1, 2), 1, 64 },
        { "hand_pooling.max_2x2_stride2", new PoolingView(Pooling.Max(Image)), 2, 0 },
        { "hand_pooling.max_3x3_stride1", new PoolingView(Pooling.Max(Image, 3, 1)), 1, 0 },
        { "hand_pooling.avg_2x2_stride2", new PoolingView(Pooling.Average(Image)), 2, 0 },
        { "hand_pooling.avg_3x3_stride2", new PoolingView(Pooling.Average(Image, 3, 2)), 2, 0 },
    };

    [Theory, MemberData(nameof(Views), DisableDiscoveryEnumeration = true)]
    public void TheTablesHoldTheReferenceAndTheSumsEndInIt(string name, WindowView view, int stride, int padding)
    {
        var expected = Reference.Matrix(name);
        var (height, width) = (expected.GetLength(0), expected.GetLength(1));
        var figure = Parse(view);
        Assert.Equal($"{stride}", figure.GetAttribute("data-stride"));
        Assert.Contains($"stride {stride}, {(padding == 0 ? "no padding" : "padding")}", figure.QuerySelector("figcaption")!.TextContent);

        var rows = figure.QuerySelector(".cw-out")!.QuerySelectorAll("tr");
        Assert.Equal(height, rows.Length);
        for (var row = 0; row < height; row++)
            Assert.Equal(Enumerable.Range(0, width).Select(column => Notation.Number(expected[row, column])), rows[row].QuerySelectorAll("td").Select(cell => cell.TextContent));
        for (var row = 0; row < height; row++)
            for (var column = 0; column < width; column++)
                Assert.EndsWith($" = {Notation.Number(expected[row, column])}", Text(view, row, column));
        Assert.Equal(padding, figure.QuerySelector(".cw-in")!.QuerySelectorAll("td.cw-pad").Length);
    }

    [Theory, MemberData(nameof(Views), DisableDiscoveryEnumeration = true)]
    public void TheFirstTwoWindowsStandThereWithoutScript(string name, WindowView view, int stride, int padding)
    {
        Assert.True(padding >= 0, name);
        var figure = Parse(view);
        Assert.Equal([Text(view, 0, 0), Text(view, 0, 1)], figure.QuerySelectorAll(".cw-sum").Select(sum => sum.TextContent));
        Assert.Equal(["--r:0;--c:0", $"--r:0;--c:{stride}"], figure.QuerySelectorAll(".cw-in > i:first-of-type").Select(Place));
        Assert.Equal(["--r:0;--c:0", "--r:0;--c:1"], figure.QuerySelectorAll(".cw-out > i").Select(Place));
        Assert.Empty(figure.QuerySelectorAll("[hidden], [style*='display:none'], button"));
        Assert.Equal("polite", figure.QuerySelector(".cw-sum")!.GetAttribute("aria-live"));
        Assert.EndsWith($"{Text(view, 0, 0)}\n{Text(view, 0, 1)}", view.ToText());

        var svg = XElement.Parse(view.ToSvg());
        var lines = string.Concat(svg.Elements().Where(element => element.Name.LocalName == "text").Select(element => element.Value));
        Assert.Contains(Text(view, 0, 0), lines);
        Assert.Contains(Text(view, 0, 1), lines);
        Assert.Equal(2, svg.Elements().Count(element => element.Name.LocalName == "svg"));
    }

    [Fact]
    public void TheScriptFindsEveryCellItReads()
    {
        // what the script does, done here: window cells times kernel cells
        var view = Convolved(2, Pad.Same);
        var figure = Parse(view);
        var image = Cells(figure, ".cw-in");
        var kernel = Cells(figure, ".cw-kernel");
        var map = Cells(figure, ".cw-out");
        for (var row = 0; row < map.Length; row++)
            for (var column = 0; column < map[row].Length; column++)
                Assert.Equal(map[row][column], Enumerable.Range(0, 9).Sum(index => image[row * 2 + index / 3][column * 2 + index % 3] * kernel[index / 3][index % 3]));

        static double[][] Cells(IElement figure, string pane) => [.. figure.QuerySelector(pane)!.QuerySelectorAll("tr").Select(row =>
            row.QuerySelectorAll("td").Select(cell => double.Parse(cell.TextContent.Replace('−', '-'), System.Globalization.CultureInfo.InvariantCulture)).ToArray())];
    }

    [Fact]
    public void TheArticlesFirstSumHasItsZeroTermsInGrey()
    {
        var sum = Parse(Convolved(1, Pad.Valid)).QuerySelector(".cw-sum")!;
        Assert.Equal("Row 0, column 0: 3·1 + 1·0 − 1·1 + 1·1 + 0·0 − 7·1 + 2·1 + 3·0 − 5·1 = −7", sum.TextContent);
        Assert.Equal([" + 1·0", " + 0·0", " + 3·0"], sum.QuerySelectorAll(".cw-zero").Select(term => term.TextContent));
        Assert.Contains(XElement.Parse(Convolved(1, Pad.Valid).ToSvg()).Descendants(), element => element.Value == " + 1·0" && (string?)element.Attribute("fill") == "#767676");
    }

    [Fact]
    public void TheWinnerIsMarked()
    {
        var figure = Parse(new PoolingView(Pooling.Max(Image, 2, 1, Pad.Same)));
        Assert.Equal(["3", "7"], [figure.QuerySelector(".cw-sum .cw-strong")!.TextContent, Parse(new PoolingView(Pooling.Max(Image))).QuerySelectorAll(".cw-sum .cw-strong")[1].TextContent]);
        Assert.Equal("--r:0;--c:0", Place(figure.QuerySelector(".cw-in > i.cw-winner")!));
        // the last window: one real cell, three of padding
        Assert.Equal("0", figure.QuerySelector(".cw-out")!.QuerySelectorAll("td").Last().GetAttribute("data-at"));
        Assert.Empty(Parse(new PoolingView(Pooling.Average(Image))).QuerySelectorAll(".cw-winner, [data-at]"));
        Assert.Equal("Row 0, column 0: (3 + 1 + 1 + 0) / 4 = 1.25", Parse(new PoolingView(Pooling.Average(Image))).QuerySelector(".cw-sum")!.TextContent);
    }

    [Fact]
    public void ChannelsAndBiasTakePart()
    {
        var view = new ConvolutionView(Convolution.CrossCorrelate([Image, Image], [Kernel, Kernels.HorizontalLine], bias: -0.5));
        var figure = Parse(view);
        Assert.Equal("−0.5", figure.GetAttribute("data-bias"));
        Assert.Equal(4, figure.QuerySelectorAll(".cw-in").Length);
        Assert.DoesNotContain("+ −0.5", view.ToText());
        Assert.Contains(" − 0.5 = ", figure.QuerySelector(".cw-sum")!.TextContent);
        Assert.Contains("turned by 180°", new ConvolutionView(Convolution.Convolve(Image, Kernel)).Settings);
    }

    [Fact]
    public void OneResultCellIsOneWindow()
    {
        Assert.Single(Parse(new ConvolutionView(Convolution.CrossCorrelate(Kernel, Kernel))).QuerySelectorAll(".cw-sum"));
        var column = new ConvolutionView(Convolution.CrossCorrelate(new double[4, 3], Kernel));
        Assert.StartsWith("Row 1, column 0: ", Parse(column).QuerySelectorAll(".cw-sum")[1].TextContent);
    }

    [Fact]
    public void ViewsDoNotClashAndAreTheSameEachTime()
    {
        var (first, second) = (Convolved(1, Pad.Valid), new PoolingView(Pooling.Max(Image), Hostile.Text));
        Assert.Equal(first.ToHtml(), Convolved(1, Pad.Valid).ToHtml());
        Assert.Equal(first.ToSvg(), Convolved(1, Pad.Valid).ToSvg());
        Assert.Equal(Parse(first).QuerySelector("script")!.TextContent, Parse(second).QuerySelector("script")!.TextContent);
        Assert.Empty(Parse(first).QuerySelectorAll("[id]"));
        Assert.DoesNotContain("://", first.ToHtml());
        Assert.StartsWith("<figure class=\"convnet-", first.ToHtml());
    }

    [Fact]
    public void TitlesAreEscaped()
    {
        var view = new ConvolutionView(Convolution.CrossCorrelate(Image, Kernel), Hostile.Text);
        Assert.Contains(Hostile.Text.TrimEnd('\u0001'), Parse(view).QuerySelector("figcaption")!.TextContent);
        XElement.Parse(view.ToSvg());
    }

    [Fact]
    public void ViewsAreSmall()
    {
        Assert.InRange(Size(Convolved(1, Pad.Valid).ToHtml()), 1, 25_000);
        Assert.InRange(Size(Convolved(1, Pad.Valid).ToSvg()), 1, 14_000);
        var random = new Random(1);
        var noise = new double[28, 28];
        for (var index = 0; index < noise.Length; index++)
            noise[index / 28, index % 28] = random.NextDouble();
        Assert.InRange(Size(new ConvolutionView(Convolution.CrossCorrelate(noise, Kernel, padding: 2)).ToHtml()), 1, 200_000);

        static int Size(string text) => Encoding.UTF8.GetByteCount(text);
    }

    [Fact]
    public void WhatIsTooLargeToPointAtIsRefused()
    {
        Parse(new ConvolutionView(Convolution.CrossCorrelate(new double[28, 28], Kernel, padding: 2)));
        var error = Assert.Throws<ArgumentException>(() => new ConvolutionView(Convolution.CrossCorrelate(new double[28, 28], Kernel, padding: 3)));
        Assert.Contains("34×34 with its padding", error.Message);
        Assert.Throws<ArgumentException>(() => new PoolingView(Pooling.Max(new double[4, 33])));
        Assert.Contains("4 channels", Assert.Throws<ArgumentException>(() =>
            new ConvolutionView(Convolution.CrossCorrelate([Image, Image, Image, Image], [Kernel, Kernel, Kernel, Kernel]))).Message);
        Assert.Throws<ArgumentNullException>(() => new PoolingView(null!));
    }

    private static ConvolutionView Convolved(int stride, Pad padding) => new(Convolution.CrossCorrelate(Image, Kernel, stride, padding));

    private static IElement Parse(View view) => Hostile.Parse(view.ToHtml()).QuerySelector("figure.convnet-window")!;

    private static string Text(WindowView view, int row, int column) => string.Concat(view.Sentence((row, column)).Select(piece => piece.Text));

    private static string Place(IElement frame) => string.Join(';', frame.GetAttribute("style")!.Split(';')[..2]);
}
