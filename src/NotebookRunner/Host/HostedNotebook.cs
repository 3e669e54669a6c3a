using System.Diagnostics;
using NotebookRunner.Documents;

namespace NotebookRunner.Host;

/// <summary>
/// Executes one notebook in a process of its own and answers for whatever becomes of that process: one that a cell takes down
/// is named, and the executed copy says so. Its limits are the <see cref="Supervisor"/>'s.
/// </summary>
internal sealed class HostedNotebook(
    NotebookJob job, RunFolder folder, ExecutionRequest request, IProgressObserver observer, Interrupt interrupt)
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(250), Moment = TimeSpan.FromSeconds(1);

    private readonly string _copy = folder.CopyOf(job);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<CellResult> _cells = [];
    private int _codeCells;
    private NotebookFinished? _finished;
    private NotebookRejected? _rejected;
    private CellStarted? _running;
    private TimeSpan _runningSince;

    // Why the executed copy is not where it should be, and why the notebook failed where no cell says it.
    private string? _notSaved, _message;

    /// <summary>Runs the notebook to its end, whatever the end.</summary>
    internal async Task<NotebookResult> RunAsync()
    {
        if (request.InPlace)
            WholeFile.RemoveAbandoned(job.Notebook);
        await ExecuteAsync();
        var writtenBack = request.InPlace && Status() == NotebookStatus.Succeeded && WriteBack();
        Publish();
        return Result() with { WrittenBack = writtenBack };
    }

    private async Task ExecuteAsync()
    {
        var asked = new WorkerRequest(job.Notebook, _copy, request.Profile, Parameters(), !request.FailFast);
        await using var worker = WorkerProcess.Start(asked, request.MemoryLimit);
        var supervisor = new Supervisor(worker, request, observer, interrupt);
        await FollowAsync(worker, supervisor);
        await worker.EndAsync(request.Grace);
        if (_finished is null && _rejected is null && _notSaved is null)
            await RepairAsync(worker, supervisor);
    }

    private Dictionary<string, string> Parameters()
    {
        var known = request.ParametersWhereKnown ? NotebookParameters.Known(job.Notebook) : null;
        return request.Parameters.Where(parameter => known?.ContainsKey(parameter.Key) != false).ToDictionary();
    }

    /// <summary>Hears the worker out, until it has said its last or is gone.</summary>
    private async Task FollowAsync(WorkerProcess worker, Supervisor supervisor)
    {
        var next = worker.NextAsync();
        var tick = Task.Delay(TickInterval);
        while (_finished is null)
        {
            if (!next.IsCompleted)
                await Task.WhenAny(next, tick, worker.Exited);
            if (tick.IsCompleted)
            {
                supervisor.Check();
                observer.Tick();
                tick = Task.Delay(TickInterval);
            }
            // What it wrote last may still be in the pipe; a process that it left behind may hold the pipe open.
            if (!next.IsCompleted && worker.Exited.IsCompleted && await Task.WhenAny(next, Task.Delay(Moment)) != next)
                return;
            if (!next.IsCompleted)
                continue;
            if (await next is not { } happened)
                return;
            Handle(happened, supervisor);
            next = worker.NextAsync();
        }
    }

    private void Handle(WorkerEvent happened, Supervisor supervisor)
    {
        switch (happened)
        {
            case NotebookStarted started:
                _codeCells = started.CodeCells;
                observer.NotebookStarted(_codeCells);
                break;
            case CellStarted started:
                (_running, _runningSince) = (started, _clock.Elapsed);
                supervisor.CellStarted(started.Number);
                observer.CellStarted(started.Number, started.FirstLine);
                break;
            case OutputProduced output:
                observer.Output(output.Preview);
                break;
            case CellFinished cell:
                supervisor.CellFinished();
                Finish(new CellResult(cell.Number, _running?.FirstLine ?? "", cell.Status,
                    TimeSpan.FromSeconds(cell.Seconds), supervisor.Explained(cell.Error)));
                break;
            case NotebookRejected why:
                _rejected = why;
                break;
            case CopyNotSaved why:
                NotSaved($"Its executed copy cannot be written: {why.Message}");
                break;
            case NotebookFinished end:
                _finished = end;
                _message = end.Unobserved;
                break;
        }
    }

    private async Task RepairAsync(WorkerProcess worker, Supervisor supervisor)
    {
        var error = supervisor.Ended ?? WorkerDeath.Explain(worker.ExitCode, await worker.StrayOutputAsync(), _running is not null);
        var index = _running?.Index;
        if (_running is { } cell)
            Finish(new CellResult(cell.Number, cell.FirstLine,
                supervisor.EndedByInterrupt ? CellStatus.Cancelled : CellStatus.Failed, _clock.Elapsed - _runningSince, error));
        else
            _message = error.Message; // it died between cells, or before the first: no cell is to blame, but the run did fail
        Try(() => ExecutedCopy.AddError(_copy, job.Notebook, index, error), "Its executed copy does not show the error");
    }

    private void Finish(CellResult cell)
    {
        _running = null;
        _cells.Add(cell);
        observer.CellFinished(cell);
    }

    private bool WriteBack() => Try(() => ExecutedCopy.WriteBack(_copy, job.Notebook), "Its outputs are not written back");

    private void Publish()
    {
        if (!Try(() => folder.Publish(job), $"Its executed copy cannot be moved to {job.ExecutedCopy}") && File.Exists(_copy))
            NotSaved($"It is kept: {_copy}");
    }

    private bool Try(Action writing, string otherwise)
    {
        try
        {
            writing();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            NotSaved($"{otherwise}: {FileTrouble.Words(e)}");
            return false;
        }
    }

    private void NotSaved(string why) => _notSaved = Lines(_notSaved, why);

    private NotebookStatus Status()
    {
        var good = _finished is { Unobserved: null } && _cells.All(cell => cell.Status == CellStatus.Succeeded);
        return _rejected is not null ? NotebookStatus.Rejected
            : interrupt.Stop.IsCancellationRequested && !good ? NotebookStatus.Interrupted
            : _notSaved is not null && _message is null && (good || _cells.Count == 0) ? NotebookStatus.NotSaved
            : good ? NotebookStatus.Succeeded
            : NotebookStatus.Failed;
    }

    private NotebookResult Result() => new(job, Status())
    {
        CodeCells = _codeCells,
        Cells = _cells,
        Headlines = _finished?.Headlines ?? [],
        Elapsed = _clock.Elapsed,
        Message = Lines(_rejected?.Message, _message, _notSaved),
    };

    private static string? Lines(params string?[] said) =>
        said.OfType<string>().ToList() is { Count: > 0 } lines ? string.Join('\n', lines) : null;
}
