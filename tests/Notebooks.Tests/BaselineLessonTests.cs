using System.Globalization;
using System.Text.RegularExpressions;

namespace Notebooks.Tests;

/// <summary>What lesson 5 shows, against facts that were not computed by it; on MNIST or on the sample, whichever is there.</summary>
public sealed partial class BaselineLessonTests(QuickRun run)
{
    private const string Name = "05-baseline-training.ipynb";

    [Fact]
    public void Sample_of_four_ends_with_two_ones_and_is_dark_on_white()
    {
        Assert.EndsWith("\n1  |  1", run.Shown(Name, "baseline-data-grid"));
        if (run.Shown(Name, "baseline-data-load").StartsWith("MNIST", StringComparison.Ordinal))
            Assert.Contains("\n5  |  0\n", run.Shown(Name, "baseline-data-grid"));
        Assert.Contains("alt=\"Image: 1\"", Html("baseline-data-grid"));
    }

    [Fact]
    public void Classes_stand_in_rows_of_ten() =>
        Assert.Equal(
            Enumerable.Range(0, 10).Select(digit => string.Join("  |  ", Enumerable.Repeat(digit, 10))),
            run.Lines(Name, "baseline-classes-grid").Skip(1));

    [Fact]
    public void Mean_of_a_class_is_blurred_and_typical_and_hard_digits_are_given_for_each()
    {
        Assert.Equal("0  |  1  |  2  |  3  |  4  |  5  |  6  |  7  |  8  |  9", run.Lines(Name, "baseline-mean-code")[1]);
        var rows = run.Lines(Name, "baseline-hard-code")[1..4].Select(row => row.Split("  |  ")).ToArray();
        Assert.Equal(Enumerable.Range(0, 10).Select(digit => $"typical {digit}"), rows[0]);
        Assert.All(rows[1..], row => Assert.All(row.Index(), tile =>
        {
            Assert.StartsWith($"{tile.Index} → ", tile.Item);
            Assert.NotEqual($"{tile.Index} → {tile.Index}", tile.Item);
        }));
    }

    [Fact]
    public void Adam_takes_the_steps_of_its_formula()
    {
        // computed apart from the workbook: 0.001·m̂/(√v̂ + 10⁻⁸) for the gradients 0.2, −0.1, 0.4 and 0.003
        var weights = run.Lines("04-learning-by-hand.ipynb", "learning-code-20").TakeLast(4).Select(line => Lesson.Words(line)[^2..]);

        string[] computed = ["0.99900000", "0.99873366", "0.99807555", "0.99753267"];
        Assert.Equal(computed.Select(weight => new[] { weight, weight }), weights);
    }

    [Fact]
    public void Loop_and_library_take_the_same_steps()
    {
        var values = run.Lines(Name, "baseline-same-code").TakeLast(2)
            .Select(line => Number(line.Split(' ')[^1])).ToArray();

        Assert.InRange(values[0], 0.001, 0.1);   // ten steps of at most about 0.001 each
        Assert.InRange(values[1], 0, 1e-4);
    }

    [Fact]
    public void Groups_by_confidence_hold_every_test_digit_and_rise()
    {
        var rows = run.Lines(Name, "baseline-confidence-xplot").Reverse()
            .TakeWhile(line => line.Contains('%')).Select(Lesson.Words).Reverse().ToList();
        var tested = Number(run.Lines(Name, "baseline-test-code")[^1].Split(' ')[^1]);

        Assert.Equal(tested, rows.Sum(row => Number(row[0])));
        Assert.Equal(rows.Select(row => Number(row[1])).Order(), rows.Select(row => Number(row[1])));
    }

    [Fact]
    public void Mean_of_the_seeds_is_compared_with_s_over_the_root_of_n()
    {
        var shown = run.Lines(Name, "baseline-seeds-table-code");
        var seeds = Number(Seeds().Match(shown[0]).Groups["count"].Value);

        Assert.Equal(["yes", "no", "no"], shown[3..].Select(line => line.Split(' ')[^1]));   // only an output that reads fc2 trains it
        Assert.All(shown[3..], line =>
        {
            var (spread, ofMean) = (SpreadOf(line, "spread"), SpreadOf(line, "mean"));
            Assert.Equal(spread / Math.Sqrt(seeds), ofMean, 0.011);
        });
    }

    [Fact]
    public void Every_question_of_the_beginning_is_answered_with_a_number() =>
        Assert.All(run.Lines(Name, "baseline-recap-code")[3..], line => Assert.Matches(@"\?\s+.*\d", line));

