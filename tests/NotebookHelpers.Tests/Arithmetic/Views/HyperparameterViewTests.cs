using System.Text.Json;
using System.Xml.Linq;
using AngleSharp.Dom;
using CsCheck;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NotebookHelpers.Tests.Arithmetic;

public sealed class HyperparameterViewTests
{
    [Fact]
    public void TheOutputIsAsLargeAsTorchs() => (
        from height in Gen.Int[1, 14]
        from width in Gen.Int[1, 14]
        from kernel in Gen.Select(Gen.Int[1, 4], Gen.Int[1, 4])
        from stride in Gen.Int[1, 4]
        from padding in Gen.Int[0, 3]
        from dilation in Gen.Int[1, 3]
        select (height, width, kernel, stride, padding, dilation)).Sample(test =>
        {
            using var scope = NewDisposeScope();
            var layer = Conv2d(
                2, 1, (test.kernel.Item1, test.kernel.Item2), (test.stride, test.stride), (test.padding, test.padding),
                (test.dilation, test.dilation));
            var image = zeros(2, test.height, test.width);
            (int, int)? expected;
            try
            {
                var shape = layer.call(image).shape;
                expected = ((int)shape[1], (int)shape[2]);
            }
            catch (System.Runtime.InteropServices.ExternalException)
            {
                expected = null;
            }
            var view = HyperparameterView.Of(layer, image);
            Assert.Equal(expected, view.OutputSize);
            Assert.Equal(expected is null, view.ToText().Contains("Impossible: "));
        }, iter: 300, threads: 1);

    [Fact]
    public void TheCellsThatAreMarkedAreThoseWithoutGradient() => (
        from input in Gen.Int[3, 12]
        from kernel in Gen.Int[1, 3]
        from stride in Gen.Int[1, 6]
        from padding in Gen.Int[0, 2]
        from dilation in Gen.Int[1, 2]
        where input + 2 * padding > dilation * (kernel - 1)
        select (input, kernel, stride, padding, dilation)).Sample(test =>
        {
            using var scope = NewDisposeScope();
            var image = ones(1, 1, test.input, test.input, requires_grad: true);
            var layer = Conv2d(1, 1, test.kernel, test.stride, test.padding, test.dilation, bias: false);
            init.ones_(layer.weight);
            layer.call(image).sum().backward();
            var unread = image.grad!.eq(0).sum().item<long>();
            var view = new HyperparameterView(test.input, test.kernel, test.stride, test.padding, test.dilation);
            var crosses = Drawing(view, 0).Elements().Where(path => (string?)path.Attribute("stroke") == "#b34700")
                .Sum(path => ((string)path.Attribute("d")!).Count(c => c == 'M'));
            Assert.Equal(unread, crosses);
            Assert.Equal(unread > 0, view.ToText().Contains("Marked, because no window reads it"));
        }, iter: 200, threads: 1);

    [Theory]
    [InlineData(6, 3, 1, 6, 1, 1)]
    [InlineData(6, 3, 2, 3, 0, 1)]
    [InlineData(7, 3, 2, 4, 1, 1)]
    [InlineData(28, 5, 3, 10, 2, 2)]
    [InlineData(224, 7, 2, 112, 2, 3)]
    public void SameIsTensorFlows(int input, int kernel, int stride, int size, int before, int after)
    {
        var view = new HyperparameterView(input, kernel, stride, Pad.Same);
        Assert.Equal((size, size), view.OutputSize);
        Assert.Contains($"= {before + after}: {before} before and {after} after.", view.ToText());
        Assert.EndsWith($" + 1 = {size}.", view.ToText().Split('\n').Single(line => line.Contains("⌊(n + P − k) / s⌋")));
        Assert.Equal(stride > 1, view.ToText().Contains("torch's takes stride 1 only"));
    }

    [Fact]
    public void TheFormulaStandsThereWithItsNumbers()
    {
        Assert.Contains(
            "⌊(n + 2p − k) / s⌋ + 1 = ⌊(6 + 2·1 − 3) / 2⌋ + 1 = ⌊5 / 2⌋ + 1 = 2 + 1 = 3.",
            new HyperparameterView(6, 3, 2, 1).ToText());
        var impossible = new HyperparameterView(6, 9, 2);
        Assert.Contains("⌊−3 / 2⌋ + 1 = −2 + 1 = −1.", impossible.ToText());
        Assert.Contains("the kernel spans 9 cells, but the padded input has only 6 + 2·0 = 6", impossible.ToText());
        Assert.Null(impossible.OutputSize);
        Assert.Single(XElement.Parse(impossible.ToSvg()).Elements(), element => element.Name.LocalName == "svg");
        Assert.Contains("d·(k − 1) + 1 = 2·(3 − 1) + 1 = 5", new HyperparameterView(9, 3, dilation: 2).ToText());
        Assert.Contains("see nothing but padding", new HyperparameterView(6, 2, padding: 2).ToText());
        var text = HyperparameterView.Of(Conv2d(1, 1, (3L, 5L)), zeros(6, 9)).ToText();
        Assert.Contains("Rows: ", text);
        Assert.Contains("Columns: ", text);
    }

