using System.CommandLine;
using NotebookRunner.Documents;
using NotebookRunner.Host;
using NotebookRunner.Reporting;
using NotebookRunner.Reporting.Book;
using Spectre.Console;

namespace NotebookRunner.Commands;

/// <summary>Executes notebooks, shows how it goes, and says at the end what came of it.</summary>
internal static class RunCommand
{
    internal static void AddTo(Command command)
    {
        var options = new RunOptions();
        options.AddTo(command);
        command.SetAction((given, _) => InvokeAsync(options, given));
    }

    private static async Task<int> InvokeAsync(RunOptions options, ParseResult given)
    {
        var folder = Environment.CurrentDirectory;
        var repository = Repository.Find(folder);
        var request = options.Request(given, repository, folder);
        var trx = options.Trx(given, folder);
        RequireKnownParameters(request);
        RequireOtherFolder(request);

        var context = new RunContext(repository, folder, request.Profile, request.OutputFolder, DateTimeOffset.Now);
        var output = given.InvocationConfiguration.Output;
        var console = Consoles.For(output);
        using var interrupt = Interrupt.FromConsole();
        console.WriteLine($"{request.Notebooks.Count} notebook{(request.Notebooks.Count == 1 ? "" : "s")}, {request.Profile} profile.");
        var result = Showable(await ExecuteAsync(console, output, request, interrupt), context);

        var isReported = trx is null || WriteResults(console, trx, result, context);
        var isWanted = options.Book(given) && !interrupt.Kill.IsCancellationRequested && result.Ran(repository.Lessons());
        Summary.Write(console, result, context, isWanted ? WriteBook(console, repository, result) : null);
        return isReported || result.ExitCode != ExitCodes.Success ? result.ExitCode : ExitCodes.Failure;
    }

    /// <summary>All lessons take a parameter where they have it; one that none has is a mistake.</summary>
    private static void RequireKnownParameters(ExecutionRequest request)
    {
        if (!request.ParametersWhereKnown)
            return;
        var known = request.Notebooks
            .Select(notebook => (Name: Path.GetFileNameWithoutExtension(notebook), Parameters: NotebookParameters.Known(notebook)))
            .Where(notebook => notebook.Parameters.Count > 0).ToList();
        var unknown = request.Parameters.Keys.FirstOrDefault(name => !known.Any(notebook => notebook.Parameters.ContainsKey(name)));
        if (unknown is not null)
            throw new UsageException($"No lesson has a parameter '{unknown}'. They have:" + string.Concat(known.Select(notebook =>
                $"\n  {notebook.Name}: {string.Join(", ", notebook.Parameters.Select(one => $"{one.Value} {one.Key}"))}")));
    }

    private static void RequireOtherFolder(ExecutionRequest request)
    {
        var folders = request.Notebooks.Select(notebook => Path.GetDirectoryName(notebook)!).Distinct();
        if (folders.FirstOrDefault(notebooks => Repository.IsSameFolder(request.OutputFolder, notebooks)) is { } same)
            throw new UsageException($"The executed copies would replace the notebooks in {same}. " +
                "Give another --output folder, or --in-place to have the outputs written back.");
    }

    private static async Task<ExecutionResult> ExecuteAsync(
        IAnsiConsole console, TextWriter plain, ExecutionRequest request, Interrupt interrupt)
    {
        if (!console.Profile.Capabilities.Interactive)
            return await NotebookSequence.ExecuteAsync(request, new PlainProgress(plain), interrupt);
        return await console.Status().StartAsync("starting",
            status => NotebookSequence.ExecuteAsync(request, new LiveProgress(console, status), interrupt));
    }

    /// <summary>The results as they can be shown. Each is shown to nobody first, so that one that cannot be hides no other.</summary>
    internal static ExecutionResult Showable(ExecutionResult result, RunContext context)
    {
        return result with { Notebooks = [.. result.Notebooks.Select(Tried)] };

        NotebookResult Tried(NotebookResult notebook)
        {
            try
            {
                var alone = result with { Notebooks = [notebook] };
                Summary.Write(Consoles.For(TextWriter.Null), alone, context, null);
                TrxReport.Build(alone, context).Save(Stream.Null);
                return notebook;
            }
            catch (Exception e)
            {
                return new NotebookResult(notebook.Job, NotebookStatus.Failed) { Elapsed = notebook.Elapsed }
                    .Failed($"It cannot be shown: {e.Message}");
            }
        }
    }

    private static bool WriteResults(IAnsiConsole console, string trx, ExecutionResult result, RunContext context)
    {
        try
        {
            TrxReport.Write(trx, result, context);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            console.MarkupLineInterpolated($"[red]The results (--trx) are not written: {FileTrouble.Words(e)}[/]");
            return false;
        }
    }

    /// <summary>Makes the book; what is wrong with it must not hide how the run went.</summary>
    private static BookResult? WriteBook(IAnsiConsole console, Repository repository, ExecutionResult result)
    {
        try
        {
            var book = BookCommand.Write(repository, Chapters(repository, result), repository.Book);
            foreach (var reason in book.LeftOut)
                console.MarkupLineInterpolated($"[yellow]Left out of the book: {Ansi.Plain(reason)}[/]");
            return book;
        }
        catch (Exception e)
        {
            console.MarkupLineInterpolated($"[yellow]There is no book: {FileTrouble.Words(e)}[/]");
            return null;
        }
    }

    /// <summary>The lessons, from this run's copies where they ran, and whatever else ran.</summary>
    private static List<BookSource> Chapters(Repository repository, ExecutionResult result)
    {
        var ran = result.Notebooks.Where(notebook => ExecutedCopy.IsOf(notebook.Job.ExecutedCopy, notebook.Job.Notebook))
            .ToDictionary(notebook => notebook.Job.Notebook, notebook => notebook.Job.ExecutedCopy, Repository.SamePath);
        var lessons = BookCommand.Sources(repository, repository.Lessons(), committed: false)
            .Select(source => ran.Remove(source.Notebook, out var copy) ? source with { Executed = copy } : source);
        return [.. lessons.ToList(), .. ran.Select(other => new BookSource(other.Key, other.Value))];
    }
}
