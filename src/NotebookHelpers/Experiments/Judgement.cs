namespace NotebookHelpers;

/// <summary>
/// What may be concluded from a grid, by a rule that is the same whatever the results: a variant is judged by its accuracy on validation
/// images at the epoch that was chosen (all of them on the test set where one has held nothing out), by the differences from the
/// baseline seed by seed, at a confidence of 95 % for all variants together (Bonferroni: 1 − 0.05/number of variants). With fewer than
/// <see cref="LeastPairs"/> pairs there is no verdict. The test accuracy stands beside it and decides nothing.
/// </summary>
/// <remarks>
/// Among n pairs without any difference every pattern of signs is as likely as another, and 2 of the 2ⁿ have all signs alike: with
/// five seeds 2 of 32, over 6 %, so that even the clearest result would be no proof at 5 %.
/// </remarks>
public sealed class Judgement : View
{
    /// <summary>How many pairs a verdict needs: the least n with 2/2ⁿ at most 5 %.</summary>
    public const int LeastPairs = 6;

    private const double Error = 0.05;

    private static readonly string[] Headers =
    [
        "variant", "seeds", "validation accuracy, %", "difference, paired", "not paired", "correlation", "sign patterns, %", "verdict",
        "test accuracy, %", "test difference", "seconds a run",
    ];

    private Judgement(string baseline, double confidence, IReadOnlyList<JudgedVariant> variants) =>
        (Baseline, Confidence, Variants) = (baseline, confidence, variants);

    /// <summary>What the variants are compared with.</summary>
    public string Baseline { get; }

    /// <summary>Of each interval of a difference, so that all together hold in 95 % of such grids.</summary>
    public double Confidence { get; }

    /// <summary>The variants, in the order in which they first occur.</summary>
    public IReadOnlyList<JudgedVariant> Variants { get; }

