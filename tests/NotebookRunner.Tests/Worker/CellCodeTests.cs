using NotebookRunner.Worker;

namespace NotebookRunner.Tests.Worker;

public sealed class CellCodeTests
{
    [Theory]
    [InlineData("1 + 1")]
    [InlineData("\n\n  var x = 1;\n")]
    [InlineData("")]
    [InlineData("#nullable enable\nstring? a = null;")]
    [InlineData("#r \"../library.dll\"\nusing Library;")]
    [InlineData("  #!csharp is no directive here")]
    public void Cell_without_directives_goes_to_the_compiler_untouched(string source)
    {
        var step = Assert.IsType<CellStep.Run>(Assert.Single(CellCode.Split(source)));
        Assert.Equal(("csharp", source), (step.Language, step.Text));
        Assert.Equal(Enumerable.Range(1, source.Split('\n').Length), step.Lines);
    }

    [Fact]
    public void Packages_come_first_all_together_and_lines_remember_where_they_were()
    {
        var steps = CellCode.Split(
            "\nvar a = 1;\n#r \"nuget: TorchSharp-cpu, 0.107.0\"\n#i \"nuget: https://example.invalid/v3/index.json\"\nvar b = 2;\n"
            + "#r nuget:XPlot.Plotly\n#r \"nuget:Three,1.0-beta\" // why\nb");

        var restore = Assert.IsType<CellStep.Restore>(steps[0]);
        Assert.Equal(
            [new("TorchSharp-cpu", "0.107.0", 3), new("XPlot.Plotly", null, 6), new("Three", "1.0-beta", 7)], restore.Packages);
        Assert.Equal([" https://example.invalid/v3/index.json"], restore.Sources);
        var code = Assert.IsType<CellStep.Run>(steps[1]);
        Assert.Equal("var a = 1;\nvar b = 2;\nb", code.Text);
        Assert.Equal([2, 5, 8], code.Lines);
        Assert.Equal(2, steps.Count);
    }

    [Fact]
    public void Imports_and_languages_split_the_cell_in_order()
    {
        var steps = CellCode.Split(
            "1\n#!import \"a b.csx\"\n2\n#!markdown\n# Title\n#!c#\n3\n#!import --file x.ipynb\n#!who\n#!whos\n#!time");

        Assert.Equal(
            [
                "csharp:1", "import a b.csx@2", "csharp:2", "markdown:# Title", "csharp:3", "import x.ipynb@8", "magic #!who@9",
                "magic #!whos@10", "time",
            ],
            steps.Select(step => step switch
            {
                CellStep.Run run => $"{run.Language}:{run.Text}",
                CellStep.Import import => $"import {import.File}@{import.Line}",
                CellStep.Magic magic => $"magic {magic.Text}@{magic.Line}",
                CellStep.Time => "time",
                _ => "?",
            }));
    }

    [Theory]
    [InlineData("#!nosuch", 1, "(1,1): error DNI101: Unknown magic command '#!nosuch'")]
    [InlineData("var s = \"\"\"\n#!nosuch x\n\"\"\";", 2, "(2,1): error DNI101: Unknown magic command '#!nosuch'")]
    [InlineData("#!csharp --opt\n1", 1, "(1,10): error DNI103: Unrecognized parameter name '--opt'")]
    [InlineData("#!import \"values.csx\" --x", 1, "(1,23): error DNI103: Unrecognized parameter name '--x'")]
    [InlineData("1\n#!import", 2, "(2,1): error DNI104: Missing required parameter '--file'")]
    public void Directive_that_makes_no_sense_fails_the_whole_cell(string source, int line, string message)
    {
        var error = Assert.Throws<CellException>(() => CellCode.Split(source));
        Assert.Equal((line, message), (error.Line, error.Message));
    }

    [Theory]
    [InlineData("#!about")]
    [InlineData("#!lsmagic")]
    [InlineData("#!set --name x --value 1")]
    [InlineData("#!share --from fsharp x")]
    [InlineData("#!value --name x")]
    [InlineData("#!pwsh")]
    [InlineData("#!fsharp")]
    public void Magic_of_other_languages_says_which_hosts_have_it(string line)
    {
        var error = Assert.Throws<CellException>(() => CellCode.Split($"1 + 1\n{line}\nx"));
        Assert.Equal(2, error.Line);
        Assert.StartsWith($"'{line.Split(' ')[0]}' cannot be used here: this runner has C# only.", error.Message);
        Assert.All(["VS Code", "Jupyter", "dotnet-repl"], host => Assert.Contains(host, error.Message));
    }

    [Fact]
    public void Text_of_another_language_has_no_packages() =>
        Assert.Equal("#r \"nuget: A\"", Assert.IsType<CellStep.Run>(Assert.Single(CellCode.Split("#!html\n#r \"nuget: A\""))).Text);
}
