using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookHelpers;

/// <summary>Variants × seeds: a list of jobs.</summary>
public sealed class ExperimentGrid
{
    /// <summary>Makes a grid.</summary>
    /// <param name="name">Its name, also of its results file.</param>
    /// <param name="baseline">The variant that the others are compared with.</param>
    /// <param name="seeds">At least one, each once.</param>
    /// <param name="variants">Names and options, each once.</param>
    /// <exception cref="ArgumentException">The baseline is no variant, something is empty or is there twice.</exception>
    public ExperimentGrid(
        string name, string baseline, IReadOnlyList<int> seeds, params (string Name, ExperimentOptions Options)[] variants)
    {
        if (!variants.Any(variant => variant.Name == baseline))
            throw new ArgumentException(
                $"The baseline '{baseline}' is none of the variants: {string.Join(", ", variants.Select(variant => variant.Name))}.",
                nameof(baseline));
        if (seeds.Count == 0 || seeds.Distinct().Count() != seeds.Count)
            throw new ArgumentException($"A grid has at least one seed and each once, but got: {string.Join(", ", seeds)}.", nameof(seeds));
        if (variants.GroupBy(variant => variant.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"The variant '{twice.Key}' is there twice.", nameof(variants));
        if (variants.GroupBy(variant => variant.Options).FirstOrDefault(same => same.Count() > 1) is { } equal)
            throw new ArgumentException(
                $"The variants {string.Join(" and ", equal.Select(variant => $"'{variant.Name}'"))} have the same options.",
                nameof(variants));
        (Name, Baseline, Seeds, Variants) = (name, baseline, [.. seeds], [.. variants.Select(variant => variant.Name)]);
        // Seed by seed: whatever is finished of a grid compares all variants.
        Jobs = [.. Seeds.SelectMany(seed => variants.Select(variant => new ExperimentJob(variant.Name, variant.Options, seed)))];
    }

    /// <summary>A grid of the repository, by its name.</summary>
    /// <param name="name">That of its file in src/Experiments/grids, without the ending.</param>
    /// <exception cref="FileNotFoundException">There is none of this name.</exception>
    public static ExperimentGrid Named(string name)
    {
        var path = Path.Combine(Folder, name + ".json");
        return File.Exists(path) ? Load(path) : throw new FileNotFoundException(
            $"There is no grid '{name}': known are {string.Join(", ", Paths.Select(Path.GetFileNameWithoutExtension))}.", path);
    }

    /// <summary>The grid's name.</summary>
    public string Name { get; }

    /// <summary>The variant that the others are compared with.</summary>
    public string Baseline { get; }

    /// <summary>The seeds.</summary>
    public IReadOnlyList<int> Seeds { get; }

    /// <summary>The variants' names, in order.</summary>
    public IReadOnlyList<string> Variants { get; }

    /// <summary>All jobs, seed by seed.</summary>
    public IReadOnlyList<ExperimentJob> Jobs { get; }

    /// <summary>The files of the repository's grids.</summary>
    internal static IEnumerable<string> Paths => Directory.EnumerateFiles(Folder, "*.json").Order(StringComparer.Ordinal);

    /// <summary>Where the grid's results are committed.</summary>
    internal string ResultsPath => Path.Combine(Workbook.DataFolder, "results", Name + ".jsonl");

    private static string Folder => Path.Combine(Workbook.Root, "src", "Experiments", "grids");

    /// <summary>The committed results of the grid: those of data/results that are of its jobs, in their order; maybe none yet.</summary>
    public IReadOnlyList<ExperimentResult> Results() => Of(ResultsFile.Read(ResultsPath));

    /// <summary>A slice of the jobs: every job is in exactly one of the slices 1 to <paramref name="count"/>.</summary>
    /// <param name="number">From 1.</param>
    /// <param name="count">How many slices there are.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such slice.</exception>
    public IEnumerable<ExperimentJob> Shard(int number, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, count);
        return Jobs.Where((_, index) => index % count == number - 1);
    }

    /// <summary>Those of the results that are of this grid, in the order of its jobs and under its variants' names.</summary>
    /// <param name="results">As one or several results files have them; of a job that occurs twice, the first.</param>
    public IReadOnlyList<ExperimentResult> Of(IEnumerable<ExperimentResult> results)
    {
        var byId = results.DistinctBy(result => result.Id).ToDictionary(result => result.Id);
        return [.. Jobs.Where(job => byId.ContainsKey(job.Id)).Select(job => byId[job.Id] with { Variant = job.Variant })];
    }

    private sealed record Document(
        string Name, string Baseline, int[] Seeds, Dictionary<string, JsonObject?> Variants, JsonObject? Common = null);

    /// <summary>
    /// Reads a grid: <c>{"name", "baseline", "seeds": [1, …], "common": {options of all}, "variants": {"name": {options}, …}}</c>,
    /// options as in <see cref="ExperimentOptions"/>, a variant's own before the common ones.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no grid; the message says why, with the variant and the option.</exception>
    public static ExperimentGrid Load(string path)
    {
        try
        {
            var document = JsonSerializer.Deserialize<Document>(PlainFile.ReadAllText(path), ExperimentJson.Reading)
                ?? throw new JsonException("it is null.");
            return new ExperimentGrid(document.Name, document.Baseline, document.Seeds,
                [.. document.Variants.Select(variant => (variant.Key, Options(variant.Key, variant.Value, document.Common)))]);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"{path} is no grid of experiments: {exception.Message}", exception);
        }
    }

    private static ExperimentOptions Options(string variant, JsonObject? own, JsonObject? common)
    {
        if (own is null)
            throw new JsonException($"the variant '{variant}' is null: expected an object with its options, {{}} for the common ones.");
        var merged = common?.DeepClone().AsObject() ?? [];
        foreach (var (name, value) in own)
            merged[name] = value?.DeepClone();
        try
        {
            return ExperimentJson.Read(merged);
        }
        catch (JsonException exception)
        {
            throw new JsonException($"the variant '{variant}': {exception.Message}", exception);
        }
    }
}
