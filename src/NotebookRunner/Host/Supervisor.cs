using System.Globalization;

namespace NotebookRunner.Host;

/// <summary>
/// Holds a worker to its limits: a cell that runs too long or is interrupted is asked to stop, and its process is ended when
/// it does not; a process that takes too much memory, or is interrupted twice, is ended at once.
/// </summary>
internal sealed class Supervisor(WorkerProcess worker, ExecutionRequest request, IProgressObserver observer, Interrupt interrupt)
{
    private readonly long _begin = request.Clock.GetTimestamp();
    private int? _cell;

    // What was asked of the worker, and until when it may take.
    private string? _asked;
    private TimeSpan? _deadline;

    /// <summary>Why the process was ended; null when it was not.</summary>
    internal CellError? Ended { get; private set; }

    /// <summary>Whether it was ended because the run was interrupted.</summary>
    internal bool EndedByInterrupt { get; private set; }

    internal void CellStarted(int number)
    {
        _cell = number;
        if (_asked != WorkerCommand.Stop)
            (_asked, _deadline) = (null, Elapsed + request.CellTimeout);
    }

    internal void CellFinished()
    {
        _cell = null;
        if (_asked != WorkerCommand.Stop)
            (_asked, _deadline) = (null, null);
    }

    /// <summary>Looks at the clock, the memory and the keyboard; called a few times a second.</summary>
    internal void Check()
    {
        if (interrupt.Kill.IsCancellationRequested)
            EndInterrupted("The run was interrupted twice (Ctrl-C), so the cell's process was ended.");
        else if (interrupt.Stop.IsCancellationRequested && _asked != WorkerCommand.Stop)
            AskToStop();
        else if (request.MemoryLimit is { } limit && worker.Memory > limit)
            End("OutOfMemoryException", $"The notebook's process took more memory than {Megabytes(limit)} (--memory), so it was ended.");
        else if (Elapsed >= _deadline)
            DeadlineMet();
    }

    /// <summary>The exception's own words do not say whose limit it met.</summary>
    internal CellError? Explained(CellError? error) =>
        request.MemoryLimit is { } limit && error is { Name: "System.OutOfMemoryException" }
            ? error with { Message = $"{error.Message} The notebook's process may take {Megabytes(limit)} (--memory)." }
            : error;

    private void DeadlineMet()
    {
        if (_asked == WorkerCommand.Stop)
            EndInterrupted(
                $"The run was interrupted (Ctrl-C); the cell did not stop within {Seconds(request.Grace)}, so its process was ended.");
        else if (_asked == WorkerCommand.Cancel)
            End("TimeoutException",
                $"{RanTooLong} and did not stop when it was asked to, so its process was ended.");
        else if (_cell is { } number)
            AskToCancel(number.ToString(CultureInfo.InvariantCulture));
    }

    private void AskToStop()
    {
        Ask(WorkerCommand.Stop, "The run was interrupted (Ctrl-C).");
        observer.Notice(
            $"Interrupted: waiting up to {Seconds(request.Grace)} for the running cell; Ctrl-C again ends it at once.");
    }

    private void AskToCancel(string number)
    {
        Ask(WorkerCommand.Cancel, $"{number} {RanTooLong}.");
        observer.Notice($"Cell {number} has run for {Seconds(request.CellTimeout!.Value)} (--timeout): it is asked to stop.");
    }

    private void Ask(string command, string rest)
    {
        worker.Send($"{command} {rest}");
        (_asked, _deadline) = (command, Elapsed + request.Grace);
    }

    private void EndInterrupted(string message)
    {
        EndedByInterrupt = true;
        End("OperationCanceledException", message);
    }

    private void End(string name, string message)
    {
        Ended ??= new CellError(name, message);
        worker.Kill();
    }

    private TimeSpan Elapsed => request.Clock.GetElapsedTime(_begin);

    private string RanTooLong => $"The cell ran longer than {Seconds(request.CellTimeout!.Value)} (--timeout)";

    private static string Megabytes(long bytes) => (bytes >> 20).ToString(CultureInfo.InvariantCulture) + " MB";

    private static string Seconds(TimeSpan time) =>
        time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + (time.TotalSeconds == 1 ? " second" : " seconds");
}
