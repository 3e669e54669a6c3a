using System.Collections.Concurrent;
using AngleSharp.Html.Parser;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Book.Tests;

/// <summary>What every page of the book promises, seen in a real browser.</summary>
public sealed class PageTests(Browser browser)
{
    private static readonly ConcurrentDictionary<string, HashSet<string?>> PageIds = [];

    public static TheoryData<string> Pages => [.. Browser.Pages];

    public static TheoryData<string, ColorScheme> PagesInBothSchemes =>
        [.. Browser.Pages.SelectMany(page => new[] { ColorScheme.Light, ColorScheme.Dark }.Select(scheme => (page, scheme)))];

    [Theory, MemberData(nameof(Pages))]
    public async Task Loads_without_a_complaint_or_a_question_to_the_network(string name)
    {
        await using var open = await browser.OpenAsync(name);
        await ScrollThrough(open.Page);
        Assert.Empty(open.Troubles);
    }

    [Theory, MemberData(nameof(Pages))]
    public async Task Draws_every_chart(string name)
    {
        await using var open = await browser.OpenAsync(name);
        var figures = open.Page.Locator("figure.convnet-figure:has(script[type='application/json'])");
        for (var index = 0; index < await figures.CountAsync(); index++)
        {
            var figure = figures.Nth(index);
            await Assertions.Expect(figure.Locator(".main-svg").First).ToBeVisibleAsync();
            await Assertions.Expect(figure.Locator("img")).ToBeHiddenAsync();
            Assert.True(await figure.Locator(".trace, .point, .hm, image").CountAsync() > 0, $"Chart {index + 1} has axes and no data.");
        }
    }

    [Theory, MemberData(nameof(Pages))]
    public async Task Is_readable_without_scripts(string name)
    {
        await using var open = await browser.OpenAsync(name, script: false);
        var figures = open.Page.Locator("figure.convnet-figure");
        for (var index = 0; index < await figures.CountAsync(); index++)
            await Assertions.Expect(figures.Nth(index).Locator("img")).ToBeVisibleAsync();
        var views = open.Page.Locator("[class^='convnet-']");
        for (var index = 0; index < await views.CountAsync(); index++)
        {
            var shown = views.Nth(index).Locator("img, svg, table, progress, p").First;
            Assert.True(await shown.IsVisibleAsync(), $"View {index + 1} shows nothing without scripts.");
        }
        Assert.Empty(open.Troubles);
    }

    [Theory, MemberData(nameof(PagesInBothSchemes))]
    public async Task Has_no_serious_accessibility_violation(string name, ColorScheme colors)
    {
        await using var open = await browser.OpenAsync(name, colors, bypassPolicy: true);
        await ScrollThrough(open.Page);
        var result = await open.Page.RunAxe();
        var serious = result.Violations.Where(violation => violation.Impact is "serious" or "critical");
        Assert.Empty(serious.Select(violation =>
        {
            var places = violation.Nodes.Take(3).Select(node => node.Html[..Math.Min(160, node.Html.Length)]);
            return $"{violation.Id} ({violation.Impact}): {violation.Help}: {string.Join(" | ", places)}";
        }));
    }

    [Theory, MemberData(nameof(Pages))]
    public async Task Fits_a_phone(string name)
    {
        await using var open = await browser.OpenAsync(name, width: 390);
        await ScrollThrough(open.Page);
        var content = await Number(open.Page, "document.documentElement.scrollWidth");
        var window = await Number(open.Page, "document.documentElement.clientWidth");
        Assert.True(content <= window, $"The page is {content} pixels wide in a window of {window}.");
    }

