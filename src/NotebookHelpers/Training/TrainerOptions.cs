namespace NotebookHelpers;

/// <summary>How a <see cref="Trainer"/> trains; the defaults are the article's baseline.</summary>
public sealed record TrainerOptions
{
    /// <summary>What the history is called in figures and files.</summary>
    public string Name { get; init; } = "training";

    /// <summary>Passes over the training set, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Epochs { get; init => field = Require.AtLeast(1, value, nameof(Epochs)); } = 20;

    /// <summary>Images for each step, at least 1; the article's is 128.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int BatchSize { get; init => field = Require.AtLeast(1, value, nameof(BatchSize)); } = 128;

    /// <summary>Adam's learning rate, above 0 (Kingma and Ba 2015; its other settings keep their defaults 0.9, 0.999, 1e-8).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number above 0.</exception>
    public double LearningRate
    {
        get;
        init => field = double.IsFinite(value) && value > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(LearningRate), value,
                "The learning rate is a finite number above 0, such as 0.001.");
    } = 1e-3;

    /// <summary>How the learning rate changes over all epochs' steps.</summary>
    public LearningRateSchedule Schedule { get; init; }

    /// <summary>
    /// The share of the target's probability that is spread over all classes (Szegedy et al. 2016), from 0 (none, the
    /// default) to below 1. The training loss contains it, the validation loss does not.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1).</exception>
    public double LabelSmoothing { get; init => field = Require.Fraction(value, nameof(LabelSmoothing), "0.1"); }

    /// <summary>Changes the shape of each training image, differently in every epoch; null, the default: none.</summary>
    public Distortion? Distortion { get; init; }

    /// <summary>
    /// How much of a running average of the weights stays at each step (Polyak and Juditsky 1992, in its exponential form),
    /// from 0 (no average, the default) to below 1, such as 0.999. Validation and the end of the training use the average,
    /// which follows the weights more closely in the first steps: the share is at most (1 + steps) / (10 + steps).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1).</exception>
    public double WeightAveraging { get; init => field = Require.Fraction(value, nameof(WeightAveraging), "0.999"); }

    /// <summary>
    /// The seed of the batches' order, of distortions and of dropout. Fresh weights are drawn before, when the model is made.
    /// </summary>
    public int Seed { get; init; } = 42;

    /// <summary>Whether the last, smaller batch of an epoch is left out.</summary>
    public bool DropLast { get; init; }

    /// <summary>Whether training ends with the weights of the epoch of the highest validation accuracy, not with the last ones.</summary>
    public bool KeepBest { get; init; }

    /// <summary>
    /// A file that keeps the state after each epoch; null, the default, keeps none. Where the file exists, training goes on
    /// from it and ends with the same weights, bit for bit, as a run that was never stopped. The state of the epoch before
    /// stays beside it, as <c>….previous</c>: should a disk damage the newest, it can take its name.
    /// </summary>
    public string? Checkpoint { get; init; }

    /// <summary>The learning rate of one step.</summary>
    /// <param name="step">From 0 to below <paramref name="steps"/>.</param>
    /// <param name="steps">All steps of the training, at least 1.</param>
    internal double LearningRateAt(long step, long steps)
    {
        const double Warmup = 0.3, Start = 1 / 25.0;
        static double Between(double from, double to, double share) => to + (from - to) * (1 + Math.Cos(Math.PI * share)) / 2;
        var done = (double)step / steps;
        return LearningRate * Schedule switch
        {
            LearningRateSchedule.Cosine => Between(1, 0, done),
            LearningRateSchedule.OneCycle when done < Warmup => Between(Start, 1, done / Warmup),
            LearningRateSchedule.OneCycle => Between(1, 0, (done - Warmup) / (1 - Warmup)),
            _ => 1,
        };
    }
}
