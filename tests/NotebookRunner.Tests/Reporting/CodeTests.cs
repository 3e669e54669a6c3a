using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using NotebookRunner.Reporting.Book;

namespace NotebookRunner.Tests.Reporting;

public sealed class CodeTests
{
    [Theory]
    [InlineData("var x = \"\"\"\n    a \"quoted\" word\n    \"\"\";", "string", "\"\"\"\n    a \"quoted\" word\n    \"\"\"")]
    [InlineData("var s = $\"{(x ? \"yes\" : \"no\")} and {y:0.0}\";", "string", "$\"", "\"yes\"", "\"no\"", " and ", "0.0", "\"")]
    [InlineData("var s = $$\"\"\"{ {{x}} }\"\"\";", "string", "$$\"\"\"", "{ ", " }", "\"\"\"")]
    [InlineData("var s = \"abc\"u8;", "string", "\"abc\"")]
    [InlineData("var s = @\"c:\\a\"\"b\";", "string", "@\"c:\\a\"\"b\"")]
    [InlineData("var n = 0xFF + 1e-3f + 10_000L + 0b1010 + 1.5m;", "number", "0xFF", "1e-3f", "10_000L", "0b1010", "1.5m")]
    [InlineData("class A { public required int X { get; init; } }", "keyword", "class", "public", "required", "int", "get", "init")]
    [InlineData("record struct P(int X);\nrecord R;", "keyword", "record", "struct", "int", "record")]
    [InlineData("class A { public int X { get; set => field = value; } }", "keyword",
        "class", "public", "int", "get", "set", "field", "value")]
    [InlineData("static class E { extension(string s) { public int Half => s.Length / 2; } }", "keyword",
        "static", "class", "extension", "string", "public", "int")]
    [InlineData("int field = 1; var record = field; int required = 2, init = 3;", "keyword", "int", "var", "int")]
    [InlineData("foreach (var x in xs) if (x is not null and > 3) break;", "controlKeyword", "foreach", "in", "if", "break")]
    [InlineData("// one\nvar x = 1; /* two */", "comment", "// one", "/* two */")]
    [InlineData("var list = new List<string>(); Console.WriteLine(Math.PI);", "type", "List", "Console", "Math")]
    [InlineData("#r \"nuget: TorchSharp-cpu, 0.107.0\"", "string", "\"nuget: TorchSharp-cpu, 0.107.0\"")]
    public void CSharp_is_colored_as_Roslyn_reads_it(string code, string kind, params string[] expected)
    {
        var html = Block(code, "csharp");

        Assert.Equal(expected, html.QuerySelectorAll("." + kind).Select(part => part.TextContent));
        Assert.Equal(code, html.TextContent);
    }

    [Theory]
    [InlineData("csharp")]
    [InlineData("python")]
    [InlineData("xml")]
    [InlineData("json")]
    [InlineData(null)]
    public void Blocks_begin_and_end_without_an_empty_line_whatever_the_line_endings(string? language)
    {
        var html = Block("\r\na = 1\r\nb = <c>\r\n\r\n", language);

        Assert.Equal("a = 1\nb = <c>", html.TextContent);
    }

    [Theory]
    [InlineData("csharp", "if (")]
    [InlineData("csharp", "\"unfinished\n }}} ((( $$$\"\"\"")]
    [InlineData("csharp", "%%bash\nls -l")]
    [InlineData("csharp", "")]
    [InlineData("unknown", "<b>")]
    public void Whatever_is_written_stays(string language, string code) => Assert.Equal(code, Block(code, language).TextContent);

    // Each of these ended the process with its stack, or took minutes.
    public static TheoryData<string, string, string> Deep => new()
    {
        { "(", "1", ")" }, { "[", "", "]" }, { "{", "", "}" }, { "-", "1", "" }, { "!", "true", "" }, { "a ? b : ", "c", "" },
        { "x", "", ".a()" }, { "a => ", "1", "" }, { "if (a) ; else ", ";", "" }, { "List<", "int", ">" }, { "1 + ", "1", "" },
        { "A<int, ", "int", ">" }, { "x is ", "int", "" }, { "new() { A = ", "1", "}" }, { "await ", "x", "" }, { "(int)", "1", "" },
        { "$\"{", "1", "}\"" }, { "(", "", "" }, { "$\"\"\"{", "1", "}\"\"\"" }, { "$@\"{", "1", "}\"" },
    };

    [Theory, MemberData(nameof(Deep))]
    public void Code_that_is_nested_without_measure_stays_plain(string opening, string middle, string closing)
    {
        var code = "var x = " + string.Concat(Enumerable.Repeat(opening, 20_000)) + middle
            + string.Concat(Enumerable.Repeat(closing, 20_000)) + ";";

        var html = Block(code, "csharp");

        Assert.Equal(code, html.TextContent);
        Assert.Null(html.QuerySelector("span"));
    }

    [Theory]
    [InlineData("A = 1 << 0 + ", 200)]
    [InlineData("$\"{a}\" + ", 200)]
    [InlineData("$\"{$\"{a}\"}\" + ", 200)]
    [InlineData("(1 + ", 90)]
    [InlineData("1; if (a < 1) b = 1; x = ", 200)]
    public void Long_code_keeps_its_colors(string part, int times)
    {
        var code = "var x = " + string.Concat(Enumerable.Repeat(part, times)) + "1;";

        Assert.Equal("var", Block(code, "csharp").QuerySelector(".keyword")?.TextContent);
    }

    private static IElement Block(string code, string? language) =>
        new HtmlParser().ParseDocument(Code.Highlight(code, language)).QuerySelector("pre.code > code")!;
}
