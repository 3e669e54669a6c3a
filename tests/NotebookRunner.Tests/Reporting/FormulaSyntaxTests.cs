using AngleSharp.Html.Parser;
using NotebookRunner.Reporting.Book;

namespace NotebookRunner.Tests.Reporting;

/// <summary>Which dollars are formulas; what VS Code's markdown-it-katex makes of each case was recorded beside it.</summary>
public sealed class FormulaSyntaxTests
{
    [Theory]
    [InlineData("$$x = 1$$", "D:x = 1")]
    [InlineData("$$ x = 1\n+ 2 $$\n\nafter", "D:x = 1 + 2")]
    [InlineData("$$x = 1\n$$\n\nafter **b**", "D:x = 1")]
    [InlineData("$$\nx = 1$$\n\nafter", "D:x = 1")]
    [InlineData("$$\n\na\n\nb\n\n$$\nafter", "D:a b")]
    [InlineData("$$\n- a\n- b\n$$", "D:- a - b")]
    [InlineData("$$\na\n===\n$$", "D:a ===")]
    [InlineData("$$x\n$$ and words", "D:x")]
    [InlineData("$$x$$.", "D:x")]
    [InlineData("where $$\nx = 1\n$$ and so", "D:x = 1")]
    [InlineData("text $$x\n+y$$ more", "D:x +y")]
    [InlineData("$$a$$ and $$b$$", "D:a", "D:b")]
    [InlineData("$$a$$\n$$b$$", "D:a", "D:b")]
    [InlineData("para\n$$x$$\npara", "D:x")]
    [InlineData("text $x\n= y$ more", "I:x = y")]
    [InlineData("a $ x $, $y $ and $ z$", "I:x", "I:y", "I:z")]
    [InlineData("($x$) \"$y$\": $z$.", "I:x", "I:y", "I:z")]
    [InlineData("中文$x$中文", "I:x")]
    [InlineData("$a*b*c$ and **$x_1$** *$y_2$*", "I:a*b*c", "I:x_1", "I:y_2")]
    [InlineData("a $`x^2`$ b", "I:x^2")]
    [InlineData("```math\nx^2\n```", "D:x^2")]
    [InlineData("\\begin{align}\na &= b\\\\\nc &= d\n\\end{align}\nmore", @"D:\begin{align} a &= b\\ c &= d \end{align}")]
    [InlineData("text\n\\begin{equation}\na\n\nb\n\\end{equation}\nmore", @"D:\begin{equation} a b \end{equation}")]
    [InlineData("$\\begin{align}a\\end{align}$", @"D:\begin{align}a\end{align}")]
    [InlineData("- item $x$\n  $$\n  y\n  $$\n- next", "I:x", "D:y")]
    [InlineData("> quote $$x$$\n> $$\n> y\n> $$", "D:x", "D:y")]
    [InlineData("| a | b |\n|---|---|\n| $x$ | $\\|y\\|$ |", "I:x", "I:|y|")]
    [InlineData("$x\\$y$ z", @"I:x\$y")]
    [InlineData("$$unclosed\nx\n\npara $y$ z", "I:y")]
    public void Formulas_begin_and_end_as_in_VS_Code(string markdown, params string[] formulas) =>
        Assert.Equal(formulas, Formulas(Render(markdown)));

    [Theory]
    [InlineData("costs $5 and $6 today")]
    [InlineData("from $5 to $10.")]
    [InlineData("US$20, 5$ and 6$")]
    [InlineData("\\$5 and \\$6")]
    [InlineData("`$x$` and ``$a`b$``")]
    [InlineData("$5, see `a$` here")]
    [InlineData("```\n$x$\n```")]
    [InlineData("    $x$")]
    [InlineData("no $closing here")]
    [InlineData("no $$closing here\n\nnext")]
    [InlineData("| a | b |\n|---|---|\n| 5 $ | 6 $ |")]
    [InlineData("a$x$b and $x$1")]
    [InlineData("text \\begin{align}x\\end{align} end")]
    public void Other_dollars_stay_dollars(string markdown)
    {
        var html = Render(markdown);

        Assert.Empty(Formulas(html));
        var text = new HtmlParser().ParseDocument(html).Body!.TextContent;
        Assert.Equal(markdown.Replace("\\$", "$").Count(c => c == '$'), text.Count(c => c == '$'));
    }

