using System.Text.Json;
using System.Xml.Linq;
using CsCheck;

namespace NotebookHelpers.Tests.Learning;

public sealed class DescentViewTests
{
    private static readonly DescentPath[] OneStep = [new("rate 0.5", [1.0, 2.0])];

    [Fact]
    public void A_path_lies_on_the_curve() => Gen.Double[-3, 3].Array[1, 20].Sample(weights =>
    {
        var view = new DescentView("t", "w", w => w * w, -4, 4, [new DescentPath("p", weights)]);
        var points = Live(view).GetProperty("paths")[0].GetProperty("points");

        Assert.Equal(weights.Length, points.GetArrayLength());
        for (var i = 0; i < weights.Length; i++)
        {
            Assert.Equal((weights[i] + 4) / 8 * 520, points[i][0].GetDouble(), 0.051);
            Assert.Equal((1 - weights[i] * weights[i] / 16) * 340, points[i][1].GetDouble(), 0.051);
        }
    }, iter: 100);

    [Fact]
    public void Every_step_is_told_with_its_weights_and_its_loss()
    {
        var view = new DescentView("Two", "a", "b", (a, b) => a + 10 * b, (0, 4), (0, 4), [new DescentPath("slow", [(1, 2), (3, 0.5)])]);

        Assert.Equal(["start: a = 1, b = 2, loss 21", "step 1: a = 3, b = 0.5, loss 8"],
            Live(view).GetProperty("paths")[0].GetProperty("words").EnumerateArray().Select(word => word.GetString()));
        Assert.Equal("Two\nslow: from a = 1, b = 2, loss 21 in 1 steps to a = 3, b = 0.5, loss 8", view.ToText());
    }

    [Fact]
    public void The_picture_shows_every_path_and_stays_without_script()
    {
        var view = new DescentView("Rates", "w", w => w * w, -1, 1,
            Enumerable.Range(0, 5).Select(i => new DescentPath($"rate {i}", [0.5, 0.1])));

        var svg = XElement.Parse(view.ToSvg());
        var texts = svg.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value).ToArray();
        Assert.All(Enumerable.Range(0, 5), i => Assert.Contains($"rate {i}", texts));
        Assert.Contains("Rates", texts);
        var html = Hostile.Parse(view.ToHtml());
        Assert.Equal(view.ToText(), html.QuerySelector("figure.convnet-descent > img")!.GetAttribute("alt"));
        Assert.Empty(html.QuerySelectorAll("input, button"));
    }

    [Fact]
    public void A_path_that_starts_where_the_loss_is_no_number_is_refused() => Assert.Contains("'log' starts",
        Assert.Throws<ArgumentException>(() => new DescentView("t", "w", Math.Log, -2, 2, [new DescentPath("log", [-1, 0.5])])).Message);

    [Fact]
    public void A_path_that_runs_away_is_cut_off_and_one_that_ends_in_no_number_ends_there()
    {
        var view = new DescentView("t", "w", w => w * w, -1, 1, [new DescentPath("wild", [1, 1e200, double.PositiveInfinity, 3])]);

        Assert.Equal("t\nwild: from w = 1, loss 1 in 1 steps to w = 1·10²⁰⁰, loss Infinity", view.ToText());
        Assert.DoesNotContain("E+", XElement.Parse(view.ToSvg()).ToString());
        Assert.DoesNotContain("NaN", view.ToSvg());
    }

    [Fact]
    public void Names_that_attack_are_text()
    {
        var path = new DescentPath(Hostile.Text, [(0, 0)]);
        var view = new DescentView(Hostile.Text, Hostile.Text, Hostile.Text, (a, b) => a * b, (0, 1), (0, 1), [path]);

        Hostile.Parse(view.ToHtml());
        XElement.Parse(view.ToSvg());
        XElement.Parse($"<svg xmlns=\"http://www.w3.org/2000/svg\">{Live(view).GetProperty("ground").GetString()}</svg>");
    }

    [Fact]
    public void What_cannot_be_drawn_is_refused_in_words()
    {
        Assert.Contains("from 1 to 1", Assert.Throws<ArgumentException>(() => new DescentView("t", "w", w => w, 1, 1, OneStep)).Message);
        Assert.Contains("nowhere finite",
            Assert.Throws<ArgumentException>(() => new DescentView("t", "w", _ => double.NaN, 0, 1, OneStep)).Message);
        Assert.Contains("no path", Assert.Throws<ArgumentException>(() => new DescentView("t", "w", w => w, 0, 1, [])).Message);
        Assert.Contains("no finite start", Assert.Throws<ArgumentException>(() => new DescentPath("p", [double.NaN])).Message);
    }

    private static JsonElement Live(DescentView view) =>
        JsonDocument.Parse(Hostile.Parse(view.ToHtml()).QuerySelector("script[type='application/json']")!.TextContent).RootElement;
}
