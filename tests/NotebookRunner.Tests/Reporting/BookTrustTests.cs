using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using NotebookRunner.Reporting.Book;
using static ConvNetWorkbook.Tests.NotebookJson;
using static NotebookRunner.Tests.Reporting.TestBook;

namespace NotebookRunner.Tests.Reporting;

/// <summary>What a notebook's author may put into a page, and whose scripts run there.</summary>
public sealed partial class BookTrustTests : IDisposable
{
    private readonly TestBook _book = new();

    public void Dispose() => _book.Dispose();

    [Fact]
    public void Prose_cannot_bring_script_or_ask_the_network()
    {
        const string Far = "https://example.invalid";
        _book.Notebook("01-a", Markdown(
            $$"""
            # A

            <img src="{{Far}}/x.png" onerror="alert(1)"> <a href="javascript:alert(2)">link</a> ![far](http://example.invalid/y.png)
            <b onclick="alert(3)">bold</b> <iframe src="{{Far}}"></iframe> <form action="{{Far}}"><input name="a"></form>
            $\text{<script>alert(4)</script>}$ `<script>alert(5)</script>` and [a link](https://example.invalid/page)

            <script>alert(6)</script>

            <style>@import url(https://example.invalid/z.css);</style>

            &#xE000;7&#xE001; <i title="&#xE000;99999999999&#xE001;">pieces</i>

            <svg onload="alert(7)"></svg><math><mtext><style><img src=x onerror=alert(8)></style></mtext></math>
            """));

        var page = _book.Build()["01-a"];

        Assert.Empty(page.Scripts);
        Assert.Empty(page.QuerySelectorAll("iframe, form, input, .prose style, img[src^=http]"));
        Assert.DoesNotContain(
            page.All, element => element.Attributes.Any(attribute => attribute.Name.StartsWith("on", StringComparison.Ordinal)));
        Assert.DoesNotContain(
            page.QuerySelectorAll("a[href]"),
            link => link.GetAttribute("href")!.StartsWith("javascript", StringComparison.OrdinalIgnoreCase));
        Assert.Contains("script-src 'none'", Policy(page));
        Assert.Equal("https://example.invalid/page", page.QuerySelector(".prose a[href^=https]")!.GetAttribute("href"));
    }

    [Fact]
    public void Only_scripts_of_the_librarys_views_run_and_they_are_known_by_what_they_say()
    {
        var script = View("Figure.js");
        var figure = $"<figure class=\"convnet-figure\"><img src=\"data:image/svg+xml;base64,AAAA\" alt=\"a curve\">" +
            $"<script type=\"application/json\">{{\"data\":[]}}</script><script>{script}</script></figure>";
        _book.Notebook("01-a", Markdown("# A"), Html(figure), Html(figure.Replace("<script>", "<script>alert(1);")));

        var page = _book.Build()["01-a"];

        Assert.Equal(2, page.QuerySelectorAll("#Cell-1 script").Length);
        Assert.Equal(script, page.QuerySelectorAll("#Cell-1 script")[1].TextContent);
        Assert.NotNull(page.QuerySelector("#Cell-2 .convnet-figure img"));
        Assert.Empty(page.QuerySelectorAll("#Cell-2 script"));
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        var scripts = Policy(page).Split("; ").Single(part => part.StartsWith("script-src", StringComparison.Ordinal));
        Assert.Equal($"script-src 'sha256-{hash}'", scripts);
    }

    // The marks were characters for private use around the piece's number once.
    [Fact]
    public void An_author_can_neither_place_what_the_page_keeps_nor_put_a_tag_into_a_views_data()
    {
        _book.Notebook("01-a", Markdown("# A\n\n`kept` <i title=\"&#xE000;0&#xE001;\">\uE000 &#xE000;0&#xE001;</i>"),
            Html($"<script>{View("Figure.js")}</script><i title=\"&#xE000;0&#xE001;\">&#xE000;0&#xE001;</i>"));

        var page = _book.Build()["01-a"];

        Assert.Equal("\uE000 \uE0000\uE001", page.QuerySelector(".prose i")!.TextContent);
        Assert.Equal(["\uE0000\uE001", "\uE0000\uE001"], page.QuerySelectorAll("main i").Select(text => text.GetAttribute("title")));
        Assert.Equal("\uE0000\uE001", page.QuerySelector("#Cell-1 i")!.TextContent);
        Assert.Single(page.QuerySelectorAll("main script"));
    }