    // In VS Code a line that ends one of these formulas outside of its item or quote is lost with all that stands on it.
    [Theory]
    [InlineData("* one\n  $$\n  p\n$$\n\nwords\n\n$$\nq\n$$", "one words", "D:p", "D:q")]
    [InlineData("1. one:\n   $$\n   p\n$$\n2. two", "one: two", "D:p")]
    [InlineData("- one\n\n  $$p\n  + q\n$$\n\n  still one\n- two", "one still one two", "D:p + q")]
    [InlineData("- one\n  - deep\n    $$\n    p\n  $$\n  - deeper\n\nwords", "one deep deeper words", "D:p")]
    [InlineData("- > $$\n  > p\n$$\n\nwords $q$", "words", "D:p", "I:q")]
    [InlineData("> $$\n> p\n$$\n\nwords\n\n$$q$$", "words", "D:p", "D:q")]
    [InlineData("> $$\np\n- q\n\nwords", "$$ p q words")]
    [InlineData("> $$\np\nq\n$$\nwords", "words", "D:p q")]
    [InlineData("- $$\n  p\n$$ and words", "and words", "D:p")]
    [InlineData("- $$\n  p\nwords\n\n$$q$$", "words", "D:p", "D:q")]
    [InlineData("> $$\n> p\n$$q$$\n\nwords", "words", "D:p", "D:q")]
    [InlineData("- $$\r\n  p\r\n$$\r\n\r\nwords\r\n\r\n$$\r\nq\r\n$$", "words", "D:p", "D:q")]
    [InlineData("- one\n  \\begin{align}\n  p\n\\end{align}\n\nwords", "one words", @"D:\begin{align} p \end{align}")]
    [InlineData("> \\begin{align}\np\n\\end{align}\n\nwords", "words", @"D:\begin{align} p \end{align}")]
    [InlineData("one $$\np\n$$\n\nwords\n\n$$q$$", "one words", "D:p", "D:q")]
    [InlineData("- one $$\n  p\n$$\n\nwords\n\n$$q$$", "one words", "D:p", "D:q")]
    [InlineData("so $\n\\begin{aligned}p\\end{aligned}\n$ and\n\nwords", "so and words", @"I:\begin{aligned}p\end{aligned}")]
    [InlineData("so $$\n\\begin{aligned}p\\end{aligned}\n$$\n\nwords $q$", "so words", @"D:\begin{aligned}p\end{aligned}", "I:q")]
    [InlineData("costs $5\n\\begin{align}p\\end{align}\n\nwords", "costs $5 words", @"D:\begin{align}p\end{align}")]
    [InlineData("costs $$ one\n$$\np\n$$\n\nwords", "costs $$ one words", "D:p")]
    [InlineData("- $$\n  p\n\n# words\n\nmore", "$$ p words more")]
    public void A_formula_takes_nothing_of_what_follows_its_item_or_quote(string markdown, string words, params string[] formulas)
    {
        var html = Render(markdown);
        var page = new HtmlParser().ParseDocument(html);
        foreach (var formula in page.QuerySelectorAll("math").ToList())
            formula.Remove();

        Assert.Equal(formulas, Formulas(html));
        Assert.Equal(words, Words(page.Body!.TextContent));
    }

    [Fact]
    public void A_list_goes_on_below_a_formula_that_ends_outside_of_its_item()
    {
        var page = new HtmlParser().ParseDocument(Render("1. one\n   $$\n   p\n$$\n2. two\n\n> $$\n> q\n$$\nwords"));

        Assert.Equal(2, page.QuerySelector("ol")!.ChildElementCount);
        Assert.Equal("P", page.QuerySelector("blockquote")!.NextElementSibling!.TagName);
    }

    [Fact]
    public void What_follows_a_formula_is_prose()
    {
        var page = new HtmlParser().ParseDocument(Render("$$x = 1\n$$ and **words**\n\n## Next\n\n$$y$$\n\n- one\n- two"));

        Assert.Equal("words", page.QuerySelector("strong")!.TextContent);
        Assert.Equal("Next", page.QuerySelector("h2")!.TextContent);
        Assert.Equal(2, page.QuerySelectorAll("li").Length);
        Assert.Equal(2, page.QuerySelectorAll("math[display=block]").Length);
    }

