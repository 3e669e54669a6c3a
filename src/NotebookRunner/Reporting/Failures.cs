using System.Globalization;
using NotebookRunner.Host;
using Spectre.Console;

namespace NotebookRunner.Reporting;

/// <summary>What went wrong in a notebook, with its place and the source line.</summary>
internal static class Failures
{
    private const int InShort = 4;

    /// <summary>Says what went wrong in a notebook, and how to run it alone; nothing when all went well.</summary>
    internal static void Write(IAnsiConsole console, NotebookResult notebook, RunContext context)
    {
        var failed = notebook.FailedCells.ToList();
        if (notebook.Status == NotebookStatus.NotRun || (failed.Count == 0 && notebook.Message is null))
            return;
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold red]{notebook.Job.Name}[/]");
        foreach (var line in notebook.Message is { } message ? Ansi.Plain(message).Split('\n') : [])
            console.WriteLine($"  {line}");
        // What follows a first failure often follows from it: the rest is told in short.
        foreach (var cell in failed.Take(1))
            WriteInFull(console, cell);
        foreach (var cell in failed.Skip(1).Take(InShort))
            console.WriteLine($"  {Place(cell)}: {Words.OneLine(cell.Error?.Message ?? "", 120)}");
        if (failed.Count > 1 + InShort)
            console.WriteLine($"  … and {Number(failed.Count - 1 - InShort)} more cells failed; the executed copy shows them.");
        if (notebook.Cells.Count < notebook.CodeCells)
            console.WriteLine($"  The cells from {Number(notebook.Cells.Count + 1)} on did not run.");
        console.WriteLine($"  Run it alone: {Words.RunAgain(notebook.Job, context)}");
    }

    private static void WriteInFull(IAnsiConsole console, CellResult cell)
    {
        console.WriteLine($"  {Place(cell)}");
        if (cell.Error is { SourceLine: { } source, Line: { } line } error)
            WriteSource(console, source, Number(line), error.Column);
        foreach (var words in Ansi.Plain((cell.Error?.Message ?? "").ReplaceLineEndings("\n")).TrimEnd().Split('\n').Take(12))
            console.WriteLine($"    {words}");
    }

    private static void WriteSource(IAnsiConsole console, string source, string line, int? column)
    {
        // Tabs would part the caret from what it points at.
        console.WriteLine($"    {line} | {Ansi.Plain(source).Replace('\t', ' ').TrimEnd()}");
        // An exception knows its line only: the caret then stands below the line's beginning.
        var before = column is >= 1 ? Math.Min(column.Value - 1, source.Length) : source.Length - source.TrimStart().Length;
        console.WriteLine($"    {new string(' ', line.Length)} | {new string(' ', before)}^");
    }

    private static string Place(CellResult cell)
    {
        var line = cell.Error?.Line is { } number ? $", line {Number(number)}" : "";
        return $"Cell {Number(cell.Number)}{line}: {Ansi.Plain(cell.Error?.Name ?? Words.Status(cell.Status))}";
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
