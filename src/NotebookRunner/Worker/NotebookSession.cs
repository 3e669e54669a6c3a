using System.Collections.Concurrent;
using System.Diagnostics;
using Markdig;
using Microsoft.DotNet.Interactive.Formatting;
using NotebookRunner.Worker.Packages;

namespace NotebookRunner.Worker;

/// <summary>How a cell ended.</summary>
internal sealed record CellOutcome(CellStatus Status, CellFailure? Failure);

/// <summary>
/// One session, in which a notebook's cells run one after the other. It takes over the process's console, and a process
/// has one session at a time.
/// </summary>
internal sealed class NotebookSession : IDisposable
{
    /// <summary>Under this name libraries find the running cell's token: a <c>Func&lt;CancellationToken&gt;</c> in AppContext.</summary>
    internal const string CancellationData = "NotebookRunner.Cancellation";

    // How long a cell that is cancelled may take before it is left to itself and the next one runs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    // What the released kernel's #!markdown renders with.
    private static readonly MarkdownPipeline Markdown = new MarkdownPipelineBuilder().UseMathematics().UseAdvancedExtensions().Build();

    private readonly CellConsole _console = new();
    private readonly ScriptSession _script = new();
    private readonly SessionPackages _packages;
    private readonly MachinePaths _paths;
    private readonly NotebookKernel _kernel;
    private readonly KernelExtensionLoader _extensions;
    private readonly ConcurrentDictionary<string, CellOutputs> _displays = new();
    private readonly HashSet<string> _importing = [];

    private volatile CellContext? _running;

