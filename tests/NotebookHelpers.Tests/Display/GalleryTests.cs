using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Playwright;

namespace NotebookHelpers.Tests.Display;

/// <summary>
/// Every view where it is seen: on GitHub, in Jupyter before trust, in dark pages and editors, with its script and without.
/// The sheets of pictures are left in artifacts/tests/gallery, to be looked at.
/// </summary>
public sealed partial class GalleryTests(Chromium chromium)
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Above(AppContext.BaseDirectory)!, "artifacts", "tests", "gallery");

    /// <summary>The views that are pictures; tables and sentences are text everywhere.</summary>
    private static readonly string[] Texts = ["table", "headline", "progress"];

    /// <summary>Views whose paper is not asked for: digits stay ink on white paper.</summary>
    private static readonly string[] InkOnPaper = ["digit", "digits", "playground"];

    public static TheoryData<string> Sanitizers => ["GitHub", "Jupyter before trust"];

    public static TheoryData<bool, string, bool> Surroundings => new()
    {
        { false, "", false },
        { true, "", true },
        { false, "class='vscode-dark'", true },
        { true, "class='vscode-light'", false },
        { false, "class='vscode-high-contrast'", true },
        { true, "class='vscode-high-contrast vscode-high-contrast-light'", false },
        { false, "data-jp-theme-light='false'", true },
    };

    [Theory, MemberData(nameof(Sanitizers))]
    public async Task After_a_sanitizer_every_figure_is_there_in_its_colors_and_no_source_is_shown(string sanitizer)
    {
        var page = await chromium.OpenAsync(Sheet(view => sanitizer == "GitHub"
            ? Sanitized.ByGitHub(view.ToHtml(), withContentOfStyles: true)
            : Sanitized.ByJupyter(view.ToHtml())));
        Assert.Equal(0, await page.Locator("body [style], script, style").CountAsync());
        var text = await page.InnerTextAsync("body");
        foreach (var source in new[] { "=>", "document.", "querySelector", "{", "}", ";base64" })
            Assert.DoesNotContain(source, text);
        foreach (var name in Gallery.Views.Keys.Except(Texts))
        {
            var images = page.Locator($"section[title='{name}'] img");
            Assert.True(await images.CountAsync() > 0, $"{name} has no picture.");
            foreach (var image in await images.AllAsync())
            {
                Assert.NotEmpty((await image.GetAttributeAsync("alt"))!);
                Assert.NotNull(await image.GetAttributeAsync("width"));
                const string IsDrawn = "image => image.complete && image.naturalWidth > 0 && image.clientHeight > 10";
                Assert.True(await image.EvaluateAsync<bool>(IsDrawn), name);
                Assert.True(await Colors(image) > 1, $"A picture of {name} is one plain colour.");
            }
        }
        await page.Context.CloseAsync();
    }

    [Theory, MemberData(nameof(Surroundings))]
    public async Task Figures_are_as_dark_as_the_page_or_the_editor(bool darkSystem, string body, bool isDark)
    {
        var look = isDark ? "background:#1e1e1e;color:#ccc" : "background:#fff;color:#222";
        var page = await chromium.OpenAsync(Sheet(view => view.ToHtml()), darkSystem, body: $"{body} style='{look}'");
        var screenshot = Convert.ToBase64String(await page.ScreenshotAsync(new() { FullPage = true }));
        foreach (var name in Gallery.Views.Keys.Except(InkOnPaper))
        {
            var light = await Lightness(page, page.Locator($"section[title='{name}']"), screenshot);
            Assert.True(light < 100 == isDark, $"{name} has a lightness of {light} where {look}.");
        }
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Every_view_is_drawn_without_an_error_and_fits_a_phone()
    {
        Directory.CreateDirectory(Folder);
        var all = Sheet(view => view.ToHtml());
        foreach (var (sheet, html, dark, width) in new[]
        {
            ("light", all, false, 1000), ("dark", all, true, 1000), ("phone", all, true, 390),
            ("github", Sheet(view => Sanitized.ByGitHub(view.ToHtml())), false, 1000),
        })
        {
            var troubles = new List<string>();
            var page = await chromium.OpenAsync(html, dark, width, troubles: troubles);
            await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, sheet + ".png"), FullPage = true });
            Assert.Empty(troubles);
            Assert.True(
                await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"),
                $"The sheet '{sheet}' is wider than its page.");
            await page.Context.CloseAsync();
        }
    }

    [Fact]
    public async Task The_live_window_says_for_every_place_what_the_library_says()
    {
        foreach (var view in new WindowView[]
        {
            new ConvolutionView(Convolution.CrossCorrelate(Reference.Matrix("hand_convolution.image"), Kernels.SobelX, 2, Pad.Same)),
            new PoolingView(Pooling.Max(Reference.Matrix("hand_pooling.image"), 3, 1, 1)),
        })
        {
            var page = await chromium.OpenAsync(view.ToHtml());
            var cells = page.Locator(".cw-out td");
            foreach (var (index, place) in Tables.Places(view.Values).Index())
            {
                await cells.Nth(index).FocusAsync();
                var sentence = string.Concat(view.Sentence(place).Select(piece => piece.Text));
                Assert.Equal(sentence, await page.Locator(".cw-sum").InnerTextAsync());
            }
            Assert.Equal(0, await page.Locator("img").CountAsync());
            await page.Context.CloseAsync();
        }
    }

    [Fact]
    public async Task The_live_settings_say_of_any_settings_what_the_library_says()
    {
        var random = new Random(5);
        const string Slide = "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input')); }";
        var page = await chromium.OpenAsync(new HyperparameterView(9, 3, dilation: 2).ToHtml());
        for (var test = 0; test < 40; test++)
        {
            var (n, k, s, p, d) = (random.Next(1, 33), random.Next(1, 12), random.Next(1, 7), random.Next(0, 7), random.Next(1, 5));
            var same = random.Next(4) == 0;
            (string Name, int Value)[] settings =
                [("input n", n), ("kernel k", k), ("stride s", s), ("padding p", p), ("dilation d", d), ("window", 0)];
            foreach (var (name, value) in settings)
                await page.GetByLabel(name).EvaluateAsync(Slide, value);
            await page.GetByRole(AriaRole.Checkbox).SetCheckedAsync(same);
            var expected = new HyperparameterView(n, k, s, same ? Pad.Same : p, d).ToText().Split('\n')
                .Where(line => !line.StartsWith("Window 2", StringComparison.Ordinal));
            var names = await page.Locator(".cs-pane > span").AllInnerTextsAsync();
            Assert.Equal(expected, [.. names, .. await page.Locator(".cs-words p").AllInnerTextsAsync()]);
        }
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_live_softmax_rounds_as_the_library_does_and_stays_within_its_limit()
    {
        // halves of the fourth figure, exact in binary, and numbers of all sizes
        double[] values = [12.125, 12.375, 1.0625, 0.50390625, 3.0009765625, 1 / 3.0, 123456.5, 4e-5, -2.0625, 699.95];
        var page = await chromium.OpenAsync(new SoftmaxView(values).ToHtml());
        Assert.Equal(values.Select(SoftmaxView.Number), await page.Locator(".cx-logit output").AllInnerTextsAsync());
        var sum = values.Select(value => Math.Exp(value - values.Max())).Sum();
        Assert.Equal(SoftmaxView.Number(sum), await page.Locator(".cx-sum").InnerTextAsync());
        await page.Context.CloseAsync();

        page = await chromium.OpenAsync(new SoftmaxView([699.5, 0]).ToHtml());
        var slider = page.GetByLabel("logit of 0");
        await slider.FocusAsync();
        for (var step = 0; step < 5; step++)
            await page.Keyboard.PressAsync("PageUp");
        Assert.Equal("700", await page.Locator(".cx-logit output").First.InnerTextAsync());
        Assert.DoesNotContain("Infinity", await page.InnerTextAsync("body"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public void Every_color_that_Dark_css_rules_is_drawn_by_some_view()
    {
        var drawn = string.Concat(Gallery.Views.Values.Select(view => view()).OfType<SvgView>().Select(DrawingOf));
        foreach (Match color in Subject().Matches(Html.Embedded("Dark.css")))
            Assert.Contains(color.Value, drawn, StringComparison.OrdinalIgnoreCase);

        static string DrawingOf(SvgView view)
        {
            var svg = XElement.Parse(view.ToSvg());
            svg.Descendants().Where(element => element.Name.LocalName == "style").Remove();
            return svg.ToString();
        }
    }

    private static string Sheet(Func<View, string> html) =>
        string.Concat(Gallery.Views.Select(view => $"<section title='{view.Key}'><h4>{view.Key}</h4>{html(view.Value())}</section>"));

    /// <summary>How many colours an image has, up to 50, as it is drawn.</summary>
    private static async Task<int> Colors(ILocator image) => await image.EvaluateAsync<int>("""
        image => {
          const canvas = document.createElement("canvas");
          [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
          const context = canvas.getContext("2d"), colors = new Set();
          context.drawImage(image, 0, 0);
          const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
          for (let at = 0; at < data.length && colors.size < 50; at += 4) colors.add(data.slice(at, at + 4).join());
          return colors.size;
        }
        """);

    /// <summary>How light a part of the page is at its left, from 0 to 255: the middle of all its pixels there.</summary>
    private static async Task<int> Lightness(IPage page, ILocator part, string screenshot)
    {
        var box = (await part.BoundingBoxAsync())!;
        return await page.EvaluateAsync<int>("""
            async ([png, left, top, width, height]) => {
              if (!window.sheet) {
                window.sheet = new Image();
                window.sheet.src = "data:image/png;base64," + png;
                await window.sheet.decode();
              }
              const canvas = document.createElement("canvas");
              [canvas.width, canvas.height] = [width, height];
              const context = canvas.getContext("2d");
              context.drawImage(window.sheet, -left, -top);
              const data = context.getImageData(0, 0, width, height).data, lights = [];
              for (let at = 0; at < data.length; at += 4) lights.push(data[at]);
              return lights.sort((a, b) => a - b)[Math.floor(lights.length / 2)];
            }
            """, new object[] { screenshot, (int)box.X + 2, (int)box.Y + 44, 120, Math.Max(8, (int)box.Height - 50) });
    }

    [GeneratedRegex("(?<=\\[(fill|stroke)=\")#\\w+")]
    private static partial Regex Subject();
}
