using NotebookRunner.Commands;
using NotebookRunner.Documents;
using NotebookRunner.Host;
using NotebookRunner.Reporting;
using NotebookRunner.Reporting.Book;

namespace NotebookRunner.Tests.Documents;

/// <summary>
/// 10,000 damaged notebooks through <c>check</c>, <c>book</c> and all of <c>run</c> but the running: none ends a command, none
/// hides another, and each is read or refused in foreseen words. NOTEBOOK_MUTATIONS_SEED tries others.
/// </summary>
public sealed class MutationTests : IDisposable
{
    private static readonly string[] Unforeseen = ["cannot be shown", "cannot be read"];

    private const int Count = 10_000, BookSize = 8, RunSize = 200;
    private static readonly int Seed =
        int.TryParse(Environment.GetEnvironmentVariable("NOTEBOOK_MUTATIONS_SEED"), out var seed) ? seed : 20261126;

    private readonly TemporaryFolder _folder = new();

    public MutationTests()
    {
        File.WriteAllText(_folder.File("Workbook.slnx"), "<Solution />");
        File.WriteAllText(_folder.File("Directory.Packages.props"), "<Project />");
        var mutator = new Mutator(Seed);
        for (var i = 0; i < Count; i++)
            File.WriteAllBytes(_folder.File($"{i:00000}.ipynb"), mutator.Damaged(SampleNotebook.Rich()));
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
    }

    private IEnumerable<string> Notebooks => Enumerable.Range(0, Count).Select(i => _folder.File($"{i:00000}.ipynb"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_damaged_notebook_is_checked_shown_and_made_ready_or_refused_in_words()
    {
        await Check();
        Show();
        MakeReady();
    }

    private async Task Check()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        var exitCode = await CommandLine.InvokeAsync(["check", _folder.Path], output, error);

        Assert.Equal((ExitCodes.Usage, ""), (exitCode, error.ToString()));
        var text = output.ToString();
        Assert.DoesNotContain("it cannot be checked", text);
        var lines = text.Split('\n').Where(line => line.Contains(".ipynb:", StringComparison.Ordinal) && !line.StartsWith(' ')).ToList();
        Assert.Equal(Count, lines.Count);
    }

    private void Show()
    {
        var books = Notebooks.Chunk(BookSize).AsParallel().Select(some =>
        {
            var sources = some.Select(path => new BookSource(path, path)).ToList();
            var book = BookWriter.Write(new Repository(_folder.Path), sources, _folder.File("books", Path.GetFileName(some[0])));
            Assert.Equal(some.Length, book.Pages + book.LeftOut.Count);
            return book.LeftOut;
        });
        var leftOut = books.SelectMany(book => book).ToList();
        Assert.InRange(leftOut.Count, Count / 10, Count * 9 / 10); // both ways are taken
        // The library that renders Markdown has a limit of its own.
        Assert.All(leftOut.Where(reason => Unforeseen.Any(words => reason.Contains(words, StringComparison.Ordinal))),
            reason => Assert.Contains("too deeply nested", reason));
        Assert.All(leftOut, reason => Assert.Matches(@"\d{5}", reason));
    }

    private void MakeReady() => Notebooks.Chunk(RunSize).AsParallel().ForAll(some =>
        Print(new ExecutionResult([.. some.Select(MadeReady)], TimeSpan.Zero)));

    private static NotebookResult MadeReady(string path)
    {
        try
        {
            var document = NotebookDocument.Read(path);
            NotebookParameters.Apply(document, new Dictionary<string, string> { ["epochs"] = "3" }, path);
            document.ClearOutputs();
            Provenance.Record(document, "quick", null);
            var written = document.ToJson();
            Assert.Equal(written, NotebookDocument.Parse(written, path).ToJson());
            return Failed(path, document);
        }
        catch (NotebookFormatException exception)
        {
            return new NotebookResult(Job(path, path), NotebookStatus.Rejected) { Message = exception.Message };
        }
    }

    /// <summary>As if every code cell had failed with its own text as the message.</summary>
    private static NotebookResult Failed(string path, NotebookDocument document)
    {
        var cells = document.Cells.Where(cell => cell.IsCode).Select((cell, index) =>
        {
            var error = new CellError("Error", cell.Source, 1, 1 + index, cell.Source);
            return new CellResult(index + 1, cell.Source, CellStatus.Failed, TimeSpan.Zero, error);
        });
        var job = Job(path, document.Cells.FirstOrDefault()?.Source ?? "");
        return new NotebookResult(job, NotebookStatus.Failed) { CodeCells = 9, Cells = [.. cells] };
    }

    private static void Print(ExecutionResult run)
    {
        var context = new RunContext(new Repository("/r"), "/r", "quick", "/r/out", DateTimeOffset.UnixEpoch);
        using var output = new StringWriter();
        Summary.Write(Consoles.For(output), run, context, null);
        TrxReport.Build(run, context).Save(Stream.Null);
        var plain = new PlainProgress(output);
        foreach (var notebook in run.Notebooks)
        {
            plain.NotebookStarting(notebook.Job, 1, 1);
            foreach (var cell in notebook.Cells)
                plain.CellFinished(cell);
            plain.NotebookFinished(notebook);
        }
        Assert.Contains($"0 of {run.Notebooks.Count} notebooks succeeded", output.ToString());
    }

    private static NotebookJob Job(string path, string name) => new(path, name, path);
}
