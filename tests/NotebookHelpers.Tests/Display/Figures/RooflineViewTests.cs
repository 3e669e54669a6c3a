using System.Globalization;
using System.Text;
using System.Xml.Linq;
using CsCheck;

namespace NotebookHelpers.Tests.Display;

public sealed class RooflineViewTests(Chromium chromium)
{
    private static readonly Roof One = new("one thread", 100, 10), Two = new("two threads", 200, 16);

    [Fact]
    public void A_roof_rises_with_the_bandwidth_and_is_flat_behind_the_ridge() =>
        Gen.Select(Gen.Double[0.1, 1e4], Gen.Double[0.1, 1e3], Gen.Double[0.001, 1e4]).Sample((peak, bandwidth, intensity) =>
        {
            var roof = new Roof("r", peak, bandwidth);
            Assert.Equal(intensity < roof.Ridge ? bandwidth * intensity : peak, roof.At(intensity), 1e-9 * peak);
        });

    [Fact]
    public void Every_point_is_told_with_its_share_of_its_own_roof_and_what_sets_it() => Assert.Equal(
        """
        Loops
        two threads: 200 GFLOP/s, 16 GB/s; the ridge is at 12.5 FLOP per byte
        one thread: 100 GFLOP/s, 10 GB/s; the ridge is at 10 FLOP per byte
        fused: 50 GFLOP/s at 20 FLOP per byte, 50 % of the roof of one thread, which arithmetic sets there
        shared: 16 GFLOP/s at 2 FLOP per byte, 50 % of the roof of two threads, which memory sets there
        slow: 0.5 GFLOP/s at 2 FLOP per byte, 2.5 % of the roof of one thread, which memory sets there
        """.ReplaceLineEndings("\n"),
        new RooflineView("Loops", [new("slow", 2, 0.5, One), new("fused", 20, 50, One), new("shared", 2, 16, Two)]).ToText());

    [Fact]
    public void Points_lie_to_scale_and_on_the_roof_when_they_reach_it()
    {
        var svg = XElement.Parse(new RooflineView("t", [new("a", 1, 0.1, One), new("b", 10, 1, One), new("c", 100, 100, One)]).ToSvg());
        var points = svg.Descendants().Where(element => element.Name.LocalName == "circle")
            .Select(circle => (X: Number(circle, "cx"), Y: Number(circle, "cy"))).ToList();
        var roof = svg.Descendants().Last(element => (string?)element.Attribute("stroke") == "#1a1a1a")
            .Attribute("d")!.Value[1..].Split('L')
            .Select(place => place.Split(',').Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray()).ToList();

        var (c, b, a) = (points[0], points[1], points[2]);
        Assert.Equal(b.X - a.X, c.X - b.X, 0.21);
        Assert.Equal(2 * (a.Y - b.Y), b.Y - c.Y, 0.31);
        Assert.Equal(c.Y, roof[1][1], 0.11);
        Assert.Equal(b.X, roof[1][0], 0.11);       // the ridge is at 10 FLOP per byte
    }

    [Fact]
    public void Names_keep_apart_in_the_order_of_their_points() => Gen.Double[-3, 2].Array[1, 16].Sample(powers =>
    {
        var view = new RooflineView("t", powers.Select((power, i) => new RooflinePoint($"p{i}", 3, Math.Pow(10, power), One)));
        foreach (var width in new[] { 720, 360 })
        {
            var svg = XElement.Parse(width == 720 ? view.ToSvg() : Narrow(view));
            var names = svg.Descendants().Where(element => element.Name.LocalName == "text")
                .Where(text => (string?)text.Attribute("text-anchor") == "start" && Number(text, "x") > 0.6 * width)
                .Where(text => int.TryParse(text.Value.Split(' ')[0], out _) && !text.Value.Contains("GB/s")).ToList();
            Assert.Equal(powers.Length, names.Count);
            Assert.All(names.Zip(names.Skip(1)), pair => Assert.True(Number(pair.Second, "y") - Number(pair.First, "y") > 15));
            Assert.All(names, name => Assert.InRange(Number(name, "y"), 20, Number(svg, "height") - 40));
        }
    }, iter: 50);

    [Fact]
    public async Task Pointer_and_keys_tell_the_nearest_point_in_both_forms()
    {
        var view = new RooflineView("t", [new("slow", 3, 1, One), new("near", 3, 1.05, One), new("fused", 10, 60, One)]);
        foreach (var width in new[] { 1000, 390 })
        {
            var page = await chromium.OpenAsync(view.ToHtml(), width: width);
            var words = page.Locator(".cr-words");
            Assert.StartsWith("fused: 60 GFLOP/s", await words.InnerTextAsync());
            await page.Locator("button.cr-now").FocusAsync();
            await page.Keyboard.PressAsync("ArrowDown");
            Assert.StartsWith("near: ", await words.InnerTextAsync());
            await page.Keyboard.PressAsync("End");
            Assert.StartsWith("slow: ", await words.InnerTextAsync());
            Assert.Equal(1, await page.Locator("button[tabindex='0']").CountAsync());

            // the first point, found by its place in the picture that this page shows
            var svg = XElement.Parse(width == 1000 ? view.ToSvg() : Narrow(view));
            var circle = svg.Descendants().First(element => element.Name.LocalName == "circle");
            var box = (await page.Locator("img").BoundingBoxAsync())!;
            var scale = box.Width / Number(svg, "width");
            var (x, y) = (box.X + scale * Number(circle, "cx"), box.Y + scale * Number(circle, "cy"));
            await page.Mouse.MoveAsync((float)(x + 6), (float)(y + 6));
            Assert.StartsWith("fused: ", await words.InnerTextAsync());
            await page.Context.CloseAsync();
        }
    }

    [Fact]
    public void Names_that_attack_are_text()
    {
        var view = new RooflineView(Hostile.Text, [new(Hostile.Text, 1, 1, new Roof(Hostile.Text, 2, 2))]);

        Hostile.Parse(view.ToHtml());
        XElement.Parse(view.ToSvg());
    }

    [Fact]
    public void What_cannot_be_drawn_is_refused_in_words()
    {
        Assert.Contains("0 points", Assert.Throws<ArgumentException>(() => new RooflineView("t", [])).Message);
        RooflinePoint[] refused =
        [
            new("a", 0, 1, One), new("a", 1, -1, One), new("a", 1, double.NaN, One),
            new("a", 1, 1, new("r", double.PositiveInfinity, 1)),
        ];
        foreach (var point in refused)
            Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => new RooflineView("t", [point])).Message);
    }

    private static string Narrow(RooflineView view)
    {
        var source = Hostile.Parse(view.ToHtml()).QuerySelector("source")!.GetAttribute("srcset")!;
        return Encoding.UTF8.GetString(Convert.FromBase64String(source.Split(',')[1]));
    }

    private static double Number(XElement element, string attribute) =>
        double.Parse((string)element.Attribute(attribute)!, CultureInfo.InvariantCulture);
}
