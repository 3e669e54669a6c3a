using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive.Formatting;
using NotebookRunner.Documents;

namespace NotebookRunner.Worker;

/// <summary>How a cell ended.</summary>
internal sealed record CellOutcome(CellStatus Status, CellFailure? Failure);

/// <summary>
/// One C# session: every cell is a submission of Roslyn scripting, so state carries over from cell to cell. It takes over
/// the process's console, and a process has one at a time.
/// </summary>
internal sealed class NotebookSession : IDisposable
{
    /// <summary>Under this name libraries find the running cell's token: a <c>Func&lt;CancellationToken&gt;</c> in AppContext.</summary>
    internal const string CancellationData = "NotebookRunner.Cancellation";

    // How long a cell that is cancelled may take before it is left to itself and the next one runs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly string _folder;
    private readonly CellConsole _console = new();
    private readonly PackageLoader _loader = new();
    private readonly PackageRestore _restore;
    private readonly MachinePaths _paths;
    private readonly Submissions _submissions = new();
    private readonly ConcurrentDictionary<string, CellOutputs> _displays = new();
    private readonly List<PackageRequest> _requested = [];
    private readonly List<string> _sources = [];
    private readonly HashSet<string> _importing = [];
    private readonly Dictionary<string, RestoredPackage> _restored = new(StringComparer.OrdinalIgnoreCase);

    private ScriptOptions _options;
    private ScriptState<object>? _state;
    private string? _resolverFolder;
    private volatile CellContext? _running;

    /// <summary>Begins a session.</summary>
    /// <param name="folder">The notebook's folder; the caller makes it the working directory.</param>
    internal NotebookSession(string folder)
    {
        _folder = Path.GetFullPath(folder);
        _restore = new(_folder);
        _paths = new(_folder, PackageRestore.PackageFolder);
        _options = ScriptOptions.Default
            .WithLanguageVersion(LanguageVersion.Latest)
            .WithImports("System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq")
            .WithReferences(SessionReferences.Default)
            // Loops in a cell run as fast as in a program; the debug information gives errors their lines.
            .WithOptimizationLevel(OptimizationLevel.Release)
            .WithEmitDebugInformation(true)
            .WithFileEncoding(Encoding.UTF8);
        KernelFormatters.Register();
        AppContext.SetData(CancellationData, (Func<CancellationToken>)(() => CellContext.Current?.Cancellation ?? CancellationToken.None));
    }

    /// <summary>Compiles and runs the kernel's own first submission; the first cell does it, where this was not called.</summary>
    internal async Task PrepareAsync()
    {
        if (_state is not null)
            return;
        UpdateResolvers();
        _state = await CSharpScript.Create<object>($"using static {typeof(Microsoft.DotNet.Interactive.Kernel).FullName};", _options)
            .RunAsync();
    }

