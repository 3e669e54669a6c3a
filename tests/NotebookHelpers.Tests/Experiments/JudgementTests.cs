using CsCheck;

namespace NotebookHelpers.Tests.Experiments;

public sealed class JudgementTests
{
    private static IEnumerable<ExperimentResult> Runs(string variant, params double[] accuracies) =>
        accuracies.Select((accuracy, seed) => Samples.Result(variant, seed, accuracy));

    /// <summary>By hand: differences 2, 4, 6, 8, 10, 12 thousandths; mean 7, deviation √14; the correlation of the two is 1.</summary>
    [Fact]
    public void A_variant_is_judged_by_validation_and_by_pairs()
    {
        double[] baseline = [0.90, 0.91, 0.92, 0.93, 0.94, 0.95];
        double[] ahead = [.. baseline.Select((value, seed) => value + 0.002 * (seed + 1))];
        var results = Runs("baseline", baseline).Concat(Runs("ahead", ahead).Select(result => result with { TestAccuracy = 0.5 }));

        var judged = Judgement.Of(results, "baseline").Variants[1];

        Assert.Equal(0.007, judged.Paired!.Value.Mean, 1e-12);
        Assert.Equal(0.001 * Math.Sqrt(14), judged.Paired.Value.StandardDeviation, 1e-12);
        Assert.Equal(StudentT.TwoSided(0.95, 5) * 0.001 * Math.Sqrt(14) / Math.Sqrt(6), judged.Paired.Value.HalfWidth, 1e-12);
        Assert.Equal(1, judged.Correlation!.Value, 1e-9);
        Assert.Equal(2.0 / 64, judged.SignsShare!.Value, 1e-12);
        Assert.Equal(Verdict.Better, judged.Verdict);      // though the test digits say otherwise
        Assert.True(judged.TestDifference!.Value.Mean < -0.4);
    }

    /// <summary>What is learnt from all digits has no validation accuracy: then test accuracies are compared, of all variants.</summary>
    [Fact]
    public void Accuracies_on_different_images_are_never_subtracted()
    {
        double[] baseline = [0.90, 0.91, 0.92, 0.93, 0.94, 0.95];
        var heldOut = Runs("baseline", baseline).Select(result => result with { TestAccuracy = 0.5 });
        var none = Runs("all digits", baseline).Select(result => result with
        {
            TestAccuracy = 0.51,
            Epochs = [.. result.Epochs.Select(epoch => epoch with { ValidationAccuracy = null })],
        });

        var judged = Judgement.Of(heldOut.Concat(none), "baseline").Variants[1];

        Assert.Equal(0.01, judged.Paired!.Value.Mean, 1e-12);
        Assert.Equal(0.01, judged.Unpaired!.Value.Mean, 1e-12);
        var four = heldOut.Concat(none).Concat(Runs("other", baseline)).Concat(Runs("one", baseline));
        Assert.Equal(0.01, Judgement.DifferenceOfDifferences(four, ("all digits", "baseline"), ("other", "one")).Mean, 1e-12);
    }

    /// <summary>The clearest result of five pairs: all signs alike are 2 patterns of 32.</summary>
    [Fact]
    public void Five_seeds_are_too_few_for_a_verdict()
    {
        var results = Runs("baseline", 0.1, 0.1, 0.1, 0.1, 0.1).Concat(Runs("ahead", 0.9, 0.9, 0.9, 0.9, 0.91));
        var judged = Judgement.Of(results, "baseline").Variants[1];
        Assert.Equal(Verdict.TooFewSeeds, judged.Verdict);
        Assert.Equal(2.0 / 32, judged.SignsShare!.Value, 1e-12);
        Assert.Null(judged.Correlation);
        Assert.Contains("| ahead | 5 |", Judgement.Of(results, "baseline").ToMarkdown());
    }

    /// <summary>The more variants there are, the wider is each one's interval: 1 − 0.05/k.</summary>
    [Fact]
    public void Many_comparisons_are_corrected_for()
    {
        double[] baseline = [0.90, 0.90, 0.90, 0.90, 0.90, 0.90], noisy = [0.91, 0.90, 0.92, 0.905, 0.915, 0.91];
        Judgement With(int others) => Judgement.Of(Runs("baseline", baseline).Concat(Runs("noisy", noisy))
            .Concat(Enumerable.Range(1, others).SelectMany(other => Runs($"other {other}", baseline))), "baseline");

        Assert.Equal(Verdict.Better, With(0).Variants[1].Verdict);
        Assert.Equal(Verdict.NoDifferenceShown, With(19).Variants[1].Verdict);
        Assert.Equal(1 - 0.05 / 20, With(19).Confidence, 1e-12);
    }

    /// <summary>Among variants that are the baseline, 5 % of all grids have a verdict, however many variants there are.</summary>
    [Fact]
    public void Where_there_is_no_difference_few_grids_have_a_verdict()
    {
        var random = new Random(5);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[] Eight() => [.. Enumerable.Range(0, 8).Select(_ => 0.9 + 0.001 * Normal())];
        const int Games = 400;
        var found = Enumerable.Range(0, Games).Count(_ => Judgement.Of(
            Runs("baseline", Eight()).Concat(Enumerable.Range(1, 4).SelectMany(other => Runs($"{other}", Eight()))), "baseline")
            .Variants.Any(variant => variant.Verdict is Verdict.Better or Verdict.Worse));
        Assert.InRange(found, 1, 0.08 * Games);   // 5 % expected, at most: three standard deviations above are 8 %
    }

