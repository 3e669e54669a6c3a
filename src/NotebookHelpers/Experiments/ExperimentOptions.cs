using System.Text.Json.Serialization;

namespace NotebookHelpers;

/// <summary>
/// Everything but the seed that decides how one experiment ends. Its text is JSON of one level, without what is at its default, so
/// that an option added later changes no <see cref="ExperimentJob.Id"/> (see <see cref="ExperimentJson"/>).
/// </summary>
public sealed record ExperimentOptions
{
    /// <summary>
    /// The data set's name, as <see cref="Mnist.Load(string?, string?, Action{DownloadProgress}?, CancellationToken)"/> takes it.
    /// </summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public string Data
    {
        get;
        init => field = string.IsNullOrWhiteSpace(value)
            ? throw new ArgumentException("Data is a data set's name, such as mnist, but is empty.", nameof(Data))
            : value;
    } = KnownSet.Mnist.Key;

    /// <summary>How many images to train on before augmentation, drawn by the seed; null: all that validation leaves.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? TrainImages { get; init => field = value is null ? null : Require.AtLeast(1, value.Value, nameof(TrainImages)); }

    /// <summary>
    /// How many images of the training set are held out to choose the epoch by, drawn by the seed; 0: none, and the last weights count.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 0.</exception>
    public int ValidationImages { get; init => field = Require.AtLeast(0, value, nameof(ValidationImages)); }

    /// <summary>The budget: training images in all epochs, augmented ones included; a whole number of epochs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public long ImagesSeen { get; init => field = Require.AtLeast(1, value, nameof(ImagesSeen)); }

    /// <summary>Augmentation.</summary>
    public Images Images { get; init; }

    /// <summary>The network.</summary>
    [JsonIgnore]
    public NetworkOptions Network { get; init; } = LeNetOptions.Corrected;

    /// <summary>How it is trained. Name, epochs, seed, checkpoint and the choice of the epoch are the experiment's to decide.</summary>
    /// <exception cref="ArgumentException">One of these is set.</exception>
    [JsonIgnore]
    public TrainerOptions Training { get; init => field = WithoutDecided(value); } = new();

    /// <summary>
    /// Networks that are trained from other seeds and asked together. They share the budget. Each one's seed is 1,000 above that of
    /// the one before. Without dropout they train side by side and share torch's threads, as far as these go; all dropout draws from
    /// one generator, so with it they train one after another.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Members { get; init => field = Require.AtLeast(1, value, nameof(Members)); } = 1;

    /// <summary>Whether a test image is also shown moved by a pixel in each direction, and the answers are averaged.</summary>
    public bool AverageShifts { get; init; }

    /// <summary>
    /// Whether the test set is also read after each epoch, to show how much choosing on it flatters; each network by itself, on
    /// images that are not moved.
    /// </summary>
    public bool TestEachEpoch { get; init; }

    /// <summary>Whether the finished networks are also asked about digits that nobody tuned for (see <see cref="OtherDigits"/>).</summary>
    public bool TestElsewhere { get; init; }

    /// <summary>What <see cref="DigitData.Name"/> the data set has when it is the one that was named, and no stand-in.</summary>
    internal string DataName => NameOf(Data);

    internal static string NameOf(string data) => KnownSet.All.FirstOrDefault(set => set.Key == data)?.Title ?? data;

    /// <summary>The options as JSON, those at their defaults left out.</summary>
    public override string ToString() => ExperimentJson.Write(this).ToJsonString(ExperimentJson.Plain);

    internal IReadOnlyList<Augmentation> Augmentations => Images switch
    {
        Images.Shifts => Augmentation.Shifts,
        Images.Flip => [Augmentation.FlipHorizontal],
        Images.ShiftsAndFlip => Augmentation.ShiftsAndFlip,
        _ => [],
    };

    private static TrainerOptions WithoutDecided(TrainerOptions training)
    {
        var usual = new TrainerOptions();
        var mine = training with
        {
            Name = usual.Name,
            Epochs = usual.Epochs,
            Seed = usual.Seed,
            KeepBest = usual.KeepBest,
            Checkpoint = usual.Checkpoint,
        };
        return training == mine ? training : throw new ArgumentException(
            "An experiment decides the training's name, epochs (by its budget), seed, checkpoint and KeepBest (by its validation images): "
            + "leave them out.",
            nameof(Training));
    }
}
