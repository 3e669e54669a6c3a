using System.Globalization;
using Microsoft.Playwright;

namespace Book.Tests;

/// <summary>The views whose numbers are under the reader's hand: a window's settings, and logits.</summary>
public sealed class SliderTests(Browser browser)
{
    private const string Convolution = "01-convolution-by-hand.html", Graph = "03-lenet-graph.html";

    [Theory, InlineData(Convolution), InlineData(Graph)]
    public async Task Settings_say_with_script_what_they_say_without(string page)
    {
        await using var without = await browser.OpenAsync(page, script: false);
        await using var with = await browser.OpenAsync(page);
        var told = await Settings(without.Page).EvaluateAsync<string>(
            "view => view.textContent + [...view.querySelectorAll('img')].map(image => image.alt).join('\\n')");
        var lines = await Settings(with.Page).Locator(".cs-words p, .cs-pane > span").AllInnerTextsAsync();
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Contains(line, told));
        Assert.Equal(0, await Settings(without.Page).Locator("input, button").CountAsync());
        Assert.Empty(with.Troubles);
    }

    [Fact]
    public async Task Every_setting_gives_the_formulas_output_or_is_explained()
    {
        await using var open = await browser.OpenAsync(Convolution);
        var view = Settings(open.Page);
        (int, int, int, int)[] settings =
        [
            (6, 3, 1, 0), (6, 3, 2, 0), (7, 3, 3, 0), (6, 5, 1, 2), (1, 1, 1, 0), (32, 11, 6, 6), (6, 7, 1, 0), (5, 9, 2, 1),
            (5, 7, 2, 1), (8, 2, 5, 3),
        ];
        foreach (var (n, k, s, p) in settings)
        {
            await Set(view, "input n", n);
            await Set(view, "kernel k", k);
            await Set(view, "stride s", s);
            await Set(view, "padding p", p);
            var size = n + 2 * p < k ? 0 : (n + 2 * p - k) / s + 1;
            var words = (await view.Locator(".cs-words").InnerTextAsync()).Replace('−', '-');
            Assert.Contains($"⌊({n} + 2·{p} - {k}) / {s}⌋ + 1 = ⌊{n + 2 * p - k} / {s}⌋ + 1", words);
            var names = await view.Locator(".cs-pane > span").AllInnerTextsAsync();
            var padded = p > 0 ? $", padded {n + 2 * p}×{n + 2 * p}" : "";
            Assert.Equal(size > 0 ? $"output {size}×{size}" : $"input {n}×{n}{padded}", names[^1]);
            Assert.Equal(size == 0, words.Contains("Impossible: "));
            Assert.Equal(size == 0, await Slider(view, "window").IsDisabledAsync());

            // the cells without a cross are those under some window
            var read = Enumerable.Range(0, size).SelectMany(place => Enumerable.Range(place * s - p, k))
                .Where(cell => cell >= 0 && cell < n).Distinct().Count();
            var crosses = await view.Locator(".cs-in path[stroke='#b34700']").EvaluateAllAsync<int>(
                "paths => paths.reduce((sum, path) => sum + path.getAttribute('d').split('M').length - 1, 0)");
            Assert.Equal(size == 0 ? 0 : n * n - read * read, crosses);
        }
        Assert.Empty(open.Troubles);
    }

    [Fact]
    public async Task Same_pads_as_TensorFlow_does()
    {
        await using var open = await browser.OpenAsync(Convolution);
        var view = Settings(open.Page);
        await Set(view, "stride s", 2);
        await view.GetByRole(AriaRole.Checkbox).CheckAsync();
        await Assertions.Expect(view.Locator(".cs-words")).ToContainTextAsync("= 1: 0 before and 1 after.");
        await Assertions.Expect(view.Locator(".cs-out > span")).ToHaveTextAsync("output 3×3");
        Assert.True(await Slider(view, "padding p").IsDisabledAsync());
        await view.GetByRole(AriaRole.Checkbox).UncheckAsync();
        await Assertions.Expect(view.Locator(".cs-out > span")).ToHaveTextAsync("output 2×2");
    }

    [Fact]
    public async Task The_window_walks_by_keyboard_by_buttons_under_the_pointer_and_by_itself()
    {
        const int LongestInterval = 700;
        await using var open = await browser.OpenAsync(Convolution, stopClock: true);
        var view = Settings(open.Page);
        var words = view.Locator(".cs-words");
        await Slider(view, "window").FocusAsync();
        await open.Page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(words).ToContainTextAsync(
            "Window 2 of 16, for row 0 and column 1 of the output: it stands on rows 0 to 2 and columns 1 to 3 of the input.");
        await open.Page.Keyboard.PressAsync("End");
        await Assertions.Expect(words).ToContainTextAsync("Window 16 of 16");
        await view.GetByText("Step").ClickAsync();
        await Assertions.Expect(words).ToContainTextAsync("Window 1 of 16");
        await view.GetByText("Back").ClickAsync();
        await Assertions.Expect(words).ToContainTextAsync("Window 16 of 16");

        var bounds = (await view.Locator(".cs-out svg").BoundingBoxAsync())!;
        await open.Page.Mouse.MoveAsync(bounds.X + bounds.Width * 0.4f, bounds.Y + bounds.Height * 0.9f);
        await Assertions.Expect(words).ToContainTextAsync("for row 3 and column 1 of the output");
        Assert.Equal("M1 3h3v3h-3z", await view.Locator(".cs-in path[stroke-width='2.5']").GetAttributeAsync("d"));

        await Slider(view, "window").FocusAsync();
        await open.Page.Keyboard.PressAsync("Home");
        await view.Locator(".cs-play").ClickAsync();
        await Assertions.Expect(words).ToContainTextAsync("Window 2 of 16");
        await open.Page.Clock.RunForAsync(LongestInterval + 1);
        await Assertions.Expect(words).ToContainTextAsync("Window 3 of 16");
        await view.Locator(".cs-play").ClickAsync();
        await Assertions.Expect(view.Locator(".cs-play")).ToHaveTextAsync("Play");
        await open.Page.Clock.RunForAsync(10 * LongestInterval);
        await Assertions.Expect(words).ToContainTextAsync("Window 3 of 16");
        Assert.Empty(open.Troubles);
    }

    [Fact]
    public async Task Logits_move_and_every_term_follows()
    {
        await using var open = await browser.OpenAsync(Graph);
        var view = Softmax(open.Page);
        var start = await view.Locator(".cx-share span, .cx-words").AllInnerTextsAsync();
        await Holds(view);
        await view.GetByLabel("logit of 3").FocusAsync();
        for (var step = 0; step < 12; step++)
            await open.Page.Keyboard.PressAsync("PageUp");
        await open.Page.Keyboard.PressAsync("ArrowLeft");
        var logits = await Holds(view);
        Assert.Equal(logits.Max(), logits[3]);
        Assert.InRange(logits[3], 11, 12.5);
        Assert.StartsWith("3: e", await view.Locator(".cx-words").InnerTextAsync());

        var before = await view.Locator(".cx-share span").AllInnerTextsAsync();
        await view.GetByText("Add 1 to every logit").ClickAsync();
        var added = await Holds(view);
        Assert.Equal(logits[3] + 1, added[3], 0.06);
        Assert.Equal(before, await view.Locator(".cx-share span").AllInnerTextsAsync());
        for (var click = 0; click < 12; click++)
            await view.GetByText("Double every logit").ClickAsync();
        await Holds(view);
        await view.GetByText("Reset").ClickAsync();
        Assert.Equal(start, await view.Locator(".cx-share span, .cx-words").AllInnerTextsAsync());
        Assert.Empty(open.Troubles);
    }

    [Theory, InlineData(Convolution, ".convnet-settings"), InlineData(Graph, ".convnet-softmax")]
    public async Task Views_fit_a_phone(string page, string view)
    {
        await using var open = await browser.OpenAsync(page, width: 390);
        Assert.True(await open.Page.Locator(view).First.EvaluateAsync<bool>(
            "view => view.scrollWidth <= view.clientWidth + 1 && view.getBoundingClientRect().right <= innerWidth"));
    }

    /// <summary>What the view writes is the softmax of the logits that it shows, computed here; gives the logits.</summary>
    private static async Task<double[]> Holds(ILocator view)
    {
        var logits = Numbers(await view.Locator(".cx-logit output").AllInnerTextsAsync());
        var powers = Numbers(await view.Locator(".cx-power").AllInnerTextsAsync());
        var shares = Numbers(await view.Locator(".cx-share span").AllInnerTextsAsync());
        for (var index = 0; index < logits.Length; index++)
        {
            // logits are written with four figures, so their powers are known that well
            var tolerance = 1e-3 + 2e-3 * Math.Abs(logits[index]);
            Assert.InRange(powers[index], Math.Exp(logits[index]) * (1 - tolerance), Math.Exp(logits[index]) * (1 + tolerance));
            Assert.Equal(powers[index] / powers.Sum(), shares[index], 1e-3);
        }
        Assert.InRange(Numbers([await view.Locator(".cx-sum").InnerTextAsync()])[0], powers.Sum() * 0.998, powers.Sum() * 1.002);
        return logits;

        static double[] Numbers(IEnumerable<string> texts) =>
            [.. texts.Select(text => double.Parse(text.Replace('−', '-'), CultureInfo.InvariantCulture))];
    }

    private static async Task Set(ILocator view, string name, int value) =>
        await Slider(view, name).EvaluateAsync(
            "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input')); }", value);

    private static ILocator Slider(ILocator view, string name) => view.GetByLabel(name, new() { Exact = false }).First;

    private static ILocator Settings(IPage page) => page.Locator("figure.convnet-settings").First;

    private static ILocator Softmax(IPage page) => page.Locator("figure.convnet-softmax").First;
}
