using System.Globalization;
using NotebookHelpers;

namespace Experiments;

/// <summary>
/// The results as the README shows them, made of the committed results files alone: what <c>report --readme</c> writes
/// between two marks in README.md and in data/results/README.md, and the chart under docs/.
/// </summary>
internal sealed class ResultsSection
{
    private const string Begin = "<!-- results: written by 'report --readme' from data/results, not by hand -->", End = "<!-- end of results -->";
    private readonly string _root;
    private readonly IReadOnlyList<(string Name, IReadOnlyList<ExperimentResult> Results)> _files;

    internal ResultsSection(string root)
    {
        _root = root;
        string[] order = ["baseline", "recipe", "beyond", "best", "ingredients", "fashion"];
        _files = [.. Directory.EnumerateFiles(Path.Combine(root, "data", "results"), "*.jsonl")
            .Select(path => (Name: Path.GetFileNameWithoutExtension(path), Results: Results(path)))
            .Where(file => file.Results.Count > 0)
            .OrderBy(file => (uint)Array.IndexOf(order, file.Name)).ThenBy(file => file.Name, StringComparer.Ordinal)];
    }

    /// <summary>Every file that the results decide, by its path in the repository, as it should be.</summary>
    /// <exception cref="InvalidDataException">A README has no marks.</exception>
    internal IReadOnlyDictionary<string, string> Files()
    {
        var files = new Dictionary<string, string>
        {
            ["README.md"] = Between("README.md", ForReadme()),
            ["data/results/README.md"] = Between("data/results/README.md", Sources()),
        };
        if (Ingredients() is { } comparison)
            files["docs/ingredients.svg"] = Chart(comparison) + "\n";
        return files;
    }

    private string ForReadme()
    {
        List<string> parts = [
            "Test accuracy on MNIST's 10,000 test digits in %, mean ± standard deviation over the seeds. *Honest*: the epoch is chosen on validation digits held out of training, and the test set is read once for each seed. *As the article chose*: the best epoch on the test set itself, which flatters."
                + (_files.Any(file => IsAccuracy(file.Name) && file.Results.Any(result => result.Options.ValidationImages == 0)) ? " Where no digits were held out, the last epoch's weights count, whatever they are." : ""),
            Accuracies()];
        if (Ingredients() is { } comparison)
            parts.AddRange([
                $"What is each ingredient worth? {comparison.Variants.Count} variants, {Joined(comparison.Variants.Select(variant => $"{variant.Accuracy.Count}"))} seeds each, {Thousands(Of("ingredients")[0].Options.ImagesSeen)} images seen of {Thousands(Of("ingredients")[0].Options.TrainImages)} digits; [lesson 6](notebooks/06-experiments.ipynb) explains the intervals and the rule behind the conclusions.",
                "![Each variant's difference from the baseline with its 95 % interval](docs/ingredients.svg)",
                "<details><summary>The same in numbers</summary>", comparison.ToMarkdown(), "</details>"]);
        foreach (var (file, what) in new[]
                 {
                     ("training-benchmark.txt", "How fast is training, beside the plain loop of TorchSharp's examples?"),
                     ("time-to-accuracy.txt", "How long does it take from a cold start to 99 % and to 99.5 % of the test set?"),
                     ("kill-test.txt", "Is a training ever lost? One is killed at random moments."),
                 })
            if (Path.Combine(_root, "data", "results", file) is var path && File.Exists(path))
                parts.AddRange([$"<details><summary>{what} What the measurement printed</summary>", $"```text\n{File.ReadAllText(path).ReplaceLineEndings("\n").Trim()}\n```", "</details>"]);
        return string.Join("\n\n", parts);
    }

