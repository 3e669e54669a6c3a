using System.Globalization;
using NotebookRunner.Host;
using NotebookRunner.Reporting.Book;
using Spectre.Console;

namespace NotebookRunner.Reporting;

/// <summary>What stands at a run's end: a table, every failure with its place, and where to look.</summary>
internal static class Summary
{
    internal static void Write(IAnsiConsole console, ExecutionResult result, RunContext context, BookResult? book)
    {
        console.WriteLine();
        console.Write(Table(result));
        foreach (var notebook in result.Notebooks)
            Failures.Write(console, notebook, context);
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
                $"[{Color(notebook.Status)}]{Words.Status(notebook.Status)}[/]",
                Ansi.Plain(Figures(notebook)).EscapeMarkup());
        return table;
    }

    private static string Figures(NotebookResult notebook) => string.Join("\n",
        notebook.Headlines.Where(figure => !figure.IsData).Select(figure => $"{figure.Name}: {figure.Value}"));

    private static string Cells(NotebookResult notebook) => notebook.CodeCells == 0 ? ""
        : notebook.Succeeded == notebook.CodeCells ? Number(notebook.CodeCells)
        : $"{Number(notebook.Succeeded)} of {Number(notebook.CodeCells)}";

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
            var text = Ansi.Plain($"Data: {set.Key} ({string.Join(", ", set.Distinct())})");
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

    private static string Color(NotebookStatus status) => status switch
    {
        NotebookStatus.Succeeded => "green",
        NotebookStatus.NotRun => "grey",
        _ => "red",
    };

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
