using System.Text.Json.Nodes;

namespace Book.Tests;

/// <summary>Notebooks that mean harm, or are merely odd, in a real browser.</summary>
public sealed class HostileTests(Browser browser)
{
    private const string Prose =
        """
        # Hostile

        <script>window.hacked = 1</script><img src="x" onerror="window.hacked = 2"><svg onload="window.hacked = 3"><script>window.hacked = 4</script></svg>
        <a id="trap" href="javascript:window.hacked=5">press</a> [press](javascript:window.hacked=6) <a href="data:text/html,<script>alert(1)</script>">data</a>
        <iframe src="https://example.invalid/frame"></iframe><iframe srcdoc="<script>parent.hacked = 7</script>"></iframe>
        <meta http-equiv="refresh" content="0;url=https://example.invalid/moved"><base href="https://example.invalid/">
        <object data="https://example.invalid/o"></object><embed src="https://example.invalid/e"><link rel="stylesheet" href="https://example.invalid/l.css">
        <style>main { display: none } @import url(https://example.invalid/s.css);</style>
        <div style="position:fixed;inset:0;background:url(https://example.invalid/b.png)">over</div>
        <video src="https://example.invalid/v" autoplay></video><img srcset="https://example.invalid/i.png 2x"><details open ontoggle="window.hacked=8"><summary>s</summary></details>
        """;

    [Fact]
    public async Task Prose_and_outputs_of_a_stranger_run_nothing_and_ask_for_nothing()
    {
        var page = await Page("hostile", Markdown(Prose), Code("1",
            Data("text/html", "<p id=\"shown\">shown</p><script>window.hacked = 11</script><img src=x onerror=\"window.hacked = 12\"><p class=\"convnet-figure\" onclick=\"window.hacked=13\">pretends</p>"),
            Data("text/html", "<meta http-equiv=\"refresh\" content=\"0;url=https://example.invalid/\"><svg><script>window.hacked = 14</script></svg><iframe srcdoc=\"<script>parent.hacked=15</script>\"></iframe>"),
            Data("image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"parent.hacked=16\"><image href=\"https://example.invalid/x.png\"/></svg>"),
            Data("text/markdown", "<script>window.hacked = 17</script>![far](https://example.invalid/far.png)"),
            Data("text/latex", "$\\text{<script>window.hacked = 18</script>}$")));

        await using var open = await browser.OpenAsync(page);
        await open.Page.WaitForTimeoutAsync(300);
        foreach (var link in await open.Page.Locator("main a:not([href^='#']):not([href$='.html']), main summary").AllAsync())
            await link.ClickAsync(new() { Timeout = 2000 });

        Assert.Equal(new Uri(page).AbsoluteUri, open.Page.Url.Split('#')[0]);
        Assert.Null(await open.Page.EvaluateAsync<int?>("window.hacked ?? null"));
        Assert.True(await open.Page.Locator("#shown").IsVisibleAsync());
        Assert.Equal(0, await open.Page.Locator("main iframe, main object, main embed, main base, main meta, main link, main script, main video").CountAsync());
        Assert.DoesNotContain(open.Troubles, trouble => trouble.StartsWith("asked", StringComparison.Ordinal) || trouble.StartsWith("script", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Errors_and_huge_outputs_fit_a_phone()
    {
        var page = await Page("odd", Markdown("# Odd"),
            Code(new string('x', 3000), new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = new string('y', 1_000_000) + string.Concat(Enumerable.Repeat("\nline", 20_000)) }),
            Code("throw", new JsonObject { ["output_type"] = "error", ["ename"] = "Error", ["evalue"] = new string('z', 5000), ["traceback"] = new JsonArray(new string('t', 5000)) }),
            Code("2", Data("text/html", "<table><tr><td>" + string.Concat(Enumerable.Repeat("<td>wide", 300)) + "</table>")));

        await using var open = await browser.OpenAsync(page, width: 390);

        Assert.True(await open.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "The page is wider than the phone.");
        Assert.True(await open.Page.EvaluateAsync<double>("document.body.scrollHeight") < 6000, "Huge outputs are not kept in boxes that scroll.");
        Assert.Empty(open.Troubles);
    }

    /// <summary>The page that the runner makes of a notebook.</summary>
    private static async Task<string> Page(string name, params JsonObject[] cells)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Browser.Root, "artifacts", "tests", name)).FullName;
        var notebook = Path.Combine(folder, name + ".ipynb");
        await File.WriteAllTextAsync(notebook, new JsonObject { ["cells"] = new JsonArray([.. cells]), ["metadata"] = new JsonObject(), ["nbformat"] = 4, ["nbformat_minor"] = 5 }.ToJsonString());
        await Browser.MakeBookAsync(Path.Combine(folder, "book"), notebook);
        return Path.Combine(folder, "book", name + ".html");
    }

    private static JsonObject Markdown(string source) => new() { ["cell_type"] = "markdown", ["id"] = "prose", ["metadata"] = new JsonObject(), ["source"] = source };

    private static JsonObject Code(string source, params JsonObject[] outputs) => new()
    {
        ["cell_type"] = "code",
        ["execution_count"] = 1,
        ["id"] = "code",
        ["metadata"] = new JsonObject(),
        ["outputs"] = new JsonArray([.. outputs]),
        ["source"] = source,
    };

    private static JsonObject Data(string mimeType, string content) =>
        new() { ["output_type"] = "display_data", ["metadata"] = new JsonObject(), ["data"] = new JsonObject { [mimeType] = content } };
}
