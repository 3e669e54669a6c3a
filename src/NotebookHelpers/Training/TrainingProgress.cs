using System.Globalization;

namespace NotebookHelpers;

/// <summary>How far a training is; shown in place, and updated, while it runs.</summary>
public sealed class TrainingProgress : View
{
    internal TrainingProgress(
        int epochs, int epoch, int batches, int batch, double loss, double accuracy, TimeSpan elapsed, TrainingHistory history) =>
        (Epochs, Epoch, Batches, Batch, Loss, Accuracy, Elapsed, History) = (epochs, epoch, batches, batch, loss, accuracy, elapsed, history);

    /// <summary>What to show before the first report.</summary>
    public static TrainingProgress Waiting { get; } =
        new(1, 1, 1, 0, double.NaN, double.NaN, TimeSpan.Zero, new TrainingHistory("training", [], cancelled: false));

    /// <summary>How many epochs there will be.</summary>
    public int Epochs { get; }

    /// <summary>The epoch at hand, from 1.</summary>
    public int Epoch { get; }

    /// <summary>Batches in an epoch.</summary>
    public int Batches { get; }

    /// <summary>Batches done in this epoch.</summary>
    public int Batch { get; }

    /// <summary>Mean training loss of this epoch so far.</summary>
    public double Loss { get; }

    /// <summary>Training accuracy of this epoch so far, a fraction.</summary>
    public double Accuracy { get; }

    /// <summary>Time since the training began.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>The finished epochs.</summary>
    public TrainingHistory History { get; }

    /// <summary>Whether this is the report at the end of an epoch, after its validation.</summary>
    public bool EpochEnded => History.Epochs.Count == Epoch;

    /// <summary>What is done of the whole, from 0 to 1.</summary>
    public double Fraction => ((Epoch - 1.0) * Batches + Batch) / ((double)Epochs * Batches);

    /// <summary>Time left, if it goes on as so far.</summary>
    public TimeSpan Remaining => Fraction > 0 ? Elapsed * (1 / Fraction - 1) : TimeSpan.Zero;

    /// <inheritdoc />
    public override string ToText()
    {
        if (Batch == 0)
            return "Training starts …";
        const int Width = 24;
        var done = (int)(Fraction * Width);
        return $"[{new string('#', done)}{new string('.', Width - done)}] {Line()}";
    }

    /// <inheritdoc />
    public override string ToHtml() => Batch == 0
        ? "<p>Training starts …</p>"
        : string.Create(CultureInfo.InvariantCulture,
            $"""<div><progress value="{Fraction:0.####}" max="1" aria-label="training" style="width:100%"></progress><div>{Html.Encode(Line())}</div></div>""");

    private string Line()
    {
        var line = string.Create(CultureInfo.InvariantCulture,
            $"epoch {Epoch} of {Epochs} · batch {Batch} of {Batches} · loss {Loss:0.0000} · accuracy {Accuracy:0.0000}");
        if (History.Epochs is [.., { ValidationAccuracy: { } validation } last])
            line += string.Create(CultureInfo.InvariantCulture,
                $" · validation {validation:0.0000} after epoch {last.Epoch} (best {History.Best!.ValidationAccuracy:0.0000} after epoch {History.Best.Epoch})");
        return line + (Fraction < 1 ? $" · {Time(Elapsed)} gone, {Time(Remaining)} left" : $" · {Time(Elapsed)} in all");
    }

    private static string Time(TimeSpan time) => time.TotalHours >= 1
        ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)
        : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);
}