    [Theory]
    [InlineData("<script>SCRIPT</script><script>alert(1)</script>")]
    [InlineData("<script>SCRIPT</script><script src=\"https://example.invalid/x.js\"></script>")]
    [InlineData("<script async>SCRIPT</script>")]
    [InlineData("<script type=\"module\">SCRIPT</script>")]
    [InlineData("<script type=\"importmap\">{}</script><script>SCRIPT</script>")]
    [InlineData("<script type=\"application/json\">{\"style\":\"header{display:none}\"}</script><script>SCRIPT</script>")]
    [InlineData("<script type=\"application/json\">{\"a\":[{\"style\":\"*{color:red}\"}]}</script><script>SCRIPT</script>")]
    [InlineData("<script type=\"application/json\">no JSON</script><script>SCRIPT</script>")]
    [InlineData("<svg><script>SCRIPT</script></svg><script>alert(1)</script>")]
    [InlineData("<script type=\"application/json\">[\"<meta http-equiv=refresh content=0>\"]</script><script>SCRIPT</script>")]
    [InlineData("<svg><script type=\"application/json\">[\"<a>\"]</script></svg><script>SCRIPT</script>")]
    [InlineData("<script>SCRIPT</script><script type=\"application/json\">[\"<!--<script>\"]")]
    public void A_view_that_is_not_the_librarys_own_throughout_is_shown_without_script(string forged)
    {
        _book.Notebook("01-a", Markdown("# A"),
            Html($"<figure class=\"convnet-window\"><p>kept</p>{forged.Replace("SCRIPT", View("WindowView.js"))}</figure>"));

        var page = _book.Build()["01-a"];

        Assert.Equal("kept", page.QuerySelector("figure.convnet-window p")!.TextContent);
        Assert.Empty(page.QuerySelectorAll("script"));
        Assert.Contains("script-src 'none'", Policy(page));
    }

    // What a known script would make of its data in the page: another page, its style, its address.
    [Theory]
    [InlineData("""{"style":["header{display:none}"]}""")]
    [InlineData("""{"style":{"a":"header{display:none}"}}""")]
    [InlineData("""{"style":"header{display:none}"}""")]
    [InlineData("""{"texttemplate":"\u003c%{customdata}>click","customdata":["a href='https://example.invalid'"]}""")]
    [InlineData("""{"ground":"\u003crect fill='url(https://example.invalid/a.svg#x)'/>"}""")]
    [InlineData("""{"wide":"\u003csvg xmlns='http://www.w3.org/2000/svg'>\u003cforeignObject/>\u003c/svg>"}""")]
    [InlineData("""{"wide":"\u003cmeta xmlns='http://www.w3.org/1999/xhtml' http-equiv='refresh' content='0;url=x'/>"}""")]
    [InlineData("""{"tall":"\u003cx:meta xmlns:x='http://www.w3.org/1999/xhtml' http-equiv='refresh' content='0'/>"}""")]
    [InlineData("""{"wide":"\u003csvg>\u003cstyle/>\u003cstyle>header{display:none}\u003c/style>\u003c/svg>"}""")]
    [InlineData("""{"ground":"\u003cstyle>header{display:none}\u003c/style>"}""")]
    [InlineData("""{"ground":["\u003cstyle>header{display:none}\u003c/style>"]}""")]
    [InlineData("""{"ground":"\u003c/svg>\u003csvg xmlns='http://www.w3.org/1999/xhtml'>"}""")]
    [InlineData("""{"ground":"\u003c![CDATA[x]]>"}""")]
    [InlineData("""{"ground":"\u003c?xml-stylesheet href='x'?>"}""")]
    [InlineData("""{"ground":"\u003cimage href='https://example.invalid/x.png'/>"}""")]
    [InlineData("""{"ground":"\u003cuse href='#x'/>"}""")]
    [InlineData("""{"ground":"\u003crect style='position:fixed'/>"}""")]
    [InlineData("""{"ground":"\u003crect onclick='alert(1)'/>"}""")]
    [InlineData("""{"ground":"\u003crect class='skip'/>"}""")]
    [InlineData("""{"ground":"\u003cset attributeName='href'/>"}""")]
    [InlineData("""{"layout":{"title":{"text":"\u003ca href='https://example.invalid'>a\u003c/a>"}}}""")]
    [InlineData("""{"layout":{"title":{"text":"\u003cspan style='font-size:900px'>a\u003c/span>"}}}""")]
    [InlineData("""["\u003cimg src=x>"]""")]
    [InlineData("""{"title":"\ud800"}""")]
    [InlineData("""{"a":1,"a":2}""")]
    public void A_known_script_is_given_no_data_that_would_change_more_than_its_view(string data)
    {
        _book.Notebook("01-a", Markdown("# A"), Html(
            $"<figure class=\"convnet-numbers\"><p>kept</p><script type=\"application/json\">{data}</script>" +
            $"<script>{View("NumberGraphView.js")}</script></figure>"));

        var page = _book.Build()["01-a"];

        Assert.Equal("kept", page.QuerySelector("figure.convnet-numbers p")!.TextContent);
        Assert.Empty(page.QuerySelectorAll("script"));
    }

