using TorchSharp;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// Trains a classifier of digits: softmax cross-entropy, Adam, a validation after each epoch. The same model, data,
/// options, machine and number of threads give the same numbers, bit for bit.
/// </summary>
public sealed class Trainer
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly TrainerOptions _options;

    /// <summary>Prepares the training of a model, which moves to <see cref="Workbook.Device"/>.</summary>
    /// <param name="model">From images (batch, 1, height, width) to logits (batch, classes).</param>
    /// <param name="options">The article's baseline when left out.</param>
    public Trainer(nn.Module<Tensor, Tensor> model, TrainerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model.to(Workbook.Device);
        _options = options ?? new TrainerOptions();
        History = new TrainingHistory(_options.Name, [], cancelled: false);
    }

    /// <summary>The epochs that the latest <see cref="Fit"/> has finished, also when it ended in an exception.</summary>
    public TrainingHistory History { get; private set; }

    /// <summary>
    /// Why the checkpoint of the latest epoch could not be written (a full disk, a folder without permission); null when it
    /// was, or when there is none to write. Training goes on without it, and an older checkpoint stays as it was.
    /// </summary>
    public string? CheckpointProblem { get; private set; }

    /// <summary>
    /// Trains. Cancelled by the token or by interrupting the cell (<see cref="Workbook.Cancellation"/>), it stops after
    /// the batch at hand and returns what there is: the finished epochs (an epoch counts once it is validated), with the
    /// weights as trained so far (their average with <see cref="TrainerOptions.WeightAveraging"/>), or those of the best epoch with
    /// <see cref="TrainerOptions.KeepBest"/>. torch's random generator is set anew for each epoch. With
    /// <see cref="TrainerOptions.Checkpoint"/> it first goes on from that file.
    /// </summary>
    /// <param name="train">What to learn from.</param>
    /// <param name="validation">What to measure on after each epoch; never learned from. None: no validation.</param>
    /// <param name="progress">
    /// Called on this thread at each epoch's end, and within an epoch when a display is due (see <see cref="TrainingProgress.Due"/>).
    /// </param>
    /// <param name="cancellation">Stops the training between two batches.</param>
    /// <exception cref="ArgumentException">
    /// The training set makes no batch, or one of a single image for batch normalisation; or <see cref="TrainerOptions.KeepBest"/>
    /// without a validation set.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The checkpoint belongs to another model, other options or other data; it is not changed.
    /// </exception>
    /// <exception cref="InvalidDataException">
    /// The checkpoint is damaged, something else, or of a newer workbook; it is not changed.
    /// </exception>
    /// <exception cref="ArithmeticException">
    /// The loss or a weight is no longer finite; the model has the weights at that moment, their average, or the best epoch's.
    /// </exception>
    public TrainingHistory Fit(
        DigitSet train, DigitSet? validation = null, Action<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        (History, CheckpointProblem) = (new TrainingHistory(_options.Name, [], cancelled: false), null);
        Check(train, validation);
        FreedMemory.Keep();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, Workbook.Cancellation);
        using var run = new TrainingRun(_model, _options, train, validation, progress, stop.Token);
        run.Resume();
        try
        {
            Note();
            while (run.GoesOn)
                run.Epoch(finished: Note);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            History = run.History(cancelled: true);
        }
        finally
        {
            run.Finish();
        }
        return History;

        void Note() => (History, CheckpointProblem) = (run.History(), run.CheckpointProblem);
    }

    private void Check(DigitSet train, DigitSet? validation)
    {
        if (_options.KeepBest && validation is null)
            throw new ArgumentException(
                "KeepBest chooses the epoch by its validation accuracy: give Fit a validation set.", nameof(validation));
        var last = _options.DropLast ? _options.BatchSize : (train.Count - 1) % _options.BatchSize + 1;
        if (last == 1 && _model.modules().Prepend(_model).Any(part => part is TorchSharp.Modules.BatchNorm1d))
            throw new ArgumentException(
                $"{train.Count} images in batches of {_options.BatchSize} leave one image alone, and batch normalisation has no variance "
                + "of one value: its running average would be lost. Set DropLast, or take another BatchSize.",
                nameof(train));
    }
}
