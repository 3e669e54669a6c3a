using System.Globalization;
using NotebookHelpers;

namespace Experiments;

/// <summary>
/// The results as the documents show them, made of the committed results files alone: what <c>report --readme</c> writes between
/// two marks in README.md (one table, one chart), docs/measurements.md (everything) and data/results/README.md, and the charts.
/// </summary>
internal sealed class ResultsSection
{
    private const string Begin = "<!-- results: written by 'report --readme' from data/results, not by hand -->";
    private const string End = "<!-- end of results -->";
    private const string Measurements = "docs/measurements.md";

    /// <summary>The grids whose variants are judged; README's chart is that of the first with most seeds.</summary>
    private static readonly (string Grid, string Question)[] Judged =
    [
        ("ablation", "Shifts, batch normalisation, dropout, flips: which of them did it?"),
        ("ingredients", "What is each ingredient worth on a short budget?"),
        ("fashion", "And on pictures of clothes?"),
    ];

    /// <summary>The grids whose trainings stand in the tables of accuracies, in this order.</summary>
    private static readonly string[] Trained = ["baseline", "recipe", "beyond", "pair", "best", "four"];

    /// <summary>What measurements printed, and the commands that print it.</summary>
    private static readonly (string File, string Question, string Command)[] Prints =
    [
        ("training-benchmark.txt", "How fast is training, beside the plain loop of TorchSharp's examples?",
            "`dotnet run -c Release --project benchmarks -- training --rounds 7`"),
        ("time-to-accuracy.txt", "How long does it take from a cold start to 99 % and to 99.5 % of the test set?",
            "`dotnet run -c Release --project benchmarks -- time-to-accuracy src/Experiments/grids/time.json --variant \"one epoch\"`, "
            + "then `--variant \"three epochs\"`"),
        ("jobs.txt", "How many jobs at once, and with how many threads each?",
            "`dotnet run -c Release --project benchmarks -- jobs src/Experiments/grids/jobs.json`"),
        ("kill-test.txt", "Is a training ever lost? One is killed at random moments.",
            "`dotnet test`, which leaves it in `artifacts/`"),
    ];

    private readonly string _root;
    private readonly IReadOnlyList<(string Name, IReadOnlyList<ExperimentResult> Results)> _files;
    private readonly IReadOnlyList<(string Grid, string Question, Judgement Judgement)> _compared;

    internal ResultsSection(string root)
    {
        _root = root;
        string[] order = [.. Trained, "ablation", "ingredients", "fashion", "flattery", "other-digits"];
        _files = [.. Directory.EnumerateFiles(Path.Combine(root, "data", "results"), "*.jsonl")
            .Select(path => (Name: Path.GetFileNameWithoutExtension(path), Results: Results(path)))
            .Where(file => file.Results.Count > 0)
            .OrderBy(file => (uint)Array.IndexOf(order, file.Name)).ThenBy(file => file.Name, StringComparer.Ordinal)];
        _compared = [.. Judged.Where(one => Of(one.Grid).Count > 0)
            .Select(one => (one.Grid, one.Question, Judgement: Judgement.Of(Of(one.Grid), Grid(one.Grid)!.Baseline)))
            .Where(one => one.Judgement.Variants.Any(variant => variant.Paired is not null))];
    }

    /// <summary>Every file that the results decide, by its path in the repository, as it should be.</summary>
    /// <exception cref="InvalidDataException">A document has no marks.</exception>
    internal IReadOnlyDictionary<string, string> Files()
    {
        var files = new Dictionary<string, string>
        {
            ["README.md"] = Between("README.md", ForReadme()),
            [Measurements] = Between(Measurements, ForMeasurements()),
            ["data/results/README.md"] = Between("data/results/README.md", ForResults()),
        };
        foreach (var (grid, _, judgement) in _compared)
            files[ChartOf(grid)] = judgement.Differences().ToSvg() + "\n";
        return files;
    }

    private IEnumerable<string> ForReadme()
    {
        yield return "Test accuracy on MNIST's 10,000 test digits in %, mean ± 95 % interval of the mean, and the standard deviation over "
            + "the seeds in points. The epoch is chosen on validation digits held out of training, and the test set is read once for each "
            + "seed; where no digits were held out, the last epoch's weights count, whatever they are.";
        yield return Accuracies();
        var (grid, question, judgement) = _compared.MaxBy(one => one.Judgement.Variants.Min(variant => variant.Seeds));
        yield return $"{question} {Asked(grid, judgement)} [Lesson 7](notebooks/07-experiments.ipynb) explains the "
            + $"intervals; [measurements]({Measurements}) has the numbers and the verdicts, and those of speed, memory and safety.";
        yield return $"![Each variant's difference from the baseline with its interval]({ChartOf(grid)})";
    }