    [Theory]
    [InlineData("""{"ground":"\u003csvg viewBox='0 0 9 9'>\u003crect class='cn-node' data-words='1'/>\u003c/svg>"}""")]
    [InlineData("""{"tall":"\u003csvg>\u003cstyle>rect{fill:red}\u003c/style>\u003c/svg>"}""")]
    [InlineData("""{"layout":{"title":{"text":"\u003cb>a \u003c b\u003c/b>\u003cbr>c"}},"words":"1 \u003c 2"}""")]
    public void A_known_script_is_given_words_and_plain_drawings(string data)
    {
        _book.Notebook("01-a", Markdown("# A"),
            Html($"<script type=\"application/json\">{data}</script><script>{View("NumberGraphView.js")}</script>"));

        Assert.Equal(2, _book.Build()["01-a"].QuerySelectorAll("script").Length);
    }

    [Fact]
    public void Nothing_else_takes_the_mark_by_which_an_outputs_style_sheet_finds_it()
    {
        const string Names = "id=\"Output-1\" data-output=\"1\" class=\"output\"";
        _book.Notebook("01-a", Markdown($"# A\n\n<div {Names}><p {Names}>x</p></div>"), Html("<style>p{color:red}</style><p>y</p>"),
            Html($"<p {Names}>z</p>"));

        var page = _book.Build()["01-a"];

        var scope = Scope().Match(page.QuerySelector("style:not(head *)")!.TextContent).Groups[1].Value;
        Assert.Equal(["y"], page.QuerySelectorAll($"{scope} p").Select(text => text.TextContent));
    }

    [GeneratedRegex(@"^@scope \((.+?)\) \{")]
    private static partial Regex Scope();

    [Fact]
    public void Where_a_script_that_does_not_run_would_draw_everything_the_page_says_so()
    {
        const string Drawn = "<div id=\"plot\"></div><script>draw('plot')</script>";
        _book.Notebook("01-a", Markdown("# A"), Html(Drawn), Html($"{Drawn}<p>a caption</p>"),
            Html($"<style>#plot{{width:9px}}</style>{Drawn}"));

        var page = _book.Build()["01-a"];

        Assert.Contains("(drawn by a script, which this page does not run)", page.QuerySelector("#Cell-1 .outputs")!.TextContent);
        Assert.Equal("a caption", page.QuerySelector("#Cell-2 .outputs")!.TextContent.Trim());
        Assert.Contains("(drawn by a script", page.QuerySelector("#Cell-3 .outputs")!.TextContent);
    }

    [Fact]
    public void A_table_of_many_columns_has_no_views_data_in_its_labels()
    {
        var view = $"<script type=\"application/json\">{{\" style=position:fixed \":1}}</script><script>{View("WindowView.js")}</script>";
        var heads = string.Concat(Enumerable.Range(0, 9).Select(column => $"<th>{column}{(column == 0 ? view : "")}</th>"));
        _book.Notebook("01-a", Markdown("# A"), Html($"<table><thead><tr>{heads}</tr></thead><tbody><tr><td>x</td></tr></tbody></table>"));

        var cell = _book.Build()["01-a"].QuerySelector("#Cell-1 td")!;

        Assert.Equal("0", Assert.Single(cell.Attributes, attribute => attribute.Name == "data-label").Value);
        Assert.Single(cell.Attributes);
    }