    /// <summary>The seeds differ by far more than the variants; pair by pair the first variant is always a little ahead.</summary>
    [Fact]
    public void Pairs_are_those_of_equal_seeds_whatever_the_order()
    {
        double[] accuracies = [0.90, 0.92, 0.94, 0.95, 0.96, 0.98];
        var results = Runs("baseline", accuracies)
            .Concat(Runs("ahead", [.. accuracies.Select((accuracy, seed) => accuracy + 0.004 + 0.0001 * seed)]))
            .Concat(Runs("behind", [.. accuracies.Select((accuracy, seed) => accuracy - 0.004 - 0.0001 * seed)])).ToList();
        results = [.. results.Take(6), .. results.Skip(6).Reverse()];

        var judgement = Judgement.Of(results, "baseline");

        Assert.Null(judgement["baseline"].Verdict);
        Assert.Equal((Verdict.Better, Verdict.Worse), (judgement["ahead"].Verdict, judgement["behind"].Verdict));
        Assert.Equal(0.00425, judgement["ahead"].Paired!.Value.Mean, 1e-12);
        Assert.True(judgement["ahead"].Unpaired!.Value.Low < 0);
        var unknown = Assert.Throws<ArgumentException>(() => judgement["another"]).Message;
        Assert.Contains("baseline, ahead, behind", unknown.Replace("behind, ahead", "ahead, behind"));
        Assert.Throws<ArgumentException>(() => Judgement.Of(results, "another"));
    }

    [Fact]
    public void The_figure_has_the_intervals_of_the_verdicts_the_best_on_top()
    {
        double[] baseline = [0.90, 0.91, 0.92, 0.93, 0.94, 0.95];
        var judgement = Judgement.Of(Runs("baseline", baseline).Concat(Runs("worse", [.. baseline.Select(value => value - 0.02)]))
            .Concat(Runs("better", [.. baseline.Select((value, seed) => value + 0.002 * (seed + 1))])), "baseline");
        var lines = judgement.Differences().ToText().Split('\n');
        Assert.Contains("validation accuracy", lines[1]);
        Assert.Equal(["better", "worse"], lines[2..].Select(line => line.Split(':')[0]));
        Assert.StartsWith("better: 0.7, from ", lines[2]);
        Assert.Equal("worse: −2, from −2 to −2", lines[3]);
    }

    [Fact]
    public void A_difference_of_differences_is_tested_as_such()
    {
        double[] plain = [0.90, 0.92, 0.91], shifted = [0.95, 0.96, 0.97];
        var results = Runs("plain", plain).Concat(Runs("flip", 0.89, 0.92, 0.90)).Concat(Runs("shifts", shifted))
            .Concat(Runs("shifts and flip", 0.94, 0.94, 0.95));
        // (−1, 0, −1) − (−1, −2, −2) points = (0, 2, 1) points
        var found = Judgement.DifferenceOfDifferences(results, ("flip", "plain"), ("shifts and flip", "shifts"));
        Assert.Equal((3, 0.01), (found.Count, Math.Round(found.Mean, 12)));
        Assert.Equal(0.01, found.StandardDeviation, 1e-12);
        Assert.Contains("two seeds with all four variants, but 0", Assert.Throws<ArgumentException>(() =>
            Judgement.DifferenceOfDifferences(results, ("flip", "plain"), ("another", "shifts"))).Message);
    }

    [Fact]
    public void Different_data_sets_are_not_mixed()
    {
        var results = Runs("baseline", 0.9).Concat(Runs("a", 0.9).Select(result => result with { DataSet = "sample digits" }));
        Assert.Contains("MNIST, sample digits", Assert.Throws<ArgumentException>(() => Judgement.Of(results, "baseline")).Message);
    }

    /// <summary>With equal sizes and variances Welch's degrees of freedom are those of the usual two-sample interval.</summary>
    [Fact]
    public void Without_pairs_the_interval_is_welchs()
    {
        var found = Estimate.OfDifference([1, 2, 3], [11, 12, 13]);
        Assert.Equal(-10, found.Mean, 1e-12);
        Assert.Equal(2.776 * Math.Sqrt(2.0 / 3), found.HalfWidth, 0.001);
        // By hand: variances 1 and 100 of 3 and 3 values give 2.04 degrees of freedom, t = 4.24 between 4.303 (2) and 3.182 (3).
        Assert.InRange(Estimate.OfDifference([1, 2, 3], [0, 10, 20]).HalfWidth, 4.20 * Math.Sqrt(101 / 3.0), 4.30 * Math.Sqrt(101 / 3.0));
    }

    [Fact]
    public void Pairing_narrows_where_seeds_agree_and_widens_where_they_do_not() =>
        Gen.Double[-1, 1].Array[8].Select(Gen.Bool).Sample((noise, agree) =>
        {
            if (noise.Distinct().Count() < 8)
                return;
            var baseline = noise.Select(value => 0.9 + 0.01 * value).ToArray();
            var variant = noise.Select((value, seed) => 0.9 + (agree ? 0.01 : -0.01) * value + 0.0001 * seed).ToArray();
            var judged = Judgement.Of(Runs("baseline", baseline).Concat(Runs("variant", variant)), "baseline").Variants[1];
            Assert.Equal(agree, judged.Correlation > 0);
            Assert.Equal(agree, judged.Paired!.Value.HalfWidth < judged.Unpaired!.Value.HalfWidth);
        }, iter: 100);
}