    // Of what takes the square of its length, each of these would take many minutes.
    [Theory]
    [InlineData("formulas below what is nearly a table's rule", 20_000)]
    [InlineData("environments that never end", 0)]
    [InlineData("environments in a formula that never ends", 0)]
    [InlineData("an environment of many lines", null)]
    [InlineData("a paragraph of many formulas", null)]
    public async Task Long_documents_are_read_in_one_go(string what, int? formulas)
    {
        var markdown = what switch
        {
            "formulas below what is nearly a table's rule" => $"a\n{new string('-', 50_000)}x\n{Times("$|$ ", 20_000)}",
            "environments that never end" => Times("\\begin{a}\n", 50_000),
            "environments in a formula that never ends" => $"$x\n{Times("\\begin{a}\\end{a}\n", 30_000)}",
            "an environment of many lines" => $"\\begin{{a}}\n{Times("x\n", 9_000)}\\end{{a}}",
            _ => $"a $$x\n{Times("$$\na $$x\n", 20_000)}",
        };

        var html = await Task.Run(() => new Prose().Render(markdown, (_, _) => null)).WaitAsync(TimeSpan.FromMinutes(5));

        if (formulas is not null)
            Assert.Equal(formulas, html.Split("<math").Length - 1);
    }

    [Fact]
    public void Environments_within_an_environment_belong_to_it()
    {
        const string Markdown = "\\begin{a}\n\\begin{b}\n\\end{b} \\begin{b}\n\\end{b}\n\\end{a}\n\nafter \\begin{a}";

        var page = new HtmlParser().ParseDocument(Render(Markdown));

        Assert.Equal("$$\\begin{a}\n\\begin{b}\n\\end{b} \\begin{b}\n\\end{b}\n\\end{a}$$", page.QuerySelector("code.latex")!.TextContent);
        Assert.Equal("after \\begin{a}", page.QuerySelector("p")!.TextContent);
    }

    [Theory]
    [InlineData("![a $3\\times 3$ kernel](p.png)", "a $3\\times 3$ kernel")]
    [InlineData("[![$$x < \"y\"$$](p.png)](q.html)", "$$x < \"y\"$$")]
    public void Formulas_in_a_pictures_words_stay_as_they_are_written(string markdown, string words)
    {
        var html = new Prose().Render(markdown, (url, _) => url);
        var page = new HtmlParser().ParseDocument(html);

        Assert.Equal(words, page.QuerySelector("img")!.GetAttribute("alt"));
        Assert.Equal("", page.Body!.TextContent.Trim());
        Assert.Contains(words, new HtmlParser().ParseDocument(Render(markdown)).Body!.TextContent);
    }

    [Fact]
    public void Bars_in_a_tables_code_and_formulas_lose_their_backslash()
    {
        var page = new HtmlParser().ParseDocument(Render("| a | b |\n|---|---|\n| `a\\|b` | $p(x\\|y)$ |\n\nand `a\\|b` outside"));

        Assert.Equal(["a|b", "a\\|b"], page.QuerySelectorAll("code").Select(code => code.TextContent));
        Assert.Equal("p(x|y)", page.QuerySelector("td annotation")!.TextContent);
        Assert.Equal(2, page.QuerySelectorAll("tbody td").Length);
    }

    [Theory]
    [InlineData("$P(A|B)$\n---", "h2")]
    [InlineData("a | b\n--|--\n1 | 2\n\n$P(A|B)$ alone", "p")]
    public void A_bar_of_a_formula_outside_of_tables_is_its_own(string markdown, string place) =>
        Assert.Equal("P(A|B)", new HtmlParser().ParseDocument(Render(markdown)).QuerySelector($"{place} annotation")!.TextContent);

