using System.Globalization;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>What a model says about a set, image by image, and how often it is right.</summary>
public sealed class EvaluationResult : View
{
    private readonly float[] _probabilities;

    internal EvaluationResult(DigitSet set, double loss, int[] labels, int[] predictions, float[] probabilities)
    {
        (Set, Loss, Labels, Predictions, _probabilities) = (set, loss, labels, predictions, probabilities);
        float[] confidences = [.. predictions.Select((prediction, image) => ProbabilitiesOf(image)[prediction])];
        Confidences = confidences;
        Confusion = new int[set.Classes.Count, set.Classes.Count];
        for (var image = 0; image < labels.Length; image++)
            Confusion[labels[image], predictions[image]]++;
        Mistakes = [.. Enumerable.Range(0, labels.Length)
            .Where(image => predictions[image] != labels[image])
            .OrderByDescending(image => confidences[image])];
    }

    /// <summary>The set that was evaluated.</summary>
    public DigitSet Set { get; }

    /// <summary>Mean cross-entropy, in nats.</summary>
    public double Loss { get; }

    /// <summary>The fraction of the images whose predicted class is the true one, from 0 to 1.</summary>
    public double Accuracy => 1 - (double)Mistakes.Count / Labels.Count;

    /// <summary>The true class of each image.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>The predicted class of each image: the argmax of its logits.</summary>
    public IReadOnlyList<int> Predictions { get; }

    /// <summary>The probability (softmax) that the model gives each prediction, from 0 to 1.</summary>
    public IReadOnlyList<float> Confidences { get; }

    /// <summary>The images with a wrong prediction, by their index in the set, the most confident first.</summary>
    public IReadOnlyList<int> Mistakes { get; }

    /// <summary>How many images of each true class (row) were predicted as each class (column).</summary>
    public int[,] Confusion { get; }

    /// <summary>
    /// The classes that the model thinks likeliest for an image, with their probabilities (softmax, 0 to 1), the likeliest first.
    /// </summary>
    /// <param name="image">The image's index in the set.</param>
    /// <param name="count">How many classes, at least 1; all, where there are not so many.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image, or the count is below 1.</exception>
    public IReadOnlyList<(int Class, float Probability)> Guesses(int image, int count = 3)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(image);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(image, Labels.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        // Of equally likely classes the prediction comes first.
        return [.. ProbabilitiesOf(image).ToArray().Select((probability, label) => (Class: label, Probability: probability))
            .OrderByDescending(guess => guess.Probability).ThenBy(guess => guess.Class != Predictions[image]).Take(count)];
    }

    private ReadOnlySpan<float> ProbabilitiesOf(int image) => _probabilities.AsSpan(image * Set.Classes.Count, Set.Classes.Count);

    /// <inheritdoc />
    public override string ToText() => string.Create(CultureInfo.InvariantCulture,
        $"{Set.Name} {Set.Split}: accuracy {Accuracy:0.0000} ({Mistakes.Count} mistakes in {Labels.Count:#,0} images), loss {Loss:0.0000}");

    /// <inheritdoc />
    public override string ToHtml() => $"<p>{Html.Encode(ToText())}</p>";
}

/// <summary>Measures a model.</summary>
public static class Evaluation
{
    /// <summary>
    /// Runs a model over a set in evaluation mode and without gradients; each of its parts has its own mode back
    /// afterwards, also after an exception.
    /// </summary>
    /// <param name="model">From images (batch, 1, height, width) to logits (batch, classes).</param>
    /// <param name="set">The images, with at least one.</param>
    /// <param name="batchSize">Images at a time; only speed and memory depend on it.</param>
    /// <param name="cancellation">Stops the evaluation between two batches, as interrupting the cell does.</param>
    /// <exception cref="ArgumentException">The set is empty, or the model puts out another number of classes than the set has.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static EvaluationResult Of(
        nn.Module<Tensor, Tensor> model, DigitSet set, int batchSize = 128, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(set);

        FreedMemory.Keep();
        var (labels, predictions, probabilities) = (new int[set.Count], new int[set.Count], new float[set.Count * set.Classes.Count]);
        var (loss, done) = (0.0, 0);
        var interrupt = Workbook.Cancellation;
        using var mode = ModuleMode.Eval(model);
        using var noGradients = no_grad();
        foreach (var batch in new Batches(set, batchSize, device: ModuleMode.DeviceOf(model)).Epoch(0))
        {
            using (batch)
            using (NewDisposeScope())
            {
                if (cancellation.IsCancellationRequested || interrupt.IsCancellationRequested)
                    throw new OperationCanceledException(
                        string.Create(CultureInfo.InvariantCulture, $"The evaluation was stopped after {done:#,0} of {set.Count:#,0} ")
                        + "images, and nothing of it is kept. The model is as it was: run the same again.",
                        cancellation.IsCancellationRequested ? cancellation : interrupt);
                var logits = model.call(batch.Images);
                if (logits.shape is not [_, var classes] || classes != set.Classes.Count)
                    throw new ArgumentException(
                        $"{set.Name} has {set.Classes.Count} classes, so the logits' shape must be (batch, {set.Classes.Count}); "
                        + $"the model puts out ({string.Join(", ", logits.shape)}).",
                        nameof(model));
                loss += nn.functional.cross_entropy(logits, batch.Labels, reduction: nn.Reduction.Sum).item<float>();
                var shares = logits.softmax(1);
                Copy(batch.Labels, labels, done);
                Copy(shares.argmax(1), predictions, done);
                shares.to(ScalarType.Float32).cpu().data<float>().CopyTo(probabilities, done * set.Classes.Count);
                done += batch.Count;
            }
        }
        FreedMemory.Release();
        return new EvaluationResult(set, loss / set.Count, labels, predictions, probabilities);
    }

    private static void Copy(Tensor source, int[] target, int offset) =>
        source.to(ScalarType.Int32).cpu().data<int>().CopyTo(target, offset);
}
