using System.Globalization;
using static TorchSharp.torch;

namespace NotebookHelpers;

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
                var logits = model.call(batch.Images).to(ScalarType.Float32);
                if (logits.shape is not [_, var classes] || classes != set.Classes.Count)
                    throw new ArgumentException(
                        $"{set.Name} has {set.Classes.Count} classes, so the logits' shape must be (batch, {set.Classes.Count}); "
                        + $"the model puts out ({string.Join(", ", logits.shape)}).",
                        nameof(model));
                loss += nn.functional.cross_entropy(logits, batch.Labels, reduction: nn.Reduction.Sum).item<float>();
                var shares = logits.softmax(1);
                Copy(batch.Labels, labels, done);
                Copy(logits.argmax(1), predictions, done);
                shares.cpu().data<float>().CopyTo(probabilities, done * set.Classes.Count);
                done += batch.Count;
            }
        }
        FreedMemory.Release();
        return new EvaluationResult(set, loss / set.Count, labels, predictions, probabilities);
    }

    private static void Copy(Tensor source, int[] target, int offset) =>
        source.to(ScalarType.Int32).cpu().data<int>().CopyTo(target, offset);
}
