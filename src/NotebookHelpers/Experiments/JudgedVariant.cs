namespace NotebookHelpers;

/// <summary>One variant of a judgement; accuracies and differences are fractions.</summary>
/// <param name="Variant">Its name.</param>
/// <param name="Seeds">How many seeds it has.</param>
/// <param name="Validation">The accuracy on validation images, by which it is judged; null where nothing was held out.</param>
/// <param name="Test">The accuracy on the test set, which stands beside it.</param>
/// <param name="Paired">The difference from the baseline, seed by seed, at the rule's confidence; null for the baseline.</param>
/// <param name="Unpaired">The same difference without pairs (Welch 1947).</param>
/// <param name="TestDifference">The difference of the test accuracies, seed by seed, at 95 %.</param>
/// <param name="Correlation">
/// Of variant and baseline over the seeds (Pearson): below 0, pairing makes the interval wider. Null with fewer than three pairs, or
/// where one side never changes.
/// </param>
/// <param name="SignsShare">
/// The share of all ways to give the differences signs that have a mean at least as far from 0 (the sign permutation test for pairs).
/// Null for the baseline, below two pairs, and above 20, where there would be over a million ways.
/// </param>
/// <param name="Verdict">By the rule of <see cref="Judgement"/>; null for the baseline.</param>
/// <param name="Seconds">Mean wall time of a job.</param>
public sealed record JudgedVariant(
    string Variant, int Seeds, Estimate? Validation, Estimate Test, Estimate? Paired, Estimate? Unpaired, Estimate? TestDifference,
    double? Correlation, double? SignsShare, Verdict? Verdict, double Seconds);
