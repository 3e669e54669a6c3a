using System.Diagnostics;
using NotebookRunner.Hosting;
using Spectre.Console;

namespace NotebookRunner.Reporting;

/// <summary>Progress for a terminal: finished cells scroll by, below them one line lives with the running cell's time and last output.</summary>
internal sealed class LiveProgress(IAnsiConsole console, StatusContext status) : IRunObserver
{
    private readonly Stopwatch sinceCell = new();
    private string where = "";
    private int codeCells;
    private int running;
    private string firstLine = "";
    private string lastOutput = "";

    public void NotebookStarting(NotebookJob job, int position, int count)
    {
        codeCells = 0;
        sinceCell.Reset();
        where = $"{position}/{count} {job.Name}";
        console.MarkupLineInterpolated($"[bold]{job.Name}[/] [grey]({position} of {count})[/]");
        Show("starting");
    }

    public void NotebookStarted(int cells) => codeCells = cells;

    public void CellStarted(int number, string line)
    {
        (running, firstLine, lastOutput) = (number, line, "");
        sinceCell.Restart();
        Tick();
    }

    public void Output(string preview) => lastOutput = preview;

    public void CellFinished(CellResult cell)
    {
        sinceCell.Reset();
        var colour = cell.Status switch
        {
            CellStatus.Succeeded => "green",
            CellStatus.Skipped => "grey",
            _ => "red",
        };
        var line = Words.OneLine(PlainProgress.CellLine(cell, codeCells).Trim(), Width - 2);
        console.MarkupLine($"  [{colour}]{(cell.Status switch { CellStatus.Succeeded => "✓", CellStatus.Skipped => "·", _ => "✗" })}[/] {line.EscapeMarkup()}");
        if (cell.Error is { } error)
            console.MarkupLine($"    [red]{Words.OneLine($"{error.Name}: {error.Message}", Width - 4).EscapeMarkup()}[/]");
    }

    public void NotebookFinished(NotebookResult result)
    {
        if (result.Message is { } message)
            console.MarkupLineInterpolated($"    [red]{message}[/]");
    }

    public void Notice(string message) => console.MarkupLineInterpolated($"  [yellow]{message}[/]");

    public void Tick()
    {
        if (sinceCell.IsRunning)
            Show($"cell {running}/{codeCells}  {Words.Time(sinceCell.Elapsed)}  {(lastOutput.Length > 0 ? lastOutput : firstLine)}");
    }

    private int Width => Math.Max(20, console.Profile.Width - 4);

    private void Show(string what) => status.Status(Words.OneLine($"{where}  {what}", Width).EscapeMarkup());
}
