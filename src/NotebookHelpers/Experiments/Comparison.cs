namespace NotebookHelpers;

/// <summary>
/// The variants of a grid beside its baseline by their test accuracies, paired by seed, each as if it were the only one. What may be
/// concluded from a whole grid says <see cref="Judgement"/>.
/// </summary>
public sealed class Comparison : View
{
    private static readonly string[] Headers =
        ["variant", "seeds", "test accuracy, %", "standard deviation", "difference, points", "conclusion", "seconds a run"];

    private Comparison(string baseline, IReadOnlyList<ComparedVariant> variants) => (Baseline, Variants) = (baseline, variants);

    /// <summary>What the variants are compared with.</summary>
    public string Baseline { get; }

    /// <summary>The variants, in the order in which they first occur.</summary>
    public IReadOnlyList<ComparedVariant> Variants { get; }

    /// <summary>One variant.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public ComparedVariant this[string variant] => Variants.FirstOrDefault(one => one.Variant == variant) ?? throw new ArgumentException(
        $"No variant is called '{variant}': there are {string.Join(", ", Variants.Select(one => one.Variant))}.", nameof(variant));

    /// <summary>Compares.</summary>
    /// <param name="results">Results of one grid.</param>
    /// <param name="baseline">The variant that the others are compared with.</param>
    /// <exception cref="ArgumentException">There is no result of the baseline.</exception>
    public static Comparison Of(IEnumerable<ExperimentResult> results, string baseline)
    {
        var groups = results.GroupBy(result => result.Variant).ToList();
        var reference = groups.FirstOrDefault(group => group.Key == baseline)
            ?.ToDictionary(result => result.Seed, result => result.TestAccuracy)
            ?? throw new ArgumentException($"There is no result of the baseline '{baseline}' yet.", nameof(baseline));
        return new Comparison(baseline, [.. groups.Select(group =>
        {
            var paired = group.Where(result => reference.ContainsKey(result.Seed))
                .Select(result => result.TestAccuracy - reference[result.Seed]).ToList();
            return new ComparedVariant(
                group.Key,
                Estimate.Of([.. group.Select(result => result.TestAccuracy)]),
                group.Key == baseline || paired.Count < 2 ? null : Estimate.Of(paired),
                group.Average(result => result.Seconds));
        })]);
    }

    /// <summary>The table in Markdown.</summary>
    public string ToMarkdown() => Points.Markdown(Headers, Rows(), left: [0, 5]);

    /// <inheritdoc />
    public override string ToText() => Table().ToText();

    /// <inheritdoc />
    public override string ToHtml() => Table().ToHtml();

    private SummaryTable Table() =>
        new($"Test accuracy, mean ± 95 % interval; differences from '{Baseline}' paired by seed", Headers, Rows());

    private IEnumerable<string[]> Rows() => Variants.Select(one => new[]
    {
        one.Variant,
        $"{one.Accuracy.Count}",
        Points.Level(one.Accuracy),
        Points.Percent(one.Accuracy.StandardDeviation),
        Points.Difference(one.Difference),
        one.Variant == Baseline ? "baseline" : Points.Words(one.Verdict),
        Points.Seconds(one.Seconds),
    });
}
