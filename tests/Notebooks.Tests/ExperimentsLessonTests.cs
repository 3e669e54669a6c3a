using System.Globalization;
using System.Text.Json;

namespace Notebooks.Tests;

/// <summary>What lesson 7 shows, against the committed lines read here without the library, and against printed facts.</summary>
public sealed class ExperimentsLessonTests(QuickRun run)
{
    private const string Name = "07-experiments.ipynb";

    /// <summary>
    /// With the two-sided quantiles of Student's t at 1 − 0.05/14, from its closed form for 4 and for 5 degrees of freedom.
    /// </summary>
    [Fact]
    public void Verdicts_are_those_of_a_hand_computed_interval()
    {
        var lines = Results("ingredients")
            .GroupBy(line => line.GetProperty("seed").GetInt32()).Where(seed => seed.Count() == 15).OrderBy(seed => seed.Key).ToList();
        var runs = lines.SelectMany(seed => seed).GroupBy(line => line.GetProperty("variant").GetString()!)
            .ToDictionary(group => group.Key, group => group.Select(Validated).ToArray());
        var (n, t) = lines.Count == 5 ? (5, 6.13804) : (6, 5.16445);
        Assert.Equal(15, runs.Count);
        Assert.All(runs.Values, values => Assert.Equal(n, values.Length));
        var rows = run.Lines(Name, "experiments-verdicts");

        foreach (var (variant, values) in runs.Where(entry => entry.Key != "baseline"))
        {
            var differences = values.Zip(runs["baseline"], (a, b) => 100 * (a - b)).ToArray();
            var mean = differences.Sum() / n;
            var half = t * Math.Sqrt(differences.Sum(value => (value - mean) * (value - mean)) / (n - 1) / n);
            var verdict = n < 6 ? "too few seeds" : mean - half > 0 ? "better" : mean + half < 0 ? "worse" : "no difference shown";
            var row = rows.First(line => line.StartsWith(variant + "  ", StringComparison.Ordinal));
            Assert.Matches($@"{(mean < 0 ? "−" : "[+]")}{Number(Math.Abs(mean))} ± {Number(half)} .*{verdict}  ", row);
        }

        static string Number(double value) => value.ToString("F2", CultureInfo.InvariantCulture).Replace(".", @"\.");
        static double Validated(JsonElement line) =>
            line.GetProperty("epochs").EnumerateArray().Max(epoch => epoch.GetProperty("validationAccuracy").GetDouble());
    }

    [Fact]
    public void Student_is_right_about_six_numbers_and_the_normal_factor_is_not()
    {
        // P(|t| < 1.96) for 5 degrees of freedom is 0.8927; 20,000 games are within 0.7 points of it, three standard errors.
        var shares = run.Lines(Name, "experiments-coverage-code").TakeLast(2)
            .Select(line => double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture)).ToArray();

        Assert.Equal(95.0, shares[0], 0.6);
        Assert.Equal(89.3, shares[1], 0.7);
    }

    /// <summary>Read here without the library: the mean accuracies of the finished networks on each of the other sets.</summary>
    [Fact]
    public void The_table_of_other_digits_is_that_of_the_results_file()
    {
        var lines = Results("other-digits").ToList();
        var rows = run.Lines(Name, "experiments-elsewhere-code");
        var sets = lines.SelectMany(line => line.GetProperty("elsewhere").EnumerateArray()).GroupBy(SetOf);
        foreach (var set in sets)
        {
            Assert.Equal(lines.Count, set.Count());
            var row = rows.First(line => line.StartsWith(set.Key + "  ", StringComparison.Ordinal));
            foreach (var variant in lines.GroupBy(line => line.GetProperty("variant").GetString()))
            {
                var mean = variant.Select(line => line.GetProperty("elsewhere").EnumerateArray().Single(one => SetOf(one) == set.Key))
                    .Average(measured => measured.GetProperty("accuracy").GetDouble());
                Assert.Contains(string.Create(CultureInfo.InvariantCulture, $" {100 * mean:F2}"), row);
            }
        }

        static string SetOf(JsonElement measured) => measured.GetProperty("set").GetString()!;
    }

    [Theory]
    [InlineData("baseline", "plain network")]
    [InlineData("recipe", "the article's recipe")]
    [InlineData("beyond", "beyond the article")]
    [InlineData("pair", "two deeper networks")]
    [InlineData("best", "best of class")]
    [InlineData("four", "fresh seeds")]
    public void Every_file_of_long_trainings_has_its_rows(string file, string title) =>
        Assert.Equal(File.Exists(PathOf(file)), run.Shown(Name, "experiments-budget-code").Contains(title, StringComparison.Ordinal));

    [Fact]
    public void The_live_grid_ran_and_its_first_job_came_out_the_same_twice()
    {
        Assert.Contains("4 runs done", run.Shown(Name, "experiments-live-code"));
        var twice = run.Lines(Name, "experiments-again-code").TakeLast(2).Select(line => Lesson.Words(line)[1..]).ToArray();
        Assert.Equal(twice[0], twice[1]);
    }

    [Fact]
    public void Charts_say_in_words_what_they_show()
    {
        var charts = run.Outputs(Name, "experiments-verdicts", "experiments-ablation-code", "experiments-fashion-code")
            .Select(output => output["data"]!["image/svg+xml"]).Where(svg => svg is not null).ToList();

        Assert.NotEmpty(charts);
        Assert.All(charts, svg => Assert.Matches("^<svg[^>]* role=\"img\"[^>]*><title>[^<]{120,}</title>", Lesson.Text(svg)));
    }

    private static string PathOf(string file) => Path.Combine(Lesson.Root, "data", "results", file + ".jsonl");

    private static IEnumerable<JsonElement> Results(string file) =>
        File.ReadLines(PathOf(file)).Select(line => JsonDocument.Parse(line).RootElement);
}