    // As GitHub and VS Code show them.
    [Theory]
    [InlineData("| a | b |\n|---|---|\n| 1 | 2 |\nbelow", "", "a,b,1,2,below,")]
    [InlineData("a | b\n:-- | --:\n1 | 2\n**below** $x\\|y$", "", "a,b,1,2,below x|y,")]
    [InlineData("| a |\n|---|\nbelow\nand more\n\nwords", "words", "a,below,and more")]
    [InlineData("above\nof it\n| a | b |\n|---|---|\n| 1 | 2 |", "above of it", "a,b,1,2")]
    [InlineData("- above\n  | a | b |\n  |---|---|\n  below", "above", "a,b,below,")]
    public void Lines_directly_above_a_table_are_a_paragraph_and_those_below_are_rows(string markdown, string words, string cells)
    {
        var page = new HtmlParser().ParseDocument(Render(markdown));
        foreach (var formula in page.QuerySelectorAll("math"))
            formula.TextContent = formula.QuerySelector("annotation")!.TextContent;

        Assert.Equal(cells, string.Join(',', page.QuerySelectorAll("th, td").Select(cell => Words(cell.TextContent))));
        page.QuerySelector("table")!.Remove();
        Assert.Equal(words, Words(page.Body!.TextContent));
    }

    [Theory]
    [InlineData("above\nit | is\n|---|\nbelow")]
    [InlineData("above\n---|---\nbelow")]
    public void A_rule_of_other_cells_than_the_line_above_it_makes_no_table_of_words(string markdown)
    {
        var body = new HtmlParser().ParseDocument(Render(markdown)).Body!;

        Assert.Null(body.QuerySelector("table"));
        Assert.Equal(markdown, body.TextContent.Trim());
    }

    [Theory]
    [InlineData("x^2 + y^2 = z^2")]
    [InlineData("O(n^2) vs O(n^3), x^2^")]
    [InlineData("a==1 or b==2, ==c==")]
    [InlineData("C++11 and C++14, ++x++")]
    [InlineData("a~b and c~d, H~2~O")]
    [InlineData("\"\"quoted\"\" words")]
    public void Signs_of_formulas_and_code_stay_in_prose(string markdown) =>
        Assert.Equal(markdown, new HtmlParser().ParseDocument(Render(markdown)).QuerySelector("p")!.InnerHtml);

    [Fact]
    public void Two_tildes_strike_words_through() => Assert.Contains("<del>gone</del>", Render("it is ~~gone~~"));

    [Fact]
    public void A_heading_of_signs_takes_no_other_headings_anchor()
    {
        var prose = new Prose();
        prose.Render("## !!!\n\n## Section\n\n## ???\n\n## Section", (_, _) => null);

        Assert.Equal(["Section", "section", "Section-1", "section-1"], prose.Headings.Select(heading => heading.Id));
    }

    // As the package github-slugger makes them.
    [Theory]
    [InlineData("What is a `stride`?", "what-is-a-stride")]
    [InlineData("Snake_case & C# – 10 %", "snake_case--c--10-")]
    [InlineData("Größe, *naïve* 中文!", "größe-naïve-中文")]
    [InlineData("[A link](https://example.invalid) and **bold**", "a-link-and-bold")]
    [InlineData("1.2 Max-pooling: why?", "12-max-pooling-why")]
    [InlineData("𝐱 and 𠮷 in x² or ½, Ⅳ ①", "𝐱-and-𠮷-in-x-or--ⅳ-")]
    [InlineData("![A logo](p.png) Title", "-title")]
    [InlineData("Named <a name=\"x\"></a>", "named-")]
    [InlineData("🎉 `a|b` &amp; <b>c</b> 🎉", "-ab--c-")]
    [InlineData("Привет, мир!", "привет-мир")]
    [InlineData("İstanbul", "i̇stanbul")]
    [InlineData("The List<T> class and Task<int>", "the-list-class-and-task")]
    [InlineData("हिन्दी 日本語（テスト）", "हिन्दी-日本語テスト")]
    public void Headings_have_GitHubs_anchors(string heading, string anchor)
    {
        var prose = new Prose();
        prose.Render($"## {heading}\n\n## {heading}\n\n## {heading}", (_, _) => null);

        Assert.Equal([anchor, anchor + "-1", anchor + "-2"], prose.Headings.Select(each => each.Id));
    }

    private static string Render(string markdown) => new Prose().Render(markdown, (_, _) => null);

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Times(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static IEnumerable<string> Formulas(string html)
    {
        foreach (var math in new HtmlParser().ParseDocument(html).QuerySelectorAll("math"))
            yield return (math.GetAttribute("display") == "block" ? "D:" : "I:") +
                Words(math.QuerySelector("annotation")!.TextContent);
    }
}