    [Fact]
    public void What_surrounds_a_known_script_is_sanitised_all_the_same()
    {
        _book.Notebook("01-a", Markdown("# A"), Html(
            $"<figure class=\"convnet-window\" onclick=\"alert(1)\"><meta http-equiv=\"refresh\" content=\"0;url=//example.invalid\">" +
            $"<img src=x onerror=\"alert(2)\"><a href=\"javascript:alert(3)\">a</a><script>{View("WindowView.js")}</script></figure>"));

        var page = _book.Build()["01-a"];

        Assert.Single(page.QuerySelectorAll("script"));
        Assert.Empty(page.QuerySelectorAll(".outputs :is(meta, [onclick], [onerror], a[href], img[src])"));
    }

    [Theory]
    [InlineData("table { color: red }", "@scope ([data-output=\"1\"]) {")]
    [InlineData(".a { color: red } @import url(https://example.invalid/x.css);", null)]
    [InlineData("header { position: fixed }", null)]
    [InlineData("a { --x: \"}\" } header { --y: '1' }", "")]
    [InlineData("a { --x: \"{\n}} header { color: red } b { --y: \" }", "")]
    [InlineData("a { --q: '{'; --x: url(data:image/x' } } header { color: red } b { --y: ' }", "")]
    [InlineData("a { --x: ( } ) } header { color: red }", "")]
    [InlineData("a { --x: /* } */ 1 }", "@scope ([data-output=\"1\"]) {")]
    [InlineData("a::before { content: 'x ('; --x: url(\"data:image/png;base64,AAAA\") }", "@scope ([data-output=\"1\"]) {")]
    public void A_style_sheet_reaches_no_further_than_its_output(string rules, string? confined)
    {
        _book.Notebook("01-a", Markdown("# A"), Html($"<style>{rules}</style><table><tr><td>1</td></tr></table>"));

        var page = _book.Build()["01-a"];

        var style = page.QuerySelector("#Cell-1 style")?.TextContent ?? "";
        Assert.DoesNotContain("position", style);
        Assert.DoesNotContain("import", style);
        if (confined is null)
            Assert.True(style.Length == 0 || style.StartsWith("@scope", StringComparison.Ordinal), style);
        else
            Assert.StartsWith(confined, style);
    }

    [Theory]
    [InlineData("-4000px", false)]
    [InlineData("calc(0px - (4000px))", false)]
    [InlineData("calc(4000px * cos(180deg))", false)]
    [InlineData("min(0px, 0px - (4000px))", false)]
    [InlineData("40px", true)]
    public void Prose_stays_in_its_place(string margin, bool stays)
    {
        _book.Notebook("01-a", Markdown($"# A\n\n<p style=\"color: rgb(255, 0, 0); margin-top: {margin}\">over</p>"));

        var style = _book.Build()["01-a"].QuerySelector("main p[style]")!.GetAttribute("style")!;

        Assert.Contains("rgba(255, 0, 0, 1)", style);
        Assert.Equal(stays, style.Contains("margin"));
    }

    [Theory]
    [InlineData("background: url(https://example.invalid/a.png)")]
    [InlineData("BACKGROUND: URL( '//example.invalid/a.png' )")]
    [InlineData("list-style-image: u\\72l(https://example.invalid/a.png)")]
    [InlineData("background-image: image-set('https://example.invalid/a.png' 1x)")]
    [InlineData("cursor: url(https://example.invalid/a.cur), auto")]
    [InlineData("--far: url(https://example.invalid/a.png); background: var(--far)")]
    [InlineData("background: url(data:text/html;base64,AAAA)")]
    public void No_style_names_a_picture_that_is_not_in_the_page(string style)
    {
        _book.Notebook("01-a", Markdown($"# A\n\n<p style=\"{style}; color: red\">b</p>"),
            Html($"<style>p {{ {style}; color: red }}</style><p style=\"{style}; color: red\">c</p>"));

        var page = _book.Build()["01-a"];

        string[] styles =
        [
            .. page.QuerySelectorAll("main p[style]").Select(text => text.GetAttribute("style")!),
            page.QuerySelector("#Cell-1 style")!.TextContent,
        ];
        Assert.Equal(3, styles.Length);
        Assert.All(styles, left => Assert.Contains("color: rgba(255, 0, 0, 1)", left));
        Assert.All(styles, left => Assert.DoesNotMatch("example|data:text|(?i:url)", left));
    }

    [Fact]
    public void A_style_may_name_a_picture_that_it_holds()
    {
        _book.Notebook("01-a", Markdown("# A"), Html("<p style=\"background: url('data:image/png;base64,AAAA')\">c</p>"));

        Assert.Contains("data:image/png;base64,AAAA", _book.Build()["01-a"].QuerySelector("main p[style]")!.GetAttribute("style"));
    }