    [Fact]
    public void Training_leaves_its_final_state_once_and_small()
    {
        var outputs = run.Outputs(Name, "baseline-train-code").ToList();

        Assert.Equal(2, outputs.Count);   // the live view, and the history
        Assert.Matches(
            @"^\[#{24}\] epoch (\d+) of \1 · batch (\d+) of \2 · loss .* in all\n",
            Lesson.Text(outputs[0]["data"]!["text/plain"]));
        var html = Lesson.Text(outputs[0]["data"]!["text/html"]);
        Assert.InRange(html.Length, 1_000, 30_000);
        Assert.Contains("<progress value=\"1\" max=\"1\" aria-label=\"training\"", html);
        Assert.Contains("alt=\"Loss so far. cross-entropy (nats) by epochs completed. training: ", html);
    }

    [Fact]
    public void Choice_of_one_epoch_flatters_nothing() =>
        Assert.Matches(@"long, as above: \S+ 20 points, from 0 at 1 to ", run.Shown(Name, "baseline-luck-code"));

    [Fact]
    public void Worst_mistakes_have_three_guesses_in_order_of_which_the_first_is_the_prediction()
    {
        var tiles = run.Lines(Name, "baseline-mistakes-grid")[1..3].SelectMany(row => row.Split("  |  ")).ToList();

        Assert.Equal(16, tiles.Count);
        Assert.All(tiles, tile =>
        {
            var match = Mistake().Match(tile);
            Assert.True(match.Success, tile);
            Assert.NotEqual(match.Groups["true"].Value, match.Groups["predicted"].Value);
            Assert.Equal(match.Groups["predicted"].Value, match.Groups["guess"].Captures[0].Value);
            var shares = match.Groups["share"].Captures.Select(share => double.Parse(share.Value, CultureInfo.InvariantCulture)).ToArray();
            Assert.Equal(3, shares.Length);
            Assert.Equal(shares.OrderDescending(), shares);
            Assert.True(shares.Sum() <= 100.2);
        });
    }

    [Fact]
    public void Confusion_counts_and_rates_agree_with_the_accuracy_shown()
    {
        var rows = run.Lines(Name, "baseline-mistakes-confusion").TakeLast(10)
            .Select(line => Cell().Matches(line).Skip(1).ToArray()).ToArray();
        var counts = rows.Select(row => row.Select(cell => Number(cell.Groups["count"].Value)).ToArray()).ToArray();
        var sums = counts.Select(row => row.Sum()).ToArray();

        Assert.All(rows.Index(), row => Assert.All(row.Item.Where(cell => cell.Groups["rate"].Success).Index(), cell =>
            Assert.Equal(100 * Number(cell.Item.Groups["count"].Value) / sums[row.Index], Number(cell.Item.Groups["rate"].Value), 0.0501)));
        var accuracy = Number(Accuracy().Match(run.Shown(Name, "baseline-test-code")).Groups["value"].Value);
        Assert.Equal(accuracy, 100 * counts.Select((row, digit) => row[digit]).Sum() / sums.Sum(), 0.0051);
    }

    [Fact]
    public void Every_picture_says_in_words_what_it_shows()
    {
        string[] charts =
        [
            "baseline-balance-code", "baseline-distance-code", "baseline-loop-code", "baseline-curve-loss", "baseline-curve-accuracy",
            "baseline-bias-code", "baseline-luck-code", "baseline-confidence-xplot", "baseline-mistakes-confusion", "baseline-seeds-code",
        ];

        Assert.All(charts, id => Assert.Contains(run.Outputs(Name, id), output => output["data"]!["image/svg+xml"] is not null));
        Assert.All(charts, id => Assert.Matches("<img [^>]*alt=\"[^\"]{40,}\"", Html(id)));
    }

    private static double SpreadOf(string line, string group) => Number(Cost().Match(line).Groups[group].Value);

    private string Html(string id) => string.Concat(run.Outputs(Name, id).Select(output => Lesson.Text(output["data"]!["text/html"])));

    private static double Number(string text) =>
        double.Parse(text, NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^✗ (?<true>\d) → (?<predicted>\d)(; (?<guess>\d): (?<share>[\d.]+) %)+$")]
    private static partial Regex Mistake();

    [GeneratedRegex(@"(?<count>[\d,]+)( \((?<rate>[\d.]+) %\))?")]
    private static partial Regex Cell();

    [GeneratedRegex(@"(?<count>\d+) seeds")]
    private static partial Regex Seeds();

    [GeneratedRegex(@"± [\d.]+\s+(?<spread>[\d.]+)\s+(?<mean>[\d.]+)\s+(better|worse|no difference shown)\s+(yes|no)$")]
    private static partial Regex Cost();

    [GeneratedRegex(@"test accuracy: (?<value>[\d.]+) %")]
    private static partial Regex Accuracy();
}