    [Fact]
    public void TorchRefusesThePoolingThatIsSaidToBeRefused()
    {
        using var scope = NewDisposeScope();
        for (var kernel = 1; kernel <= 5; kernel++)
            for (var padding = 0; padding <= 4; padding++)
            {
                var layer = MaxPool2d(kernel, 1, padding);
                var refused = false;
                try
                {
                    layer.call(zeros(1, 8, 8));
                }
                catch (System.Runtime.InteropServices.ExternalException)
                {
                    refused = true;
                }
                Assert.Equal(refused, HyperparameterView.Of(layer, 8, 8).ToText().Contains("Torch refuses"));
            }
        Assert.DoesNotContain("Torch refuses", new HyperparameterView(8, 3, padding: 3).ToText());
    }

    [Fact]
    public void WithoutScriptTheFirstTwoWindowsStandThere()
    {
        var view = new HyperparameterView(6, 3, 2, 1, title: Hostile.Text);
        var text = view.ToText();
        Assert.Contains("\ninput 6×6, padded 8×8\noutput 3×3\n", text);
        Assert.Equal(text.Replace('\u0001', '\uFFFD'), Assert.Single(Parse(view).QuerySelectorAll("img")).GetAttribute("alt"));
        Assert.Contains(
            "Window 1 of 9, for row 0 and column 0 of the output: it stands on rows −1 to 1 and columns −1 to 1 of the input.", text);
        Assert.Contains(
            "Window 2 of 9 (dashed), for row 0 and column 1 of the output: "
            + "it stands on rows −1 to 1 and columns 1 to 3 of the input.", text);
        Assert.DoesNotContain("Window 2", new HyperparameterView(3, 3).ToText());
        Assert.Equal(["M0 0h3v3h-3z", "M2 0h3v3h-3z"], Frames(view, 0));
        Assert.Equal(["M0 0h1v1h-1z", "M1 0h1v1h-1z"], Frames(view, 1));
        XElement.Parse(view.ToSvg());
        foreach (var line in new HyperparameterView(6, 3).ToText().Split('\n'))
            Assert.Contains(line, Words(new HyperparameterView(6, 3)));

        static string[] Frames(HyperparameterView view, int pane) =>
        [
            .. Drawing(view, pane).Elements().Where(path => (string?)path.Attribute("stroke-width") == "2.5")
                .Select(path => (string)path.Attribute("d")!),
        ];

        static string Words(HyperparameterView view) =>
            string.Concat(XElement.Parse(view.ToSvg()).Elements()
                .Where(element => element.Name.LocalName == "text").Select(element => element.Value));
    }

    [Fact]
    public void TheScriptIsGivenTheSettings()
    {
        var figure = Parse(new HyperparameterView(7, 3, 2, Pad.Same));
        var data = JsonSerializer.Deserialize<JsonElement>(figure.QuerySelector("script[type='application/json']")!.TextContent);
        Assert.Equal((7, 3, 2), (Number("height"), Number("kernelWidth"), Number("stride")));
        Assert.True(data.GetProperty("same").GetBoolean());
        Assert.Equal(
            Sentence.All.Select(sentence => sentence.Text),
            data.GetProperty("sentences").EnumerateArray().Select(sentence => sentence.GetProperty("text").GetString()));

        int Number(string name) => data.GetProperty(name).GetInt32();
    }

    [Fact]
    public void ViewsAreSmall()
    {
        Assert.InRange(new HyperparameterView(6, 3).ToHtml().Length, 1, 30_000);
        Assert.InRange(new HyperparameterView(256, 1, 3).ToHtml().Length, 1, 45_000);
    }

    [Fact]
    public void WhatCannotBeDrawnIsRefused()
    {
        Assert.Contains(
            "input must be a number from 1 to 256",
            Assert.Throws<ArgumentOutOfRangeException>(() => new HyperparameterView(257, 3)).Message);
        Assert.Contains("kernel must be", Assert.Throws<ArgumentOutOfRangeException>(() => new HyperparameterView(6, 0)).Message);
        Assert.Contains("stride must be", Assert.Throws<ArgumentOutOfRangeException>(() => new HyperparameterView(6, 3, 0)).Message);
        Assert.Contains("padding must be", Assert.Throws<ArgumentOutOfRangeException>(() => new HyperparameterView(6, 3, 1, 65)).Message);
        Assert.Contains("This is a ReLU", Assert.Throws<ArgumentException>(() => HyperparameterView.Of(ReLU(), 6, 6)).Message);
        Assert.Contains(
            "ends in height and width",
            Assert.Throws<ArgumentException>(() => HyperparameterView.Of(Conv2d(1, 1, 3), zeros(6))).Message);
        Assert.Equal((6, 6), HyperparameterView.Of(AvgPool2d(3, 1, 1), 6, 6).OutputSize);
    }

    private static IElement Parse(View view) => Hostile.Parse(view.ToHtml()).QuerySelector("figure.convnet-settings")!;

    private static XElement Drawing(HyperparameterView view, int pane) =>
        XElement.Parse(view.ToSvg()).Elements().Where(element => element.Name.LocalName == "svg").ElementAt(pane);
}
