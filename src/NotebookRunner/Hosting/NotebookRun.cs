using System.Diagnostics;
using System.Globalization;
using NotebookRunner.Documents;

namespace NotebookRunner.Hosting;

/// <summary>
/// Executes one notebook in a process of its own and answers for whatever becomes of that process: a cell that runs too
/// long or is interrupted is asked to stop, then ended; one that takes the process down is named, and the executed copy says so.
/// </summary>
internal sealed class NotebookRun(NotebookJob job, RunRequest request, IRunObserver observer, Interrupt interrupt)
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(250);

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly List<CellResult> cells = [];
    private int codeCells;
    private NotebookFinished? finished;
    private NotebookRejected? rejected;
    private CellStarted? running;
    private TimeSpan runningSince;

    // What was asked of the worker, why, and until when it may take.
    private string? asked;
    private TimeSpan? deadline;
    private CellError? ended;

    // Why the notebook failed, where no cell says it.
    private string? message;

    /// <summary>Runs the notebook to its end, whatever the end.</summary>
    internal async Task<NotebookResult> RunAsync()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(job.ExecutedCopy)!);
        NotebookDocument.RemoveHalfWritten(job.ExecutedCopy);
        if (request.InPlace)
            NotebookDocument.RemoveHalfWritten(job.Notebook);
        File.Delete(job.ExecutedCopy); // an old copy must never pass for this run's
        await using var worker = WorkerProcess.Start(
            new WorkerRequest(job.Notebook, job.ExecutedCopy, request.Profile, Parameters(), !request.FailFast), request.MemoryLimit);

        var next = worker.NextAsync();
        var tick = Task.Delay(TickInterval);
        while (finished is null)
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
        if (finished is null && rejected is null)
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
                codeCells = started.CodeCells;
                observer.NotebookStarted(codeCells);
                break;
            case CellStarted started:
                running = started;
                runningSince = clock.Elapsed;
                if (asked != WorkerCommand.Stop)
                    (asked, deadline) = (null, clock.Elapsed + request.CellTimeout);
                observer.CellStarted(started.Number, started.FirstLine);
                break;
            case OutputProduced output:
                observer.Output(output.Preview);
                break;
            case CellFinished cell:
                Finish(new CellResult(
                    cell.Number, running?.FirstLine ?? "", cell.Status, TimeSpan.FromSeconds(cell.Seconds), Limited(cell.Error)));
                if (asked != WorkerCommand.Stop)
                    (asked, deadline) = (null, null);
                break;
            case NotebookRejected why:
                rejected = why;
                break;
            case NotebookFinished end:
                finished = end;
                message = end.Unobserved;
                break;
        }
    }

    private void Supervise(WorkerProcess worker)
    {
        if (interrupt.Kill.IsCancellationRequested)
        {
            ended ??= Interrupted("The run was interrupted twice (Ctrl-C), so the cell's process was ended.");
            worker.Kill();
            return;
        }
        if (interrupt.Stop.IsCancellationRequested && asked != WorkerCommand.Stop)
        {
            worker.Send($"{WorkerCommand.Stop} The run was interrupted (Ctrl-C).");
            (asked, deadline) = (WorkerCommand.Stop, clock.Elapsed + request.Grace);
            observer.Notice($"Interrupted: waiting up to {Seconds(request.Grace)} for the running cell; Ctrl-C again ends it at once.");
            return;
        }
        if (request.MemoryLimit is { } limit && worker.Memory > limit)
        {
            ended ??= new CellError("OutOfMemoryException",
                $"The notebook's process took more memory than {Megabytes(limit)} (--memory), so it was ended.", null, null, null);
            worker.Kill();
            return;
        }
        if (deadline is null || clock.Elapsed < deadline)
            return;
        if (asked is null)
        {
            var number = running!.Number.ToString(CultureInfo.InvariantCulture);
            worker.Send($"{WorkerCommand.Cancel} {number} The cell ran longer than {Seconds(request.CellTimeout!.Value)} (--timeout).");
            (asked, deadline) = (WorkerCommand.Cancel, clock.Elapsed + request.Grace);
            observer.Notice($"Cell {number} has run for {Seconds(request.CellTimeout.Value)} (--timeout): it is asked to stop.");
            return;
        }
        ended ??= asked == WorkerCommand.Stop
            ? Interrupted($"The run was interrupted (Ctrl-C); the cell did not stop within {Seconds(request.Grace)}, so its process was ended.")
            : new CellError("TimeoutException",
                $"The cell ran longer than {Seconds(request.CellTimeout!.Value)} (--timeout) and did not stop when it was asked to, " +
                "so its process was ended.", null, null, null);
        worker.Kill();
    }

    private async Task RepairAsync(WorkerProcess worker)
    {
        var stray = await worker.StrayOutputAsync();
        var error = ended ?? WorkerDeath.Explain(worker.ExitCode, stray, running is not null);
        if (running is { } cell)
        {
            Finish(new CellResult(cell.Number, cell.FirstLine,
                ended is { Name: InterruptedName } ? CellStatus.Cancelled : CellStatus.Failed, clock.Elapsed - runningSince, error));
            ExecutedCopy.AddError(job, cell.Index, error);
        }
        else
        {
            // It died between cells, or before the first: no cell is to blame, but the run did fail.
            message = error.Message;
            ExecutedCopy.AddError(job, null, error);
        }
    }

    private void Finish(CellResult cell)
    {
        running = null;
        cells.Add(cell);
        observer.CellFinished(cell);
    }

    private NotebookResult Result()
    {
        var status = rejected is not null ? NotebookStatus.Rejected
            : interrupt.Stop.IsCancellationRequested && (finished is null || cells.Any(cell => cell.Status != CellStatus.Succeeded))
                ? NotebookStatus.Interrupted
            : finished is { Unobserved: null } && cells.All(cell => cell.Status == CellStatus.Succeeded) ? NotebookStatus.Succeeded
            : NotebookStatus.Failed;
        var result = new NotebookResult(job, status)
        {
            CodeCells = codeCells,
            Cells = cells,
            Headlines = finished?.Headlines ?? [],
            Elapsed = clock.Elapsed,
            Message = rejected?.Message ?? message,
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
