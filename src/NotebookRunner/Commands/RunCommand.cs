using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using NotebookRunner.Documents;
using NotebookRunner.Host;
using NotebookRunner.Reporting;
using NotebookRunner.Reporting.Book;
using Spectre.Console;

namespace NotebookRunner.Commands;

/// <summary>Executes notebooks, shows how it goes, and says at the end what came of it.</summary>
internal sealed class RunCommand
{
    private const int LeastMemory = 256;

    private readonly Argument<string[]> _paths = new("PATH")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Notebooks, folders of notebooks, or the beginnings of lessons' names; all lessons when left out.",
    };

    private readonly Option<string?> _profile = new("--profile")
    {
        HelpName = "full|quick",
        Description = "full: the article's settings; quick: small slices of the data. Left out: WORKBOOK_PROFILE, else quick.",
    };

    private readonly Option<string[]> _parameters = new("--parameter", "-p")
    {
        HelpName = "NAME=VALUE",
        Description = "Overrides a variable of the cell tagged 'parameters'; may be given several times. Without PATH, each lesson takes those that it has.",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string?> _timeout = new("--timeout")
    {
        HelpName = "SECONDS",
        Description = "The longest that a cell may run; it is then stopped and reported, and the others go on.",
    };

    private readonly Option<string?> _memory = new("--memory")
    {
        HelpName = "MB",
        Description = "The most memory that a notebook's process may take; more is a failure of its cell, and the others go on.",
    };

    private readonly Option<bool> _inPlace = new("--in-place")
    {
        Description = "Also writes the outputs back into each notebook in which every cell succeeded.",
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        HelpName = "DIR",
        Description = "Where the executed copies go. Left out: artifacts/executed.",
    };

    private readonly Option<bool> _keepGoing = new("--keep-going")
    {
        Description = "Goes on after a failed cell, with the cells and notebooks after it (the default).",
    };

    private readonly Option<bool> _failFast = new("--fail-fast")
    {
        Description = "Ends the run at the first failed cell.",
    };

    private readonly Option<string?> _trx = new("--trx")
    {
        HelpName = "FILE",
        Description = "Writes the results as a test result file, one test a notebook.",
    };

    private readonly Option<bool> _book = new("--book")
    {
        Description = "Makes the HTML book in artifacts/book afterwards (the default when lessons ran).",
    };

    private readonly Option<bool> _noBook = new("--no-book") { Description = "Makes no book." };

    internal void AddTo(Command command)
    {
        command.Add(_paths);
        foreach (var option in new Option[] { _profile, _parameters, _timeout, _memory, _inPlace, _output, _keepGoing, _failFast, _trx, _book, _noBook })
            command.Add(option);

        Check(_profile, value => value is "full" or "quick",
            value => $"--profile is '{value}', but only 'full' and 'quick' are known.");
        Check(_timeout, value => ParseSeconds(value) is > 0 and <= 1e6,
            value => $"--timeout is '{value}', but must be a number of seconds above 0.");
        Check(_memory, value => ParseMegabytes(value) is >= LeastMemory,
            value => $"--memory is '{value}', but must be a whole number of megabytes from {LeastMemory} on: the runner itself needs about as much.");
        Check(_parameters, value => value.IndexOf('=') > 0,
            value => $"-p is '{value}', but must be NAME=VALUE, such as -p epochs=3.");
        Check(_paths, value => !value.StartsWith('-'), value => $"There is no option '{value}'. See --help.");
        command.Validators.Add(result =>
        {
            if (result.GetValue(_keepGoing) && result.GetValue(_failFast))
                result.AddError("--keep-going and --fail-fast exclude each other.");
            if (result.GetValue(_book) && result.GetValue(_noBook))
                result.AddError("--book and --no-book exclude each other.");
            if (result.GetValue(_inPlace) && result.GetValue(_parameters) is { Length: > 0 })
                result.AddError("--in-place and -p exclude each other: the injected values would become part of the notebook.");
        });
        command.SetAction((result, _) => InvokeAsync(result));
    }

    private static void Check(Option option, Predicate<string> good, Func<string, string> message) =>
        option.Validators.Add(result => Check(result, good, message));

    private static void Check(Argument argument, Predicate<string> good, Func<string, string> message) =>
        argument.Validators.Add(result => Check(result, good, message));

    private static void Check(SymbolResult result, Predicate<string> good, Func<string, string> message)
    {
        foreach (var token in result.Tokens.Where(token => !good(token.Value)))
            result.AddError(message(token.Value));
    }

    private static double? ParseSeconds(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;

    private static int? ParseMegabytes(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var megabytes) ? megabytes : null;

    private async Task<int> InvokeAsync(ParseResult options)
    {
        var folder = Environment.CurrentDirectory;
        var repository = Repository.Find(folder);
        var request = new ExecutionRequest
        {
            Notebooks = repository.Resolve(options.GetValue(_paths) ?? [], folder),
            OutputFolder = options.GetValue(_output) is { } given ? Path.GetFullPath(given, folder) : repository.Executed,
            Profile = ChooseProfile(options.GetValue(_profile)),
            Parameters = Parameters(options.GetValue(_parameters) ?? []),
            ParametersWhereKnown = options.GetValue(_paths) is not { Length: > 0 },
            MemoryLimit = ParseMegabytes(options.GetValue(_memory)) is { } megabytes ? (long)megabytes << 20 : null,
            CellTimeout = ParseSeconds(options.GetValue(_timeout)) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            FailFast = options.GetValue(_failFast),
            InPlace = options.GetValue(_inPlace),
        };
        if (request.ParametersWhereKnown)
            RequireKnown(request);
        var folders = request.Notebooks.Select(notebook => Path.GetDirectoryName(notebook)!).Distinct();
        if (folders.FirstOrDefault(notebooks => Repository.IsSameFolder(request.OutputFolder, notebooks)) is { } same)
            throw new UsageException(
                $"The executed copies would replace the notebooks in {same}. Give another --output folder, or --in-place to have the outputs written back.");

        var context = new RunContext(repository, folder, request.Profile, request.OutputFolder);
        var start = DateTimeOffset.Now;
        using var interrupt = Interrupt.FromConsole();
        var console = Consoles.For(options.InvocationConfiguration.Output);
        console.WriteLine($"{request.Notebooks.Count} notebook{(request.Notebooks.Count == 1 ? "" : "s")}, {request.Profile} profile.");
        var result = await ExecuteAsync(console, options.InvocationConfiguration.Output, request, interrupt);

        var made = MakesBook(options, request, repository) && !interrupt.Kill.IsCancellationRequested
            ? WriteBook(console, repository, result)
            : null;
        Summary.Write(console, result, context, made);
        if (options.GetValue(_trx) is { } file)
            TrxReport.Write(Path.GetFullPath(file, folder), result, context, start);
        return result.ExitCode;
    }

    /// <summary>All lessons take a parameter where they have it; one that none has is a mistake.</summary>
    private static void RequireKnown(ExecutionRequest request)
    {
        var known = request.Notebooks.Select(notebook => (Name: Path.GetFileNameWithoutExtension(notebook), Parameters: NotebookParameters.Known(notebook))).ToList();
        if (request.Parameters.Keys.FirstOrDefault(name => !known.Any(notebook => notebook.Parameters.ContainsKey(name))) is { } unknown)
            throw new UsageException($"No lesson has a parameter '{unknown}'. They have:" + string.Concat(
                known.Where(notebook => notebook.Parameters.Count > 0).Select(notebook =>
                    $"\n  {notebook.Name}: {string.Join(", ", notebook.Parameters.Select(parameter => $"{parameter.Value} {parameter.Key}"))}")));
    }

    /// <summary>Makes the book; what is wrong with one lesson's file must not hide how the run went.</summary>
    private static BookResult? WriteBook(IAnsiConsole console, Repository repository, ExecutionResult result)
    {
        try
        {
            return BookWriter.Write(repository, Chapters(repository, result), repository.Book);
        }
        catch (Exception e) when (e is UsageException or IOException or UnauthorizedAccessException)
        {
            console.MarkupLineInterpolated($"[yellow]There is no book: {e.Message}[/]");
            return null;
        }
    }

    private static async Task<ExecutionResult> ExecuteAsync(IAnsiConsole console, TextWriter plain, ExecutionRequest request, Interrupt interrupt)
    {
        if (!console.Profile.Capabilities.Interactive)
            return await NotebookSequence.ExecuteAsync(request, new PlainProgress(plain), interrupt);
        return await console.Status().StartAsync("starting",
            status => NotebookSequence.ExecuteAsync(request, new LiveProgress(console, status), interrupt));
    }

    private bool MakesBook(ParseResult options, ExecutionRequest request, Repository repository) =>
        !options.GetValue(_noBook) &&
        (options.GetValue(_book) || request.Notebooks.Intersect(repository.Lessons()).Any());

    /// <summary>The lessons, from this run's copies where they ran, and whatever else ran.</summary>
    private static List<BookSource> Chapters(Repository repository, ExecutionResult result)
    {
        var ran = result.Notebooks.Where(notebook => File.Exists(notebook.Job.ExecutedCopy))
            .ToDictionary(notebook => notebook.Job.Notebook, notebook => notebook.Job.ExecutedCopy);
        var lessons = BookCommand.Sources(repository, repository.Lessons(), committed: false)
            .Select(source => ran.Remove(source.Notebook, out var copy) ? source with { Executed = copy } : source);
        return [.. lessons.ToList(), .. ran.Select(other => new BookSource(other.Key, other.Value))];
    }

    private static string ChooseProfile(string? given)
    {
        var profile = given ?? Environment.GetEnvironmentVariable("WORKBOOK_PROFILE")?.ToLowerInvariant();
        return profile switch
        {
            null or "" => "quick",
            "full" or "quick" => profile,
            _ => throw new UsageException(
                $"WORKBOOK_PROFILE is '{profile}', but only 'full' and 'quick' are known. Set it to one of them, or unset it for 'quick'."),
        };
    }

    private static Dictionary<string, string> Parameters(string[] given)
    {
        var values = new Dictionary<string, string>();
        foreach (var pair in given)
        {
            var equals = pair.IndexOf('=');
            values[pair[..equals].Trim()] = pair[(equals + 1)..];
        }
        return values;
    }
}
