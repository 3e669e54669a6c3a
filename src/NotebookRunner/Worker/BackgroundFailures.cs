using System.Runtime.ExceptionServices;

namespace NotebookRunner.Worker;

/// <summary>Exceptions that no cell sees: on threads that cells started, and in tasks that nobody awaited.</summary>
internal sealed class BackgroundFailures
{
    private readonly NotebookSession _session;
    private CellFailure? _unhandled;
    private volatile Exception? _unobserved;

    /// <summary>Listens from now on, until the process ends.</summary>
    internal BackgroundFailures(NotebookSession session)
    {
        _session = session;
        ExceptionHandling.SetUnhandledExceptionHandler(HandleUnhandled);
        TaskScheduler.UnobservedTaskException += KeepUnobserved;
    }

    /// <summary>The outputs of the cell that runs; null between two cells.</summary>
    internal CellOutputs? Running { get; set; }

    /// <summary>What no code caught since the last call: it fails the cell that runs; between two cells the next one has it.</summary>
    internal CellFailure? TakeUnhandled() => Interlocked.Exchange(ref _unhandled, null);

    /// <summary>
    /// The exception of a task that nobody awaited. When it is found is the garbage collector's affair, so it is no cell's
    /// failure but the notebook's, told at its end.
    /// </summary>
    internal CellFailure? Unobserved()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return _unobserved is { } exception ? _session.ExplainUnobserved(exception) : null;
    }

    // An exception on a thread of the notebook's own would end the process.
    private bool HandleUnhandled(Exception exception)
    {
        var failure = _session.ExplainUnhandled(exception);
        Running?.Fail(failure);
        Volatile.Write(ref _unhandled, failure);
        return true;
    }

    private void KeepUnobserved(object? sender, UnobservedTaskExceptionEventArgs task)
    {
        task.SetObserved();
        _unobserved ??= task.Exception.InnerExceptions.FirstOrDefault() ?? task.Exception;
    }
}