    [Fact]
    public void A_picture_keeps_its_form_for_a_phone_and_asks_nobody_for_another()
    {
        const string Inside = "data:image/svg+xml;base64,PHN2Zy8+";
        string Picture(string set) =>
            $"<picture><source media=\"(max-width:600px)\" srcset=\"{set}\"><img src=\"{Inside}\" alt=\"a\"></picture>";
        string[] asking =
        [
            "https://example.invalid/x.png", $"{Inside}, https://example.invalid/x.png 2x", "//example.invalid/x", "javascript:alert(1)",
            "data:text/html;base64,AAAA", $"{Inside} 1x,x.png 2x",
        ];
        _book.Notebook("01-a", Markdown("# A"), Html(Picture(Inside)), Html(string.Concat(asking.Select(Picture))),
            Html($"<img src=\"{Inside}\" srcset=\"https://example.invalid/y.png 2x\">"));

        var page = _book.Build()["01-a"];

        Assert.Equal(Inside, page.QuerySelector("#Cell-1 picture > source[media]")!.GetAttribute("srcset"));
        Assert.Equal(Inside, page.QuerySelector("#Cell-1 picture > img")!.GetAttribute("src"));
        Assert.Equal(asking.Length, page.QuerySelectorAll("#Cell-2 img").Length);
        // Of a list the picture that is in the page may stay, alone.
        Assert.All(page.QuerySelectorAll("#Cell-2 [srcset]"), source => Assert.Equal(Inside, source.GetAttribute("srcset")));
        Assert.Empty(page.QuerySelectorAll("#Cell-3 [srcset]"));
    }

    // What matplotlib writes, and beside it what asks for other files.
    private const string Drawing =
        """
        <svg xmlns:xlink="http://www.w3.org/1999/xlink" width="80pt" height="60pt" viewBox="0 0 80 60" xmlns="http://www.w3.org/2000/svg">
        <metadata>words that are not shown</metadata>
        <defs><path id="m1" d="M 0 0 L 0 3" style="stroke: #000000; stroke-width: 0.8"/></defs>
        <g id="axes">
        <path d="M 1 5 L 7 1" clip-path="url(#p1)" style="fill: none; stroke: #1f77b4; stroke-width: 1.5; stroke-linecap: square"/>
        <use xlink:href="#m1" x="10" y="50"/><text style="font: 10px 'DejaVu Sans'; text-anchor: middle" x="5" y="5">1.0</text>
        <rect width="5" height="5" style="fill: url(#shade); fill-opacity: 0.5"/>
        <use class="far" xlink:href="https://example.invalid/a.svg#a"/><use class="far" href="https://example.invalid/a.svg#a"/>
        <use class="far" href="data:image/svg+xml,a#a"/><image href="https://example.invalid/i.png"/><image href="//example.invalid/i.png"/>
        <rect class="far" fill="url(https://example.invalid/a#a)" style="stroke: url(https://example.invalid/b#b)"/>
        <rect class="far" fill="u\72l(https://example.invalid/a#a)" marker-end="url( 'https://example.invalid/a#a' )"/>
        <a xlink:href="javascript:alert(1)"><text>b</text></a></g>
        <defs><linearGradient id="shade" x2="1"><stop offset="0" style="stop-color: red"/></linearGradient>
        <clipPath id="p1"><rect width="78" height="58"/></clipPath></defs></svg>
        """;

    [Fact]
    public void A_drawing_keeps_its_paint_and_its_own_parts_and_asks_nobody_for_others()
    {
        _book.Notebook("01-a", Markdown($"# A\n\n{Drawing}\n\nafter"), Html(Drawing));

        var page = _book.Build()["01-a"];

        foreach (var drawing in page.QuerySelectorAll("main svg"))
        {
            var line = drawing.QuerySelector("g > path")!;
            Assert.Equal("url(#p1)", line.GetAttribute("clip-path"));
            Assert.Equal(
                "fill: none; stroke: rgba(31, 119, 180, 1); stroke-width: 1.5; stroke-linecap: square", line.GetAttribute("style"));
            Assert.Contains(" href=\"#m1\"", drawing.QuerySelector("use[x]")!.OuterHtml);
            Assert.Equal("fill: url(\"#shade\"); fill-opacity: 0.5", drawing.QuerySelector("g > rect")!.GetAttribute("style"));
            Assert.Equal("stop-color: red", drawing.QuerySelector("linearGradient > stop")!.GetAttribute("style"));
            Assert.Contains("text-anchor: middle", drawing.QuerySelector("text")!.GetAttribute("style"));
            Assert.DoesNotMatch("example|data:|script|(?i:u.{0,4}l\\((?!\"?#|&quot;#))|not shown", drawing.OuterHtml);
        }
        Assert.Equal(2, page.QuerySelectorAll("main svg").Length);
        Assert.Equal("after", page.QuerySelector(".prose p")!.TextContent);
    }

