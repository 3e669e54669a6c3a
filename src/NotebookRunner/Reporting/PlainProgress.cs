using System.Diagnostics;
using NotebookRunner.Hosting;

namespace NotebookRunner.Reporting;

/// <summary>Progress for logs: one line a cell, and a sign of life from a long one twice a minute.</summary>
internal sealed class PlainProgress(TextWriter output) : IRunObserver
{
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(30);
    private readonly Stopwatch sinceCell = new();
    private TimeSpan nextSign;
    private int codeCells;
    private int running;
    private string lastOutput = "";

    public void NotebookStarting(NotebookJob job, int position, int count)
    {
        codeCells = 0;
        sinceCell.Reset();
        output.WriteLine($"[{position}/{count}] {job.Name}");
    }

    public void NotebookStarted(int cells) => codeCells = cells;

    public void CellStarted(int number, string firstLine)
    {
        (running, lastOutput, nextSign) = (number, "", SignOfLife);
        sinceCell.Restart();
    }

    public void Output(string preview) => lastOutput = preview;

    public void CellFinished(CellResult cell)
    {
        sinceCell.Reset();
        output.WriteLine(CellLine(cell, codeCells));
        if (cell.Error is { } error)
            output.WriteLine($"      {error.Name}: {Words.OneLine(error.Message, 160)}");
    }

    public void NotebookFinished(NotebookResult result)
    {
        if (result.Message is { } message)
            output.WriteLine($"      {message}");
    }

    public void Notice(string message) => output.WriteLine($"  {message}");

    public void Tick()
    {
        if (!sinceCell.IsRunning || sinceCell.Elapsed < nextSign)
            return;
        nextSign += SignOfLife;
        output.WriteLine($"  {Position(running, codeCells)} running for {Words.Time(sinceCell.Elapsed)}  {Words.OneLine(lastOutput, 100)}".TrimEnd());
    }

    /// <summary>A finished cell in one line.</summary>
    internal static string CellLine(CellResult cell, int codeCells) =>
        $"  {Position(cell.Number, codeCells)} {Words.Status(cell.Status),-7} {Words.Time(cell.Elapsed),9}  {Words.OneLine(cell.FirstLine, 90)}".TrimEnd();

    private static string Position(int number, int codeCells)
    {
        var count = codeCells.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return $"cell {number.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(count.Length)}/{count}";
    }
}