    /// <summary>One variant.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public JudgedVariant this[string variant] => Variants.FirstOrDefault(one => one.Variant == variant) ?? throw new ArgumentException(
        $"No variant is called '{variant}': there are {string.Join(", ", Variants.Select(one => one.Variant))}.", nameof(variant));

    /// <summary>Judges.</summary>
    /// <param name="results">Results of one grid.</param>
    /// <param name="baseline">The variant that the others are compared with.</param>
    /// <exception cref="ArgumentException">There is no result of the baseline, or the results are of more than one data set.</exception>
    public static Judgement Of(IEnumerable<ExperimentResult> results, string baseline)
    {
        var all = results.ToList();
        var groups = all.GroupBy(result => result.Variant).ToList();
        var sets = all.Select(result => result.DataSet).Distinct().ToList();
        if (sets.Count > 1)
            throw new ArgumentException($"Results of different data sets cannot be compared: {string.Join(", ", sets)}.", nameof(results));
        var reference = groups.FirstOrDefault(group => group.Key == baseline)?.ToDictionary(result => result.Seed)
            ?? throw new ArgumentException($"There is no result of the baseline '{baseline}' yet.", nameof(baseline));
        var confidence = 1 - Error / Math.Max(1, groups.Count - 1);
        var measure = MeasureFor(all);
        return new Judgement(baseline, confidence, [.. groups.Select(group => group.Key == baseline
            ? Alone(group.Key, [.. group])
            : Judged([.. group], reference, measure, confidence))]);
    }

    /// <summary>
    /// Whether a change is worth more in one place than in another: the difference of two differences, seed by seed, with a 95 % interval.
    /// </summary>
    /// <param name="results">Results of one grid.</param>
    /// <param name="here">The variant with the change and the one without it.</param>
    /// <param name="there">The same in another place.</param>
    /// <returns>(with − without) here − (with − without) there.</returns>
    /// <exception cref="ArgumentException">Fewer than two seeds have all four.</exception>
    public static Estimate DifferenceOfDifferences(
        IEnumerable<ExperimentResult> results, (string With, string Without) here, (string With, string Without) there)
    {
        string[] variants = [here.With, here.Without, there.With, there.Without];
        var those = results.Where(result => variants.Contains(result.Variant)).ToList();
        var measure = MeasureFor(those);
        var bySeed = those.GroupBy(result => result.Seed).Select(seed => seed.ToDictionary(result => result.Variant, measure));
        List<double> values = [.. bySeed
            .Where(seed => variants.All(seed.ContainsKey))
            .Select(seed => seed[here.With] - seed[here.Without] - (seed[there.With] - seed[there.Without]))];
        return values.Count >= 2 ? Estimate.Of(values) : throw new ArgumentException(
            $"A difference of differences needs two seeds with all four variants, but {values.Count} have them.", nameof(results));
    }

    /// <summary>
    /// The paired differences from the baseline by which the variants are judged, each with its interval, the best on top; a dot is
    /// hollow where its interval contains 0.
    /// </summary>
    public Figure Differences() => Figure.Intervals(
        $"Each change beside '{Baseline}'",
        $"difference of the {(Variants.All(one => one.Validation is not null) ? "validation" : "test")} accuracy, percentage points "
        + "(mean; all intervals together hold in 95 %)",
        "change",
        [.. Variants.Where(one => one.Paired is not null)
            .Select(one => (one.Variant, Difference: one.Paired!.Value))
            .OrderByDescending(one => one.Difference.Mean)
            .Select(one => (one.Variant, 100 * one.Difference.Low, 100 * one.Difference.Mean, 100 * one.Difference.High))]);

    /// <summary>The table in Markdown.</summary>
    public string ToMarkdown() => Points.Markdown(Headers, Rows(), left: [0, 7]);

    /// <inheritdoc />
    public override string ToText() => Table().ToText();

    /// <inheritdoc />
    public override string ToHtml() => Table().ToHtml();

    private static JudgedVariant Alone(string name, IReadOnlyList<ExperimentResult> results) => new(
        name, results.Count, ValidationOf(results), Estimate.Of([.. results.Select(result => result.TestAccuracy)]),
        null, null, null, null, null, null, results.Average(result => result.Seconds));

    private static JudgedVariant Judged(
        IReadOnlyList<ExperimentResult> results, Dictionary<int, ExperimentResult> reference,
        Func<ExperimentResult, double> measure, double confidence)
    {
        var alone = Alone(results[0].Variant, results);
        var pairs = results.Where(result => reference.ContainsKey(result.Seed)).ToList();
        if (pairs.Count < 2)
            return alone with { Verdict = NotebookHelpers.Verdict.TooFewSeeds };
        double[] mine = [.. pairs.Select(measure)], theirs = [.. pairs.Select(result => measure(reference[result.Seed]))];
        double[] differences = [.. mine.Zip(theirs, (one, other) => one - other)];
        var paired = Estimate.Of(differences, confidence);
        return alone with
        {
            Paired = paired,
            Unpaired = Estimate.OfDifference([.. results.Select(measure)], [.. reference.Values.Select(measure)], confidence),
            TestDifference = Estimate.Of([.. pairs.Select(result => result.TestAccuracy - reference[result.Seed].TestAccuracy)]),
            Correlation = CorrelationOf(mine, theirs),
            SignsShare = SignsShareOf(differences),
            Verdict = VerdictOf(paired),
        };
    }

    private static Verdict VerdictOf(Estimate paired) => paired switch
    {
        { Count: < LeastPairs } => NotebookHelpers.Verdict.TooFewSeeds,
        { Low: > 0 } => NotebookHelpers.Verdict.Better,
        { High: < 0 } => NotebookHelpers.Verdict.Worse,
        _ => NotebookHelpers.Verdict.NoDifferenceShown,
    };

    // One for all that are compared: an accuracy on validation images less one on test images would be no difference.
    private static Func<ExperimentResult, double> MeasureFor(IEnumerable<ExperimentResult> results) =>
        results.All(result => result.ValidationAccuracy() is not null)
            ? result => result.ValidationAccuracy()!.Value
            : result => result.TestAccuracy;

    private static Estimate? ValidationOf(IReadOnlyList<ExperimentResult> results) =>
        results.All(result => result.ValidationAccuracy() is not null)
            ? Estimate.Of([.. results.Select(result => result.ValidationAccuracy()!.Value)])
            : null;

    private static double? CorrelationOf(double[] mine, double[] theirs)
    {
        if (mine.Length < 3)
            return null;
        var (mean, other) = (mine.Average(), theirs.Average());
        var together = mine.Zip(theirs, (a, b) => (a - mean) * (b - other)).Sum();
        var spread = Math.Sqrt(mine.Sum(a => (a - mean) * (a - mean)) * theirs.Sum(b => (b - other) * (b - other)));
        return spread > 0 ? together / spread : null;
    }

    private static double? SignsShareOf(double[] differences)
    {
        if (differences.Length > 20)
            return null;
        var patterns = 1 << differences.Length;
        var least = Math.Abs(differences.Sum()) * (1 - 1e-9);   // equal but for rounding counts as equal
        var asFar = Enumerable.Range(0, patterns).Count(pattern =>
            Math.Abs(differences.Select((difference, place) => (pattern >> place & 1) == 0 ? difference : -difference).Sum()) >= least);
        return (double)asFar / patterns;
    }

    private SummaryTable Table() => new(
        FormattableString.Invariant($"Differences from '{Baseline}' in points, each interval at {100 * Confidence:0.##} %"),
        Headers, Rows());

    private IEnumerable<string[]> Rows() => Variants.Select(one => new[]
    {
        one.Variant,
        $"{one.Seeds}",
        Points.Level(one.Validation),
        Points.Difference(one.Paired),
        Points.Difference(one.Unpaired),
        Points.Number(one.Correlation, "0.00"),
        Points.Number(100 * one.SignsShare, "0.0"),
        one.Variant == Baseline ? "baseline" : Points.Words(one.Verdict),
        Points.Level(one.Test),
        Points.Difference(one.TestDifference),
        Points.Seconds(one.Seconds),
    });
}
