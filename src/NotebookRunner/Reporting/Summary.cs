using System.Globalization;
using NotebookRunner.Host;
using NotebookRunner.Reporting.Book;
using Spectre.Console;

namespace NotebookRunner.Reporting;

/// <summary>What stands at a run's end: a table, every failure with its place, and where to look.</summary>
internal static class Summary
{
    private const int ShortFailures = 4;

    internal static void Write(IAnsiConsole console, ExecutionResult result, RunContext context, BookResult? book)
    {
        console.WriteLine();
        console.Write(Table(result));
        foreach (var notebook in result.Notebooks)
            WriteFailures(console, notebook, context);
        WriteData(console, result);
        WritePlaces(console, result, context, book);
        console.WriteLine();
        WriteVerdict(console, result);
    }

    private static Table Table(ExecutionResult result)
    {
        var table = new Table { Border = TableBorder.Rounded, UseSafeBorder = true };
        table.AddColumn("Notebook");
        table.AddColumn(new TableColumn("Cells").RightAligned().NoWrap());
        table.AddColumn(new TableColumn("Time").RightAligned().NoWrap());
        table.AddColumn(new TableColumn("Status").NoWrap());
        table.AddColumn("Headline figures");
        foreach (var notebook in result.Notebooks)
            table.AddRow(
                notebook.Job.Name.EscapeMarkup(),
                Cells(notebook),
                notebook.Status == NotebookStatus.NotRun ? "" : Words.Time(notebook.Elapsed),
                $"[{Colour(notebook.Status)}]{Words.Status(notebook.Status)}[/]",
                string.Join("\n", notebook.Headlines.Where(figure => !figure.IsData).Select(figure => $"{figure.Name}: {figure.Value}")).EscapeMarkup());
        return table;
    }

    private static string Cells(NotebookResult notebook) => notebook.CodeCells == 0 ? ""
        : notebook.Succeeded == notebook.CodeCells ? Number(notebook.CodeCells)
        : $"{Number(notebook.Succeeded)} of {Number(notebook.CodeCells)}";

    private static void WriteFailures(IAnsiConsole console, NotebookResult notebook, RunContext context)
    {
        var failed = notebook.FailedCells.ToList();
        if (failed.Count == 0 && notebook.Message is null)
            return;
        if (notebook.Status == NotebookStatus.NotRun)
            return;
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold red]{notebook.Job.Name}[/]");
        if (notebook.Message is { } message)
            console.WriteLine($"  {message}");
        // What follows a first failure often follows from it: the rest is told in short.
        foreach (var cell in failed.Take(1))
            WriteFailure(console, cell);
        foreach (var cell in failed.Skip(1).Take(ShortFailures))
            console.WriteLine($"  {Place(cell)}: {Words.OneLine(cell.Error?.Message ?? "", 120)}");
        if (failed.Count > 1 + ShortFailures)
            console.WriteLine($"  … and {Number(failed.Count - 1 - ShortFailures)} more cells failed; the executed copy shows them.");
        if (notebook.Cells.Count < notebook.CodeCells)
            console.WriteLine($"  The cells from {Number(notebook.Cells.Count + 1)} on did not run.");
        console.WriteLine($"  Run it alone: {Words.RunAgain(notebook.Job, context)}");
    }

    private static void WriteFailure(IAnsiConsole console, CellResult cell)
    {
        var error = cell.Error;
        console.WriteLine($"  {Place(cell)}");
        if (error?.SourceLine is { } source && error.Line is { } at)
        {
            var gutter = Number(at);
            // Tabs would part the caret from what it points at.
            console.WriteLine($"    {gutter} | {source.Replace('\t', ' ').TrimEnd()}");
            // An exception knows its line only: the caret then stands below the line's beginning.
            var column = error.Column is { } known and >= 1 ? Math.Min(known - 1, source.Length) : source.Length - source.TrimStart().Length;
            console.WriteLine($"    {new string(' ', gutter.Length)} | {new string(' ', column)}^");
        }
        foreach (var line in (error?.Message ?? "").ReplaceLineEndings("\n").TrimEnd().Split('\n').Take(12))
            console.WriteLine($"    {line}");
    }

    private static string Place(CellResult cell)
    {
        var line = cell.Error?.Line is { } number ? $", line {Number(number)}" : "";
        return $"Cell {Number(cell.Number)}{line}: {cell.Error?.Name ?? Words.Status(cell.Status)}";
    }

    /// <summary>A notebook says with a headline named Data what digits it ran on; sample digits must not pass for MNIST.</summary>
    private static void WriteData(IAnsiConsole console, ExecutionResult result)
    {
        var sets = result.Notebooks
            .SelectMany(notebook => notebook.Headlines.Where(figure => figure.IsData).Select(figure => (notebook.Job.Name, figure.Value)))
            .GroupBy(found => found.Value, found => found.Name)
            .ToList();
        if (sets.Count == 0)
            return;
        console.WriteLine();
        foreach (var set in sets)
        {
            var text = $"Data: {set.Key} ({string.Join(", ", set.Distinct())})";
            if (set.Key.Contains("sample", StringComparison.OrdinalIgnoreCase))
                console.MarkupLineInterpolated($"[yellow]{text}[/]");
            else
                console.WriteLine(text);
        }
    }

    private static void WritePlaces(IAnsiConsole console, ExecutionResult result, RunContext context, BookResult? book)
    {
        console.WriteLine();
        console.WriteLine($"Executed copies: {Repository.Display(context.OutputFolder, context.CurrentFolder)}");
        var back = result.Notebooks.Where(notebook => notebook.WrittenBack).ToList();
        if (back.Count > 0)
            console.WriteLine($"Written back:    {string.Join(", ", back.Select(notebook => notebook.Job.Name))}");
        if (book is not null)
            console.WriteLine($"Book:            {Repository.Display(book.Index, context.CurrentFolder)}");
    }

    private static void WriteVerdict(IAnsiConsole console, ExecutionResult result)
    {
        var count = result.Notebooks.Count;
        var good = result.Notebooks.Count(notebook => notebook.Status == NotebookStatus.Succeeded);
        var text = $"{Number(good)} of {Number(count)} notebook{(count == 1 ? "" : "s")} succeeded in {Words.Time(result.Elapsed)}.";
        console.MarkupLine($"[bold {(good == count ? "green" : "red")}]{text}[/]");
    }

    private static string Colour(NotebookStatus status) => status switch
    {
        NotebookStatus.Succeeded => "green",
        NotebookStatus.NotRun => "grey",
        _ => "red",
    };

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
