namespace NotebookHelpers;

/// <summary>One variant of a comparison; figures are test accuracies, fractions.</summary>
/// <param name="Variant">Its name.</param>
/// <param name="Accuracy">The mean over the seeds, with a 95 % interval.</param>
/// <param name="Difference">
/// The mean of (variant − baseline), seed by seed, with a 95 % interval; null for the baseline and where fewer than two seeds
/// have both.
/// </param>
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
