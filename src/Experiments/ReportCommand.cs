using System.CommandLine;
using ConvNetWorkbook.Shared;
using NotebookHelpers;

namespace Experiments;

/// <summary>Writes a grid's table from one results file or several, or all that the documents say of data/results.</summary>
internal static class ReportCommand
{
    internal static Command Create()
    {
        var grid = new Argument<string?>("grid")
        {
            Description = "A grid's name, or the path of a grid's JSON file.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var results = new Option<string[]>("--results")
        {
            Description = "Results files, such as those of all slices; data/results/GRID.jsonl unless given.",
            AllowMultipleArgumentsPerToken = true,
        };
        var readme = new Option<bool>("--readme")
        {
            Description = "Writes the results of data/results into README.md, docs/ and data/results/README.md.",
        };
        var command = new Command("report", "Writes a grid's table, as Markdown.") { grid, results, readme };
        command.SetAction(parsed => Guarded.Run(() => parsed.GetValue(readme)
            ? WriteDocuments()
            : Report(
                Grids.Find(parsed.GetValue(grid) ?? throw new ArgumentException("Name a grid, or give --readme.")),
                parsed.GetValue(results) ?? [])));
        return command;
    }

    private static int WriteDocuments()
    {
        foreach (var (file, text) in new ResultsSection(Workbook.Root).Files())
        {
            WholeFile.Write(Path.Combine(Workbook.Root, file), text);
            Console.WriteLine($"{file} is written.");
        }
        return 0;
    }

    private static int Report(ExperimentGrid grid, string[] files)
    {
        var read = files is [] ? [grid.ResultsPath] : files;
        var results = read.SelectMany(Read).DistinctBy(result => result.Id).ToList();
        var mine = grid.Of(results);
        foreach (var word in Remarks(grid, results, mine))
            Console.Error.WriteLine(word);
        Console.WriteLine(string.Join("\n\n", Findings.Of(grid, mine)));
        return 0;
    }

    private static IReadOnlyList<ExperimentResult> Read(string file)
    {
        if (!File.Exists(file))
            throw new FileNotFoundException($"There is no results file {file}. Run the grid, or give its files with --results.", file);
        var results = ResultsFile.Read(file);
        if (results.Count == 0)
            Console.Error.WriteLine($"{file} has no results.");
        return results;
    }

    /// <summary>
    /// What a reader of the table must know: lines of other data sets or grids, jobs that are missing, versions that are mixed.
    /// </summary>
    /// <exception cref="ArgumentException">A line was trained on another data set than its job names.</exception>
    internal static IEnumerable<string> Remarks(
        ExperimentGrid grid, IReadOnlyList<ExperimentResult> results, IReadOnlyList<ExperimentResult> mine)
    {
        if (mine.FirstOrDefault(result => result.DataSet != result.Options.DataName) is { } other)
            throw new ArgumentException(
                $"The result of '{other.Variant}', seed {other.Seed}, was trained on '{other.DataSet}', but the grid is about "
                + $"{other.Options.DataName}: sets are not mixed. Delete that line; the job is then done again.");
        if (results.Count > mine.Count)
            yield return $"{results.Count - mine.Count} results are of no job of this grid and are left out.";
        var done = mine.Select(result => result.Id).ToHashSet();
        var missing = grid.Jobs.Where(job => !done.Contains(job.Id)).ToList();
        if (missing.Count > 0)
            yield return $"{missing.Count} of {grid.Jobs.Count} jobs are missing: "
                + string.Join("; ", missing.GroupBy(job => job.Variant)
                    .Select(group => $"{group.Key}, seeds {string.Join(", ", group.Select(job => job.Seed))}"));
        if (Versions(mine) is { } mixed)
            yield return mixed;
    }

    /// <summary>Which versions of the code are mixed; null where it is one.</summary>
    internal static string? Versions(IReadOnlyList<ExperimentResult> results) =>
        results.GroupBy(result => result.Code).ToList() is { Count: > 1 } versions
            ? "The results are of more than one version of the code, whose numbers may differ a little: "
                + string.Join("; ", versions.Select(version => $"{version.Key} ({version.Count()})")) + "."
            : null;
}
