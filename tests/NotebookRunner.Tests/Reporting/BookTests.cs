using System.Text.Json.Nodes;
using NotebookRunner.Host;
using NotebookRunner.Reporting.Book;
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
    public void A_headings_anchor_is_no_cells_and_no_outputs()
    {
        _book.Notebook("01-a", Markdown("# Cell 1\n\n## Output 1\n\n## Content"), Html("<p>1</p>"));

        var ids = _book.Build()["01-a"].QuerySelectorAll("[id]").Select(element => element.Id).ToList();

        Assert.Equal(ids.Distinct(), ids);
        Assert.Empty(new[] { "cell-1", "Cell-1", "output-1", "Output-1", "content" }.Except(ids));
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
        File.WriteAllText(_book.Folder.File("notebooks", "drawing.bmp"), "BM");
        _book.Notebook("01-a", Markdown(
            "# A\n\n![a curve](lost.png) ![](https://example.invalid/far.png) <img src=\"gone/x.svg\" alt=\"x\"> ![b](drawing.bmp)"));

        var page = _book.Build()["01-a"];

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