    /// <summary>Begins a session.</summary>
    /// <param name="folder">The notebook's folder; the caller makes it the working directory.</param>
    internal NotebookSession(string folder)
    {
        folder = Path.GetFullPath(folder);
        _packages = new(folder);
        _paths = new(folder, PackageRestore.PackageFolder, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
        _kernel = new(SubmitFromCodeAsync, () => _script.Variables);
        _extensions = new(_kernel.Composite, (run, file) => ImportAsync(run, new(file, 1), run.Number), _paths);
        AppContext.SetData(CancellationData, (Func<CancellationToken>)(() => CellContext.Current?.Cancellation ?? CancellationToken.None));
    }

    /// <summary>Compiles and runs what comes before the first cell; the first cell does it, where this was not called.</summary>
    internal Task PrepareAsync() => _script.PrepareAsync();

    /// <summary>Runs a cell.</summary>
    /// <param name="source">The cell's text.</param>
    /// <param name="number">The cell's number, for traces.</param>
    /// <param name="outputs">Takes what it produces, an error at the end included.</param>
    /// <param name="language">The language that the cell begins in.</param>
    internal async Task<CellOutcome> RunAsync(string source, int number, CellOutputs outputs, string language = CellCode.CSharp)
    {
        using var run = new CellContext(number, source, _kernel, outputs, _displays);
        _running = run;
        try
        {
            // On a thread of its own: a cell that does not stop when it is asked to is left behind.
            var work = Task.Factory.StartNew(
                () => RunCellAsync(run, source, number, language),
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
            if (await Task.WhenAny(work, TooLateAsync(run)) == work)
                await work;
            if (run.CancelReason is { } late)
                return Ended(run, CellStatus.Cancelled, CellFailure.Cancelled(late));
            CheckFlood(outputs);
            return new(CellStatus.Succeeded, null);
        }
        catch (Exception e)
        {
            return run.CancelReason is { } reason
                ? Ended(run, CellStatus.Cancelled, CellFailure.Cancelled(reason))
                : Ended(run, CellStatus.Failed, CellFailure.From(e, number, source, _script.Submissions, _paths));
        }
        finally
        {
            _running = null;
        }
    }

    /// <summary>Asks the running cell to stop; where a number is given, only the cell of this number.</summary>
    internal void Cancel(string reason, int? number = null)
    {
        if (_running is { } run && (number is null || run.Number == number))
            run.Cancel(reason);
    }

    /// <summary>Explains an exception that no code caught, on a thread that a cell started.</summary>
    internal CellFailure ExplainUnhandled(Exception exception) =>
        Explain(exception, "Nothing caught an exception on a thread that a cell started:");

    /// <summary>Explains the exception of a task that a cell started and nobody awaited.</summary>
    internal CellFailure ExplainUnobserved(Exception exception) =>
        Explain(exception, "A task that a cell started and nobody awaited ended in an exception:");

    public void Dispose()
    {
        AppContext.SetData(CancellationData, null);
        _packages.Dispose();
        _console.Dispose();
    }

    private CellFailure Explain(Exception exception, string what)
    {
        var failure = CellFailure.From(exception, 0, "", _script.Submissions, _paths);
        return failure with
        {
            Text = $"{what} {failure.Text}",
            Traceback = [what, .. failure.Traceback],
            Error = failure.Error with { Message = $"{what} {failure.Error.Message}" },
        };
    }

    private static CellOutcome Ended(CellContext run, CellStatus status, CellFailure failure)
    {
        run.Outputs.Fail(failure);
        return new(status, failure);
    }

    private static async Task TooLateAsync(CellContext run)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = run.Cancellation.Register(cancelled.SetResult);
        await cancelled.Task;
        await Task.Delay(Patience);
    }

    private static void CheckFlood(CellOutputs outputs)
    {
        if (outputs.IsFlooded)
            throw new CellException(
                $"The cell wrote more than {CellOutputs.Flood:N0} characters to the console, " +
                $"of which {CellOutputs.ConsoleLimit:N0} are kept.");
    }

    private async Task RunCellAsync(CellContext run, string source, int number, string language)
    {
        await PrepareAsync();
        var timers = await RunTextAsync(run, new("", number, IsCell: true, source, []), language);
        foreach (var timer in timers)
            $"Wall time: {timer.Elapsed.TotalMilliseconds}ms".DisplayAs(PlainTextFormatter.MimeType);
    }

    /// <summary>Runs a text step by step; returns the clocks that its <c>#!time</c> lines started.</summary>
    private async Task<IReadOnlyList<Stopwatch>> RunTextAsync(CellContext run, SubmissionOrigin origin, string language)
    {
        var timers = new List<Stopwatch>();
        foreach (var step in CellCode.Split(origin.Source, language))
            switch (step)
            {
                case CellStep.Restore packages:
                    await RestoreAsync(run, packages);
                    break;
                case CellStep.Import import:
                    await ImportAsync(run, import, origin.Number);
                    break;
                case CellStep.Magic magic:
                    await _kernel.RunMagicAsync(magic.Text, magic.Line);
                    break;
                case CellStep.Time:
                    timers.Add(Stopwatch.StartNew());
                    break;
                case CellStep.Run { Language: CellCode.CSharp } code:
                    var name = origin.IsCell ? $"cell {origin.Number}" : origin.Name;
                    await SubmitAsync(run, code.Text, origin with { Name = name, Lines = code.Lines });
                    break;
                case CellStep.Run { Language: "markdown" } when origin.IsCell:
                    // The kernel's #!markdown takes the whole cell and ends it.
                    ShowText("markdown", origin.Source.Replace("#!markdown", "", StringComparison.Ordinal).Trim());
                    return timers;
                case CellStep.Run { Language: "markdown" } text:
                    ShowText(ImportedFile.MarkdownCell, text.Text.Trim());
                    break;
                case CellStep.Run text:
                    ShowText(text.Language, text.Text.Trim());
                    break;
            }
        return timers;
    }

    private async Task SubmitAsync(CellContext run, string code, SubmissionOrigin origin)
    {
        var (hasValue, value) = await _script.SubmitAsync(run, code, origin);
        if (hasValue && run.CancelReason is null)
            run.Display(Guid.NewGuid().ToString(), Format(value));
    }

    private static IReadOnlyList<FormattedValue> Format(object? value)
    {
        switch (value)
        {
            case FormattedValue formatted:
                return [formatted];
            case IEnumerable<FormattedValue> several:
                return [.. several];
            default:
                FormatterGuard.Check(value, []);
                return FormattedValue.CreateManyFromObject(value);
        }
    }

    // What code sends to the kernel runs as a part of its cell.
    private async Task SubmitFromCodeAsync(string code)
    {
        if (CellContext.Current is { } run)
            await RunTextAsync(run, new("code sent to the kernel", run.Number, IsCell: false, code, []), CellCode.CSharp);
    }

    private static void ShowText(string language, string text)
    {
        var (shown, mimeType) = language switch
        {
            "html" => (text, HtmlFormatter.MimeType),
            "javascript" => ($"""<script type="text/javascript">{text}</script>""", HtmlFormatter.MimeType),
            "markdown" => (Markdig.Markdown.ToHtml(text, Markdown), HtmlFormatter.MimeType),
            ImportedFile.MarkdownCell => (text, ImportedFile.MarkdownCell),
            _ => throw new CellException(
                $"This runner executes C# cells, but this cell is for the kernel '{language}'. VS Code with the Polyglot " +
                "Notebooks extension, Jupyter with the kernel .net-csharp and dotnet-repl run such cells."),
        };
        shown.DisplayAs(mimeType);
    }

    private async Task RestoreAsync(CellContext run, CellStep.Restore step)
    {
        var added = await _packages.AddAsync(run, step);
        _script.AddReferences(added.SelectMany(package => package.Assemblies));
        foreach (var package in added)
            await _extensions.LoadAsync(run, package);
    }

    private async Task ImportAsync(CellContext run, CellStep.Import import, int number)
    {
        var path = Path.GetFullPath(import.File, Directory.GetCurrentDirectory());
        if (!_importing.Add(path))
            throw new CellException($"'{import.File}' imports itself.", import.Line);
        try
        {
            foreach (var piece in await ImportedFile.ReadAsync(path, import))
                await RunTextAsync(run, new(import.File, number, IsCell: false, piece.Text, []), piece.Language);
        }
        finally
        {
            _importing.Remove(path);
        }
    }
}
