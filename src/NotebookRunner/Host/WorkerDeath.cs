using System.Globalization;

namespace NotebookRunner.Host;

/// <summary>Says in a reader's words why a worker process ended before its notebook did.</summary>
internal static class WorkerDeath
{
    private const int Killed = 128 + 9, Aborted = 128 + 6, SegmentationFault = 128 + 11, Terminated = 128 + 15;
    private const int WindowsStackOverflow = unchecked((int)0xC00000FD), WindowsAccessViolation = unchecked((int)0xC0000005);

    /// <param name="exitCode">As .NET gives it: 128 plus the signal's number for a process that a signal ended.</param>
    /// <param name="stray">The last that the process wrote to its own standard output and error.</param>
    /// <param name="inCell">Whether a cell was running.</param>
    internal static CellError Explain(int exitCode, string stray, bool inCell)
    {
        var who = inCell ? "The cell" : "The notebook's process";
        var said = Said(stray);
        return exitCode switch
        {
            _ when stray.Contains("Stack overflow", StringComparison.Ordinal) || exitCode == WindowsStackOverflow =>
                Error("StackOverflowException", $"{who} overflowed the stack, which ends the process: look for a recursion without end."),
            _ when stray.Contains("Out of memory", StringComparison.OrdinalIgnoreCase) =>
                Error("OutOfMemoryException", $"{who} ran out of memory, which ended the process."),
            Killed => Error("ProcessKilled",
                "The notebook's process was killed from outside (signal 9), as the system does when memory runs out."),
            Terminated => Error("ProcessKilled", "The notebook's process was told to end from outside (signal 15)."),
            SegmentationFault or WindowsAccessViolation =>
                Error("AccessViolationException", $"{who} crashed in native code (segmentation fault)." + said),
            Aborted => Error("ProcessAborted", $"{who} ended the process by an unhandled error." + said),
            _ => Error("ProcessExited", inCell
                ? $"The cell ended the notebook's process with exit code {Number(exitCode)}, as Environment.Exit does." + said
                : $"The notebook's process ended with exit code {Number(exitCode)} while no cell ran." + said),
        };
    }

    private static CellError Error(string name, string message) =>
        new(name, message, null, null, null);

    private static string Said(string stray)
    {
        var lines = stray.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var telling = lines.FirstOrDefault(line => line.StartsWith("Unhandled exception", StringComparison.Ordinal))
            ?? lines.LastOrDefault(line => !line.StartsWith("at ", StringComparison.Ordinal));
        return telling is null ? "" : $" It said: “{(telling.Length > 300 ? telling[..300] + "…" : telling)}”.";
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
