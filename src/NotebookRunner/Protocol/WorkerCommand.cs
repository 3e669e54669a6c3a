namespace NotebookRunner.Protocol;

/// <summary>The first words of the lines that a host writes to a worker's standard input.</summary>
internal static class WorkerCommand
{
    /// <summary>
    /// <c>cancel NUMBER REASON</c> cancels a cell; it ends as <see cref="CellStatus.Cancelled"/>, with the reason as its
    /// error's message. When another cell runs by the time that the line arrives, nothing happens.
    /// </summary>
    internal const string Cancel = "cancel";

    /// <summary><c>stop REASON</c> cancels the running cell in the same way, whichever it is, and skips the rest.</summary>
    internal const string Stop = "stop";
}