    private IEnumerable<string> ForMeasurements()
    {
        yield return "## How much does it flatter to choose on the test set?";
        yield return "Test accuracy in %, mean ± 95 % interval of the mean. *As the article chose*: the best epoch on the test set "
            + "itself. *Honest*: the epoch is chosen on validation digits held out of training.";
        yield return Flattery();
        if (Of("flattery") is { Count: > 0 } flattered)
            yield return $"{Thousands(flattered[0].Options.TrainImages!.Value)} digits, {flattered[0].Epochs.Count} epochs: "
                + Findings.Flattery(flattered);
        foreach (var (index, (grid, question, judgement)) in _compared.Index())
        {
            yield return $"## {question}";
            yield return Asked(grid, judgement);
            if (index == 0)
                yield return Rule();
            yield return $"![Each variant's difference from the baseline with its interval]({Path.GetFileName(ChartOf(grid))})";
            yield return judgement.ToMarkdown();
            if (ReportCommand.Versions(Of(grid)) is { } mixed)
                yield return mixed;
        }
        if (Of("other-digits") is { Count: > 0 } elsewhere)
        {
            yield return "## 99 % of what?";
            yield return "The finished networks on digits that nobody tuned them for. Accuracy in %, mean ± 95 % interval; trainings of "
                + $"each: {string.Join(", ", elsewhere.GroupBy(result => result.Variant).Select(group => group.Count()))}; "
                + "*sure*: the share of images to whose prediction the network gives 90 % or more. Clothes are no digits: no answer to "
                + "them is right, and what counts as one is chance.";
            yield return Findings.Elsewhere(elsewhere);
        }
        foreach (var (file, question, _) in Printed)
        {
            yield return $"## {question}";
            yield return $"What the measurement printed, as `data/results/{file}` has it:";
            yield return $"```text\n{File.ReadAllText(Result(file)).ReplaceLineEndings("\n").Trim()}\n```";
        }
    }

    private IEnumerable<(string File, string Question, string Command)> Printed => Prints.Where(print => File.Exists(Result(print.File)));

    private string Result(string file) => Path.Combine(_root, "data", "results", file);

    private string Asked(string grid, Judgement judgement)
    {
        var (options, variants) = (Of(grid)[0].Options, judgement.Variants);
        var seeds = Joined(variants.Select(variant => variant.Seeds).Order().Select(count => $"{count}"));
        return $"{variants.Count} variants, {seeds} seeds each, "
            + $"{Thousands(options.ImagesSeen)} images seen, drawn from {Thousands(options.TrainImages!.Value)}.";
    }

    private string Accuracies() => Table(
        ["training", "parameters", "images seen", "seeds", "the article", "test accuracy", "standard deviation", "minutes a run, 1 core"],
        Trainings().Select(group => new[]
        {
            Title(group.File, group.Variant),
            Joined(group.Results.Select(result => Thousands(result.Parameters))),
            Joined(group.Results.Select(result => Thousands(result.Options.ImagesSeen))),
            $"{group.Results.Count}",
            (group.File, group.Variant) switch
            {
                ("baseline", _) => Points.Percent(Published.BaselineBest),
                ("recipe", "shifts and flip") => Points.Percent(Published.AugmentedValidationAccuracy.Max()),
                _ => "",
            },
            $"**{Level(group.Results.Select(result => result.TestAccuracy))}**",
            Deviation(group.Results.Select(result => result.TestAccuracy)),
            (group.Results.Average(result => result.Seconds * result.Threads) / 60).ToString("0.0", CultureInfo.InvariantCulture),
        }));

    private string Flattery() => Table(["training", "seeds", "as the article chose", "honest"],
        Trainings().Where(group => group.Results.All(result => result.FlatteredAccuracy() is not null)).Select(group => new[]
        {
            Title(group.File, group.Variant),
            $"{group.Results.Count}",
            Level(group.Results.Select(result => result.FlatteredAccuracy()!.Value)),
            Level(group.Results.Select(result => result.TestAccuracy)),
        }));

