using System.Diagnostics;
using NotebookRunner.Host;
using Spectre.Console;

namespace NotebookRunner.Reporting;

/// <summary>
/// Progress for a terminal: finished cells scroll by, below them one line lives with the running cell's time and last output.
/// </summary>
internal sealed class LiveProgress(IAnsiConsole console, StatusContext status) : IProgressObserver
{
    private readonly Stopwatch _sinceCell = new();
    private string _where = "";
    private int _codeCells;
    private int _running;
    private string _firstLine = "";
    private string _lastOutput = "";

    public void NotebookStarting(NotebookJob job, int position, int count)
    {
        _codeCells = 0;
        _sinceCell.Reset();
        _where = $"{position}/{count} {job.Name}";
        console.MarkupLineInterpolated($"[bold]{job.Name}[/] [grey]({position} of {count})[/]");
        Show("starting");
    }

    public void NotebookStarted(int cells) => _codeCells = cells;

    public void CellStarted(int number, string line)
    {
        (_running, _firstLine, _lastOutput) = (number, line, "");
        _sinceCell.Restart();
        Tick();
    }

    public void Output(string preview) => _lastOutput = preview;

    public void CellFinished(CellResult cell)
    {
        _sinceCell.Reset();
        var (color, mark) = cell.Status switch
        {
            CellStatus.Succeeded => ("green", "✓"),
            CellStatus.Skipped => ("grey", "·"),
            _ => ("red", "✗"),
        };
        var line = Words.OneLine(PlainProgress.CellLine(cell, _codeCells).Trim(), Width - 2);
        console.MarkupLine($"  [{color}]{mark}[/] {line.EscapeMarkup()}");
        if (cell.Error is { } error)
            console.MarkupLine($"    [red]{Words.OneLine($"{error.Name}: {error.Message}", Width - 4).EscapeMarkup()}[/]");
    }

    public void NotebookFinished(NotebookResult result)
    {
        if (result.Message is { } message)
            console.MarkupLineInterpolated($"    [red]{Ansi.Plain(message)}[/]");
    }

    public void Notice(string message) => console.MarkupLineInterpolated($"  [yellow]{message}[/]");

    public void Tick()
    {
        if (_sinceCell.IsRunning)
            Show($"cell {_running}/{_codeCells}  {Words.Time(_sinceCell.Elapsed)}  {(_lastOutput.Length > 0 ? _lastOutput : _firstLine)}");
    }

    private int Width => Math.Max(20, console.Profile.Width - 4);

    private void Show(string what) => status.Status(Words.OneLine($"{_where}  {what}", Width).EscapeMarkup());
}
