using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using NotebookRunner.Documents;

namespace NotebookRunner.Execution;

/// <summary>
/// The worker process: executes one notebook, tells its host what happens as it happens, and keeps the executed copy up
/// to date, so that whatever ends the process leaves every output so far.
/// </summary>
internal sealed class Worker : IDisposable
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(200);

    private readonly WorkerRequest request;
    private readonly TextWriter? events;
    private readonly NotebookDocument document;
    private readonly NotebookSession session;
    private readonly Lock fileGate = new();
    private readonly Timer timer;
    private readonly Dictionary<NotebookCell, CellOutputs> outputs = [];
    private readonly List<HeadlineFigure> headlines = [];

    private volatile string? stopReason;
    private (int Index, CellOutputs Outputs)? current;
    private string? lastPreview;
    private bool executionCounts;
    private TimeSpan saved;
    private TimeSpan savingTook;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private volatile CellFailure? background;

    private Worker(WorkerRequest request, NotebookDocument document, NotebookSession session, TextWriter? events)
    {
        this.request = request;
        this.document = document;
        this.session = session;
        this.events = events;
        timer = new(_ => Tick(), null, TickInterval, TickInterval);
    }

    /// <summary>The process's main method.</summary>
    /// <param name="requestFile">The <see cref="WorkerRequest"/> as JSON.</param>
    /// <param name="eventPipeHandle">The client end of the pipe for events; null to tell nobody.</param>
    /// <returns>A <see cref="WorkerExit"/> code.</returns>
    internal static async Task<int> RunAsync(string requestFile, string? eventPipeHandle)
    {
        var request = JsonSerializer.Deserialize<WorkerRequest>(await File.ReadAllTextAsync(requestFile))
            ?? throw new InvalidDataException($"{requestFile} holds no request.");
        var commands = Console.OpenStandardInput();
        await using var pipe = eventPipeHandle is null ? null : new AnonymousPipeClientStream(PipeDirection.Out, eventPipeHandle);
        var events = pipe is null ? null : new StreamWriter(pipe, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };
        // A terminal's Ctrl-C reaches every process of its group; what it means is the host's to say.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true);

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

        using var worker = new Worker(request, document, session, events);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => worker.Save();
        ExceptionHandling.SetUnhandledExceptionHandler(worker.HandleUnhandled);
        _ = Task.Run(() => worker.ListenAsync(commands));
        try
        {
            await prepared;
            await worker.RunCellsAsync();
            return WorkerExit.Finished;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Write(events, new NotebookRejected($"The executed copy cannot be written: {e.Message}"));
            return WorkerExit.Rejected;
        }
    }

    public void Dispose() => timer.Dispose();

    private async Task RunCellsAsync()
    {
        var codeCells = document.Cells.Select((cell, index) => (cell, index)).Where(item => item.cell.IsCode).ToList();
        foreach (var (cell, _) in codeCells)
        {
            cell.Outputs = [];
            cell.ExecutionCount = null;
        }
        executionCounts = true;
        Save();
        Tell(new NotebookStarted(codeCells.Count));

        var number = 0;
        var failed = false;
        foreach (var (cell, index) in codeCells)
        {
            number++;
            if (stopReason is not null || (failed && !request.KeepGoing))
            {
                Tell(new CellFinished(index, number, CellStatus.Skipped, 0, null));
                continue;
            }
            failed |= await RunCellAsync(cell, index, number) is CellStatus.Failed or CellStatus.Cancelled;
        }
        headlines.AddRange(outputs.Values.SelectMany(cell => cell.Headlines()));
        Save();
        Tell(new NotebookFinished(headlines));
    }

    private async Task<CellStatus> RunCellAsync(NotebookCell cell, int index, int number)
    {
        var source = cell.Source;
        Tell(new CellStarted(index, number, FirstLine(source)));
        var cellOutputs = outputs[cell] = new();
        lastPreview = null;
        current = (index, cellOutputs);
        if (background is { } late)
            cellOutputs.Fail(late);
        var watch = Stopwatch.StartNew();
        var (status, failure) = await session.RunAsync(source, number, cellOutputs, cell.Language ?? CellCode.CSharp);
        if (status == CellStatus.Succeeded && background is { } uncaught)
            (status, failure) = (CellStatus.Failed, uncaught);
        background = null;
        var seconds = watch.Elapsed.TotalSeconds;
        current = null;
        lock (fileGate)
        {
            cell.ExecutionCount = number;
            executionCounts = true;
        }
        TellPreview(index, cellOutputs);
        Save();
        Tell(new CellFinished(index, number, status, seconds, failure?.Error));
        return status;
    }

    private void Tick()
    {
        if (current is not { } running)
            return;
        TellPreview(running.Index, running.Outputs);
        // Not more than a small part of the time goes into the file.
        if (clock.Elapsed - saved > TimeSpan.FromSeconds(1) + 20 * savingTook)
            Save();
    }

    private void TellPreview(int index, CellOutputs cellOutputs)
    {
        if (cellOutputs.Preview() is not { } preview || preview == lastPreview)
            return;
        lastPreview = preview;
        Tell(new OutputProduced(index, preview));
    }

    private void Save()
    {
        lock (fileGate)
        {
            var began = clock.Elapsed;
            var changed = executionCounts;
            executionCounts = false;
            foreach (var (cell, cellOutputs) in outputs.ToArray())
                if (cellOutputs.TakeChanged())
                {
                    cell.Outputs = cellOutputs.ToJson();
                    changed = true;
                }
            if (changed)
                NotebookDocument.Replace(request.OutputPath, document.ToJson());
            saved = clock.Elapsed;
            savingTook = saved - began;
        }
    }

    private async Task ListenAsync(Stream commands)
    {
        using var reader = new StreamReader(commands);
        while (await reader.ReadLineAsync() is { } line)
        {
            var (command, reason) = line.Split(' ', 2) is [var first, var rest] ? (first, rest) : (line, "The cell was cancelled.");
            if (command == WorkerCommand.Stop)
                stopReason = reason;
            if (command is WorkerCommand.Stop or WorkerCommand.Cancel)
                session.Cancel(reason);
        }
        // The host is gone. What there is is written on the way out.
        Environment.Exit(WorkerExit.Finished);
    }

    // An exception on a thread of the notebook's own would end the process; it is a failure of the cell that runs.
    private bool HandleUnhandled(Exception exception)
    {
        background = session.ExplainUnhandled(exception);
        current?.Outputs.Fail(background); // between two cells: the next one has it
        return true;
    }

    private void Tell(WorkerEvent happened) => Write(events, happened);

    private static void Write(TextWriter? events, WorkerEvent happened)
    {
        if (events is null)
            return;
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
}
