using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Book.Tests;

/// <summary>The views that answer the reader: by pointer, by keyboard, by their buttons.</summary>
public sealed partial class ViewTests(Browser browser)
{
    private const string Convolution = "01-convolution-by-hand.html", Pooling = "02-pooling-by-hand.html";

    [Fact]
    public async Task Convolution_answers_the_pointer_with_its_sum_term_by_term()
    {
        await using var open = await browser.OpenAsync(Convolution);
        var view = Windows(open.Page, "sum").First;
        var cell = view.Locator(".cw-out td").Nth(0);
        await cell.HoverAsync();
        // The first window of the article's example: 3 + 1 + 2 − 1 − 7 − 5 = −7.
        await Assertions.Expect(view.Locator(".cw-sum")).ToContainTextAsync("= −7");
        Assert.Equal(-7, Sum(await view.Locator(".cw-sum").InnerTextAsync()));
        await view.Locator(".cw-out td").Nth(1).HoverAsync();
        await Assertions.Expect(view.Locator(".cw-sum")).ToContainTextAsync("= −2");
    }

    [Fact]
    public async Task Every_sum_that_is_written_is_right_and_is_the_cells_value()
    {
        await using var open = await browser.OpenAsync(Convolution);
        var view = Windows(open.Page, "sum").First;
        var cells = view.Locator(".cw-out td");
        for (var index = 0; index < await cells.CountAsync(); index++)
        {
            await cells.Nth(index).FocusAsync();
            var text = await view.Locator(".cw-sum").InnerTextAsync();
            Assert.Equal(Number(await cells.Nth(index).InnerTextAsync()), Sum(text));
            Assert.EndsWith($"= {await cells.Nth(index).InnerTextAsync()}", text.Trim());
        }
    }

    [Theory, InlineData(Convolution, "sum"), InlineData(Pooling, "max"), InlineData(Pooling, "mean")]
    public async Task View_answers_the_keyboard(string page, string kind)
    {
        await using var open = await browser.OpenAsync(page);
        var views = Windows(open.Page, kind);
        Assert.True(await views.CountAsync() > 0, $"There is no {kind} view on {page}.");
        var view = views.First;
        await view.Locator(".cw-out td").First.FocusAsync();
        await open.Page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(view.Locator(".cw-sum")).ToContainTextAsync("Row 0, column 1");
        await open.Page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(view.Locator(".cw-sum")).ToContainTextAsync("Row 1, column 1");
        await open.Page.Keyboard.PressAsync("Control+Home");
        await Assertions.Expect(view.Locator(".cw-sum")).ToContainTextAsync("Row 0, column 0");
        await open.Page.Keyboard.PressAsync("ArrowUp");
        await Assertions.Expect(view.Locator(".cw-sum")).ToContainTextAsync("Row 0, column 0");
        Assert.Equal(1, await view.Locator("[aria-selected=true]").CountAsync());
        Assert.Empty(open.Troubles);
    }

    [Fact]
    public async Task Views_on_one_page_do_not_move_each_other()
    {
        await using var open = await browser.OpenAsync(Pooling);
        var views = open.Page.Locator("figure.convnet-window");
        Assert.True(await views.CountAsync() >= 2);
        var before = await views.Nth(1).Locator(".cw-sum").InnerTextAsync();
        await views.Nth(0).Locator(".cw-out td").Nth(1).HoverAsync();
        await Assertions.Expect(views.Nth(0).Locator(".cw-sum")).ToContainTextAsync("column 1");
        Assert.Equal(before, await views.Nth(1).Locator(".cw-sum").InnerTextAsync());
    }

