using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using AngleSharp.Dom;
using CsCheck;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NotebookHelpers.Tests.Arithmetic;

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
        var data = Data(view);
        Assert.Equal(stride, data.GetProperty("stride").GetInt32());
        Assert.Contains($"stride {stride}, {(padding == 0 ? "no padding" : "padding")}", data.GetProperty("settings").GetString());

        var map = Pane(data, "out");
        Assert.Equal(width, map.GetProperty("columns").GetInt32());
        Assert.Equal(expected.Cast<double>().Select(Notation.Number), Texts(map));
        for (var row = 0; row < height; row++)
            for (var column = 0; column < width; column++)
                Assert.Matches(
                    $" [=≈] {Notation.Number(expected[row, column])}( \\(the first of \\d equal values\\))?$", Text(view, row, column));
        var (image, margins) = (Pane(data, "in"), Pane(data, "in").GetProperty("margins").Deserialize<int[]>()!);
        var side = image.GetProperty("columns").GetInt32();
        Assert.Equal(padding, side * side - (side - margins[0] - margins[2]) * (side - margins[1] - margins[3]));
    }

    public static TheoryData<WindowView> OnlyViews => [.. Views.Select(row => row.Data.Item2)];

    [Theory, MemberData(nameof(OnlyViews), DisableDiscoveryEnumeration = true)]
    public void TheFirstTwoWindowsStandThereWithoutScript(WindowView view)
    {
        var picture = Assert.Single(Parse(view).QuerySelectorAll("img"));
        Assert.Equal(view.ToText(), picture.GetAttribute("alt"));
        Assert.Equal(view.ToSvg(), Encoding.UTF8.GetString(Convert.FromBase64String(picture.GetAttribute("src")!.Split(',')[1])));
        Assert.EndsWith($"{Text(view, 0, 0)}\n{Text(view, 0, 1)}", view.ToText());

        var svg = XElement.Parse(view.ToSvg());
        var lines = string.Concat(svg.Elements().Where(element => element.Name.LocalName == "text").Select(element => element.Value));
        Assert.Contains(Text(view, 0, 0), lines);
        Assert.Contains(Text(view, 0, 1), lines);
        Assert.Equal(2, svg.Elements().Count(element => element.Name.LocalName == "svg"));
    }

    [Fact]
    public void TheScriptIsGivenEverySentence()
    {
        WindowView[] views = [Convolved(2, Pad.Same), new PoolingView(Pooling.Max(Image)), new PoolingView(Pooling.Average(Image))];
        foreach (var view in views)
            Assert.Equal(
                Tables.Places(view.Values).Select(place => Text(view, place.Row, place.Column)),
                Sentences(view).Select(Joined));
    }

    [Fact]
    public void TheArticlesFirstSumHasItsZeroTermsInGrey()
    {
        var sum = Sentences(Convolved(1, Pad.Valid))[0];
        Assert.Equal("Row 0, column 0: 3·1 + 1·0 − 1·1 + 1·1 + 0·0 − 7·1 + 2·1 + 3·0 − 5·1 = −7", Joined(sum));
        Assert.Equal([" + 1·0", " + 0·0", " + 3·0"], sum.Where(piece => piece is [_, "zero"]).Select(piece => piece[0]));
        var zeroTerm = XElement.Parse(Convolved(1, Pad.Valid).ToSvg()).Descendants().Where(element => element.Value == " + 1·0");
        Assert.Contains("#767676", zeroTerm.Select(element => (string?)element.Attribute("fill")));
    }

    [Fact]
    public void TheWinnerIsMarked()
    {
        Assert.Equal(["3", "7"], [Strong(Pooling.Max(Image, 2, 1, Pad.Same), 0), Strong(Pooling.Max(Image), 1)]);
        // the last window: one real cell, three of padding
        var winners = Data(new PoolingView(Pooling.Max(Image, 2, 1, Pad.Same))).GetProperty("winners");
        Assert.Equal(0, winners.EnumerateArray().Last().GetInt32());
        var mean = new PoolingView(Pooling.Average(Image));
        Assert.All(Data(mean).GetProperty("winners").EnumerateArray(), winner => Assert.Equal(JsonValueKind.Null, winner.ValueKind));
        Assert.Equal("Row 0, column 0: (3 + 1 + 1 + 0) / 4 = 1.25", Text(mean, 0, 0));

        static string Strong(PoolingResult pooled, int place) =>
            Sentences(new PoolingView(pooled))[place].Single(piece => piece is [_, "strong"])[0];
    }

    [Fact]
    public void ChannelsAndBiasTakePart()
    {
        var view = new ConvolutionView(Convolution.CrossCorrelate([Image, Image], [Kernel, Kernels.HorizontalLine], bias: -0.5));
        Assert.Equal(
            ["image 0", "⋆", "kernel 0", "+", "image 1", "⋆", "kernel 1", "− 0.5", "=", "feature map"],
            Data(view).GetProperty("parts").EnumerateArray().Select(Named));
        Assert.DoesNotContain("+ −0.5", view.ToText());
        Assert.Contains(" − 0.5 = ", Text(view, 0, 0));
        Assert.Contains("turned by 180°", new ConvolutionView(Convolution.Convolve(Image, Kernel)).Settings);

        static string? Named(JsonElement part) =>
            (part.ValueKind == JsonValueKind.String ? part : part.GetProperty("name")).GetString();
    }

    [Fact]
    public void OneResultCellIsOneWindow()
    {
        Assert.Single(new ConvolutionView(Convolution.CrossCorrelate(Kernel, Kernel)).FirstTwo);
        var column = new ConvolutionView(Convolution.CrossCorrelate(new double[4, 3], Kernel));
        Assert.Equal([(0, 0), (1, 0)], column.FirstTwo);
    }

    [Fact]
    public void ViewsDoNotClashAndAreTheSameEachTime()
    {
        var (first, second) = (Convolved(1, Pad.Valid), new PoolingView(Pooling.Max(Image), Hostile.Text));
        Assert.Equal(first.ToHtml(), Convolved(1, Pad.Valid).ToHtml());
        Assert.Equal(first.ToSvg(), Convolved(1, Pad.Valid).ToSvg());
        Assert.Equal(Scripts(first), Scripts(second));
        Assert.Equal([Html.Embedded("View.js"), Html.Embedded("WindowView.js")], Scripts(first));
        Assert.Empty(Parse(first).QuerySelectorAll("[id]"));
        Assert.DoesNotContain("://", first.ToHtml());
        Assert.StartsWith("<figure class=\"convnet-", first.ToHtml());

        static IEnumerable<string> Scripts(View view) =>
            Parse(view).QuerySelectorAll("script:not([type])").Select(script => script.TextContent);
    }

    [Fact]
    public void TitlesAreEscaped()
    {
        var view = new ConvolutionView(Convolution.CrossCorrelate(Image, Kernel), Hostile.Text);
        Assert.Equal(Hostile.Text, Data(view).GetProperty("title").GetString());
        Assert.StartsWith(Hostile.Text.TrimEnd('\u0001'), Parse(view).QuerySelector("img")!.GetAttribute("alt"));
        XElement.Parse(view.ToSvg());
    }

    [Fact]
    public void ViewsAreSmall()
    {
        Assert.InRange(Size(Convolved(1, Pad.Valid).ToHtml()), 1, 35_000);
        Assert.InRange(Size(Convolved(1, Pad.Valid).ToSvg()), 1, 14_000);
        var random = new Random(1);
        var noise = new double[28, 28];
        for (var index = 0; index < noise.Length; index++)
            noise[index / 28, index % 28] = random.NextDouble();
        Assert.InRange(Size(new ConvolutionView(Convolution.CrossCorrelate(noise, Kernel, padding: 2)).ToHtml()), 1, 320_000);

        static int Size(string text) => Encoding.UTF8.GetByteCount(text);
    }

    [Fact]
    public void WhatIsTooLargeToPointAtIsRefused()
    {
        Parse(new ConvolutionView(Convolution.CrossCorrelate(new double[28, 28], Kernel, padding: 2)));
        var tooLarge = Convolution.CrossCorrelate(new double[28, 28], Kernel, padding: 3);
        var error = Assert.Throws<ArgumentException>(() => new ConvolutionView(tooLarge));
        Assert.Contains("34×34 with its padding", error.Message);
        Assert.Throws<ArgumentException>(() => new PoolingView(Pooling.Max(new double[4, 33])));
        Assert.Contains("4 channels", Assert.Throws<ArgumentException>(() =>
            new ConvolutionView(Convolution.CrossCorrelate([Image, Image, Image, Image], [Kernel, Kernel, Kernel, Kernel]))).Message);
        Assert.Throws<ArgumentNullException>(() => new PoolingView(null!));
    }

    [Fact]
    public void EqualValuesAreSaidToBeSoAndTheFirstIsMarked()
    {
        var view = new PoolingView(Pooling.Max(new double[,] { { 1, 5 }, { 5, 2 } }));
        Assert.Equal("Row 0, column 0: max(1, 5, 5, 2) = 5 (the first of 2 equal values)", Text(view, 0, 0));
        Assert.Equal(1, Data(view).GetProperty("winners")[0].GetInt32());
    }

    [Fact]
    public void ASumOfRoundedNumbersIsNotCalledEqual()
    {
        var thirds = new ConvolutionView(Convolution.CrossCorrelate(new[,] { { 1 / 3.0, 1 } }, new double[,] { { 2, 1 } }));
        Assert.EndsWith("0.33·2 + 1·1 ≈ 1.67", Text(thirds, 0, 0));
        var corner = new PoolingView(Pooling.Average(new double[,] { { 1, 0, 0 }, { 0, 0, 0 }, { 0, 0, 0 } }, 3));
        Assert.EndsWith("(1 + 0 + 0 + 0 + 0 + 0 + 0 + 0 + 0) / 9 ≈ 0.11", Text(corner, 0, 0));
        var halves = new ConvolutionView(Convolution.CrossCorrelate(new[,] { { 0.5, 1 } }, new double[,] { { 2, 1 } }));
        Assert.EndsWith("0.5·2 + 1·1 = 2", Text(halves, 0, 0));
    }

    [Fact]
    public void AnyConv2dIsShownAsItComputes() => (
        from groups in Gen.Int[1, 2]
        from channels in Gen.Int[1, 3]
        from filters in Gen.Int[1, 3]
        from height in Gen.Int[1, 5]
        from width in Gen.Int[1, 5]
        from stride in Gen.Int[1, 3]
        from padding in Gen.Int[0, 3]
        from bias in Gen.Bool
        select (groups, channels, filters, height, width, stride, padding, bias)).Sample(test =>
        {
            using var scope = NewDisposeScope();
            var layer = Conv2d(
                test.groups * test.channels, test.groups * test.filters, (test.height, test.width), (test.stride, test.stride),
                (test.padding, test.padding), groups: test.groups, bias: test.bias);
            var image = randn(1, test.groups * test.channels, 8, 7);
            var expected = layer.call(image)[0];
            var last = test.groups * test.filters - 1;
            AssertShows(expected[last], ConvolutionView.Of(layer, image, last));
            AssertShows(expected[0], ConvolutionView.Of(layer, image[0]));
            // the parts of the channels add up to the map
            var parts = Enumerable.Range(0, test.channels).Select(channel => Values(ConvolutionView.Of(layer, image, last, channel)));
            var sum = stack(parts.ToArray()).sum([0L]).to(ScalarType.Float64) + (double)(layer.bias?[last].item<float>() ?? 0);
            Assert.True(allclose(expected[last].to(ScalarType.Float64), sum, 1e-4, 1e-4));
        }, iter: 100, threads: 1);

    [Fact]
    public void ALayerOfDoublesIsShownAsItComputes()
    {
        using var scope = NewDisposeScope();
        var layer = Conv2d(1, 1, 3, dtype: ScalarType.Float64);
        var image = randn([1, 5, 5], ScalarType.Float64);

        Assert.True(allclose(layer.call(image)[0], Values(ConvolutionView.Of(layer, image)), 1e-12, 1e-12));
    }

    [Fact]
    public void APoolingLayerIsShownAsItComputes()
    {
        using var scope = NewDisposeScope();
        var image = randn(2, 9, 8);
        Module<Tensor, Tensor>[] layers =
            [MaxPool2d(2), MaxPool2d(3, 2, 1), AvgPool2d(2), AvgPool2d(3, 2), AvgPool2d(3, 1, 1, count_include_pad: false)];
        foreach (var layer in layers)
            AssertShows(layer.call(image)[1], PoolingView.Of(layer, image, channel: 1));
    }

    [Fact]
    public void AnyTensorAndKernelAreShownAsTorchConvolvesThem()
    {
        using var scope = NewDisposeScope();
        var (image, kernel) = (randn(2, 6, 7), randn(2, 3, 2));
        AssertShows(
            functional.conv2d(image.unsqueeze(0), kernel.unsqueeze(0), strides: [2, 2], padding: [1, 1])[0, 0],
            ConvolutionView.Of(image, kernel, stride: 2, padding: 1));
        var same = Conv2d(1, 1, 4, padding: TorchSharp.Padding.Same, bias: false);
        AssertShows(same.call(image[..1])[0], ConvolutionView.Of(same, image[..1]));
        AssertShows(
            functional.conv2d(image[..1].unsqueeze(0), ones(1, 1, 3, 3, dtype: float32))[0, 0],
            ConvolutionView.Of(image[0], ones(3, 3)));
    }

    public static TheoryData<Func<object>, string> Refusals => new()
    {
        { () => ConvolutionView.Of(Conv2d(1, 1, 3, dilation: 2), zeros(1, 8, 8)), "dilation 2" },
        {
            () => ConvolutionView.Of(Conv2d(1, 1, 3, padding: 1, padding_mode: PaddingModes.Reflect), zeros(1, 8, 8)),
            "padding mode Reflect"
        },
        { () => ConvolutionView.Of(Conv2d(1, 1, (3, 3), (2, 1)), zeros(1, 8, 8)), "stride (2, 1)" },
        { () => ConvolutionView.Of(Conv2d(3, 1, 3), zeros(1, 8, 8)), "reads 3 channels, but the image has 1" },
        { () => ConvolutionView.Of(Conv2d(12, 16, 3), zeros(12, 8, 8)), "Choose one of them" },
        { () => ConvolutionView.Of(Conv2d(1, 2, 3), zeros(1, 8, 8), filter: 2), "no filter 2: there are 0 to 1" },
        { () => ConvolutionView.Of(Conv2d(1, 2, 3), zeros(1, 8, 8), channel: 1), "no channel 1: there is only 0" },
        { () => ConvolutionView.Of(Conv2d(1, 1, 3), zeros(2, 1, 8, 8)), "found (2, 1, 8, 8). Of a batch take one" },
        { () => ConvolutionView.Of(Conv2d(1, 1, 9), zeros(1, 8, 8)), "does not fit" },
        { () => ConvolutionView.Of(Conv2d(1, 1, 3), zeros(1, 224, 224)), "image[.., .., ..20, ..20]" },
        { () => ConvolutionView.Of(zeros(2, 8, 8), zeros(3, 3)), "2 channels, but the filter has 1" },
        { () => PoolingView.Of(Conv2d(1, 1, 3), zeros(1, 8, 8)), "ConvolutionView shows it" },
        { () => PoolingView.Of(ReLU(), zeros(1, 8, 8)), "This is a ReLU" },
        { () => PoolingView.Of(MaxPool2d(2, ceil_mode: true), zeros(1, 7, 7)), "ceil_mode" },
        { () => PoolingView.Of(MaxPool2d(2, dilation: 2), zeros(1, 7, 7)), "dilation 2" },
        { () => PoolingView.Of(MaxPool2d((2, 3)), zeros(1, 7, 7)), "stride (2, 3)" },
        { () => PoolingView.Of(MaxPool2d((2, 3), (2, 2)), zeros(1, 7, 7)), "window of 2×3" },
        { () => PoolingView.Of(AvgPool2d(3, 1, 1), zeros(1, 7, 7)), "count_include_pad: false" },
        { () => PoolingView.Of(AvgPool2d(2, divisor_override: 3), zeros(1, 7, 7)), "divisor" },
        { () => PoolingView.Of(MaxPool2d(2), zeros(3, 7, 7), channel: 3), "no channel 3: there are 0 to 2" },
        { () => PoolingView.Of(MaxPool2d(2), zeros(1, 64, 64)), "64×64 with its padding" },
    };

    [Theory, MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public void WhatCannotBeDrawnIsRefusedByName(Func<object> attempt, string message)
    {
        using var scope = NewDisposeScope();
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(attempt).Message);
    }

    private static Tensor Values(WindowView view) => tensor(view.Values);

    private static void AssertShows(Tensor expected, WindowView view)
    {
        Assert.Equal(expected.shape, Values(view).shape);
        Assert.True(allclose(expected.to(ScalarType.Float64), Values(view), 1e-4, 1e-4));
    }

    private static ConvolutionView Convolved(int stride, Pad padding) => new(Convolution.CrossCorrelate(Image, Kernel, stride, padding));

    private static IElement Parse(View view) => Hostile.Parse(view.ToHtml()).QuerySelector("figure.convnet-window")!;

    private static string Text(WindowView view, int row, int column) =>
        string.Concat(view.Sentence((row, column)).Select(piece => piece.Text));

    /// <summary>A sentence of the script's data, of its pieces.</summary>
    private static string Joined(string[][] sentence) => string.Concat(sentence.Select(piece => piece[0]));

    private static JsonElement Data(View view) =>
        JsonSerializer.Deserialize<JsonElement>(Parse(view).QuerySelector("script[type='application/json']")!.TextContent);

    private static JsonElement Pane(JsonElement data, string role) => data.GetProperty("parts").EnumerateArray()
        .First(part => part.ValueKind == JsonValueKind.Object && part.GetProperty("role").GetString() == role);

    private static string[] Texts(JsonElement pane) => pane.GetProperty("texts").Deserialize<string[]>()!;

    private static string[][][] Sentences(View view) => Data(view).GetProperty("sentences").Deserialize<string[][][]>()!;
}
