using System.Globalization;
using System.Xml.Linq;
using AngleSharp.Dom;
using CsCheck;
using static TorchSharp.torch;

namespace NotebookHelpers.Tests.Arithmetic;

public sealed class SoftmaxViewTests
{
    [Fact]
    public void TheQuotientsAreTorchsProbabilities() => (
        from logits in Gen.Double[-1000, 1000].Array[1, 20]
        from size in Gen.OneOf(Gen.Const(0.001), Gen.Const(0.01), Gen.Const(1.0), Gen.Const(1e4))
        select logits.Select(logit => logit * size).ToArray()).Sample(logits =>
        {
            using var scope = NewDisposeScope();
            var view = new SoftmaxView(logits);
            var expected = tensor(logits).softmax(0);
            Assert.True(allclose(expected, tensor(view.Probabilities.ToArray()), 1e-9, 1e-12));
            Assert.Equal(expected.data<double>().ToArray().Select(SoftmaxView.Number), Column(view, ".cx-share span").Select(text => SoftmaxView.Number(Read(text))));
        }, iter: 300, threads: 1);

    [Fact]
    public void EveryTermIsShown()
    {
        // e², e¹ and e⁰ are 7.389, 2.718 and 1; their sum is 11.107
        var view = new SoftmaxView([2, 1, 0], ["cat", "dog", "owl"], "By hand");
        Assert.Equal(["2", "1", "0"], Column(view, ".cx-logit"));
        Assert.Equal(["7.389", "2.718", "1"], Column(view, ".cx-power"));
        Assert.Equal("11.11", Parse(view).QuerySelector(".cx-sum")!.TextContent);
        Assert.Equal(["0.6652", "0.2447", "0.09003"], Column(view, ".cx-share span"));
        Assert.Equal("cat: e2 / sum ≈ 7.389 / (7.389 + 2.718 + 1) ≈ 7.389 / 11.11 ≈ 0.6652", Parse(view).QuerySelector(".cx-words")!.TextContent);
        Assert.EndsWith("cat: e^2 / sum ≈ 7.389 / (7.389 + 2.718 + 1) ≈ 7.389 / 11.11 ≈ 0.6652", view.ToText());
        Assert.StartsWith("By hand\n", view.ToText());
        Assert.Empty(Parse(view).QuerySelectorAll("[hidden], button, input, [id]"));
        var svg = string.Concat(XElement.Parse(view.ToSvg()).Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value));
        foreach (var text in new[] { "cat", "7.389", "11.11", "0.2447", "e^2 / sum" })
            Assert.Contains(text, svg);
    }

    [Fact]
    public void PowersTooLargeForADoubleAreComputedWithoutTheLargest()
    {
        var view = new SoftmaxView([1000, 1001, -1000]);
        Assert.Equal(["0.2689", "0.7311", "0"], Column(view, ".cx-share span"));
        Assert.Contains("too large for a 64-bit number", Parse(view).QuerySelector("figcaption")!.TextContent);
        Assert.Contains("e^(1001 − 1001)", view.ToText());
        Assert.Equal([0.5, 0.5], new SoftmaxView([-5000, -5000]).Probabilities);
        Assert.DoesNotContain("64-bit", new SoftmaxView([700, -700]).ToHtml().Split("<script>")[0]);
    }

    [Fact]
    public void OfManyLogitsTheLargestAreShownAndTheOthersInOneRow()
    {
        using var scope = NewDisposeScope();
        var logits = randn(1, 1000);
        var view = SoftmaxView.Of(logits);
        Assert.Equal(21, Column(view, ".cx-power").Length);
        var (values, indices) = logits[0].softmax(0).topk(20);
        Assert.Equal([.. indices.data<long>().ToArray().Order().Select(index => index.ToString(CultureInfo.InvariantCulture)), "980 others"],
            Parse(view).QuerySelectorAll("tbody th").Select(cell => cell.TextContent));
        Assert.Equal(1 - values.sum().item<float>(), view.Probabilities.Last(), 1e-5);
        var others = Parse(view).QuerySelector(".cx-others")!;
        Assert.Equal(Read(others.QuerySelector(".cx-power")!.TextContent), Math.Exp(double.Parse(others.GetAttribute("data-logit")!, CultureInfo.InvariantCulture)), 0.51);
        Assert.Equal(21, Column(new SoftmaxView(new double[50]), ".cx-power").Length);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1.5, "1.5")]
    [InlineData(-0.123456, "−0.1235")]
    [InlineData(0.09003057, "0.09003")]
    [InlineData(11.10734, "11.11")]
    [InlineData(22026.4658, "22026")]
    [InlineData(12345678, "1.235e+7")]
    [InlineData(0.00012346, "1.235e−4")]
    public void NumbersHaveFourFigures(double value, string text) => Assert.Equal(text, SoftmaxView.Number(value));

    [Fact]
    public void NamesAndTitlesAreEscaped()
    {
        var view = new SoftmaxView([1, 2], [Hostile.Text, "b"], Hostile.Text);
        Assert.Equal(Hostile.Text.Replace('\u0001', '\uFFFD'), Parse(view).QuerySelector("tbody th")!.TextContent);
        XElement.Parse(view.ToSvg());
        Assert.StartsWith("<figure class=\"convnet-", view.ToHtml());
        Assert.Equal(Parse(view).QuerySelector("script")!.TextContent, Parse(new SoftmaxView([3])).QuerySelector("script")!.TextContent);
        Assert.InRange(view.ToHtml().Length, 1, 16_000);
    }

    [Fact]
    public void WhatIsNotLogitsIsRefused()
    {
        Assert.Contains("no logits", Assert.Throws<ArgumentException>(() => new SoftmaxView([])).Message);
        Assert.Contains("Logit 1 is NaN", Assert.Throws<ArgumentException>(() => new SoftmaxView([0, double.NaN])).Message);
        Assert.Contains("2 logits, but 1 names", Assert.Throws<ArgumentException>(() => new SoftmaxView([0, 1], ["a"])).Message);
        using var batch = zeros(4, 10);
        Assert.Contains("found (4, 10). Of a batch take one", Assert.Throws<ArgumentException>(() => SoftmaxView.Of(batch)).Message);
    }

    private static IElement Parse(View view) => Hostile.Parse(view.ToHtml()).QuerySelector("figure.convnet-softmax")!;

    private static string[] Column(View view, string cells) => [.. Parse(view).QuerySelectorAll(cells).Select(cell => cell.TextContent)];

    private static double Read(string text) => double.Parse(text.Replace('−', '-'), CultureInfo.InvariantCulture);
}
