using System.Globalization;
using NotebookHelpers;

namespace Experiments;

/// <summary>What the results of a grid say, as Markdown: whatever of it they can answer.</summary>
internal static class Findings
{
    internal static IEnumerable<string> Of(ExperimentGrid grid, IReadOnlyList<ExperimentResult> results)
    {
        yield return Judgement.Of(results, grid.Baseline).ToMarkdown();
        foreach (var variant in results.Where(result => result.Flattery() is not null).GroupBy(result => result.Variant))
            yield return $"{variant.Key}: {Flattery([.. variant])}";
        if (results.Any(result => result.Elsewhere is not null))
            yield return Elsewhere(results);
    }

    /// <summary>One number with its spread, in a sentence.</summary>
    internal static string Flattery(IReadOnlyList<ExperimentResult> results)
    {
        List<double> points = [.. results.Select(result => 100 * result.Flattery()!.Value)];
        var estimate = Estimate.Of(points);
        var middle = points.Count > 1
            ? string.Create(CultureInfo.InvariantCulture,
                $" ± {estimate.HalfWidth:F2} (mean and its 95 % interval, {points.Count} trainings; standard deviation "
                + $"{estimate.StandardDeviation:F2}, from {points.Min():F2} to {points.Max():F2})")
            : " (one training)";
        return "choosing the epoch on the test set in place of validation digits makes it look better by "
            + string.Create(CultureInfo.InvariantCulture, $"{estimate.Mean:F2}{middle} points.");
    }

    /// <summary>Set by set, what each variant reads rightly, and how often it is sure.</summary>
    internal static string Elsewhere(IReadOnlyList<ExperimentResult> results)
    {
        var variants = results.Where(result => result.Elsewhere is not null).GroupBy(result => result.Variant).ToList();
        var sets = variants[0].First().Elsewhere!;
        string[] headers = ["digits", "images", .. variants.SelectMany(variant => new[] { variant.Key, "sure" })];
        return Points.Markdown(headers, sets.Select(set => new[]
        {
            set.Set,
            set.Images.ToString("N0", CultureInfo.InvariantCulture),
        }.Concat(variants.SelectMany(variant => Cells([.. variant], set.Set))).ToArray()), left: [0]);
    }

    private static IEnumerable<string> Cells(IReadOnlyList<ExperimentResult> results, string set)
    {
        List<OtherDigits> found = [.. results.Select(result => result.Elsewhere!.Single(one => one.Set == set))];
        yield return Points.Level(Estimate.Of([.. found.Select(one => one.Accuracy)]));
        yield return Points.Number(100 * found.Average(one => one.Sure), "0.0");
    }
}