    /// <summary>Runs a cell.</summary>
    /// <param name="source">The cell's text.</param>
    /// <param name="number">The cell's number, for traces.</param>
    /// <param name="outputs">Takes what it produces, an error at the end included.</param>
    /// <param name="language">The language that the cell begins in.</param>
    internal async Task<CellOutcome> RunAsync(string source, int number, CellOutputs outputs, string language = CellCode.CSharp)
    {
        using var run = new CellContext(number, outputs, _displays);
        _running = run;
        try
        {
            // On a thread of its own: a cell that does not stop when it is asked to is left behind.
            var work = Task.Factory.StartNew(
                () => RunCellAsync(run, source, number, language),
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
            var cancelled = Task.Delay(Timeout.Infinite, run.Cancellation)
                .ContinueWith(_ => Task.Delay(Patience), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Unwrap();
            if (await Task.WhenAny(work, cancelled) == work)
                await work;
            if (run.CancelReason is { } late)
                return Ended(run, CellStatus.Cancelled, CellFailure.Cancelled(late));
            if (outputs.IsFlooded)
                throw new CellException(
                    $"The cell wrote more than {CellOutputs.Flood:N0} characters to the console, of which {CellOutputs.ConsoleLimit:N0} are kept.");
            return new(CellStatus.Succeeded, null);
        }
        catch (Exception e)
        {
            return run.CancelReason is { } reason
                ? Ended(run, CellStatus.Cancelled, CellFailure.Cancelled(reason))
                : Ended(run, CellStatus.Failed, CellFailure.From(e, number, source, _submissions, _paths));
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

    private CellFailure Explain(Exception exception, string what)
    {
        var failure = CellFailure.From(exception, 0, "", _submissions, _paths);
        return failure with
        {
            Text = $"{what} {failure.Text}",
            Traceback = [what, .. failure.Traceback],
            Error = failure.Error with { Message = $"{what} {failure.Error.Message}" },
        };
    }

    public void Dispose()
    {
        AppContext.SetData(CancellationData, null);
        _loader.Dispose();
        _console.Dispose();
    }

    private static CellOutcome Ended(CellContext run, CellStatus status, CellFailure failure)
    {
        run.Outputs.Fail(failure);
        return new(status, failure);
    }

    private async Task RunCellAsync(CellContext run, string source, int number, string language)
    {
        await PrepareAsync();
        await RunTextAsync(run, new("", number, IsCell: true, source, []), language);
    }

    private async Task RunTextAsync(CellContext run, SubmissionOrigin origin, string language)
    {
        foreach (var step in CellCode.Split(origin.Source, language))
            switch (step)
            {
                case CellStep.Restore packages:
                    await RestoreAsync(run, packages);
                    break;
                case CellStep.Import import:
                    await ImportAsync(run, import, origin.Number);
                    break;
                case CellStep.ListVariables list:
                    run.Display(Guid.NewGuid().ToString(), FormattedValue.CreateManyFromObject(new SessionVariables(_state!, list.WithValues)));
                    break;
                case CellStep.Run { Language: CellCode.CSharp } code:
                    var name = origin.IsCell ? $"cell {origin.Number}" : origin.Name;
                    await SubmitAsync(run, code.Text, origin with { Name = name, Lines = code.Lines });
                    break;
                case CellStep.Run text:
                    Show(run, text.Language, text.Text);
                    break;
            }
    }

    private async Task SubmitAsync(CellContext run, string code, SubmissionOrigin origin)
    {
        UpdateResolvers();
        var script = _state!.Script.ContinueWith<object>(code, _options.WithFilePath(_submissions.Add(origin)));
        // What was assigned before an exception stays: the state is taken over in either case.
        var after = await script.RunFromAsync(_state, _ => true, run.Cancellation);
        if (run.HasEnded)
            return; // it was left to itself, and later cells have gone on without it
        _state = after;
        if (_state.Exception is { } thrown)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(thrown);
        if (HasReturnValue(script) && _state.ReturnValue is not DisplayedValue && run.CancelReason is null)
            run.Display(Guid.NewGuid().ToString(), _state.ReturnValue switch
            {
                FormattedValue formatted => [formatted],
                IEnumerable<FormattedValue> several => [.. several],
                var value => FormattedValue.CreateManyFromObject(value),
            });
    }

    private static void Show(CellContext run, string language, string text)
    {
        text = text.Trim();
        FormattedValue formatted = language switch
        {
            "html" => new("text/html", text),
            "javascript" => new("text/html", $"""<script type="text/javascript">{text}</script>"""),
            "markdown" => new("text/markdown", text),
            _ => throw new CellException($"This runner executes C# cells, but this cell is for the kernel '{language}'."),
        };
        run.Display(Guid.NewGuid().ToString(), [formatted]);
    }

    private async Task RestoreAsync(CellContext run, CellStep.Restore step)
    {
        foreach (var package in step.Packages)
        {
            var known = _restored.GetValueOrDefault(package.Id)?.Version
                ?? _requested.FirstOrDefault(other => other.Id.Equals(package.Id, StringComparison.OrdinalIgnoreCase))?.Version;
            if (known is not null && package.Version is not (null or "*" or "*-*") && package.Version != known)
                throw new CellException(
                    $"{package.Id} version {package.Version} cannot be added because version {known} was added previously.", package.Line);
        }
        var fresh = step.Packages.Where(package =>
            !_requested.Any(other => other.Id.Equals(package.Id, StringComparison.OrdinalIgnoreCase))).DistinctBy(package => package.Id.ToUpperInvariant()).ToList();
        _sources.AddRange(step.Sources.Where(source => !_sources.Contains(source)).Distinct());
        var shown = Guid.NewGuid().ToString();
        run.Display(shown, InstallMessage("Installing Packages", [.. step.Packages.Select(package => package.Id)]));
        if (_sources.RemoveAll(source => !Uri.TryCreate(source.Trim(), UriKind.Absolute, out _)) > 0)
            throw new CellException("PackageManagement Error 999 Invalid URI: The format of the URI could not be determined.");
        if (step.Packages.Count == 0)
            return;
        IReadOnlyList<RestoredPackage> all;
        try
        {
            all = fresh.Count == 0 ? [] : await _restore.RestoreAsync(_requested, fresh, [.. _sources.Select(source => source.Trim())], run.Cancellation);
        }
        catch (CellException)
        {
            run.Update(shown, InstallMessage("Installed Packages", []));
            throw;
        }
        _requested.AddRange(fresh);
        var added = new List<string>();
        foreach (var package in all.Where(package => _restored.TryAdd(package.Id, package)))
        {
            _loader.Add(package);
            added.AddRange(package.Assemblies);
        }
        _options = _options.AddReferences(added.Select(SessionReferences.FromFile));
        run.Update(shown, InstallMessage("Installed Packages",
            [.. step.Packages.Select(package => $"{_restored[package.Id].Id}, {_restored[package.Id].Version}").Distinct().Order(StringComparer.Ordinal)]));
    }

    // Word for word what the kernel shows.
    private IReadOnlyList<FormattedValue> InstallMessage(string title, IReadOnlyList<string> items)
    {
        static string Block(string title, IReadOnlyList<string> items) => items.Count == 0
            ? "<div></div>"
            : $"<div><strong>{title}</strong><ul>{string.Concat(items.Select(item => $"<li><span>{System.Net.WebUtility.HtmlEncode(item)}</span></li>"))}</ul></div>";

        var isInstalling = title.StartsWith("Installing", StringComparison.Ordinal);
        return [new("text/html",
            $"<div>{Block("Restore sources", [.. _sources.Order(StringComparer.Ordinal)])}{Block(title, isInstalling ? items : [])}{Block(title, isInstalling ? [] : items)}</div>")];
    }

    private async Task ImportAsync(CellContext run, CellStep.Import import, int number)
    {
        var file = Path.GetFullPath(import.File, Directory.GetCurrentDirectory());
        var extension = Path.GetExtension(file).ToLowerInvariant();
        var text = await File.ReadAllTextAsync(file);
        var language = extension switch
        {
            ".html" => "html",
            ".js" => "javascript",
            ".cs" or ".csx" or ".dib" or ".ipynb" => CellCode.CSharp,
            ".fs" or ".fsx" or ".ps1" or ".http" =>
                throw new CellException($"'{import.File}' cannot be imported: .csx, .cs, .dib and .ipynb files can.", import.Line),
            // In the kernel's words.
            _ => throw new CellException($"System.InvalidOperationException: Unrecognized extension for a notebook: {Path.GetExtension(file)}", import.Line),
        };
        if (!_importing.Add(file))
            throw new CellException($"'{import.File}' imports itself.", import.Line);
        try
        {
            var origin = new SubmissionOrigin(import.File, number, IsCell: false, text, []);
            if (extension == ".ipynb")
            {
                foreach (var cell in ParseImported(text, import).Cells)
                    if (cell.IsCode)
                        await RunTextAsync(run, origin with { Source = cell.Source }, cell.Language ?? CellCode.CSharp);
                    else if (cell.Node["cell_type"].AsText() == "markdown")
                        Show(run, "markdown", cell.Source);
            }
            else
            {
                await RunTextAsync(run, extension == ".dib" ? origin with { Source = WithoutMeta(text) } : origin, language);
            }
        }
        finally
        {
            _importing.Remove(file);
        }
    }

    private static NotebookDocument ParseImported(string text, CellStep.Import import)
    {
        try
        {
            return NotebookDocument.Parse(text, import.File);
        }
        catch (NotebookFormatException e)
        {
            throw new CellException(e.Message, import.Line);
        }
    }

    // A .dib file begins with a section of JSON about its kernels; its lines stay, blank, so that the rest keep their numbers.
    private static string WithoutMeta(string text)
    {
        var inMeta = false;
        return string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line =>
        {
            if (line.StartsWith("#!", StringComparison.Ordinal))
                inMeta = line.TrimEnd() == "#!meta";
            return inMeta ? "" : line;
        }));
    }

    // Relative paths in #r and #load are the working directory's, which a cell may change.
    private void UpdateResolvers()
    {
        var current = Directory.GetCurrentDirectory();
        if (current == _resolverFolder)
            return;
        _resolverFolder = current;
        _options = _options
            .WithMetadataResolver(new SessionReferences(current))
            .WithSourceResolver(new SubmissionSources(current));
    }

    /// <summary>Finds what #load names, and leaves a submission's own name as it is: it is no file on this machine.</summary>
    private sealed class SubmissionSources(string folder) : SourceFileResolver(ImmutableArray<string>.Empty, folder)
    {
        public override string? NormalizePath(string path, string? baseFilePath) =>
            baseFilePath is null ? path : base.NormalizePath(path, baseFilePath);
    }

    // The question that the kernel asks Roslyn: whether a submission ends in an expression.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "HasReturnValue")]
    private static extern bool HasReturnValue(Script script);
}
