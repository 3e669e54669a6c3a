using System.Globalization;
using System.Text.RegularExpressions;

namespace Notebooks.Tests;

/// <summary>What lesson 6 shows, against facts that were not computed by it; on MNIST or on the sample, whichever is there.</summary>
public sealed partial class AugmentedLessonTests(QuickRun run)
{
    private const string Name = "06-augmentation-batchnorm-dropout.ipynb", NotShown = "Which is not shown to help?";

    [Fact]
    public void Shifts_make_five_of_one_and_a_flip_a_sixth()
    {
        var shapes = run.Lines(Name, "better-augmentation-counts").TakeLast(3)
            .Select(line => line[line.IndexOf('(')..(line.IndexOf(')') + 1)]).ToList();
        var originals = int.Parse(shapes[0].Trim('(', ')').Split(',')[0], CultureInfo.InvariantCulture);

        Assert.Equal([$"({originals}, 28, 28)", $"({5 * originals}, 28, 28)", $"({6 * originals}, 28, 28)"], shapes);
        if (originals > 10_000)
            Assert.Equal("(60000, 28, 28) (300000, 28, 28) (360000, 28, 28)", string.Join(' ', shapes));
    }

    [Fact]
    public void A_digit_stands_beside_its_four_shifts_and_two_flips() =>
        Assert.Equal(
            "original  |  right  |  left  |  up  |  down  |  mirrored  |  flipped",
            Assert.Single(run.Lines(Name, "better-augmentation-grid").Skip(1)));

    [Fact]
    public void Values_behind_batch_normalisation_begin_with_spread_1_and_mean_0()
    {
        var shown = run.Shown(Name, "better-watch-code");

        Assert.Matches(@"standard deviation, normalised: \S+ \d+ points, from (1|1\.0\d*|0\.99\d*) at 1 ", shown);
        Assert.Matches(@"distance of the mean from 0, normalised: \S+ \d+ points, from (0|[\d.]+·10⁻\S+) at 1 ", shown);
    }

    [Fact]
    public void Every_question_of_the_beginning_is_answered_with_a_number() =>
        Assert.All(
            run.Lines(Name, "better-recap-code")[3..].Where(line => !line.StartsWith(NotShown, StringComparison.Ordinal)),
            line => Assert.Matches(@"\?\s+.*\d", line));

    [Fact]
    public void What_is_not_shown_to_help_are_the_ingredients_whose_intervals_all_reach_down_to_0()
    {
        var worth = run.Lines(Name, "better-ablation-code");
        string[] ingredients = ["shifts", "batch normalisation", "dropout"];
        var expected = ingredients.Where(ingredient =>
            Intervals().Matches(worth.Single(line => Regex.IsMatch(line, $"^{ingredient} +[+−]")))
                .All(interval => Number(interval.Groups[1].Value) - Number(interval.Groups[2].Value) <= 0));

        var named = run.Lines(Name, "better-recap-code").Single(line => line.StartsWith(NotShown, StringComparison.Ordinal));

        Assert.Equal(string.Join("; ", expected), named[NotShown.Length..].Trim());
    }

    [Fact]
    public void Batch_normalisation_has_the_numbers_of_its_formula()
    {
        // of 2 3 4 5 5 6 6 9: mean 5, squares 32, so 32/8 and 32/7; of 0 0 0 0 2 2 2 2: mean 1, squares 8
        var rows = run.Lines(Name, "better-norm-hand").Where(line => line.StartsWith("batch ", StringComparison.Ordinal))
            .Select(line => string.Join(' ', Lesson.Words(line).Skip(2))).ToList();

        Assert.Equal(["5 4 4.571429 0.500000 1.357143", "1 1 1.142857 0.550000 1.335714"], rows);
        // the largest value, 9: (9 − 5) / 2 = 2, and 3·2 + 1 = 7
        var torch = run.Lines(Name, "better-norm-torch");
        Assert.Contains(torch, line => Lesson.Words(line) is ["9", "7.0000", "7.0000", ..]);
        Assert.EndsWith("0.550000 and 1.335714", torch[^1]);
    }

    [Theory]
    [InlineData("gain in percentage points 0.43")]
    [InlineData("mistakes in 10,000 before 93")]
    [InlineData("mistakes in 10,000 after 50")]
    [InlineData("mistakes gone, in percent 46")]
    public void Gain_of_the_article_is_043_points_and_not_005_percent(string row) =>
        Assert.Contains(row, run.Lines(Name, "better-gain-code").Select(line => string.Join(' ', Lesson.Words(line))));

    [Fact]
    public void Evaluation_mode_answers_the_same_twice() =>
        Assert.All(run.Lines(Name, "better-flag-code").TakeLast(2), line => Assert.EndsWith(" 0.0000000", line));

    [Fact]
    public void Published_curve_stands_beside_ours() =>
        Assert.Contains("the article's: its test set: ", run.Shown(Name, "better-curve-accuracy"));

    private static double Number(string shown) => double.Parse(shown.Replace('−', '-'), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"([+−][\d.]+) ± ([\d.]+)")]
    private static partial Regex Intervals();
}
