using System.Globalization;
using System.Text.Json;
using Experiments;

namespace NotebookHelpers.Tests.Experiments;

public sealed class ResultsSectionTests
{
    [Fact]
    public void The_documents_and_the_chart_say_what_the_results_files_say()
    {
        foreach (var (file, expected) in new ResultsSection(Workbook.Root).Files())
            Assert.True(File.ReadAllText(Path.Combine(Workbook.Root, file)).ReplaceLineEndings("\n") == expected,
                $"{file} and data/results disagree: run 'dotnet run -c Release --project src/Experiments -- report --readme' "
                + "and commit what it writes.");
    }

    /// <summary>Computed from the JSON lines directly, by other code than the library's.</summary>
    [Fact]
    public void The_baselines_row_has_the_mean_its_interval_and_the_spread_by_both_rules()
    {
        var runs = File.ReadLines(Path.Combine(Workbook.DataFolder, "results", "baseline.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement).ToList();
        const double StudentsTForFive = 2.7764451;                 // 97.5 %, 4 degrees of freedom, from a table
        (string Level, string Deviation) Of(IReadOnlyList<double> values)
        {
            var mean = values.Sum() / values.Count;
            var deviation = Math.Sqrt(values.Sum(value => Math.Pow(value - mean, 2)) / (values.Count - 1));
            var half = StudentsTForFive * deviation / Math.Sqrt(5);
            return (string.Create(CultureInfo.InvariantCulture, $"{100 * mean:F3} ± {100 * half:F3}"),
                string.Create(CultureInfo.InvariantCulture, $"{100 * deviation:F3}"));
        }
        Assert.Equal(5, runs.Count);
        var honest = Of([.. runs.Select(run => run.GetProperty("testAccuracy").GetDouble())]);
        var flattered = Of([.. runs.Select(run =>
            run.GetProperty("testAccuracies").EnumerateArray().Max(value => value.GetDouble()))]);

        var files = new ResultsSection(Workbook.Root).Files();
        Assert.Contains($"| 176,286 | 1,100,000 | {runs.Count} | 99.07 | **{honest.Level}** | {honest.Deviation} |", files["README.md"]);
        Assert.Contains($"| {runs.Count} | {flattered.Level} | {honest.Level} |", files["docs/measurements.md"]);
    }
}
