namespace NotebookHelpers;

/// <summary>How a <see cref="Trainer"/> trains; the defaults are the article's baseline.</summary>
public sealed record TrainerOptions
{
    /// <summary>What the history is called in figures and files.</summary>
    public string Name { get; init; } = "training";

    /// <summary>Passes over the training set, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Epochs { get; init => field = AtLeastOne(value, nameof(Epochs)); } = 20;

    /// <summary>Images for each step, at least 1; the article's is 128.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int BatchSize { get; init => field = AtLeastOne(value, nameof(BatchSize)); } = 128;

    /// <summary>Adam's learning rate, above 0 (Kingma and Ba 2015; its other settings keep their defaults 0.9, 0.999, 1e-8).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number above 0.</exception>
    public double LearningRate
    {
        get;
        init => field = double.IsFinite(value) && value > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(LearningRate), value, "The learning rate is a finite number above 0, such as 0.001.");
    } = 1e-3;

    /// <summary>The seed of the batches' order and of dropout. Fresh weights are drawn before, when the model is made.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>Whether the last, smaller batch of an epoch is left out.</summary>
    public bool DropLast { get; init; }

    /// <summary>Whether training ends with the weights of the epoch of the highest validation accuracy, not with the last ones.</summary>
    public bool KeepBest { get; init; }

    /// <summary>
    /// A file that keeps the state after each epoch; null, the default, keeps none. Where the file exists, training goes on
    /// from it and ends with the same weights, bit for bit, as a run that was never stopped.
    /// </summary>
    public string? Checkpoint { get; init; }

    private static int AtLeastOne(int value, string name) => value >= 1
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least 1.");
}
