using System.Globalization;
using System.Text.Json;
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
            Assert.Equal(expected.data<double>().ToArray().Select(SoftmaxView.Number), Column(view, 3).SkipLast(1));
        }, iter: 300, threads: 1);

    [Fact]
    public void EveryTermIsShown()
    {
        // e², e¹ and e⁰ are 7.389, 2.718 and 1; their sum is 11.107
        var view = new SoftmaxView([2, 1, 0], ["cat", "dog", "owl"], "By hand");
        Assert.Equal(["2", "1", "0", ""], Column(view, 1));
        Assert.Equal(["7.389", "2.718", "1", "11.11"], Column(view, 2));
        Assert.Equal(["0.6652", "0.2447", "0.09003", "1"], Column(view, 3));
        Assert.EndsWith("cat: e^2 / sum ≈ 7.389 / (7.389 + 2.718 + 1) ≈ 7.389 / 11.11 ≈ 0.6652", view.ToText());
        Assert.StartsWith("By hand\n", view.ToText());
        Assert.Equal(view.ToText(), Assert.Single(Parse(view).QuerySelectorAll("img")).GetAttribute("alt"));
        var svg = string.Concat(XElement.Parse(view.ToSvg()).Descendants()
            .Where(element => element.Name.LocalName == "text").Select(element => element.Value));
        foreach (var text in new[] { "cat", "7.389", "11.11", "0.2447", "e^2 / sum" })
            Assert.Contains(text, svg);
    }

    [Fact]
    public void PowersTooLargeForADoubleAreComputedWithoutTheLargest()
    {
        var view = new SoftmaxView([1000, 1001, -1000]);
        Assert.Equal(["0.2689", "0.7311", "0", "1"], Column(view, 3));
        Assert.Contains("64-bit", view.ToSvg());
        Assert.Contains("e^(1001 − 1001)", view.ToText());
        Assert.Equal([0.5, 0.5], new SoftmaxView([-5000, -5000]).Probabilities);
        Assert.DoesNotContain("64-bit", new SoftmaxView([700, -700]).ToSvg());
    }

    [Fact]
    public void OfManyLogitsTheLargestAreShownAndTheOthersInOneRow()
    {
        using var scope = NewDisposeScope();
        var logits = randn(1, 1000);
        var view = SoftmaxView.Of(logits);
        Assert.Equal(22, Column(view, 2).Length);
        var (values, indices) = logits[0].softmax(0).topk(20);
        var names = indices.data<long>().ToArray().Order().Select(index => index.ToString(CultureInfo.InvariantCulture));
        Assert.Equal([.. names, "980 others"], Column(view, 0).SkipLast(1));
        Assert.Equal(1 - values.sum().item<float>(), view.Probabilities.Last(), 1e-5);
        var others = Data(view).GetProperty("rows").EnumerateArray().Last();
        Assert.True(others.GetProperty("isOthers").GetBoolean());
        Assert.Equal(Read(Column(view, 2)[^2]), Math.Exp(others.GetProperty("logit").GetDouble()), 0.51);
        Assert.Equal(22, Column(new SoftmaxView(new double[50]), 2).Length);
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
    [InlineData(12.125, "12.12")] // a half goes to the even neighbour, here and in the script
    [InlineData(-12.375, "−12.38")]
    public void NumbersHaveFourFigures(double value, string text) => Assert.Equal(text, SoftmaxView.Number(value));

    [Fact]
    public void NamesAndTitlesAreEscaped()
    {
        var view = new SoftmaxView([1, 2], [Hostile.Text, "b"], Hostile.Text);
        Assert.Equal(Hostile.Text, Data(view).GetProperty("rows")[0].GetProperty("name").GetString());
        XElement.Parse(view.ToSvg());
        Assert.StartsWith("<figure class=\"convnet-", view.ToHtml());
        Assert.Equal(
            Parse(view).QuerySelectorAll("script:not([type])").Select(script => script.TextContent),
            [Html.Embedded("View.js"), Html.Embedded("SoftmaxView.js")]);
        Assert.InRange(view.ToHtml().Length, 1, 22_000);
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

    private static JsonElement Data(View view) =>
        JsonSerializer.Deserialize<JsonElement>(Parse(view).QuerySelector("script[type='application/json']")!.TextContent);

    /// <summary>A column of the text's table, the sum last; its edges are those of the line under the header.</summary>
    private static string[] Column(View view, int column)
    {
        var lines = view.ToText().Split('\n');
        var rule = lines.Index().First(line => line.Item.StartsWith('-'));
        var start = rule.Item.Split("  ").Take(column).Sum(part => part.Length + 2);
        var width = rule.Item.Split("  ")[column].Length;
        return [.. lines[(rule.Index + 1)..^1].Select(line => line.PadRight(start + width).Substring(start, width).Trim())];
    }

    private static double Read(string text) => double.Parse(text.Replace('−', '-'), CultureInfo.InvariantCulture);
}
