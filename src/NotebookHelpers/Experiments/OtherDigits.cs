namespace NotebookHelpers;

/// <summary>What a network says about a set that nobody tuned it for.</summary>
/// <param name="Set">The set, in words: "shifted right 2", "sample digits".</param>
/// <param name="Images">How many images it has.</param>
/// <param name="Accuracy">The fraction whose predicted class is the true one; of clothes, whose classes are no digits, chance.</param>
/// <param name="Sure">The fraction to whose prediction the network gives a probability of at least <see cref="SureFrom"/>.</param>
public sealed record OtherDigits(string Set, int Images, double Accuracy, double Sure)
{
    /// <summary>From which probability on a prediction counts as sure.</summary>
    public const double SureFrom = 0.9;

    internal static readonly string Strangers = KnownSet.FashionMnist.Key;

    private static readonly ImageChange[] Changes =
    [
        ImageChange.Shift(2, 0), ImageChange.Shift(4, 0), ImageChange.Shift(0, -4),
        ImageChange.Rotation(15), ImageChange.Rotation(30), ImageChange.Rotation(45),
        ImageChange.Thicker(1), ImageChange.Thicker(2), ImageChange.Thinner(1), ImageChange.Thinner(2),
    ];

    /// <summary>
    /// The sets: the test digits as they are and changed in ten ways, the sample digits (another camera, another hand) and pictures
    /// that are no digits at all.
    /// </summary>
    internal static IEnumerable<(string Name, DigitSet Images)> Sets(DigitSet test, DigitData strangers)
    {
        foreach (var change in Changes.Prepend(ImageChange.None))
            yield return (change.Name, test.Changed(change));
        yield return (SampleDigits.Load().Name, SampleDigits.Load().All);
        yield return (strangers.Name, strangers.Test);
    }

    internal static OtherDigits Of(string name, EvaluationResult result) => new(
        name, result.Labels.Count, result.Accuracy,
        (double)result.Confidences.Count(confidence => confidence >= SureFrom) / result.Labels.Count);
}
