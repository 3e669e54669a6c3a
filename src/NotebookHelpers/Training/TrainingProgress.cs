using System.Globalization;
using System.Text;

namespace NotebookHelpers;

/// <summary>
/// How far a training is: a bar, the losses by epoch as a curve, and the time left. Shown in place, and updated while it
/// runs; what a saved notebook keeps is the last state.
/// </summary>
public sealed class TrainingProgress : View
{
    private const int CurveHeight = 250;

    internal TrainingProgress(
        int epochs, int epoch, int batches, int batch, double loss, double accuracy, TimeSpan elapsed, TrainingHistory history)
    {
        (Epochs, Epoch, Batches, Batch) = (epochs, epoch, batches, batch);
        (Loss, Accuracy, Elapsed, History) = (loss, accuracy, elapsed, history);
    }

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
    public TimeSpan Remaining => Fraction > Resumed ? Elapsed * ((1 - Fraction) / (Fraction - Resumed)) : TimeSpan.Zero;

    /// <summary>Whether a display is to be updated: at most once a second, more rarely in a long training, and at its end.</summary>
    public bool Due { get; internal init; } = true;

    /// <summary>The part of the whole, from 0 to 1, that a checkpoint had brought.</summary>
    internal double Resumed { get; init; }

    /// <inheritdoc />
    public override string ToText()
    {
        if (Batch == 0)
            return "Training starts …";
        const int Width = 24;
        var done = (int)(Fraction * Width);
        return string.Join('\n', (Curve?.Describe() ?? []).Prepend($"[{new string('#', done)}{new string('.', Width - done)}] {Line()}"));
    }

    /// <inheritdoc />
    public override string ToHtml()
    {
        if (Batch == 0)
            return "<p>Training starts …</p>";
        var html = new StringBuilder($"<div style=\"{Html.Card};max-width:{StaticChart.Width}px;margin:4px 0\">");
        html.Append(
            CultureInfo.InvariantCulture,
            $"<progress value=\"{Fraction:0.####}\" max=\"1\" aria-label=\"training\" style=\"width:100%\"></progress>");
        html.Append($"<div style=\"padding:2px 6px\">{Html.Encode(Line())}</div>");
        if (Curve is { } curve)
            html.Append(ChartImage.Of(
                CurvePicture.Draw(curve, new(curve, StaticChart.Width, CurveHeight)),
                CurvePicture.Draw(curve, new(curve, Html.PhoneWidth, CurveHeight)),
                string.Join(". ", curve.Describe().Prepend(curve.Title))));
        return html.Append("</div>").ToString();
    }

    /// <summary>The losses of the finished epochs, once there is one.</summary>
    private CurveChart? Curve => History.Epochs is []
        ? null
        : new CurveChart("Loss so far", "epochs completed", "cross-entropy (nats)",
        [.. new[]
        {
            Series.Of("training", History.Epochs.Select(epoch => epoch.TrainLoss), 1),
            Series.Of("validation", History.Epochs.Select(epoch => epoch.ValidationLoss ?? double.NaN), 1),
        }.Where(series => !series.Y.All(double.IsNaN)).Select(NotebookHelpers.Curve.Of)]);

    private string Line()
    {
        var line = string.Create(CultureInfo.InvariantCulture,
            $"epoch {Epoch} of {Epochs} · batch {Batch} of {Batches} · loss {Loss:0.0000} · accuracy {Accuracy:0.0000}");
        if (History is { Epochs: [.., { ValidationAccuracy: { } validation } last], Best: { } best })
            line += string.Create(CultureInfo.InvariantCulture, $" · validation {validation:0.0000} after epoch {last.Epoch} ")
                + string.Create(CultureInfo.InvariantCulture, $"(best {best.ValidationAccuracy:0.0000} after epoch {best.Epoch})");
        return line + (Fraction < 1
            ? $" · {Duration.Of(Elapsed)} gone, {Duration.Of(Remaining)} left"
            : $" · {Duration.Of(Elapsed)} in all");
    }
}
