using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
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
    private readonly TextWriter _events;
    private readonly NotebookDocument _document;
    private readonly NotebookSession _session;
    private readonly Lock _fileGate = new();
    private readonly Timer _timer;
    private readonly Dictionary<NotebookCell, CellOutputs> _outputs = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    private volatile string? _stopReason;
    private volatile RunningCell? _current;
    private CellFailure? _background;
    private volatile Exception? _unobserved;

    // Under the gate: whether the document is not as the file has it, when it was written last, how long that took.
    private bool _unsaved;
    private TimeSpan _saved;
    private TimeSpan _savingTook;

    private NotebookWorker(WorkerRequest request, NotebookDocument document, NotebookSession session, TextWriter events)
    {
        _request = request;
        _document = document;
        _session = session;
        _events = events;
        _timer = new(_ => Tick(), null, TickInterval, TickInterval);
    }

    /// <summary>The process's main method.</summary>
    /// <param name="eventPipeHandle">The client end of the pipe for events.</param>
    /// <returns>A <see cref="WorkerExit"/> code.</returns>
    internal static async Task<int> RunAsync(string eventPipeHandle)
    {
        var commands = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        if (await commands.ReadLineAsync() is not { } asked)
            return WorkerExit.Rejected; // the host is gone already
        var request = JsonSerializer.Deserialize<WorkerRequest>(asked) ?? throw new InvalidDataException("The first line holds no request.");
        await using var pipe = new AnonymousPipeClientStream(PipeDirection.Out, eventPipeHandle);
        await using var events = new StreamWriter(pipe, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };
        // A terminal's signals reach every process of its group; what they mean is the host's to say.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, signal => signal.Cancel = true);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true);

        var folder = Path.GetDirectoryName(request.NotebookPath)!;
        Directory.SetCurrentDirectory(folder);
        Environment.SetEnvironmentVariable("WORKBOOK_PROFILE", request.Profile);
        using var session = new NotebookSession(folder);
        // The compiler takes longest to start: meanwhile the notebook is read.
        var prepared = Task.Run(session.PrepareAsync);
        NotebookDocument document;
        try
        {
            document = NotebookDocument.Read(request.NotebookPath);
            NotebookParameters.Apply(document, request.Parameters, Path.GetFileName(request.NotebookPath));
        }
        catch (NotebookFormatException e)
        {
            Write(events, new NotebookRejected(e.Message));
            return WorkerExit.Rejected;
        }

        using var worker = new NotebookWorker(request, document, session, events);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => worker.TrySave();
        ExceptionHandling.SetUnhandledExceptionHandler(worker.HandleUnhandled);
        TaskScheduler.UnobservedTaskException += worker.KeepUnobserved;
        _ = Task.Run(() => worker.ListenAsync(commands));
        try
        {
            await prepared;
            await worker.RunCellsAsync();
            return WorkerExit.Finished;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Write(events, new CopyNotSaved(FileTrouble.Words(e)));
            return WorkerExit.Rejected;
        }
    }

    public void Dispose() => _timer.Dispose();

    private async Task RunCellsAsync()
    {
        var codeCells = _document.Cells.Select((cell, index) => (cell, index)).Where(item => item.cell.IsCode).ToList();
        _document.ClearOutputs();
        _unsaved = true;
        Save();
        Tell(new NotebookStarted(codeCells.Count));

        var number = 0;
        var failed = false;
        foreach (var (cell, index) in codeCells)
        {
            number++;
            if (_stopReason is not null || (failed && !_request.KeepGoing))
            {
                Tell(new CellFinished(index, number, CellStatus.Skipped, 0, null));
                continue;
            }
            failed |= await RunCellAsync(cell, index, number) is CellStatus.Failed or CellStatus.Cancelled;
        }
        var forgotten = LastUnobserved();
        HeadlineFigure[] headlines = [.. _outputs.Values.SelectMany(cell => cell.Headlines())];
        if (!failed && forgotten is null && _stopReason is null)
            lock (_fileGate)
            {
                Provenance.Record(_document, _request.Profile, headlines.FirstOrDefault(figure => figure.IsData)?.Value);
                _unsaved = true;
            }
        if (TrySave() is { } unsaved)
            Tell(new CopyNotSaved(FileTrouble.Words(unsaved)));
        Tell(new NotebookFinished(headlines, forgotten?.Error.Message));
    }

    private async Task<CellStatus> RunCellAsync(NotebookCell cell, int index, int number)
    {
        var source = cell.Source;
        Tell(new CellStarted(index, number, FirstLine(source)));
        var cellOutputs = new CellOutputs();
        lock (_fileGate)
            _outputs[cell] = cellOutputs;
        var running = _current = new(index, cellOutputs);
        var late = Interlocked.Exchange(ref _background, null);
        if (late is not null)
            cellOutputs.Fail(late);
        var watch = Stopwatch.StartNew();
        var (status, failure) = await _session.RunAsync(source, number, cellOutputs, cell.Language ?? CellCode.CSharp);
        if ((Interlocked.Exchange(ref _background, null) ?? late) is { } uncaught && status == CellStatus.Succeeded)
            (status, failure) = (CellStatus.Failed, uncaught);
        var seconds = watch.Elapsed.TotalSeconds;
        _current = null;
        lock (_fileGate)
        {
            cell.ExecutionCount = number;
            _unsaved = true;
        }
        TellPreview(running);
        TrySave();
        Tell(new CellFinished(index, number, status, seconds, failure?.Error));
        return status;
    }

    private void Tick()
    {
        if (_current is not { } running)
            return;
        if (_stopReason is { } reason)
            _session.Cancel(reason); // it may have come just before the cell began
        TellPreview(running);
        if (!_fileGate.TryEnter())
            return; // it is being written
        try
        {
            // Not more than a small part of the time goes into the file.
            if (_clock.Elapsed - _saved > TimeSpan.FromSeconds(1) + 20 * _savingTook)
                TrySave();
        }
        finally
        {
            _fileGate.Exit();
        }
    }

    private void TellPreview(RunningCell running)
    {
        lock (running)
        {
            if (running.Outputs.Preview() is not { } preview || preview == running.LastPreview)
                return;
            running.LastPreview = preview;
            Tell(new OutputProduced(running.Index, preview));
        }
    }

    private void Save()
    {
        lock (_fileGate)
        {
            var began = _clock.Elapsed;
            foreach (var (cell, cellOutputs) in _outputs)
                if (cellOutputs.TakeChanged())
                {
                    cell.Outputs = cellOutputs.ToJson();
                    _unsaved = true;
                }
            if (_unsaved)
                WholeFile.Write(_request.OutputPath, _document.ToJson());
            _unsaved = false;
            _saved = _clock.Elapsed;
            _savingTook = _saved - began;
        }
    }

    /// <summary>Saves where a file that cannot be written now is no reason to end the run: it is tried again until the notebook's end.</summary>
    /// <returns>Why it could not; null when it could.</returns>
    private Exception? TrySave()
    {
        try
        {
            Save();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e;
        }
    }

    private async Task ListenAsync(StreamReader commands)
    {
        while (await commands.ReadLineAsync() is { } line)
        {
            if (line.Split(' ', 2) is [WorkerCommand.Stop, var reason])
                _session.Cancel(_stopReason = reason);
            else if (line.Split(' ', 3) is [WorkerCommand.Cancel, var number, var why] && int.TryParse(number, CultureInfo.InvariantCulture, out var cell))
                _session.Cancel(why, cell);
        }
        // The host is gone. What there is is written on the way out.
        Environment.Exit(WorkerExit.Finished);
    }

    // An exception on a thread of the notebook's own would end the process; it is a failure of the cell that runs.
    private bool HandleUnhandled(Exception exception)
    {
        var failure = _session.ExplainUnhandled(exception);
        if (_current is { } running)
            running.Outputs.Fail(failure);
        _background = failure; // between two cells: the next one has it
        return true;
    }

    // When a task that nobody awaited is found is the garbage collector's affair, so its exception is no cell's failure
    // but the notebook's: told at the end, and in the output of the last cell.
    private void KeepUnobserved(object? sender, UnobservedTaskExceptionEventArgs task)
    {
        task.SetObserved();
        _unobserved ??= task.Exception.InnerExceptions.FirstOrDefault() ?? task.Exception;
    }

    private CellFailure? LastUnobserved()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        if (_unobserved is not { } exception)
            return null;
        var failure = _session.ExplainUnobserved(exception);
        lock (_fileGate)
            _outputs.Values.LastOrDefault()?.Fail(failure);
        return failure;
    }

    private void Tell(WorkerEvent happened) => Write(_events, happened);

    private static void Write(TextWriter events, WorkerEvent happened)
    {
        try
        {
            lock (events)
                events.WriteLine(JsonSerializer.Serialize(happened));
        }
        catch (IOException)
        {
            // the host is gone; standard input says so too
        }
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
