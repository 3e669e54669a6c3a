using System.Xml.Linq;
using NotebookRunner.Host;
using NotebookRunner.Reporting;

namespace NotebookRunner.Tests.Reporting;

public sealed class ReportTests
{
    private static readonly RunContext Context =
        new(new Repository("/repo"), "/repo", "quick", "/repo/artifacts/executed", DateTimeOffset.UnixEpoch);

    private static readonly CellError Undefined = new("CS0103", "The name 'y' does not exist\u0001 <here>", 1, 5, "x = y;");

    private static readonly ExecutionResult Result = new(
    [
        new(Job("01-a"), NotebookStatus.Succeeded)
        {
            CodeCells = 1,
            Cells = [new(1, "1", CellStatus.Succeeded, TimeSpan.FromSeconds(1.25), null)],
            Headlines = [new("Test accuracy", "99.1 %"), new("Data", "5,000 sample digits, not MNIST")],
            Elapsed = TimeSpan.FromSeconds(75),
        },
        new(Job("02-b"), NotebookStatus.Failed)
        {
            CodeCells = 3,
            Cells = [new(1, "x", CellStatus.Failed, TimeSpan.FromSeconds(1), Undefined)],
            Elapsed = TimeSpan.FromSeconds(2),
        },
        new(Job("03-c"), NotebookStatus.NotRun) { Message = "An earlier notebook failed (--fail-fast)." },
    ], TimeSpan.FromSeconds(77));

    [Fact]
    public void Trx_has_one_test_a_notebook_and_counters_that_sum()
    {
        var trx = TrxReport.Build(Result, Context);
        XNamespace ns = trx.Root!.Name.Namespace;

        Assert.Equal(
            ["Passed", "Failed", "NotExecuted"],
            trx.Descendants(ns + "UnitTestResult").Select(result => (string?)result.Attribute("outcome")));
        var counters = trx.Descendants(ns + "Counters").Single();
        Assert.Equal((3, 2, 1, 1), (Counter("total"), Counter("executed"), Counter("passed"), Counter("failed")));
        Assert.Contains("cell 1, line 1: CS0103", trx.Descendants(ns + "Message").First().Value);
        // What a CI does with it: write and read.
        Assert.Equal("TestRun", XDocument.Parse(trx.ToString()).Root!.Name.LocalName);

        int Counter(string name) => (int)counters.Attribute(name)!;
    }

    [Fact]
    public void Summary_has_the_table_the_failures_and_the_data()
    {
        var output = new StringWriter();
        var console = NotebookRunner.Commands.Consoles.For(output);

        Summary.Write(console, Result, Context, null);

        var text = output.ToString();
        Assert.Matches(@"01-a +│ +1 │ 1 min 15 s │ ok +│ Test accuracy: 99\.1 %", text);
        Assert.Contains("0 of 3", text);
        Assert.Contains("Cell 1, line 1: CS0103", text);
        Assert.Contains("    1 | x = y;\n      |     ^\n", text.ReplaceLineEndings("\n"));
        Assert.Contains("The cells from 2 on did not run.", text);
        Assert.Contains("dotnet run --project src/NotebookRunner -- notebooks/02-b.ipynb", text);
        Assert.Contains("Data: 5,000 sample digits, not MNIST (01-a)", text);
        Assert.Contains("1 of 3 notebooks succeeded in 1 min 17 s.", text);
    }

    [Fact]
    public void A_notebooks_text_has_no_power_over_the_terminal()
    {
        const string Evil = "\u001b]0;owned\u0007\u001b[2Ja\u0008b\u009b2J\r";
        var error = new CellError(Evil, Evil + "\nnext", 1, 1, Evil);
        CellResult cell = new(1, Evil, CellStatus.Failed, TimeSpan.Zero, error);
        var notebook = new NotebookResult(Job("a"), NotebookStatus.Failed)
        {
            CodeCells = 2,
            Cells = [cell, cell],
            Headlines = [new(Evil, Evil), new("Data", Evil)],
            Message = Evil,
        };
        var output = new StringWriter();

        Summary.Write(NotebookRunner.Commands.Consoles.For(output), new([notebook], TimeSpan.Zero), Context, null);
        var progress = new PlainProgress(output);
        progress.CellFinished(cell);
        progress.NotebookFinished(notebook);

        Assert.DoesNotContain(output.ToString().ReplaceLineEndings("\n"), letter => char.IsControl(letter) && letter != '\n');
        Assert.DoesNotContain("owned", output.ToString());
        Assert.Contains("next", output.ToString());
    }

    [Theory]
    [InlineData(0.04, "0.0 s")]
    [InlineData(59.94, "59.9 s")]
    [InlineData(61, "1 min 01 s")]
    [InlineData(3661, "61 min 01 s")]
    public void Times_read_well(double seconds, string expected) => Assert.Equal(expected, Words.Time(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("short", 10, "short")]
    [InlineData("much too long", 8, "much to…")]
    [InlineData("two\nlines", 20, "two lines")]
    public void Lines_are_cut_to_fit(string text, int width, string expected) => Assert.Equal(expected, Words.OneLine(text, width));

    private static NotebookJob Job(string name) => new($"/repo/notebooks/{name}.ipynb", name, $"/repo/artifacts/executed/{name}.ipynb");
}
