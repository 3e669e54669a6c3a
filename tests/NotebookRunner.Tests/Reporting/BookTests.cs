using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using NotebookRunner.Host;
using NotebookRunner.Reporting.Book;
using NotebookRunner.Tests.Host;

namespace NotebookRunner.Tests.Reporting;

public sealed class BookTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BookTests()
    {
        Directory.CreateDirectory(_folder.File("notebooks"));
        File.WriteAllText(_folder.File("Workbook.slnx"), "<Solution />");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Index_has_every_lesson_with_its_title_lead_and_sections()
    {
        Notebook("01-a", TemporaryFolder.Markdown("# First lesson\n\nIt *begins* here.\n\n## One\n\n## Two"));
        Notebook("02-b", TemporaryFolder.Markdown("# Second lesson"));

        var index = Build().Index;

        var lessons = index.QuerySelectorAll(".lessons > li");
        Assert.Equal(["First lesson", "Second lesson"], lessons.Select(lesson => lesson.QuerySelector("h2")!.TextContent));
        Assert.Contains("It begins here.", lessons[0].TextContent);
        Assert.Equal(
            ["01-a.html#one", "01-a.html#two"],
            lessons[0].QuerySelectorAll(".sections a").Select(link => link.GetAttribute("href")));
        Assert.Equal("01-a.html", lessons[0].QuerySelector("a")!.GetAttribute("href"));
    }

    [Fact]
    public void Page_has_contents_neighbours_numbered_cells_and_a_title()
    {
        Notebook("01-a", TemporaryFolder.Markdown("# A"));
        Notebook("02-b",
            TemporaryFolder.Markdown("# B\n\n## Part\n\n### Detail"),
            TemporaryFolder.Code("1 + 1", TemporaryFolder.Data("text/plain", "2")),
            TemporaryFolder.Markdown("## Part"), TemporaryFolder.Code(""), TemporaryFolder.Code("var x = \"text\";"));
        Notebook("03-c", TemporaryFolder.Markdown("# C"));

        var page = Build()["02-b"];

        Assert.Equal("B – ConvNet Workbook", page.Title);
        Assert.Equal(["#part", "#detail", "#part-1"], page.QuerySelectorAll(".toc.beside a").Select(link => link.GetAttribute("href")));
        Assert.All(page.QuerySelectorAll(".toc.beside a"), link => Assert.NotNull(page.GetElementById(link.GetAttribute("href")![1..])));
        Assert.Equal(["01-a.html", "03-c.html"], page.QuerySelectorAll(".neighbours a").Select(link => link.GetAttribute("href")));
        Assert.Equal(["Cell-1", "Cell-2"], page.QuerySelectorAll(".cell").Select(cell => cell.Id));
        Assert.Equal("2", page.QuerySelector("#Cell-1 .outputs pre")!.TextContent);
        Assert.Equal("\"text\"", page.QuerySelector("#Cell-2 .code .string")!.TextContent);
        Assert.Equal("var x = \"text\";", page.QuerySelector("#Cell-2 pre.code")!.TextContent);
    }

    [Fact]
    public void A_headings_anchor_is_no_cells_and_no_outputs()
    {
        Notebook("01-a", TemporaryFolder.Markdown("# Cell 1\n\n## Output 1\n\n## Content"), Html("<p>1</p>"));

        var ids = Build()["01-a"].QuerySelectorAll("[id]").Select(element => element.Id).ToList();

        Assert.Equal(ids.Distinct(), ids);
        Assert.Empty(new[] { "cell-1", "Cell-1", "output-1", "Output-1", "content" }.Except(ids));
    }

    [Fact]
    public void Index_leaves_out_what_lessons_share_and_shows_what_they_measured()
    {
        var headline = TemporaryFolder.Data(
            HeadlineContract.MimeType, """[{"name":"Accuracy","value":"<99> %"},{"name":"Data","value":"MNIST"}]""");
        Notebook("01-a",
            TemporaryFolder.Markdown("# A\n\n- build it;\n- run it\n\n## Own\n\n## Recap"), TemporaryFolder.Code("x", headline));
        Notebook("02-b", TemporaryFolder.Markdown("# B\n\n## Recap"));

        var lessons = Build().Index.QuerySelectorAll(".lessons > li");

        Assert.Equal(["Own"], lessons[0].QuerySelectorAll(".sections a").Select(link => link.TextContent));
        Assert.Equal(["Accuracy: <99> %"], lessons[0].QuerySelectorAll(".figure").Select(figure => figure.TextContent));
        Assert.Contains("Build it; run it", lessons[0].TextContent);
        Assert.Null(lessons[1].QuerySelector(".sections"));
    }

    [Fact]
    public void A_lesson_named_index_and_one_without_cells_have_pages_of_their_own()
    {
        Notebook("Index", TemporaryFolder.Markdown("# Index of terms"));
        Notebook("empty", Array.Empty<JsonObject>());

        var pages = Build();

        var links = pages.Index.QuerySelectorAll(".lessons h2 a").Select(link => link.GetAttribute("href")!);
        Assert.Equal(["empty.html", "Index-2.html"], links.Order(StringComparer.OrdinalIgnoreCase));
        Assert.Equal("Index of terms", pages["Index-2"].QuerySelector("h1")!.TextContent);
        Assert.NotNull(pages["empty"].QuerySelector("main"));
        Assert.Equal("page", pages["empty"].QuerySelector(".top a[href='empty.html']")!.GetAttribute("aria-current"));
    }

    [Fact]
    public void A_playground_has_a_page_of_its_own_that_goes_with_its_lesson()
    {
        var playground = $"<figure class=\"convnet-playground\"><img src=\"data:image/svg+xml;base64,AAAA\" alt=\"a digit\">" +
            $"<script type=\"application/json\">{{}}</script><script>{View("PlaygroundView.js")}</script></figure>";
        Notebook("01-a", TemporaryFolder.Markdown("# A"), TemporaryFolder.Code("1"), Html(playground));
        Notebook("playground", TemporaryFolder.Markdown("# A lesson of that name"));

        var pages = Build();

        Assert.Equal("01-a.html#Cell-2", pages["playground"].QuerySelector("main > p a")!.GetAttribute("href"));
        Assert.Equal(2, pages["playground"].QuerySelectorAll("main script").Length);
        Assert.Equal(Policy(pages["01-a"]), Policy(pages["playground"]));
        Assert.NotNull(pages.Index.QuerySelector("main a[href='playground.html']"));
        Assert.NotNull(pages["01-a"].QuerySelector("#Cell-2 a[href='playground.html']"));
        Assert.Equal("A lesson of that name", pages["playground-2"].QuerySelector("h1")!.TextContent);

        File.Delete(_folder.File("notebooks/01-a.ipynb"));
        var without = Build();
        Assert.Null(without.Index.QuerySelector("main a[href='playground.html']"));
        Assert.Throws<FileNotFoundException>(() => without["playground"]);
    }

    [Fact]
    public void Prose_has_tables_details_formulas_and_highlighted_code()
    {
        Notebook("01-a", TemporaryFolder.Markdown(
            "# A\n\n| layer | size |\n| --- | ---: |\n| conv | $28 \\times 28$ |\n\n" +
            "<details><summary>Why?</summary>\n\nBecause **so**.\n\n</details>\n\n" +
            "$$\n\\frac{1}{2}\n$$\n\n```csharp\nvar x = 1;\n```\n"));

        var page = Build()["01-a"];

        Assert.NotNull(page.QuerySelector(".scroll > table td math"));
        Assert.Equal("so", page.QuerySelector("details:not(.toc *) strong")!.TextContent);
        Assert.NotNull(page.QuerySelector(".formula > math[display=block] mfrac"));
        Assert.Equal("var", page.QuerySelector("pre.code .keyword")!.TextContent);
    }

    [Theory]
    [InlineData(">")]
    [InlineData("- ")]
    [InlineData("* > ")]
    [InlineData("[")]
    [InlineData("*a ")]
    [InlineData("![")]
    public void Prose_nested_without_end_is_shown_as_it_was_written_at_worst(string opening)
    {
        var deep = string.Concat(Enumerable.Repeat(opening, 20_000)) + "the end";

        Assert.Contains("the end", new Prose().Render(deep, (_, _) => null));
        Assert.Null(Prose.Title(deep));
    }

    [Fact]
    public void Prose_cannot_bring_script_or_ask_the_network()
    {
        const string Far = "https://example.invalid";
        Notebook("01-a", TemporaryFolder.Markdown(
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

        var page = Build()["01-a"];

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
        Notebook("01-a", TemporaryFolder.Markdown("# A"), Html(figure), Html(figure.Replace("<script>", "<script>alert(1);")));

        var page = Build()["01-a"];

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
        Notebook("01-a", TemporaryFolder.Markdown("# A\n\n`kept` <i title=\"&#xE000;0&#xE001;\">\uE000 &#xE000;0&#xE001;</i>"),
            Html($"<script>{View("Figure.js")}</script><i title=\"&#xE000;0&#xE001;\">&#xE000;0&#xE001;</i>"));

        var page = Build()["01-a"];

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
        Notebook("01-a", TemporaryFolder.Markdown("# A"),
            Html($"<figure class=\"convnet-window\"><p>kept</p>{forged.Replace("SCRIPT", View("WindowView.js"))}</figure>"));

        var page = Build()["01-a"];

        Assert.Equal("kept", page.QuerySelector("figure.convnet-window p")!.TextContent);
        Assert.Empty(page.QuerySelectorAll("script"));
        Assert.Contains("script-src 'none'", Policy(page));
    }

    [Fact]
    public void What_surrounds_a_known_script_is_sanitised_all_the_same()
    {
        Notebook("01-a", TemporaryFolder.Markdown("# A"), Html(
            $"<figure class=\"convnet-window\" onclick=\"alert(1)\"><meta http-equiv=\"refresh\" content=\"0;url=//example.invalid\">" +
            $"<img src=x onerror=\"alert(2)\"><a href=\"javascript:alert(3)\">a</a><script>{View("WindowView.js")}</script></figure>"));

        var page = Build()["01-a"];

        Assert.Single(page.QuerySelectorAll("script"));
        Assert.Empty(page.QuerySelectorAll(".outputs :is(meta, [onclick], [onerror], a[href], img[src])"));
    }

    [Theory]
    [InlineData("table { color: red }", "@scope (#Output-1) {")]
    [InlineData(".a { color: red } @import url(https://example.invalid/x.css);", null)]
    [InlineData("header { position: fixed }", null)]
    [InlineData("a { --x: \"}\" } header { --y: '1' }", "")]
    [InlineData("a { --x: \"{\n}} header { color: red } b { --y: \" }", "")]
    [InlineData("a { --q: '{'; --x: url(data:image/x' } } header { color: red } b { --y: ' }", "")]
    [InlineData("a { --x: ( } ) } header { color: red }", "")]
    [InlineData("a { --x: /* } */ 1 }", "@scope (#Output-1) {")]
    [InlineData("a::before { content: 'x ('; --x: url(\"data:image/png;base64,AAAA\") }", "@scope (#Output-1) {")]
    public void A_style_sheet_reaches_no_further_than_its_output(string rules, string? confined)
    {
        Notebook("01-a", TemporaryFolder.Markdown("# A"), Html($"<style>{rules}</style><table><tr><td>1</td></tr></table>"));

        var page = Build()["01-a"];

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
        Notebook("01-a", TemporaryFolder.Markdown($"# A\n\n<p style=\"color: rgb(255, 0, 0); margin-top: {margin}\">over</p>"));

        var style = Build()["01-a"].QuerySelector("main p[style]")!.GetAttribute("style")!;

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
        Notebook("01-a", TemporaryFolder.Markdown($"# A\n\n<p style=\"{style}; color: red\">b</p>"),
            Html($"<style>p {{ {style}; color: red }}</style><p style=\"{style}; color: red\">c</p>"));

        var page = Build()["01-a"];

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
        Notebook("01-a", TemporaryFolder.Markdown("# A"), Html("<p style=\"background: url('data:image/png;base64,AAAA')\">c</p>"));

        Assert.Contains("data:image/png;base64,AAAA", Build()["01-a"].QuerySelector("main p[style]")!.GetAttribute("style"));
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
        Notebook("01-a", TemporaryFolder.Markdown("# A"), Html(Picture(Inside)), Html(string.Concat(asking.Select(Picture))),
            Html($"<img src=\"{Inside}\" srcset=\"https://example.invalid/y.png 2x\">"));

        var page = Build()["01-a"];

        Assert.Equal(Inside, page.QuerySelector("#Cell-1 picture > source[media]")!.GetAttribute("srcset"));
        Assert.Equal(Inside, page.QuerySelector("#Cell-1 picture > img")!.GetAttribute("src"));
        Assert.Equal(asking.Length, page.QuerySelectorAll("#Cell-2 img").Length);
        // Of a list the picture that is in the page may stay, alone.
        Assert.All(page.QuerySelectorAll("#Cell-2 [srcset]"), source => Assert.Equal(Inside, source.GetAttribute("srcset")));
        Assert.Empty(page.QuerySelectorAll("#Cell-3 [srcset]"));
    }

    [Theory, InlineData(8, false), InlineData(9, true)]
    public void The_cells_of_a_table_of_many_columns_say_what_they_are(int columns, bool labelled)
    {
        string Row(string kind, string text) =>
            $"<tr>{string.Concat(Enumerable.Range(0, columns).Select(i => $"<{kind}>{text} &lt;{i}&gt;</{kind}>"))}</tr>";
        Notebook("01-a", TemporaryFolder.Markdown("# A"),
            Html($"<table><thead>{Row("th", "heading")}</thead><tbody>{Row("td", "a")}{Row("td", "b")}</tbody></table>"));

        var cells = Build()["01-a"].QuerySelectorAll("td");

        Assert.Equal(2 * columns, cells.Length);
        var labels = Enumerable.Range(0, 2 * columns).Select(i => labelled ? $"heading <{i % columns}>" : null);
        Assert.Equal(labels, cells.Select(cell => cell.GetAttribute("data-label")));
    }

    [Fact]
    public void The_views_that_are_committed_are_all_known()
    {
        var root = RepositoryRoot.Above(AppContext.BaseDirectory)!;
        foreach (var notebook in Directory.EnumerateFiles(Path.Combine(root, "notebooks"), "*.ipynb"))
        {
            var outputs = Chapter.Read(new BookSource(notebook, notebook)).Cells.SelectMany(cell => cell.Outputs);
            foreach (var html in outputs.OfType<DataOutput>().Select(output => output.Data.GetValueOrDefault("text/html", "")))
                Assert.Equal(Scripts(html), Scripts(new ViewHtml().Clean(html)));
        }

        static int Scripts(string html) => new HtmlParser().ParseDocument(html).Scripts.Length;
    }

    [Theory]
    [InlineData("""{"jupyter":{"source_hidden":true}}""", "Code: a comment", true, false)]
    [InlineData("""{"tags":["hide-input"]}""", "Code: a comment", true, false)]
    [InlineData("""{"tags":["check"]}""", "Check: a comment", true, false)]
    [InlineData("""{"tags":["answer"]}""", "Answer: a comment", true, true)]
    [InlineData("""{"tags":["hide-cell"]}""", "Code: a comment", true, true)]
    [InlineData("""{"jupyter":{"outputs_hidden":true}}""", "Output", false, true)]
    [InlineData("""{"collapsed":true}""", "Output", false, true)]
    [InlineData("""{"jupyter":{"source_hidden":false},"tags":["parameters",1]}""", null, false, false)]
    [InlineData("""{"jupyter":3,"tags":"check","collapsed":"true"}""", null, false, false)]
    public void Cells_fold_what_their_metadata_hides(string metadata, string? label, bool code, bool output)
    {
        var cell = TemporaryFolder.Code("// a comment\n1 + 1", TemporaryFolder.Data("text/plain", "2"));
        cell["metadata"] = JsonNode.Parse(metadata);
        Notebook("01-a", TemporaryFolder.Markdown("# A"), cell);

        var page = Build()["01-a"];

        Assert.Equal(label, page.QuerySelector("#Cell-1 details > summary")?.TextContent);
        Assert.Equal(code, page.QuerySelector("#Cell-1 details pre.code") is not null);
        Assert.Equal(output, page.QuerySelector("#Cell-1 details pre.result") is not null);
        Assert.NotNull(page.QuerySelector("#Cell-1 pre.code"));
        Assert.NotNull(page.QuerySelector("#Cell-1 pre.result"));
    }

    [Fact]
    public void A_picture_that_cannot_be_shown_says_so()
    {
        File.WriteAllText(_folder.File("notebooks", "drawing.bmp"), "BM");
        Notebook("01-a", TemporaryFolder.Markdown(
            "# A\n\n![a curve](lost.png) ![](https://example.invalid/far.png) <img src=\"gone/x.svg\" alt=\"x\"> ![b](drawing.bmp)"));

        var page = Build()["01-a"];

        Assert.Empty(page.QuerySelectorAll("img"));
        Assert.Equal(
            [
                "Picture not found: lost.png (a curve)", "Picture not shown, as it is not in a file here: https://example.invalid/far.png",
                "Picture not found: gone/x.svg (x)", "Picture not found: drawing.bmp (b)",
            ],
            page.QuerySelectorAll("mark").Select(note => note.TextContent));
    }

    [Fact]
    public void Outputs_of_every_kind_are_shown()
    {
        Notebook("01-a", TemporaryFolder.Markdown("# A"), TemporaryFolder.Code("all",
            new() { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = new JsonArray("one\n", "10 %\r20 %\rdone\n") },
            new() { ["output_type"] = "stream", ["name"] = "stderr", ["text"] = "\u001b[31mred\u001b[0m\n" },
            TemporaryFolder.Data("image/png", "iVBORw0KGgo=\n"),
            TemporaryFolder.Data("image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"),
            TemporaryFolder.Data("image/gif", "\"><meta/http-equiv=refresh/content=0;url=//example.invalid>"),
            TemporaryFolder.Data("application/x-unknown", "data"),
            new() { ["output_type"] = "error", ["ename"] = "Boom", ["evalue"] = "no <b>", ["traceback"] = new JsonArray("at x") }));

        var page = Build()["01-a"];

        Assert.Equal("one\ndone", page.QuerySelector("pre.stream")!.TextContent);
        Assert.Equal("red", page.QuerySelector("pre.error-stream")!.TextContent);
        Assert.Equal("data:image/png;base64,iVBORw0KGgo=", page.QuerySelectorAll("img")[0].GetAttribute("src"));
        Assert.StartsWith("data:image/svg+xml;base64,", page.QuerySelectorAll("img")[1].GetAttribute("src"));
        Assert.Empty(page.Scripts);
        Assert.Empty(page.QuerySelectorAll("meta[http-equiv=refresh]"));
        Assert.Contains("Boom: no <b>", page.QuerySelector(".error")!.TextContent);
        Assert.Contains("(application/x-unknown)", page.Body!.TextContent);
    }

    [Fact]
    public void Raw_cells_are_shown_as_their_text()
    {
        var raw = new JsonObject { ["cell_type"] = "raw", ["metadata"] = new JsonObject(), ["source"] = "<b>a</b> $x$\n# b" };
        Notebook("01-a", TemporaryFolder.Markdown("# A"), raw, TemporaryFolder.Code("x"));

        var page = Build()["01-a"];

        Assert.Equal("<b>a</b> $x$\n# b", page.QuerySelector("pre.raw")!.TextContent);
        Assert.Single(page.QuerySelectorAll(".cell"));
    }

    [Theory]
    [InlineData("{\"output_type\": \"future\", \"x\": 1}", "(an output of type future)")]
    [InlineData("{\"text\": \"a\"}", "(an output of type none)")]
    [InlineData("{\"output_type\": \"future\", \"data\": {\"text/plain\": \"a\"}}", "a")]
    [InlineData("{\"output_type\": \"display_data\", \"data\": {\"text/html\": null, \"text/plain\": 1}}", "1")]
    [InlineData("{\"output_type\": \"display_data\", \"data\": null}", "")]
    [InlineData("{\"output_type\": \"error\", \"ename\": null, \"evalue\": \"b\", \"traceback\": \"c\"}", "Error: bWherec")]
    public void Outputs_that_no_version_of_the_format_has_are_not_lost(string output, string shown)
    {
        var json = (JsonObject)JsonNode.Parse(output)!;
        Notebook("01-a", TemporaryFolder.Markdown("# A"), TemporaryFolder.Code("x", json));

        Assert.Equal(shown, Build()["01-a"].QuerySelector("#Cell-1 .outputs")?.TextContent ?? "");
    }

    [Theory]
    [InlineData("$$y$$", "y")]
    [InlineData(@"$\displaystyle y$", @"\displaystyle y")]
    [InlineData(@"\( y \)", "y")]
    [InlineData(@"\[y\]", "y")]
    [InlineData(@"y^2", "y^2")]
    [InlineData(@"\begin{align}y\end{align}", @"\begin{align}y\end{align}")]
    [InlineData("words with $x$ and $y$, \\$5", "x", "y")]
    [InlineData("$x$ and $y$", "x", "y")]
    public void LaTeX_is_a_formula_with_or_without_delimiters_or_words_with_formulas(string latex, params string[] formulas)
    {
        Notebook("01-a", TemporaryFolder.Markdown("# A"), TemporaryFolder.Code("x", TemporaryFolder.Data("text/latex", latex)));

        var page = Build()["01-a"];

        Assert.Equal(formulas, page.QuerySelectorAll("#Cell-1 annotation").Select(formula => formula.TextContent));
        Assert.Empty(page.QuerySelectorAll(".latex-reason"));
    }

    [Fact]
    public void A_cells_own_pictures_are_shown_and_what_is_none_is_said()
    {
        var cell = TemporaryFolder.Markdown(
            "# A\n\n![a](attachment:a.png) ![b](attachment:b%20c.svg) ![c](attachment:c.txt) ![d](attachment:d.png)");
        cell["attachments"] = JsonNode.Parse("""
            {
              "a.png": { "text/plain": "x", "image/png": "AAAA" },
              "b c.svg": { "image/svg+xml": ["BB", "BB"] },
              "c.txt": { "text/plain": "x" },
              "e": null
            }
            """);
        Notebook("01-a", cell);

        var page = Build()["01-a"];

        Assert.Equal(
            ["data:image/png;base64,AAAA", "data:image/svg+xml;base64,BBBB"],
            page.QuerySelectorAll("main img").Select(picture => picture.GetAttribute("src")));
        Assert.Equal(
            ["Picture not found: attachment:c.txt (c)", "Picture not found: attachment:d.png (d)"],
            page.QuerySelectorAll("mark").Select(note => note.TextContent));
    }

    [Fact]
    public void Links_lead_to_pages_pictures_into_the_page_and_files_to_the_repository()
    {
        File.WriteAllText(_folder.File("LICENSE"), "MIT");
        File.WriteAllBytes(_folder.File("notebooks", "p.png"), [1, 2, 3]);
        var attached = TemporaryFolder.Markdown("![attached](attachment:a.png)");
        attached["attachments"] = new JsonObject { ["a.png"] = new JsonObject { ["image/png"] = "QUJD" } };
        var prose = "# A\n\n[next](02-b.ipynb#part) [licence](../LICENSE) [lost](nowhere.txt) ![p](p.png) "
            + "[secret](../../../../../etc/hostname)";
        Notebook("01-a", TemporaryFolder.Markdown(prose), attached);
        Notebook("02-b", TemporaryFolder.Markdown("# B"));

        var page = Build()["01-a"];

        Assert.Equal(["02-b.html#part", "../LICENSE"], page.QuerySelectorAll(".prose a[href]").Select(link => link.GetAttribute("href")));
        Assert.Equal(
            ["data:image/png;base64,AQID", "data:image/png;base64,QUJD"],
            page.QuerySelectorAll("img").Select(picture => picture.GetAttribute("src")));
    }

    [Theory, InlineData("named pipe"), InlineData("socket"), InlineData("device")]
    public async Task A_picture_that_is_no_file_is_said_not_to_be_found(string kind)
    {
        Notebook("01-a", TemporaryFolder.Markdown("![a view](thing.png)"));
        using var thing = new NotAFile(kind, _folder.File("notebooks", "thing.png"));

        var page = (await Task.Run(Build).WaitAsync(TimeSpan.FromMinutes(1)))["01-a"];

        Assert.Empty(page.QuerySelectorAll("img"));
        Assert.Contains("Picture not found", page.Body!.TextContent);
    }

    [Theory]
    [InlineData("nowhere.png")]
    [InlineData("thing.png")] // itself
    public void A_picture_that_is_a_link_to_nothing_is_said_not_to_be_found(string target)
    {
        Notebook("01-a", TemporaryFolder.Markdown("![a view](thing.png)"));
        Link(_folder.File("notebooks", "thing.png"), target);

        Assert.Contains("Picture not found", Build()["01-a"].Body!.TextContent);
    }

    [Fact]
    public void What_cannot_be_read_in_the_books_folder_stays_there()
    {
        Notebook("01-a", TemporaryFolder.Markdown("# A"));
        Link(Path.Combine(Directory.CreateDirectory(_folder.File("book")).FullName, "x.html"), "nowhere");

        Assert.Equal("A", Build()["01-a"].QuerySelector("h1")!.TextContent);
        Assert.Equal("nowhere", new FileInfo(_folder.File("book", "x.html")).LinkTarget);
    }

    [Fact]
    public void A_lesson_whose_page_cannot_be_written_is_left_out_with_its_name_and_nothing_leads_to_it()
    {
        Notebook("01-a", TemporaryFolder.Markdown("# A"));
        Notebook("02-b", TemporaryFolder.Markdown("# B"));
        Directory.CreateDirectory(_folder.File("book", "02-b.html")); // as a name that is too long, it is no file's
        var repository = new Repository(_folder.Path);

        var book = BookWriter.Write(
            repository, [.. repository.Lessons().Select(lesson => new BookSource(lesson, lesson))], _folder.File("book"));

        Assert.Equal(1, book.Pages);
        Assert.StartsWith("02-b has no page: ", Assert.Single(book.LeftOut));
        var pages = new Pages(_folder.File("book"));
        Assert.Empty(pages.Index.QuerySelectorAll("a[href^='02-b']"));
        Assert.Empty(pages["01-a"].QuerySelectorAll("a[href^='02-b']"));
    }

    [Fact]
    public void A_damaged_copy_of_the_charts_library_makes_a_book_without_it()
    {
        Notebook("01-a", TemporaryFolder.Markdown("# A"));
        var charts = Directory.CreateDirectory(Path.Combine(new Repository(_folder.Path).Artifacts, "NotebookHelpers", "charts"));
        File.WriteAllText(Path.Combine(charts.FullName, "Plotly.NET.dll"), "damaged");

        Assert.Equal("A", Build()["01-a"].QuerySelector("h1")!.TextContent);
    }

    private static void Link(string path, string target)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows makes links for administrators only.");
        File.CreateSymbolicLink(path, target);
    }

    [Fact]
    public void A_book_replaces_the_pages_of_an_earlier_one_and_nothing_else()
    {
        Notebook("01-a", TemporaryFolder.Markdown("# A"));
        Notebook("02-b", TemporaryFolder.Markdown("# B"));
        Build();
        File.WriteAllText(_folder.File("book", "mine.html"), "<p>mine</p>");
        File.Delete(_folder.File("notebooks", "02-b.ipynb"));

        Build();

        Assert.False(File.Exists(_folder.File("book", "02-b.html")));
        Assert.True(File.Exists(_folder.File("book", "mine.html")));
    }

    [Fact]
    public void A_file_that_is_no_notebook_is_left_out_with_its_name_and_the_others_are_there()
    {
        Notebook("01-a", TemporaryFolder.Markdown("# A"));
        File.WriteAllText(_folder.File("notebooks", "02-bad.ipynb"), "[]");
        Notebook("03-deep", TemporaryFolder.Markdown(string.Concat(Enumerable.Repeat("> ", 2000)) + "deep"));
        Notebook("04-half-a-pair", TemporaryFolder.Markdown("# A half \ud83d of a pair"));

        var repository = new Repository(_folder.Path);
        BookSource[] sources = [.. repository.Lessons().Select(lesson => new BookSource(lesson, lesson))];
        var book = BookWriter.Write(repository, sources, _folder.File("book"));

        Assert.Equal(3, book.Pages);
        Assert.Contains("02-bad.ipynb", Assert.Single(book.LeftOut));
        Assert.Equal(["01-a.html", "03-deep.html", "04-half-a-pair.html", "index.html"],
            Directory.GetFiles(_folder.File("book"), "*.html").Select(Path.GetFileName).Order());
    }

    private void Notebook(string name, params JsonObject[] cells) =>
        _folder.Notebook(Path.Combine("notebooks", name + ".ipynb"), cells);

    private static JsonObject Html(string html) => TemporaryFolder.Code("x", TemporaryFolder.Data("text/html", html));

    /// <summary>A view's script as the library writes it.</summary>
    private static string View(string file)
    {
        using var reader = new StreamReader(typeof(BookWriter).Assembly.GetManifestResourceStream("views/" + file)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private Pages Build()
    {
        var repository = new Repository(_folder.Path);
        var sources = repository.Lessons().Select(lesson => new BookSource(lesson, lesson)).ToList();
        BookWriter.Write(repository, sources, _folder.File("book"));
        return new Pages(_folder.File("book"));
    }

    private static string Policy(IHtmlDocument page) =>
        page.QuerySelector("meta[http-equiv=Content-Security-Policy]")!.GetAttribute("content")!;

    private sealed class Pages(string book)
    {
        internal IHtmlDocument Index => this["index"];

        internal IHtmlDocument this[string name] => new HtmlParser().ParseDocument(File.ReadAllText(Path.Combine(book, name + ".html")));
    }
}
