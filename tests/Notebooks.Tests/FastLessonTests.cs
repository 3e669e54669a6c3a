using System.Globalization;
using System.Text.RegularExpressions;

namespace Notebooks.Tests;

/// <summary>What lesson 9 shows, against facts that were not computed by it; never how fast anything is.</summary>
public sealed partial class FastLessonTests(QuickRun run)
{
    private const string Name = "09-four-loops-fast.ipynb";

    private static readonly string[] Steps =
    [
        "fast-torch", "fast-loops", "fast-library", "fast-spans", "fast-order", "fast-vector", "fast-several", "fast-pooled",
        "fast-threads",
    ];

    [Fact]
    public void The_chart_grows_with_every_step()
    {
        var charts = Steps.Select(step => run.Shown(Name, step).Split("digits per second by version\n")[1].Trim().Split('\n')).ToList();

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 9, 11], charts.Select(rows => rows.Length));
        Assert.All(charts.Zip(charts.Skip(1)), pair => Assert.Equal(pair.First, pair.Second.Take(pair.First.Length)));
        Assert.All(charts[^1], row => Assert.True(double.Parse(row.Split(": ")[1], CultureInfo.InvariantCulture) > 0));
    }

    [Fact]
    public void Every_step_of_the_library_shows_its_source() => Assert.All(
        Steps.Except(["fast-torch", "fast-loops"]).Append("fast-line"),
        step => Assert.Matches(@"^src/NotebookHelpers/Models/Fast/\w+\.cs, lines \d+ to \d+\n", run.Shown(Name, step)));

    [Fact]
    public void Performance_and_intensity_are_those_of_the_counted_work()
    {
        var rates = run.Shown(Name, "fast-threads").Split("digits per second by version\n")[1].Trim().Split('\n')
            .ToDictionary(row => row.Split(": ")[0], row => double.Parse(row.Split(": ")[1], CultureInfo.InvariantCulture));
        var points = Point().Matches(run.Shown(Name, "fast-roof")).ToList();

        Assert.Equal(rates.Keys.Order(), points.Select(point => point.Groups["name"].Value).Order());
        Assert.All(points, point =>
        {
            // 12 filters of 3×3 at 28×28 places, two operations each; both numbers are written to three figures
            var expected = 2 * 12 * 9 * 28 * 28 * rates[point.Groups["name"].Value] / 1e9;
            var performance = double.Parse(point.Groups["performance"].Value, CultureInfo.InvariantCulture);
            Assert.InRange(performance, 0.985 * expected, 1.015 * expected);
        });
        // pixels of 4 bytes; 13·13·16 values of 4 bytes, each with a place of one
        Assert.Equal("10.2", points.Single(point => point.Groups["name"].Value == "fused with pooling").Groups["intensity"].Value);
    }

    [Fact]
    public void The_model_of_a_cache_fetches_what_can_be_counted_by_hand()
    {
        var shown = run.Shown(Name, "fast-misses");

        Assert.Matches(@"filter, row, column +12,544 +12,544", shown);      // 28·28·16: a line for every value
        Assert.Matches(@"row, column, filter +12,544 +784", shown);         // 28·28·16·4 bytes / 64
    }

    [GeneratedRegex(@"^(?<name>.+): (?<performance>\S+) GFLOP/s at (?<intensity>\S+) FLOP per byte", RegexOptions.Multiline)]
    private static partial Regex Point();
}
