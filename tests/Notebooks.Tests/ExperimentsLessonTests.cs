using System.Globalization;
using System.Text.Json;

namespace Notebooks.Tests;

/// <summary>What lesson 7 shows, against the committed lines read here without the library, and against printed facts.</summary>
public sealed class ExperimentsLessonTests(QuickRun run)
{
    private const string Name = "07-experiments.ipynb";

    [Fact]
    public void Verdicts_are_those_of_a_hand_computed_interval()
    {
        const double T = 2.776445;   // printed tables: two-sided 95 %, 4 degrees of freedom
        var runs = File.ReadLines(Path.Combine(Lesson.Root, "data", "results", "ingredients.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
            .GroupBy(line => line.GetProperty("variant").GetString()!)
            .ToDictionary(group => group.Key, group => group.OrderBy(line => line.GetProperty("seed").GetInt32()).Select(line => line.GetProperty("testAccuracy").GetDouble()).ToArray());
        Assert.Equal(15, runs.Count);
        Assert.All(runs.Values, values => Assert.Equal(5, values.Length));
        var rows = run.Shown(Name, "experiments-verdicts").Split('\n');

        foreach (var (variant, values) in runs.Where(entry => entry.Key != "baseline"))
        {
            var differences = values.Zip(runs["baseline"], (a, b) => 100 * (a - b)).ToArray();
            var mean = differences.Sum() / 5;
            var half = T * Math.Sqrt(differences.Sum(value => (value - mean) * (value - mean)) / 4 / 5);
            var verdict = mean - half > 0 ? "better" : mean + half < 0 ? "worse" : "no difference shown";
            var row = Assert.Single(rows, line => line.StartsWith(variant + "  ", StringComparison.Ordinal));
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{(mean < 0 ? "−" : "+")}{Math.Abs(mean):F2} ± {half:F2} {verdict}"), string.Join(' ', row.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        }
    }

    [Fact]
    public void Student_is_right_about_five_numbers_and_the_normal_factor_is_not()
    {
        // P(|t| < 1.96) for 4 degrees of freedom is 0.8784; 20,000 games are within 0.7 points of it, three standard errors.
        var shares = run.Shown(Name, "experiments-coverage-code").Split('\n').TakeLast(2).Select(line => double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture)).ToArray();

        Assert.Equal(95.0, shares[0], 0.6);
        Assert.Equal(87.8, shares[1], 0.8);
    }

    [Fact]
    public void Every_file_of_long_trainings_has_its_rows()
    {
        var shown = run.Shown(Name, "experiments-budget-code");
        foreach (var (file, title) in new[] { ("baseline", "plain network"), ("recipe", "the article's recipe"), ("beyond", "beyond the article"), ("best", "best of class") })
            Assert.Equal(File.Exists(Path.Combine(Lesson.Root, "data", "results", file + ".jsonl")), shown.Contains(title, StringComparison.Ordinal));
    }

    [Fact]
    public void The_live_grid_ran_and_its_first_job_came_out_the_same_twice()
    {
        Assert.Contains("4 runs done", run.Shown(Name, "experiments-live-code"));
        var twice = run.Shown(Name, "experiments-again-code").Split('\n').TakeLast(2).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]).ToArray();
        Assert.Equal(twice[0], twice[1]);
    }

    [Fact]
    public void Charts_say_in_words_what_they_show() =>
        Assert.All(run.Outputs(Name, "experiments-verdicts", "experiments-fashion-code").Where(output => output["data"]!["image/svg+xml"] is not null),
            output => Assert.Matches("^<svg[^>]* role=\"img\"[^>]*><title>[^<]{120,}</title>", Lesson.Text(output["data"]!["image/svg+xml"])));

    [Fact]
    public void Unanswered_exercises_are_said_to_be_so_and_stop_nothing() =>
        Assert.Equal(4, run.Shown(Name, "experiments-answers").Split("not answered yet").Length - 1);
}
