using System.Diagnostics;
using NotebookRunner.Host;

namespace NotebookRunner.Reporting;

/// <summary>Progress for logs: one line a cell, and a sign of life from a long one twice a minute.</summary>
internal sealed class PlainProgress(TextWriter output) : IProgressObserver
{
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(30);
    private readonly Stopwatch _sinceCell = new();
    private TimeSpan _nextSign;
    private int _codeCells;
    private int _running;
    private string _lastOutput = "";

    public void NotebookStarting(NotebookJob job, int position, int count)
    {
        _codeCells = 0;
        _sinceCell.Reset();
        output.WriteLine($"[{position}/{count}] {job.Name}");
    }

    public void NotebookStarted(int cells) => _codeCells = cells;

    public void CellStarted(int number, string firstLine)
    {
        (_running, _lastOutput, _nextSign) = (number, "", SignOfLife);
        _sinceCell.Restart();
    }

    public void Output(string preview) => _lastOutput = preview;

    public void CellFinished(CellResult cell)
    {
        _sinceCell.Reset();
        output.WriteLine(CellLine(cell, _codeCells));
        if (cell.Error is { } error)
            output.WriteLine($"      {Words.OneLine($"{error.Name}: {error.Message}", 160)}");
    }

    public void NotebookFinished(NotebookResult result)
    {
        if (result.Message is { } message)
            output.WriteLine($"      {Ansi.Plain(message)}");
    }

    public void Notice(string message) => output.WriteLine($"  {message}");

    public void Tick()
    {
        if (!_sinceCell.IsRunning || _sinceCell.Elapsed < _nextSign)
            return;
        _nextSign += SignOfLife;
        var time = Words.Time(_sinceCell.Elapsed);
        output.WriteLine($"  {Position(_running, _codeCells)} running for {time}  {Words.OneLine(_lastOutput, 100)}".TrimEnd());
    }

    /// <summary>A finished cell in one line.</summary>
    internal static string CellLine(CellResult cell, int codeCells)
    {
        var (position, line) = (Position(cell.Number, codeCells), Words.OneLine(cell.FirstLine, 90));
        return $"  {position} {Words.Status(cell.Status),-7} {Words.Time(cell.Elapsed),9}  {line}".TrimEnd();
    }

    private static string Position(int number, int codeCells)
    {
        var count = codeCells.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return $"cell {number.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(count.Length)}/{count}";
    }
}