    [Theory, MemberData(nameof(Pages))]
    public async Task Nothing_but_formulas_scrolls_sideways_on_a_phone(string name)
    {
        await using var open = await browser.OpenAsync(name, width: 390);
        await ScrollThrough(open.Page);
        var wide = await open.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll("main *")]
              .filter(part => ["auto", "scroll"].includes(getComputedStyle(part).overflowX))
              .filter(part => part.clientWidth > 0 && part.scrollWidth > part.clientWidth + 1)
              .filter(part => !part.closest(".formula, math"))
              .map(part => [part.closest(".cell")?.id, part.scrollWidth, part.textContent.trim().slice(0, 60)].join(": "))
            """);
        Assert.Empty(wide);
    }

    [Theory, MemberData(nameof(PagesInBothSchemes))]
    public async Task Has_its_picture_taken(string name, ColorScheme colors)
    {
        await using var open = await browser.OpenAsync(name, colors);
        await ScrollThrough(open.Page);
        var file = $"{Path.GetFileNameWithoutExtension(name)}-{colors.ToString().ToLowerInvariant()}.png";
        var picture = await open.Page.ScreenshotAsync(new()
        {
            FullPage = true,
            Path = Path.Combine(Browser.Screenshots, file),
        });
        Assert.True(picture.Length > 10_000, "The picture is all but empty.");
        // The page follows the reader's scheme: its background is light or dark.
        var background = await open.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        var brightness = background.Split('(', ',', ')').Skip(1).Take(3)
            .Average(channel => double.Parse(channel, System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(
            colors == ColorScheme.Light ? brightness > 200 : brightness < 80,
            $"The background is {background} in the {colors} scheme.");
    }

    [Theory, MemberData(nameof(Pages))]
    public async Task Links_lead_somewhere(string name)
    {
        await using var open = await browser.OpenAsync(name);
        foreach (var link in await open.Page.Locator("a[href]").AllAsync())
        {
            var url = new Uri(await link.EvaluateAsync<string>("a => a.href"));
            if (!url.IsFile)
                continue;
            Assert.True(File.Exists(url.LocalPath), $"{url} does not exist.");
            var isThere = url.Fragment.Length <= 1 || Ids(url.LocalPath).Contains(Uri.UnescapeDataString(url.Fragment[1..]));
            Assert.True(isThere, $"{url} leads to no place on its page.");
        }
    }

    /// <summary>What links to a page can lead to; each page is read once.</summary>
    private static HashSet<string?> Ids(string page) => PageIds.GetOrAdd(page, path =>
        [.. new HtmlParser().ParseDocument(File.ReadAllText(path)).QuerySelectorAll("[id]").Select(element => element.Id)]);

    [Fact]
    public async Task Reader_can_go_through_all_lessons_and_back()
    {
        await using var open = await browser.OpenAsync("index.html");
        await open.Page.Locator(".lessons a").First.ClickAsync();
        var lessons = Browser.Lessons.Select(lesson => lesson + ".html").ToArray();
        foreach (var lesson in lessons)
        {
            await open.Page.WaitForURLAsync($"**/{lesson}");
            if (lesson != lessons[^1])
                await open.Page.Locator("a[rel=next]").ClickAsync();
        }
        await Assertions.Expect(open.Page.Locator("a[rel=next]")).ToHaveCountAsync(0);
        foreach (var lesson in lessons.Reverse().Skip(1))
        {
            await open.Page.Locator("a[rel=prev]").ClickAsync();
            await open.Page.WaitForURLAsync($"**/{lesson}");
        }
        await Assertions.Expect(open.Page.Locator("a[rel=prev]")).ToHaveCountAsync(0);
        Assert.Empty(open.Troubles);
    }

    [Fact]
    public async Task The_playground_is_found_and_leads_back_to_its_lesson()
    {
        await using var open = await browser.OpenAsync("index.html");
        await open.Page.GetByRole(AriaRole.Link, new() { Name = "draw a digit", Exact = true }).ClickAsync();
        await Assertions.Expect(open.Page.Locator("figure.convnet-playground .cp-answer")).ToContainTextAsync("It reads:");
        await Assertions.Expect(open.Page.Locator(".top [aria-current=page]")).ToHaveTextAsync("Playground");
        await open.Page.Locator("main > p a").ClickAsync();
        var cell = open.Page.Locator(new Uri(open.Page.Url).Fragment);
        await cell.GetByRole(AriaRole.Link, new() { Name = "on a page of its own" }).ClickAsync();
        await open.Page.WaitForURLAsync("**/playground.html");
        Assert.Empty(open.Troubles);
    }

    [Fact]
    public async Task Prints_on_paper()
    {
        await using var open = await browser.OpenAsync(Browser.Pages.Skip(1).First());
        var pdf = await open.Page.PdfAsync(new() { Format = "A4" });
        Assert.Equal("%PDF"u8.ToArray(), pdf[..4]);
        await open.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Assertions.Expect(open.Page.Locator("nav.toc.beside")).ToBeHiddenAsync();
        await Assertions.Expect(open.Page.Locator("nav.toc.above")).ToBeHiddenAsync();
        await Assertions.Expect(open.Page.Locator("main")).ToBeVisibleAsync();
    }

    private static async Task<double> Number(IPage page, string expression) => await page.EvaluateAsync<double>(expression);

    // Whatever waits to be seen before it draws, sees it.
    private static async Task ScrollThrough(IPage page)
    {
        await page.EvaluateAsync(
            """
            async () => {
              for (let y = 0; y < document.body.scrollHeight; y += 700) {
                scrollTo(0, y);
                await new Promise(r => setTimeout(r, 10));
              }
              scrollTo(0, 0);
            }
            """);
        var charts = page.Locator("figure.convnet-figure[data-upgraded]");
        for (var index = 0; index < await charts.CountAsync(); index++)
            await Assertions.Expect(charts.Nth(index).Locator(".main-svg").First).ToBeVisibleAsync();
    }
}
