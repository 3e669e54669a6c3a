using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using NotebookRunner.Host;
using NotebookRunner.Reporting;

namespace NotebookRunner.Commands;

/// <summary>What may be typed after <c>run</c>, and what it must look like.</summary>
internal sealed class RunOptions
{
    private const int LeastMemory = 256, MostMemory = 10_000_000;
    private const double LongestTimeout = 1e6;

    private readonly Argument<string[]> _paths = NotebookPaths.Argument();

    private readonly Option<string?> _profile = new("--profile")
    {
        HelpName = "full|quick",
        Description = "full: the article's settings; quick: small slices of the data. Left out: WORKBOOK_PROFILE, else quick.",
    };

    private readonly Option<string[]> _parameters = new("--parameter", "-p")
    {
        HelpName = "NAME=VALUE",
        Description = "Overrides a variable of the cell tagged 'parameters'; may be given several times. " +
            "Without PATH, each lesson takes those that it has.",
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

    private readonly Option<bool> _failFast = new("--fail-fast")
    {
        Description = "Ends the run at the first failed cell. Left out: the cells and notebooks after it run too.",
    };

    private readonly Option<string?> _trx = new("--trx")
    {
        HelpName = "FILE",
        Description = "Writes the results as a test result file, one test a notebook.",
    };

    private readonly Option<bool> _noBook = new("--no-book")
    {
        Description = "Makes no book. Left out: a book of all lessons in artifacts/book, when a lesson ran.",
    };

    /// <summary>Adds the options and their checks.</summary>
    internal void AddTo(Command command)
    {
        command.Add(_paths);
        foreach (var option in new Option[] { _profile, _parameters, _timeout, _memory, _inPlace, _output, _failFast, _trx, _noBook })
            command.Add(option);

        _profile.Validators.Add(Each(value => value is "full" or "quick",
            value => $"--profile is '{value}', but only 'full' and 'quick' are known."));
        _timeout.Validators.Add(Each(value => Seconds(value) is > 0 and <= LongestTimeout,
            value => $"--timeout is '{value}', but must be a number of seconds above 0, at most {LongestTimeout:N0}."));
        _memory.Validators.Add(Each(value => Megabytes(value) is >= LeastMemory and <= MostMemory,
            value => $"--memory is '{value}', but must be a whole number of megabytes from {LeastMemory} to {MostMemory:N0}: " +
                $"the runner itself needs about {LeastMemory}."));
        _parameters.Validators.Add(Each(value => value.IndexOf('=') > 0,
            value => $"-p is '{value}', but must be NAME=VALUE, such as -p epochs=3."));
        _paths.Validators.Add(Each(value => !value.StartsWith('-'), value => $"There is no option '{value}'. See --help."));
        command.Validators.Add(result =>
        {
            if (result.GetValue(_inPlace) && result.GetValue(_parameters) is { Length: > 0 })
                result.AddError("--in-place and -p exclude each other: the injected values would become part of the notebook.");
        });
    }

    /// <summary>What the run is to do.</summary>
    /// <exception cref="UsageException">A path names nothing, or WORKBOOK_PROFILE is no profile.</exception>
    internal ExecutionRequest Request(ParseResult given, Repository repository, string folder) => new()
    {
        Notebooks = repository.Resolve(given.GetValue(_paths) ?? [], folder),
        OutputFolder = Commands.OutputFolder.Of(given.GetValue(_output), folder) ?? repository.Executed,
        Profile = Profile(given.GetValue(_profile)),
        Parameters = Pairs(given.GetValue(_parameters) ?? []),
        ParametersWhereKnown = given.GetValue(_paths) is not { Length: > 0 },
        MemoryLimit = Megabytes(given.GetValue(_memory)) is { } megabytes ? (long)megabytes << 20 : null,
        CellTimeout = Seconds(given.GetValue(_timeout)) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        FailFast = given.GetValue(_failFast),
        InPlace = given.GetValue(_inPlace),
    };

    /// <summary>The test result file's full path; null for none.</summary>
    /// <exception cref="UsageException">What stands there is no such file.</exception>
    internal string? Trx(ParseResult given, string folder)
    {
        if (given.GetValue(_trx) is not { } name)
            return null;
        var file = Path.GetFullPath(name, folder);
        if (Directory.Exists(file) || (File.Exists(file) && !PlainFile.Is(file)))
            throw new UsageException($"--trx is '{name}', but that is a folder, a pipe or a device: name a file.");
        if (File.Exists(file) && !TrxReport.MayReplace(file))
            throw new UsageException($"--trx is '{name}', but that file holds something else, which would be lost: name another.");
        return Commands.OutputFolder.InTheWay(Path.GetDirectoryName(file)) is { } other
            ? throw new UsageException($"--trx is '{name}', but {other} is a file: name one in a folder.")
            : file;
    }

    /// <summary>Whether a book is wanted.</summary>
    internal bool Book(ParseResult given) => !given.GetValue(_noBook);

    private static Action<SymbolResult> Each(Predicate<string> good, Func<string, string> message) => result =>
    {
        foreach (var token in result.Tokens.Where(token => !good(token.Value)))
            result.AddError(message(token.Value));
    };

    private static double? Seconds(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;

    private static int? Megabytes(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var megabytes) ? megabytes : null;

    private static string Profile(string? given)
    {
        var profile = given ?? Environment.GetEnvironmentVariable("WORKBOOK_PROFILE")?.ToLowerInvariant();
        return profile switch
        {
            null or "" => "quick",
            "full" or "quick" => profile,
            _ => throw new UsageException($"WORKBOOK_PROFILE is '{profile}', but only 'full' and 'quick' are known. " +
                "Set it to one of them, or unset it for 'quick'."),
        };
    }

    private static Dictionary<string, string> Pairs(string[] given)
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
