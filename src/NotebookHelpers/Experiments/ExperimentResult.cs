namespace NotebookHelpers;

/// <summary>What one finished job gave: one line of a results file. Accuracies are fractions, losses nats.</summary>
/// <param name="Id">The job's.</param>
/// <param name="Variant">The job's.</param>
/// <param name="Seed">The job's.</param>
/// <param name="Options">The job's.</param>
/// <param name="Epochs">
/// Each epoch's metrics; of several networks (<see cref="ExperimentOptions.Members"/>) one after the other, each from 1.
/// </param>
/// <param name="ChosenEpoch">
/// The epoch whose weights were tested: that of the highest validation accuracy, the last one without validation. Of several
/// networks it is the last one's.
/// </param>
/// <param name="TestAccuracy">Accuracy on the test set, read once, after the choice.</param>
/// <param name="TestLoss">Mean cross-entropy on it.</param>
/// <param name="Parameters">Trainable parameters, of all networks.</param>
/// <param name="Seconds">Wall time of the whole job.</param>
/// <param name="DataSet">What it was trained on, such as MNIST.</param>
/// <param name="Threads">torch's threads.</param>
/// <param name="Machine">Processor and cores.</param>
/// <param name="Code">The version of this library: commit, where it was built from one.</param>
/// <param name="TestAccuracies">
/// After each of <paramref name="Epochs"/>, with <see cref="ExperimentOptions.TestEachEpoch"/>; no choice depends on them.
/// </param>
/// <param name="Elsewhere">What the networks say of other digits, with <see cref="ExperimentOptions.TestElsewhere"/>.</param>
public sealed record ExperimentResult(
    string Id, string Variant, int Seed, ExperimentOptions Options, IReadOnlyList<EpochMetrics> Epochs, int ChosenEpoch,
    double TestAccuracy, double TestLoss, long Parameters, double Seconds, string DataSet,
    int Threads, string Machine, string Code, IReadOnlyList<double>? TestAccuracies = null,
    IReadOnlyList<OtherDigits>? Elsewhere = null)
{
    /// <summary>
    /// The accuracy on validation images of the weights that were tested; of several networks the mean. Null where nothing was held out.
    /// </summary>
    public double? ValidationAccuracy()
    {
        // Each network's epochs are numbered from 1, and each ends with its own best epoch's weights.
        var best = new List<double>();
        foreach (var epoch in Epochs)
        {
            if (epoch.ValidationAccuracy is not { } accuracy)
                return null;
            if (epoch.Epoch == 1 || best.Count == 0)
                best.Add(accuracy);
            else
                best[^1] = Math.Max(best[^1], accuracy);
        }
        return best.Average();
    }

    /// <summary>The highest test accuracy of any epoch, which flatters; null unless the test set was read after each.</summary>
    public double? FlatteredAccuracy() => TestAccuracies?.Max();

    /// <summary>
    /// How much better the training looks when the test set chooses its epoch than when validation images do, at least 0 where they
    /// do; null unless the test set was read after each epoch, and of one network on images as they are: that is what was read.
    /// </summary>
    public double? Flattery() => Options is { Members: 1, AverageShifts: false } ? FlatteredAccuracy() - TestAccuracy : null;
}