    private string Accuracies() => Table(["training", "parameters", "images seen", "seeds", "the article", "as the article chose", "honest", "minutes a run, 1 core"],
        _files.Where(file => IsAccuracy(file.Name)).SelectMany(file => file.Results.GroupBy(result => result.Variant).Select(group => new[]
        {
            Title(file.Name, group.Key),
            Joined(group.Select(result => Thousands(result.Parameters))),
            Joined(group.Select(result => Thousands(result.Options.ImagesSeen))),
            $"{group.Count()}",
            (file.Name, group.Key) switch
            {
                ("baseline", _) => Percent(Published.BaselineBest),
                ("recipe", "shifts and flip") => Percent(Published.AugmentedValidationAccuracy.Max()),
                _ => "",
            },
            group.All(result => result.FlatteredAccuracy() is not null) ? Spread(group.Select(result => result.FlatteredAccuracy()!.Value)) : "",
            $"**{Spread(group.Select(result => result.TestAccuracy))}**",
            (group.Average(result => result.Seconds * result.Threads) / 60).ToString("0.0", CultureInfo.InvariantCulture),
        })));

    private static bool IsAccuracy(string file) => file is "baseline" or "recipe" or "beyond" or "best";

    private static string Title(string file, string variant) => (file, variant) switch
    {
        ("baseline", "corrected") => "the article's network, its two bugs corrected",
        ("recipe", "shifts") => "its recipe: batch normalisation, dropout, shifts",
        ("recipe", "shifts and flip") => "the same with mirrored digits, as in the article",
        ("recipe", _) => "the recipe with " + variant,
        _ => variant,
    };

    private string Sources() => Table(["file", "variants", "seeds", "trainings", "core minutes in all", "data", "threads", "machine", "commit"], _files.Select(file => new[]
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

    private Comparison? Ingredients() => Of("ingredients") is { Count: > 0 } results ? Comparison.Of(results, Grid("ingredients")!.Baseline) : null;

    private static string Chart(Comparison comparison) => Figure.Intervals(
        $"Each change beside the {comparison.Baseline}", "difference of the test accuracy, percentage points (mean and 95 % interval)", "change",
        [.. comparison.Variants.Where(variant => variant.Difference is not null).OrderByDescending(variant => variant.Difference!.Value.Mean)
            .Select(variant => (variant.Variant, 100 * variant.Difference!.Value.Low, 100 * variant.Difference!.Value.Mean, 100 * variant.Difference!.Value.High))]).ToSvg();

    private IReadOnlyList<ExperimentResult> Of(string name) => _files.FirstOrDefault(file => file.Name == name).Results ?? [];

    private IReadOnlyList<ExperimentResult> Results(string path)
    {
        var results = ResultsFile.Read(path);
        return Grid(Path.GetFileNameWithoutExtension(path))?.Of(results) ?? results;
    }

    private ExperimentGrid? Grid(string name) =>
        Path.Combine(_root, "src", "Experiments", "grids", name + ".json") is var path && File.Exists(path) ? ExperimentGrid.Load(path) : null;

    private string Between(string file, string content)
    {
        var text = File.ReadAllText(Path.Combine(_root, file)).ReplaceLineEndings("\n");
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        return begin >= 0 && end > begin
            ? $"{text[..(begin + Begin.Length)]}\n{content}\n{text[end..]}"
            : throw new InvalidDataException($"{file} has no place for the results: expected the lines '{Begin}' and '{End}'.");
    }

    private static string Table(string[] headers, IEnumerable<string[]> rows) => string.Join('\n',
        new[] { headers, [.. headers.Select((_, column) => column == 0 ? "---" : "---:")] }.Concat(rows).Select(row => $"| {string.Join(" | ", row)} |"));

    private static string Spread(IEnumerable<double> values) =>
        Estimate.Of([.. values]) is var estimate && estimate.Count > 1 ? $"{Percent(estimate.Mean, 3)} ± {Percent(estimate.StandardDeviation, 3)}" : Percent(estimate.Mean, 3);

    private static string Joined(IEnumerable<string> texts) => string.Join(", ", texts.Distinct());

    private static string Percent(double fraction, int digits = 2) => (100 * fraction).ToString("F" + digits, CultureInfo.InvariantCulture);

    private static string Thousands(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
