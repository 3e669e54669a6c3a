using System.Text.Json.Nodes;
using NotebookRunner.Host;
using NotebookRunner.Reporting.Book;
using NotebookRunner.Tests.Host;
using static ConvNetWorkbook.Tests.NotebookJson;
using static NotebookRunner.Tests.Reporting.TestBook;

namespace NotebookRunner.Tests.Reporting;

public sealed class BookTests : IDisposable
{
    private readonly TestBook _book = new();

    public void Dispose() => _book.Dispose();

    [Fact]
    public void Index_has_every_lesson_with_its_title_lead_and_sections()
    {
        _book.Notebook("01-a", Markdown("# First lesson\n\nIt *begins* here.\n\n## One\n\n## Two"));
        _book.Notebook("02-b", Markdown("# Second lesson"));

        var index = _book.Build().Index;

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
        _book.Notebook("01-a", Markdown("# A"));
        _book.Notebook("02-b",
            Markdown("# B\n\n## Part\n\n### Detail"),
            Code("1 + 1", Data("text/plain", "2")),
            Markdown("## Part"), Code(""), Code("var x = \"text\";"));
        _book.Notebook("03-c", Markdown("# C"));

        var page = _book.Build()["02-b"];

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
    public void A_headings_anchor_is_no_cells()
    {
        _book.Notebook("01-a", Markdown("# Cell 1\n\n## Output 1\n\n## Content"), Html("<p>1</p>"));

        var ids = _book.Build()["01-a"].QuerySelectorAll("[id]").Select(element => element.Id).ToList();

        Assert.Equal(ids.Distinct(), ids);
        Assert.Empty(new[] { "cell-1", "Cell-1", "output-1", "content" }.Except(ids));
    }

    [Fact]
    public void Index_leaves_out_what_lessons_share_and_shows_what_they_measured()
    {
        var headline = Data(
            HeadlineContract.MimeType, """[{"name":"Accuracy","value":"<99> %"},{"name":"Data","value":"MNIST"}]""");
        _book.Notebook("01-a",
            Markdown("# A\n\n- build it;\n- run it\n\n## Own\n\n## Recap"), Code("x", headline));
        _book.Notebook("02-b", Markdown("# B\n\n## Recap"));

        var lessons = _book.Build().Index.QuerySelectorAll(".lessons > li");

        Assert.Equal(["Own"], lessons[0].QuerySelectorAll(".sections a").Select(link => link.TextContent));
        Assert.Equal(["Accuracy: <99> %"], lessons[0].QuerySelectorAll(".figure").Select(figure => figure.TextContent));
        Assert.Contains("Build it; run it", lessons[0].TextContent);
        Assert.Null(lessons[1].QuerySelector(".sections"));
    }

    [Fact]
    public void A_lesson_named_index_and_one_without_cells_have_pages_of_their_own()
    {
        _book.Notebook("Index", Markdown("# Index of terms"));
        _book.Notebook("empty", Array.Empty<JsonObject>());

        var pages = _book.Build();

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
        _book.Notebook("01-a", Markdown("# A"), Code("1"), Html(playground));
        _book.Notebook("playground", Markdown("# A lesson of that name"));

        var pages = _book.Build();

        Assert.Equal("01-a.html#Cell-2", pages["playground"].QuerySelector("main > p a")!.GetAttribute("href"));
        Assert.Equal(2, pages["playground"].QuerySelectorAll("main script").Length);
        Assert.Equal(Policy(pages["01-a"]), Policy(pages["playground"]));
        Assert.NotNull(pages.Index.QuerySelector("main a[href='playground.html']"));
        Assert.NotNull(pages["01-a"].QuerySelector("#Cell-2 a[href='playground.html']"));
        Assert.Equal("A lesson of that name", pages["playground-2"].QuerySelector("h1")!.TextContent);

        File.Delete(_book.Folder.File("notebooks/01-a.ipynb"));
        var without = _book.Build();
        Assert.Null(without.Index.QuerySelector("main a[href='playground.html']"));
        Assert.Throws<FileNotFoundException>(() => without["playground"]);
    }

    [Fact]
    public void Prose_has_tables_details_formulas_and_highlighted_code()
    {
        _book.Notebook("01-a", Markdown(
            "# A\n\n| layer | size |\n| --- | ---: |\n| conv | $28 \\times 28$ |\n\n" +
            "<details><summary>Why?</summary>\n\nBecause **so**.\n\n</details>\n\n" +
            "$$\n\\frac{1}{2}\n$$\n\n```csharp\nvar x = 1;\n```\n"));

        var page = _book.Build()["01-a"];

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

    [Theory, InlineData(8, false), InlineData(9, true)]
    public void The_cells_of_a_table_of_many_columns_say_what_they_are(int columns, bool labelled)
    {
        string Row(string kind, string text) =>
            $"<tr>{string.Concat(Enumerable.Range(0, columns).Select(i => $"<{kind}>{text} &lt;{i}&gt;</{kind}>"))}</tr>";
        _book.Notebook("01-a", Markdown("# A"),
            Html($"<table><thead>{Row("th", "heading")}</thead><tbody>{Row("td", "a")}{Row("td", "b")}</tbody></table>"));

        var cells = _book.Build()["01-a"].QuerySelectorAll("td");

        Assert.Equal(2 * columns, cells.Length);
        var labels = Enumerable.Range(0, 2 * columns).Select(i => labelled ? $"heading <{i % columns}>" : null);
        Assert.Equal(labels, cells.Select(cell => cell.GetAttribute("data-label")));
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
        var cell = Code("// a comment\n1 + 1", Data("text/plain", "2"));
        cell["metadata"] = JsonNode.Parse(metadata);
        _book.Notebook("01-a", Markdown("# A"), cell);

        var page = _book.Build()["01-a"];

        Assert.Equal(label, page.QuerySelector("#Cell-1 details > summary")?.TextContent);
        Assert.Equal(code, page.QuerySelector("#Cell-1 details pre.code") is not null);
        Assert.Equal(output, page.QuerySelector("#Cell-1 details pre.result") is not null);
        Assert.NotNull(page.QuerySelector("#Cell-1 pre.code"));
        Assert.NotNull(page.QuerySelector("#Cell-1 pre.result"));
    }

    [Fact]
    public void A_picture_that_cannot_be_shown_says_so()
    {
        File.WriteAllText(_book.Folder.File("notebooks", "drawing.tiff"), "II");
        File.WriteAllBytes(_book.Folder.File("notebooks", "empty.png"), []);
        _book.Notebook("01-a", Markdown(
            "# A\n\n![a curve](lost.png) ![](https://example.invalid/far.png) <img src=\"gone/x.svg\" alt=\"x\"> ![b](drawing.tiff) " +
            "![c](empty.png?raw=true)"));

        var page = _book.Build()["01-a"];

        Assert.Empty(page.QuerySelectorAll("img"));
        Assert.Equal(
            [
                "Picture not found: lost.png (a curve)", "Picture not shown, as it is not in a file here: https://example.invalid/far.png",
                "Picture not found: gone/x.svg (x)", "Picture not shown, as browsers draw none of its kind: drawing.tiff (b)",
                "Picture not shown, as its file is empty: empty.png?raw=true (c)",
            ],
            page.QuerySelectorAll("mark").Select(note => note.TextContent));
    }

    [Fact]
    public void Outputs_of_every_kind_are_shown()
    {
        _book.Notebook("01-a", Markdown("# A"), Code("all",
            new() { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = new JsonArray("one\n", "10 %\r20 %\rdone\n") },
            new() { ["output_type"] = "stream", ["name"] = "stderr", ["text"] = "\u001b[31mred\u001b[0m\n" },
            Data("image/png", "iVBORw0KGgo=\n"),
            Data("image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"),
            Data("image/gif", "\"><meta/http-equiv=refresh/content=0;url=//example.invalid>"),
            Data("application/x-unknown", "data"),
            new() { ["output_type"] = "error", ["ename"] = "Boom", ["evalue"] = "no <b>", ["traceback"] = new JsonArray("at x") }));

        var page = _book.Build()["01-a"];

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
        _book.Notebook("01-a", Markdown("# A"), raw, Code("x"));

        var page = _book.Build()["01-a"];

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
        _book.Notebook("01-a", Markdown("# A"), Code("x", json));

        Assert.Equal(shown, _book.Build()["01-a"].QuerySelector("#Cell-1 .outputs")?.TextContent ?? "");
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
        _book.Notebook("01-a", Markdown("# A"), Code("x", Data("text/latex", latex)));

        var page = _book.Build()["01-a"];

        Assert.Equal(formulas, page.QuerySelectorAll("#Cell-1 annotation").Select(formula => formula.TextContent));
        Assert.Empty(page.QuerySelectorAll(".latex-reason"));
    }

    [Fact]
    public void A_cells_own_pictures_are_shown_and_what_is_none_is_said()
    {
        var cell = Markdown(
            "# A\n\n![a](attachment:a.png) ![b](attachment:b%20c.svg) ![c](attachment:c.txt) ![d](attachment:d.png)");
        cell["attachments"] = JsonNode.Parse("""
            {
              "a.png": { "text/plain": "x", "image/png": "AAAA" },
              "b c.svg": { "image/svg+xml": ["BB", "BB"] },
              "c.txt": { "text/plain": "x" },
              "e": null
            }
            """);
        _book.Notebook("01-a", cell);

        var page = _book.Build()["01-a"];

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
        File.WriteAllText(_book.Folder.File("LICENSE"), "MIT");
        File.WriteAllBytes(_book.Folder.File("notebooks", "p.png"), [1, 2, 3]);
        var attached = Markdown("![attached](attachment:a.png)");
        attached["attachments"] = new JsonObject { ["a.png"] = new JsonObject { ["image/png"] = "QUJD" } };
        var prose = "# A\n\n[next](02-b.ipynb#part) [licence](../LICENSE) [lost](nowhere.txt) ![p](p.png) "
            + "[secret](../../../../../etc/hostname)";
        _book.Notebook("01-a", Markdown(prose), attached);
        _book.Notebook("02-b", Markdown("# B"));

        var page = _book.Build()["01-a"];

        Assert.Equal(["02-b.html#part", "../LICENSE"], page.QuerySelectorAll(".prose a[href]").Select(link => link.GetAttribute("href")));
        Assert.Equal(
            ["data:image/png;base64,AQID", "data:image/png;base64,QUJD"],
            page.QuerySelectorAll("img").Select(picture => picture.GetAttribute("src")));
    }

    [Theory]
    [InlineData("a.webp", "image/webp")]
    [InlineData("a.BMP", "image/bmp")]
    [InlineData("a.avif", "image/avif")]
    [InlineData("a.ico", "image/x-icon")]
    [InlineData("a b.png?raw=true", "image/png")]
    [InlineData("a.jpeg?x=1#part", "image/jpeg")]
    public void Pictures_that_browsers_draw_come_into_the_page(string address, string type)
    {
        File.WriteAllBytes(_book.Folder.File("notebooks", address.Split('?')[0]), [1, 2, 3]);
        _book.Notebook("01-a", Markdown($"# A\n\n![p](<{address}>)"));

        Assert.Equal($"data:{type};base64,AQID", _book.Build()["01-a"].QuerySelector("main img")!.GetAttribute("src"));
    }

    [Fact]
    public void A_picture_in_prose_keeps_its_other_forms_that_are_here()
    {
        File.WriteAllBytes(_book.Folder.File("notebooks", "a.png"), [1, 2, 3]);
        File.WriteAllBytes(_book.Folder.File("notebooks", "dark.webp"), [4, 5, 6]);
        _book.Notebook("01-a", Markdown(
            "# A\n\n<picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"dark.webp\"><source srcset=\"lost.webp\">" +
            "<source srcset=\"https://example.invalid/a.png\"><source srcset=\"dark.webp, a.png 2x\">" +
            "<img src=\"a.png\" srcset=\"dark.webp 2x\" alt=\"a\"></picture>\n\n" +
            "<picture><source srcset=\"a.png\"><img src=\"lost.png\"></picture>"));

        var page = _book.Build()["01-a"];

        var source = Assert.Single(page.QuerySelectorAll("picture:first-of-type > source[media]"));
        Assert.Equal("data:image/webp;base64,BAUG", source.GetAttribute("srcset"));
        Assert.All(page.QuerySelectorAll("[srcset]"), part => Assert.StartsWith("data:image/", part.GetAttribute("srcset")));
        Assert.Equal("data:image/png;base64,AQID", Assert.Single(page.QuerySelectorAll("main img:not([srcset])")).GetAttribute("src"));
        Assert.Equal("Picture not found: lost.png", page.QuerySelector("picture mark")!.TextContent);
    }

    [Fact]
    public void A_picture_that_is_here_stays_when_its_other_form_is_not()
    {
        File.WriteAllBytes(_book.Folder.File("notebooks", "a.png"), [1, 2, 3]);
        _book.Notebook("01-a", Markdown("# A\n\n<img src=\"a.png\" srcset=\"lost.png 2x\" longdesc=\"lost.html\">"));

        var page = _book.Build()["01-a"];

        Assert.Equal("data:image/png;base64,AQID", page.QuerySelector("main img")!.GetAttribute("src"));
        Assert.Null(page.QuerySelector("main mark"));
    }

    [Fact]
    public void What_a_page_cannot_show_leaves_a_note()
    {
        const string Odd = "<video controls><source src=\"a.mp4\"></video> <audio src=\"s.mp3\">no sound</audio> " +
            "<object data=\"d.pdf\">its words</object> <embed src=\"e.swf\"> " +
            "<iframe src=\"https://example.invalid/\"></iframe> <video></video>";
        _book.Notebook("01-a", Markdown($"# A\n\n{Odd}\n\n<video src=\"b.mp4\">\n\n**after**"), Html($"<p>{Odd}</p>"));

        var page = _book.Build()["01-a"];

        string[] notes =
        [
            "A video that this page cannot show: a.mp4", "A sound that this page cannot show: s.mp3",
            "An object that this page cannot show: d.pdf", "An object that this page cannot show: e.swf",
            "A page within the page that this page cannot show: https://example.invalid/", "A video that this page cannot show",
        ];
        Assert.Equal(
            [.. notes, "A video that this page cannot show: b.mp4"], page.QuerySelectorAll(".prose mark").Select(note => note.TextContent));
        Assert.Equal(notes, page.QuerySelectorAll("#Cell-1 mark").Select(note => note.TextContent));
        Assert.All(page.QuerySelectorAll(".prose, #Cell-1 .outputs"), place => Assert.Contains("its words", place.TextContent));
        Assert.NotNull(page.QuerySelector("p > strong"));
        Assert.Empty(page.QuerySelectorAll("source"));
    }

    [Theory]
    [InlineData("Use List<int> for numbers and Dictionary<string, int> for maps.")]
    [InlineData("`Task<T>` and Task<T> run")]
    [InlineData("Press <Enter> or <Ctrl>, then go on")]
    [InlineData("List<object>, List<Button> and Span<Path> stay")]
    [InlineData("The <title>, <textarea>, <script>, <style>, <svg> and <plaintext> tags")]
    [InlineData("x<y and y>z; if (a<c && d>e)")]
    [InlineData("**a<T>b** and [c<T>](https://example.invalid)", "a<T>b and c<T>")]
    [InlineData("<nobr>a b</nobr>, <custom x=y>c</custom>, <button>d</button> and <option>e</option>", "a b, c, d and e")]
    public void Words_that_look_like_tags_are_kept_and_so_is_what_tags_hold_that_are_not(string markdown, string? shown = null)
    {
        _book.Notebook("01-a", Markdown($"# A\n\n{markdown}\n\nafter **b**"));

        var page = _book.Build()["01-a"];

        Assert.Equal(shown ?? markdown.Replace("`", ""), page.QuerySelector("main p")!.TextContent);
        Assert.Equal("after b", page.QuerySelectorAll("main p").Last().TextContent);
    }

    [Theory]
    [InlineData("<title> is a tag")]
    [InlineData("<iframe src=x>")]
    [InlineData("<xmp>\n<p>a</p>")]
    [InlineData("<select> a")]
    [InlineData("<form>\n<b>a</b>")]
    [InlineData("<object>")]
    public void A_tag_that_nothing_closes_takes_no_more_of_its_cell(string markdown)
    {
        _book.Notebook("01-a", Markdown($"{markdown}\n\n## After\n\n- one"));

        var page = _book.Build()["01-a"];

        Assert.Equal("After", page.QuerySelector("main h2")!.TextContent);
        Assert.Equal("one", page.QuerySelector("main li")!.TextContent);
    }

    [Fact]
    public void A_heading_shows_what_looks_like_a_tag_in_the_contents_too()
    {
        _book.Notebook("01-a", Markdown("# The List<T> class\n\nA List<int> holds.\n\n## More of Task<T>"));

        var pages = _book.Build();

        Assert.Equal("The List<T> class – ConvNet Workbook", pages["01-a"].Title);
        Assert.Equal("More of Task<T>", pages["01-a"].QuerySelector(".toc.beside a[href='#more-of-task']")!.TextContent);
        Assert.Contains("A List<int> holds.", pages.Index.Body!.TextContent);
    }

    [Fact]
    public void The_content_of_an_outputs_unknown_tags_stays()
    {
        _book.Notebook("01-a", Markdown("# A"), Html(
            "<p>List<int> a</p><custom><nobr>b</nobr> <b>c</b></custom><button onclick=\"x()\">d</button><form><input name=e>f</form>"));

        var output = _book.Build()["01-a"].QuerySelector("[data-output]")!;

        Assert.Equal("List ab cdf", output.TextContent);
        Assert.Equal("c", output.QuerySelector("b")!.TextContent);
    }

    [Fact]
    public void A_notebook_outside_of_the_checkout_shows_what_lies_beside_it_and_nothing_else()
    {
        using var elsewhere = new TemporaryFolder();
        Directory.CreateDirectory(elsewhere.File("own/pictures"));
        Directory.CreateDirectory(elsewhere.File("own-not"));
        foreach (var picture in new[] { "own/p.png", "own/pictures/q.png", "secret.png", "own-not/secret.png" })
            File.WriteAllBytes(elsewhere.File(picture), [1, 2, 3]);
        File.WriteAllBytes(_book.Folder.File("notebooks", "secret.png"), [1, 2, 3]);
        elsewhere.Notebook("own/a.ipynb", Markdown(
            "# A\n\n![](p.png) ![](pictures/q.png) ![](../secret.png) ![](../own-not/secret.png) " +
            $"![]({_book.Folder.File("notebooks", "secret.png")}) [b](../b.ipynb#part) [c](01-c.ipynb)"));
        elsewhere.Notebook("b.ipynb", Markdown("# B"));
        string[] notebooks = [elsewhere.File("own/a.ipynb"), elsewhere.File("b.ipynb")];

        BookWriter.Write(
            new Repository(_book.Folder.Path), [.. notebooks.Select(each => new BookSource(each, each))], _book.Folder.File("book"));

        var page = new Pages(_book.Folder.File("book"))["a"];
        Assert.Equal(2, page.QuerySelectorAll("main img").Length);
        Assert.Equal(3, page.QuerySelectorAll("main mark").Length);
        Assert.Equal(["b.html#part"], page.QuerySelectorAll(".prose a[href]").Select(link => link.GetAttribute("href")));
    }

    [Theory, InlineData("named pipe"), InlineData("socket"), InlineData("device")]
    public async Task A_picture_that_is_no_file_is_said_not_to_be_found(string kind)
    {
        _book.Notebook("01-a", Markdown("![a view](thing.png)"));
        using var thing = new NotAFile(kind, _book.Folder.File("notebooks", "thing.png"));

        var page = (await Task.Run(_book.Build).WaitAsync(TimeSpan.FromMinutes(1)))["01-a"];

        Assert.Empty(page.QuerySelectorAll("img"));
        Assert.Contains("Picture not found", page.Body!.TextContent);
    }

    [Theory]
    [InlineData("nowhere.png")]
    [InlineData("thing.png")] // itself
    public void A_picture_that_is_a_link_to_nothing_is_said_not_to_be_found(string target)
    {
        _book.Notebook("01-a", Markdown("![a view](thing.png)"));
        Link(_book.Folder.File("notebooks", "thing.png"), target);

        Assert.Contains("Picture not found", _book.Build()["01-a"].Body!.TextContent);
    }

    [Fact]
    public void What_cannot_be_read_in_the_books_folder_stays_there()
    {
        _book.Notebook("01-a", Markdown("# A"));
        Link(Path.Combine(Directory.CreateDirectory(_book.Folder.File("book")).FullName, "x.html"), "nowhere");

        Assert.Equal("A", _book.Build()["01-a"].QuerySelector("h1")!.TextContent);
        Assert.Equal("nowhere", new FileInfo(_book.Folder.File("book", "x.html")).LinkTarget);
    }

    [Fact]
    public void A_lesson_whose_page_cannot_be_written_is_left_out_with_its_name_and_nothing_leads_to_it()
    {
        _book.Notebook("01-a", Markdown("# A"));
        _book.Notebook("02-b", Markdown("# B"));
        Directory.CreateDirectory(_book.Folder.File("book", "02-b.html")); // as a name that is too long, it is no file's
        var repository = new Repository(_book.Folder.Path);

        var book = BookWriter.Write(
            repository, [.. repository.Lessons().Select(lesson => new BookSource(lesson, lesson))], _book.Folder.File("book"));

        Assert.Equal(1, book.Pages);
        Assert.StartsWith("02-b has no page: ", Assert.Single(book.LeftOut));
        var pages = new Pages(_book.Folder.File("book"));
        Assert.Empty(pages.Index.QuerySelectorAll("a[href^='02-b']"));
        Assert.Empty(pages["01-a"].QuerySelectorAll("a[href^='02-b']"));
    }

    [Fact]
    public void A_damaged_copy_of_the_charts_library_makes_a_book_without_it()
    {
        _book.Notebook("01-a", Markdown("# A"));
        var charts = Directory.CreateDirectory(Path.Combine(new Repository(_book.Folder.Path).Artifacts, "NotebookHelpers", "charts"));
        File.WriteAllText(Path.Combine(charts.FullName, "Plotly.NET.dll"), "damaged");

        Assert.Equal("A", _book.Build()["01-a"].QuerySelector("h1")!.TextContent);
    }

    private static void Link(string path, string target)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows makes links for administrators only.");
        File.CreateSymbolicLink(path, target);
    }

    [Fact]
    public void A_book_replaces_the_pages_of_an_earlier_one_and_nothing_else()
    {
        _book.Notebook("01-a", Markdown("# A"));
        _book.Notebook("02-b", Markdown("# B"));
        _book.Build();
        File.WriteAllText(_book.Folder.File("book", "mine.html"), "<p>mine</p>");
        File.Delete(_book.Folder.File("notebooks", "02-b.ipynb"));

        _book.Build();

        Assert.False(File.Exists(_book.Folder.File("book", "02-b.html")));
        Assert.True(File.Exists(_book.Folder.File("book", "mine.html")));
    }

    [Fact]
    public void A_file_that_is_no_notebook_is_left_out_with_its_name_and_the_others_are_there()
    {
        _book.Notebook("01-a", Markdown("# A"));
        File.WriteAllText(_book.Folder.File("notebooks", "02-bad.ipynb"), "[]");
        _book.Notebook("03-deep", Markdown(string.Concat(Enumerable.Repeat("> ", 2000)) + "deep"));
        _book.Notebook("04-half-a-pair", Markdown("# A half \ud83d of a pair"));

        var repository = new Repository(_book.Folder.Path);
        BookSource[] sources = [.. repository.Lessons().Select(lesson => new BookSource(lesson, lesson))];
        var book = BookWriter.Write(repository, sources, _book.Folder.File("book"));

        Assert.Equal(3, book.Pages);
        Assert.Contains("02-bad.ipynb", Assert.Single(book.LeftOut));
        Assert.Equal(["01-a.html", "03-deep.html", "04-half-a-pair.html", "index.html"],
            Directory.GetFiles(_book.Folder.File("book"), "*.html").Select(Path.GetFileName).Order());
    }
}