    [Theory]
    [InlineData("overflow: visible")]
    [InlineData("overflow: initial")]
    [InlineData("overflow-y: var(--q)")]
    [InlineData("overflow: visible !important")]
    [InlineData("position: fixed")]
    public void A_drawing_in_prose_stays_in_its_place(string style)
    {
        _book.Notebook("01-a", Markdown($"# A\n\n<svg style=\"{style}; fill: red\"><rect y=\"-900\" width=\"9\" height=\"9\"/></svg>"));

        Assert.Equal("fill: rgba(255, 0, 0, 1)", _book.Build()["01-a"].QuerySelector("main svg")!.GetAttribute("style"));
    }

    // What goes whole, and what would be read as other HTML outside of what it stands in.
    [Theory]
    [InlineData("<xmp><img src=x onerror=alert(1)>hidden</xmp>")]
    [InlineData("<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">hidden</noscript>")]
    [InlineData("<custom><style><a title=\"</style><img src=x onerror=alert(1)>\"></style></custom>")]
    [InlineData("<math><mtext><custom><style><img src=x onerror=alert(1)>hidden</style></custom></mtext></math>")]
    [InlineData("<svg><foreignObject><custom><b>hidden</b><style><!--</style><img title=\"--><script>alert(1)</script>\">")]
    [InlineData("<svg><custom><style><a id=\"</style><img src=1 onerror=alert(1)>hidden\"></custom></svg>")]
    [InlineData("<custom><iframe><img src=x onerror=alert(1)>hidden</iframe></custom>")]
    [InlineData("<template><custom><script>alert(1)//hidden</script></custom></template>")]
    [InlineData("<textarea><custom></textarea><img src=x onerror=alert(1)>")]
    [InlineData("<title><custom>hidden</title><noembed><b>hidden</b></noembed><noframes><b>hidden</b></noframes>")]
    [InlineData("<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)></style></mglyph></form>")]
    [InlineData("<custom><table><custom><svg><desc><custom><script>alert(1)//hidden</script></custom></desc></svg></table></custom>")]
    [InlineData("<custom onclick=alert(1)><a href=\"javascript:alert(1)\">a</a><custom><p onclick=alert(1)>b</p></custom></custom>")]
    public void No_tag_that_goes_lets_out_what_it_held_back(string html)
    {
        _book.Notebook("01-a", Markdown($"# A\n\n<div>{html}</div>\n\nIn words {html}"), Html(html));

        var page = _book.Build()["01-a"];

        Assert.Empty(page.Scripts);
        Assert.Empty(page.QuerySelectorAll(
            "main :is(.prose style, iframe, template, noscript, xmp, textarea, math, custom, form, [href^=java])"));
        Assert.DoesNotContain("hidden", page.QuerySelector("#Cell-1 .outputs")?.TextContent ?? "");
        var attributes = page.All.SelectMany(element => element.Attributes).Select(attribute => attribute.Name);
        Assert.DoesNotContain(attributes, name => name.StartsWith("on", StringComparison.Ordinal));
    }

    [Fact]
    public void The_views_that_are_committed_are_all_known()
    {
        var root = RepositoryRoot.Above(AppContext.BaseDirectory)!;
        foreach (var notebook in Directory.EnumerateFiles(Path.Combine(root, "notebooks"), "*.ipynb"))
        {
            var outputs = Chapter.Read(new BookSource(notebook, notebook)).Cells.SelectMany(cell => cell.Outputs);
            foreach (var html in outputs.OfType<DataOutput>().Select(output => output.Data.GetValueOrDefault("text/html", "")))
                Assert.Equal(Scripts(html), Scripts(new ViewHtml().Clean(html) ?? ""));
        }

        static int Scripts(string html) => new HtmlParser().ParseDocument(html).Scripts.Length;
    }
}
