namespace NotebookRunner.Protocol;

/// <summary>A worker's exit codes; every other one means that it died.</summary>
internal static class WorkerExit
{
    /// <summary>Every cell ended, well or not.</summary>
    internal const int Finished = 0;

    /// <summary>Nothing ran: <see cref="NotebookRejected"/> or <see cref="CopyNotSaved"/> says why.</summary>
    internal const int Rejected = 1;
}
