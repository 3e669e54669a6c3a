using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using System.Text;
using System.Text.Json;
using NotebookRunner.Documents;

namespace NotebookRunner.Worker;

/// <summary>
/// The worker process: executes one notebook, tells its host what happens as it happens, and keeps the executed copy up
/// to date, so that whatever ends the process leaves every output so far.
/// </summary>
internal sealed class NotebookWorker : IDisposable
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(200);

    private readonly WorkerRequest _request;
    private readonly ExecutedNotebook _notebook;
    private readonly NotebookSession _session;
    private readonly BackgroundFailures _background;
    private readonly EventPipe _host;
    private readonly Timer _timer;

    private volatile string? _stopReason;
    private volatile RunningCell? _current;

    private NotebookWorker(WorkerRequest request, ExecutedNotebook notebook, NotebookSession session, EventPipe host)
    {
        _request = request;
        _notebook = notebook;
        _session = session;
        _background = new(session);
        _host = host;
        _timer = new(_ => Tick(), null, TickInterval, TickInterval);
    }

    /// <summary>The process's main method.</summary>
    /// <param name="eventPipeHandle">The client end of the pipe for events.</param>
    /// <param name="commandPipeHandle">The client end of the pipe for the request and commands.</param>
    /// <returns>A <see cref="WorkerExit"/> code.</returns>
    internal static async Task<int> RunAsync(string eventPipeHandle, string commandPipeHandle)
    {
        var commands = new StreamReader(new AnonymousPipeClientStream(PipeDirection.In, commandPipeHandle), Encoding.UTF8);
        if (await commands.ReadLineAsync() is not { } asked)
            return WorkerExit.Rejected; // the host is gone already
        var request = JsonSerializer.Deserialize<WorkerRequest>(asked)
            ?? throw new InvalidDataException("The first line holds no request.");
        await using var host = new EventPipe(eventPipeHandle);
        using var signals = new SignalsLeftToTheHost();
        var folder = Path.GetDirectoryName(request.NotebookPath)!;
        Directory.SetCurrentDirectory(folder);
        Environment.SetEnvironmentVariable("WORKBOOK_PROFILE", request.Profile);
        StartedProcesses.Adopt();

        using var session = new NotebookSession(folder);
        // The compiler takes longest to start: meanwhile the notebook is read.
        var prepared = Task.Run(session.PrepareAsync);
        if (Read(request, host) is not { } notebook)
            return WorkerExit.Rejected;
        using var worker = new NotebookWorker(request, notebook, session, host);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            notebook.TrySave();
            StartedProcesses.End();
        };
        _ = Task.Run(() => worker.ListenAsync(commands));
        try
        {
            await prepared;
            await worker.RunCellsAsync();
            return WorkerExit.Finished;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            host.Tell(new CopyNotSaved(FileTrouble.Words(e)));
            return WorkerExit.Rejected;
        }
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>The notebook with its parameters set; null when the host was told why it cannot be executed.</summary>
    private static ExecutedNotebook? Read(WorkerRequest request, EventPipe host)
    {
        try
        {
            var document = NotebookDocument.Read(request.NotebookPath);
            NotebookParameters.Apply(document, request.Parameters, Path.GetFileName(request.NotebookPath));
            return new(document, request.OutputPath);
        }
        catch (Exception e) // one that nobody thought of must not end the run of the notebooks behind it with a trace
        {
            host.Tell(new NotebookRejected(e is NotebookFormatException
                ? e.Message
                : $"{Path.GetFileName(request.NotebookPath)} cannot be prepared: {FileTrouble.Words(e)}"));
            return null;
        }
    }

    private async Task RunCellsAsync()
    {
        _notebook.Begin();
        _host.Tell(new NotebookStarted(_notebook.Cells.Count));
        var failed = false;
        foreach (var (place, (cell, index)) in _notebook.Cells.Index())
        {
            var number = place + 1;
            if (_stopReason is null && (!failed || _request.KeepGoing))
                failed |= await RunCellAsync(cell, index, number) is CellStatus.Failed or CellStatus.Cancelled;
            else
                _host.Tell(new CellFinished(index, number, CellStatus.Skipped, 0, null));
        }
        var forgotten = _background.Unobserved();
        if (forgotten is not null)
            _notebook.FailLast(forgotten);
        else if (!failed && _stopReason is null)
            _notebook.Record(_request.Profile);
        if (_notebook.TrySave() is { } unsaved)
            _host.Tell(new CopyNotSaved(FileTrouble.Words(unsaved)));
        _host.Tell(new NotebookFinished(_notebook.Headlines, forgotten?.Error.Message));
    }

    private async Task<CellStatus> RunCellAsync(NotebookCell cell, int index, int number)
    {
        _host.Tell(new CellStarted(index, number, FirstLine(cell.Source)));
        var outputs = _notebook.Begin(cell);
        var running = _current = new(index, outputs);
        _background.Running = outputs;
        var late = _background.TakeUnhandled();
        if (late is not null)
            outputs.Fail(late);
        var watch = Stopwatch.StartNew();
        var (status, failure) = await _session.RunAsync(cell.Source, number, outputs, cell.Language ?? CellCode.CSharp);
        if ((_background.TakeUnhandled() ?? late) is { } uncaught && status == CellStatus.Succeeded)
            (status, failure) = (CellStatus.Failed, uncaught);
        if (cell.RaisesException)
            (status, failure) = ExpectFailure(status, failure, outputs);
        var seconds = watch.Elapsed.TotalSeconds;
        _background.Running = null;
        _current = null;
        TellPreview(running);
        _notebook.End(cell, number);
        _host.Tell(new CellFinished(index, number, status, seconds, failure?.Error));
        return status;
    }

    /// <summary>What a cell's end means that is there to show an error.</summary>
    private static (CellStatus Status, CellFailure? Failure) ExpectFailure(CellStatus status, CellFailure? failure, CellOutputs outputs)
    {
        if (status == CellStatus.Failed)
            return (CellStatus.Succeeded, null);
        if (status != CellStatus.Succeeded)
            return (status, failure);
        var missing = CellFailure.Of($"The cell is tagged '{NotebookCell.RaisesExceptionTag}', but it ended without an exception.");
        outputs.Fail(missing);
        return (CellStatus.Failed, missing);
    }

    private void Tick()
    {
        if (_current is not { } running)
            return;
        if (_stopReason is { } reason)
            _session.Cancel(reason); // it may have come just before the cell began
        TellPreview(running);
        _notebook.SaveWhenDue();
    }

    private void TellPreview(RunningCell running)
    {
        lock (running)
        {
            if (running.Outputs.Preview() is not { } preview || preview == running.LastPreview)
                return;
            running.LastPreview = preview;
            _host.Tell(new OutputProduced(running.Index, preview));
        }
    }

    private async Task ListenAsync(StreamReader commands)
    {
        while (await commands.ReadLineAsync() is { } line)
        {
            if (line.Split(' ', 2) is [WorkerCommand.Stop, var reason])
                _session.Cancel(_stopReason = reason);
            else if (line.Split(' ', 3) is [WorkerCommand.Cancel, var number, var why]
                && int.TryParse(number, CultureInfo.InvariantCulture, out var cell))
                _session.Cancel(why, cell);
        }
        // The host is gone. What there is is written on the way out.
        Environment.Exit(WorkerExit.Finished);
    }

    private static string FirstLine(string source) =>
        source.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0) ?? "";

    private sealed class RunningCell(int index, CellOutputs outputs)
    {
        internal int Index { get; } = index;

        internal CellOutputs Outputs { get; } = outputs;

        internal string? LastPreview { get; set; }
    }
}
