using System.Diagnostics;
using System.Globalization;
using NotebookRunner.Documents;

namespace NotebookRunner.Host;

/// <summary>
/// Executes one notebook in a process of its own and answers for whatever becomes of that process: a cell that runs too
/// long or is interrupted is asked to stop, then ended; one that takes the process down is named, and the executed copy says so.
/// </summary>
internal sealed class HostedNotebook(NotebookJob job, ExecutionRequest request, IProgressObserver observer, Interrupt interrupt)
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(250);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<CellResult> _cells = [];
    private int _codeCells;
    private NotebookFinished? _finished;
    private NotebookRejected? _rejected;
    private CellStarted? _running;
    private TimeSpan _runningSince;

    // What was asked of the worker, why, and until when it may take.
    private string? _asked;
    private TimeSpan? _deadline;
    private CellError? _ended;

    // Why the notebook failed, where no cell says it.
    private string? _message;

    /// <summary>Runs the notebook to its end, whatever the end.</summary>
    internal async Task<NotebookResult> RunAsync()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(job.ExecutedCopy)!);
        WholeFile.RemoveAbandoned(job.ExecutedCopy);
        if (request.InPlace)
            WholeFile.RemoveAbandoned(job.Notebook);
        File.Delete(job.ExecutedCopy); // an old copy must never pass for this run's
        await using var worker = WorkerProcess.Start(
            new WorkerRequest(job.Notebook, job.ExecutedCopy, request.Profile, Parameters(), !request.FailFast), request.MemoryLimit);

        var next = worker.NextAsync();
        var tick = Task.Delay(TickInterval);
        while (_finished is null)
        {
            if (!next.IsCompleted)
                await Task.WhenAny(next, tick, worker.Exited);
            if (tick.IsCompleted)
            {
                Supervise(worker);
                observer.Tick();
                tick = Task.Delay(TickInterval);
            }
            if (!next.IsCompleted && worker.Exited.IsCompleted)
            {
                // What it wrote last may still be in the pipe; a process that it left behind may hold the pipe open.
                await Task.WhenAny(next, Task.Delay(TimeSpan.FromSeconds(1)));
                if (!next.IsCompleted)
                    break;
            }
            if (!next.IsCompleted)
                continue;
            if (await next is not { } happened)
                break;
            Handle(happened);
            next = worker.NextAsync();
        }

        // All is written, or the pipe is closed: whatever a cell left running must not hold the run up.
        await Task.WhenAny(worker.Exited, Task.Delay(request.Grace));
        if (!worker.Exited.IsCompleted)
        {
            worker.Kill();
            await worker.Exited;
        }
        if (_finished is null && _rejected is null)
            await RepairAsync(worker);
        return Result();
    }

    private Dictionary<string, string> Parameters()
    {
        var known = request.ParametersWhereKnown ? NotebookParameters.Known(job.Notebook) : null;
        return request.Parameters.Where(parameter => known?.ContainsKey(parameter.Key) != false).ToDictionary();
    }

    private void Handle(WorkerEvent happened)
    {
        switch (happened)
        {
            case NotebookStarted started:
                _codeCells = started.CodeCells;
                observer.NotebookStarted(_codeCells);
                break;
            case CellStarted started:
                _running = started;
                _runningSince = _clock.Elapsed;
                if (_asked != WorkerCommand.Stop)
                    (_asked, _deadline) = (null, _clock.Elapsed + request.CellTimeout);
                observer.CellStarted(started.Number, started.FirstLine);
                break;
            case OutputProduced output:
                observer.Output(output.Preview);
                break;
            case CellFinished cell:
                Finish(new CellResult(
                    cell.Number, _running?.FirstLine ?? "", cell.Status, TimeSpan.FromSeconds(cell.Seconds), Limited(cell.Error)));
                if (_asked != WorkerCommand.Stop)
                    (_asked, _deadline) = (null, null);
                break;
            case NotebookRejected why:
                _rejected = why;
                break;
            case NotebookFinished end:
                _finished = end;
                _message = end.Unobserved;
                break;
        }
    }

    private void Supervise(WorkerProcess worker)
    {
        if (interrupt.Kill.IsCancellationRequested)
        {
            _ended ??= Interrupted("The run was interrupted twice (Ctrl-C), so the cell's process was ended.");
            worker.Kill();
            return;
        }
        if (interrupt.Stop.IsCancellationRequested && _asked != WorkerCommand.Stop)
        {
            worker.Send($"{WorkerCommand.Stop} The run was interrupted (Ctrl-C).");
            (_asked, _deadline) = (WorkerCommand.Stop, _clock.Elapsed + request.Grace);
            observer.Notice($"Interrupted: waiting up to {Seconds(request.Grace)} for the running cell; Ctrl-C again ends it at once.");
            return;
        }
        if (request.MemoryLimit is { } limit && worker.Memory > limit)
        {
            _ended ??= new CellError("OutOfMemoryException",
                $"The notebook's process took more memory than {Megabytes(limit)} (--memory), so it was ended.", null, null, null);
            worker.Kill();
            return;
        }
        if (_deadline is null || _clock.Elapsed < _deadline)
            return;
        if (_asked is null)
        {
            var number = _running!.Number.ToString(CultureInfo.InvariantCulture);
            worker.Send($"{WorkerCommand.Cancel} {number} The cell ran longer than {Seconds(request.CellTimeout!.Value)} (--timeout).");
            (_asked, _deadline) = (WorkerCommand.Cancel, _clock.Elapsed + request.Grace);
            observer.Notice($"Cell {number} has run for {Seconds(request.CellTimeout.Value)} (--timeout): it is asked to stop.");
            return;
        }
        _ended ??= _asked == WorkerCommand.Stop
            ? Interrupted($"The run was interrupted (Ctrl-C); the cell did not stop within {Seconds(request.Grace)}, so its process was ended.")
            : new CellError("TimeoutException",
                $"The cell ran longer than {Seconds(request.CellTimeout!.Value)} (--timeout) and did not stop when it was asked to, " +
                "so its process was ended.", null, null, null);
        worker.Kill();
    }

    private async Task RepairAsync(WorkerProcess worker)
    {
        var stray = await worker.StrayOutputAsync();
        var error = _ended ?? WorkerDeath.Explain(worker.ExitCode, stray, _running is not null);
        if (_running is { } cell)
        {
            Finish(new CellResult(cell.Number, cell.FirstLine,
                _ended is { Name: InterruptedName } ? CellStatus.Cancelled : CellStatus.Failed, _clock.Elapsed - _runningSince, error));
            ExecutedCopy.AddError(job, cell.Index, error);
        }
        else
        {
            // It died between cells, or before the first: no cell is to blame, but the run did fail.
            _message = error.Message;
            ExecutedCopy.AddError(job, null, error);
        }
    }

    private void Finish(CellResult cell)
    {
        _running = null;
        _cells.Add(cell);
        observer.CellFinished(cell);
    }

    private NotebookResult Result()
    {
        var status = _rejected is not null ? NotebookStatus.Rejected
            : interrupt.Stop.IsCancellationRequested && (_finished is null || _cells.Any(cell => cell.Status != CellStatus.Succeeded))
                ? NotebookStatus.Interrupted
            : _finished is { Unobserved: null } && _cells.All(cell => cell.Status == CellStatus.Succeeded) ? NotebookStatus.Succeeded
            : NotebookStatus.Failed;
        var result = new NotebookResult(job, status)
        {
            CodeCells = _codeCells,
            Cells = _cells,
            Headlines = _finished?.Headlines ?? [],
            Elapsed = _clock.Elapsed,
            Message = _rejected?.Message ?? _message,
        };
        if (!request.InPlace || status != NotebookStatus.Succeeded)
            return result;
        try
        {
            ExecutedCopy.WriteBack(job);
            return result with { WrittenBack = true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return result with { Status = NotebookStatus.Failed, Message = $"Its outputs cannot be written back: {e.Message}" };
        }
    }

    private const string InterruptedName = "OperationCanceledException";

    private static CellError Interrupted(string message) => new(InterruptedName, message, null, null, null);

    // The exception's own words do not say whose limit it met.
    private CellError? Limited(CellError? error) =>
        request.MemoryLimit is { } limit && error is { Name: "System.OutOfMemoryException" }
            ? error with { Message = $"{error.Message} The notebook's process may take {Megabytes(limit)} (--memory)." }
            : error;

    private static string Megabytes(long bytes) => (bytes >> 20).ToString(CultureInfo.InvariantCulture) + " MB";

    private static string Seconds(TimeSpan time) =>
        time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + (time.TotalSeconds == 1 ? " second" : " seconds");
}
