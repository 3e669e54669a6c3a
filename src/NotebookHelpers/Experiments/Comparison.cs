using System.Globalization;

namespace NotebookHelpers;

/// <summary>What the seeds show about a variant beside the baseline.</summary>
public enum Verdict
{
    /// <summary>The interval of the differences lies above 0.</summary>
    Better,

    /// <summary>It lies below 0.</summary>
    Worse,

    /// <summary>It contains 0. There may be a difference, smaller than these seeds can show.</summary>
    NoDifferenceShown,
}

/// <summary>One variant of a comparison; figures are test accuracies, fractions.</summary>
/// <param name="Variant">Its name.</param>
/// <param name="Accuracy">The mean over the seeds, with a 95 % interval.</param>
/// <param name="Difference">The mean of (variant − baseline), seed by seed, with a 95 % interval; null for the baseline and where fewer than two seeds have both.</param>
/// <param name="Seconds">Mean wall time of a job.</param>
public sealed record ComparedVariant(string Variant, Estimate Accuracy, Estimate? Difference, double Seconds)
{
    /// <summary>The conclusion; null without a difference.</summary>
    public Verdict? Verdict => Difference switch
    {
        null => null,
        { Low: > 0 } => NotebookHelpers.Verdict.Better,
        { High: < 0 } => NotebookHelpers.Verdict.Worse,
        _ => NotebookHelpers.Verdict.NoDifferenceShown,
    };
}

/// <summary>The variants of a grid beside its baseline, paired by seed.</summary>
public sealed class Comparison : View
{
    private static readonly string[] Headers = ["variant", "seeds", "test accuracy, %", "standard deviation", "difference, points", "conclusion", "seconds a run"];

    private Comparison(string baseline, IReadOnlyList<ComparedVariant> variants) => (Baseline, Variants) = (baseline, variants);

    /// <summary>What the variants are compared with.</summary>
    public string Baseline { get; }

    /// <summary>The variants, in the order in which they first occur.</summary>
    public IReadOnlyList<ComparedVariant> Variants { get; }

    /// <summary>One variant.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public ComparedVariant this[string variant] => Variants.FirstOrDefault(one => one.Variant == variant)
        ?? throw new ArgumentException($"No variant is called '{variant}': there are {string.Join(", ", Variants.Select(one => one.Variant))}.", nameof(variant));

    /// <summary>Compares.</summary>
    /// <param name="results">Results of one grid.</param>
    /// <param name="baseline">The variant that the others are compared with.</param>
    /// <exception cref="ArgumentException">There is no result of the baseline.</exception>
    public static Comparison Of(IEnumerable<ExperimentResult> results, string baseline)
    {
        var groups = results.GroupBy(result => result.Variant).ToList();
        var reference = groups.FirstOrDefault(group => group.Key == baseline)?.ToDictionary(result => result.Seed, result => result.TestAccuracy)
            ?? throw new ArgumentException($"There is no result of the baseline '{baseline}' yet.", nameof(baseline));
        return new Comparison(baseline, [.. groups.Select(group =>
        {
            var paired = group.Where(result => reference.ContainsKey(result.Seed)).Select(result => result.TestAccuracy - reference[result.Seed]).ToList();
            return new ComparedVariant(group.Key, Estimate.Of([.. group.Select(result => result.TestAccuracy)]),
                group.Key == baseline || paired.Count < 2 ? null : Estimate.Of(paired), group.Average(result => result.Seconds));
        })]);
    }

    /// <summary>The table in Markdown.</summary>
    public string ToMarkdown() => string.Join('\n', new[] { Headers, [.. Headers.Select((_, column) => column is 0 or 5 ? "---" : "---:")] }
        .Concat(Rows()).Select(row => $"| {string.Join(" | ", row)} |"));

    /// <inheritdoc />
    public override string ToText() => Table().ToText();

    /// <inheritdoc />
    public override string ToHtml() => Table().ToHtml();

    private SummaryTable Table() => new($"Test accuracy, mean ± 95 % interval; differences from '{Baseline}' paired by seed", Headers, Rows());

    private IEnumerable<string[]> Rows() => Variants.Select(one => new[]
    {
        one.Variant, $"{one.Accuracy.Count}", $"{Percent(one.Accuracy.Mean)} ± {Percent(one.Accuracy.HalfWidth)}", Percent(one.Accuracy.StandardDeviation),
        one.Difference is { } difference ? $"{(difference.Mean < 0 ? "−" : "+")}{Percent(Math.Abs(difference.Mean))} ± {Percent(difference.HalfWidth)}" : "",
        one.Verdict switch { Verdict.Better => "better", Verdict.Worse => "worse", Verdict.NoDifferenceShown => "no difference shown", _ => one.Variant == Baseline ? "baseline" : "" },
        one.Seconds.ToString("0.0", CultureInfo.InvariantCulture),
    });

    private static string Percent(double fraction) => double.IsNaN(fraction) ? "?" : (100 * fraction).ToString("0.00", CultureInfo.InvariantCulture);
}