    private IEnumerable<(string File, string Variant, IReadOnlyList<ExperimentResult> Results)> Trainings() => _files
        .Where(file => Trained.Contains(file.Name))
        .SelectMany(file => file.Results.GroupBy(result => result.Variant)
            .Select(group => (file.Name, group.Key, (IReadOnlyList<ExperimentResult>)[.. group])));

    private static string Title(string file, string variant) => (file, variant) switch
    {
        ("baseline", "corrected") => "the article's network, its two bugs corrected",
        ("recipe", "shifts") => "its recipe: batch normalisation, dropout, shifts",
        ("recipe", "shifts and flip") => "the same with mirrored digits, as in the article",
        ("recipe", _) => "the recipe with " + variant,
        ("four", _) => variant + ", fresh seeds",
        _ => variant,
    };

    private IEnumerable<string> ForResults()
    {
        yield return Sources();
        yield return "Beside them is what measurements printed, as it was printed:";
        yield return Table(["file", "printed by"], Printed.Select(print => new[] { $"`{print.File}`", print.Command }), left: [0, 1]);
    }

    private string Sources() => Table(
        ["file", "variants", "seeds", "trainings", "core minutes in all", "data", "threads", "machine", "commit"],
        _files.Select(file => new[]
        {
            $"`{file.Name}.jsonl`",
            $"{file.Results.DistinctBy(result => result.Variant).Count()}",
            Joined(file.Results.GroupBy(result => result.Variant).Select(group => $"{group.Count()}")),
            $"{file.Results.Count}",
            (file.Results.Sum(result => result.Seconds * result.Threads) / 60).ToString("N0", CultureInfo.InvariantCulture),
            Joined(file.Results.Select(result => result.DataSet)),
            Joined(file.Results.Select(result => $"{result.Threads}")),
            Joined(file.Results.Select(result => result.Machine)),
            Joined(file.Results.Select(result => result.Code.Split('+') is [_, { Length: > 7 } commit] ? commit[..7] : result.Code)),
        }));

    private static string Rule() =>
        "Judged by the accuracy on validation digits; the test accuracy stands beside it and decides nothing. Differences from the "
        + "baseline are in points: paired seed by seed, and not paired. All intervals of differences in validation accuracy hold "
        + "together in 95 % of such grids (Bonferroni); that of the test accuracy holds for itself. *Correlation*: of variant and "
        + "baseline over the seeds; where it is negative, pairing widens the interval. *Sign patterns*: the share of all patterns of "
        + "signs that give a mean as far from 0. "
        + $"A verdict needs {Judgement.LeastPairs} pairs: with 5, even all signs alike are 2 patterns of 32, over 6 %.";

    private static string ChartOf(string grid) => $"docs/{grid}.svg";

    private IReadOnlyList<ExperimentResult> Of(string name) => _files.FirstOrDefault(file => file.Name == name).Results ?? [];

    private IReadOnlyList<ExperimentResult> Results(string path)
    {
        var results = ResultsFile.Read(path);
        return Grid(Path.GetFileNameWithoutExtension(path))?.Of(results) ?? results;
    }

    private ExperimentGrid? Grid(string name) =>
        Path.Combine(_root, "src", "Experiments", "grids", name + ".json") is var path && File.Exists(path)
            ? ExperimentGrid.Load(path)
            : null;

    private string Between(string file, IEnumerable<string> paragraphs)
    {
        var text = File.ReadAllText(Path.Combine(_root, file)).ReplaceLineEndings("\n");
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        return begin >= 0 && end > begin
            ? $"{text[..(begin + Begin.Length)]}\n{string.Join("\n\n", paragraphs)}\n{text[end..]}"
            : throw new InvalidDataException($"{file} has no place for the results: expected the lines '{Begin}' and '{End}'.");
    }

    private static string Table(string[] headers, IEnumerable<string[]> rows, int[]? left = null) =>
        Points.Markdown(headers, rows, left ?? [0]);

    private static string Level(IEnumerable<double> values) => Points.Level(Estimate.Of([.. values]), digits: 3);

    private static string Deviation(IEnumerable<double> values) => Estimate.Of([.. values]) is var estimate && estimate.Count > 1
        ? Points.Percent(estimate.StandardDeviation, 3)
        : "";

    private static string Joined(IEnumerable<string> texts) => string.Join(", ", texts.Distinct());

    private static string Thousands(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