    [Fact]
    public async Task Play_slides_the_window_and_pause_holds_it()
    {
        const int LongestInterval = 900;
        await using var open = await browser.OpenAsync(Convolution, stopClock: true);
        var view = Windows(open.Page, "sum").First;
        await view.Locator(".cw-play").ClickAsync();
        await Assertions.Expect(view.Locator(".cw-sum")).ToContainTextAsync("Row 0, column 1");
        await open.Page.Clock.RunForAsync(LongestInterval + 1);
        await Assertions.Expect(view.Locator(".cw-sum")).ToContainTextAsync("Row 0, column 2");
        await Assertions.Expect(view.Locator(".cw-play")).ToHaveTextAsync("Pause");
        await view.Locator(".cw-play").ClickAsync();
        await Assertions.Expect(view.Locator(".cw-play")).ToHaveTextAsync("Play");
        await open.Page.Clock.RunForAsync(10 * LongestInterval);
        await Assertions.Expect(view.Locator(".cw-sum")).ToContainTextAsync("Row 0, column 2");
        await view.GetByText("Step").ClickAsync();
        await view.GetByText("Back").ClickAsync();
        Assert.Empty(open.Troubles);
    }

    [Fact]
    public async Task Max_pooling_marks_the_winner()
    {
        await using var open = await browser.OpenAsync(Pooling);
        var view = Windows(open.Page, "max").First;
        var cells = view.Locator(".cw-out td");
        for (var index = 0; index < await cells.CountAsync(); index++)
        {
            await cells.Nth(index).FocusAsync();
            Assert.Equal(await cells.Nth(index).InnerTextAsync(), await view.Locator(".cw-sum .cw-strong").First.InnerTextAsync());
        }
    }

    [Theory, InlineData("05-baseline-training.html"), InlineData("06-augmentation-batchnorm-dropout.html")]
    public async Task Charts_can_be_read_on_a_phone(string page)
    {
        await using var open = await browser.OpenAsync(page, width: 390);
        var charts = open.Page.Locator("figure.convnet-figure[data-upgraded]");
        await Assertions.Expect(charts.Locator(".main-svg").First).ToBeVisibleAsync();
        Assert.True(await charts.CountAsync() > 0);
        for (var index = 0; index < await charts.CountAsync(); index++)
        {
            // every word lies inside its chart, and no two lie on each other; a grid of cells may be wider than the phone, and scrolls
            var trouble = await charts.Nth(index).EvaluateAsync<string?>("""
                figure => {
                  const cells = figure.querySelector(".heatmaplayer .hm") !== null;
                  const edge = figure.querySelector(".main-svg").getBoundingClientRect();
                  const within = figure.getBoundingClientRect();
                  if (!cells && edge.width > within.width + 1) return "the chart is wider than its figure";
                  const words = [...figure.querySelectorAll(".main-svg text")]
                    .filter(text => text.textContent.trim() !== "" && text.getBoundingClientRect().width > 0)
                    .map(text => ({ text: text.textContent, box: text.getBoundingClientRect() }));
                  for (const { text, box } of words)
                    if (box.left < edge.left - 1 || box.right > edge.right + 1 || box.top < edge.top - 1 || box.bottom > edge.bottom + 1)
                      return `"${text}" is cut`;
                  for (let a = 0; a < words.length; a++) for (let b = a + 1; b < words.length; b++) {
                    const one = words[a].box, other = words[b].box;
                    const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
                    const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
                    if (across > 3 && down > 4) return `"${words[a].text}" lies on "${words[b].text}"`;
                  }
                  return null;
                }
                """);
            Assert.True(trouble is null, $"Chart {index + 1} of {page}: {trouble}.");
        }
        Assert.True(await open.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
    }

    private static ILocator Windows(IPage page, string kind) => page.Locator($"figure.convnet-window[data-kind='{kind}']");

    private static double Number(string text) => double.Parse(text.Replace('−', '-'), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>
    /// Adds up what a sentence such as "Row 0, column 0: 3·1 + (−1)·2 − 7·1 = −7" says, independently of the page's script.
    /// </summary>
    private static double Sum(string sentence)
    {
        var terms = sentence[(sentence.IndexOf(':') + 1)..sentence.IndexOf('=')];
        var total = 0.0;
        foreach (Match term in Term().Matches(terms))
        {
            var value = Number(term.Groups["value"].Value) * (term.Groups["weight"].Success ? Number(term.Groups["weight"].Value) : 1);
            total += term.Groups["sign"].Value == "−" ? -value : value;
        }
        return total;
    }

    [GeneratedRegex(@"(?<sign>[−+])?\s*\(?(?<value>−?[\d.]+)\)?(·\(?(?<weight>−?[\d.]+)\)?)?")]
    private static partial Regex Term();
}
