using System.Diagnostics;
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
    /// <see cref="TrainerOptions.KeepBest"/>. torch's random
    /// generator is set anew for each epoch. With <see cref="TrainerOptions.Checkpoint"/> it first goes on from that file.
    /// </summary>
    /// <param name="train">What to learn from.</param>
    /// <param name="validation">What to measure on after each epoch; never learned from. None: no validation.</param>
    /// <param name="progress">
    /// Called on this thread at each epoch's end, and within an epoch when a display is due (see <see cref="TrainingProgress.Due"/>).
    /// </param>
    /// <param name="cancellation">Stops the training between two batches.</param>
    /// <exception cref="ArgumentException">The training set makes no batch, or one of a single image for batch normalisation; or <see cref="TrainerOptions.KeepBest"/> without a validation set.</exception>
    /// <exception cref="ArgumentException">The checkpoint belongs to another model, other options or other data; it is not changed.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged, something else, or of a newer workbook; it is not changed.</exception>
    /// <exception cref="ArithmeticException">The loss or a weight is no longer finite; the model has the weights at that moment, their average, or the best epoch's.</exception>
    public TrainingHistory Fit(
        DigitSet train, DigitSet? validation = null, Action<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        if (_options.KeepBest && validation is null)
            throw new ArgumentException("KeepBest chooses the epoch by its validation accuracy: give Fit a validation set.", nameof(validation));
        FreedMemory.Keep();
        var batches = new Batches(train, _options.BatchSize, _options.Seed, _options.DropLast, Workbook.Device, _options.Distortion);
        var last = _options.DropLast ? _options.BatchSize : (train.Count - 1) % _options.BatchSize + 1;
        if (last == 1 && _model.modules().Prepend(_model).Any(part => part is TorchSharp.Modules.BatchNorm1d))
            throw new ArgumentException(
                $"{train.Count} images in batches of {_options.BatchSize} leave one image alone, and batch normalisation has no variance of one value: its running average would be lost. Set DropLast, or take another BatchSize.", nameof(train));

        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(cancellation, Workbook.Cancellation);
        using var optimizer = new FusedAdam(_model.parameters(), _options.LearningRate);
        WeightSnapshot? best = null, average = null;
        var epochs = new List<EpochMetrics>();
        if (File.Exists(_options.Checkpoint))
            (epochs, best, average) = Checkpoint.Load(_options.Checkpoint, _model, optimizer, _options, train, validation);
        if (_options.WeightAveraging > 0)
            average ??= WeightSnapshot.Of(_model);
        CheckpointProblem = null;
        History = new TrainingHistory(_options.Name, epochs, cancelled: false);
        var clock = Stopwatch.StartNew();
        var (shown, resumed) = (TimeSpan.Zero, (double)epochs.Count / _options.Epochs);
        try
        {
            for (var epoch = epochs.Count + 1; epoch <= _options.Epochs; epoch++)
            {
                manual_seed(unchecked(_options.Seed * 1_000_003L + epoch));
                _model.train();
                var started = clock.Elapsed;
                var (loss, correct, images, steps) = (0.0, 0L, 0L, 0);
                foreach (var batch in batches.Epoch(epoch))
                {
                    using (batch)
                    {
                        interrupt.Token.ThrowIfCancellationRequested();
                        var step = Step(batch, optimizer, epoch, ++steps, batches.Count);
                        var all = (epoch - 1.0) * batches.Count + steps;
                        average?.MoveTowards(_model, 1 - Math.Min(_options.WeightAveraging, (1 + all) / (10 + all)));
                        loss += step.Loss * batch.Count;
                        correct += step.Correct;
                        images += batch.Count;
                    }
                    if (progress is not null && steps < batches.Count && IsDue())
                        Report(epoch, steps, loss / images, (double)correct / images, due: true);
                }

                using (Averaged())
                {
                    var validated = validation is null ? null : Evaluation.Of(_model, validation, cancellation: interrupt.Token);
                    if (validated is not null && !double.IsFinite(validated.Loss))
                        throw Diverged(validated.Loss, $"on the validation set after epoch {epoch}");
                    if (validated is null && !WeightsAreFinite())   // the last step's weights have met no image yet
                        throw Diverged(double.NaN, $"for the weights after epoch {epoch}");
                    epochs.Add(new EpochMetrics(
                        epoch, loss / images, (double)correct / images, validated?.Loss, validated?.Accuracy, (clock.Elapsed - started).TotalSeconds));
                    History = new TrainingHistory(_options.Name, epochs, cancelled: false);
                    if (_options.KeepBest && History.Best == epochs[^1])
                    {
                        best?.Dispose();
                        best = WeightSnapshot.Of(_model);
                    }
                }
                if (_options.Checkpoint is { } path)
                    Save(path, optimizer, best, average, epochs, train, validation);
                FreedMemory.Release();
                using (Averaged())
                    Report(epoch, batches.Count, loss / images, (double)correct / images, due: epoch == _options.Epochs || IsDue());
            }
            return History;
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            return History = new TrainingHistory(_options.Name, epochs, cancelled: true);
        }
        finally
        {
            foreach (var parameter in _model.parameters())
                parameter.grad = null;   // the optimiser would only zero it
            (best ?? average)?.Restore(_model);
            best?.Dispose();
            average?.Dispose();
        }

        WeightSnapshot.Visit? Averaged() => average?.VisitTo(_model);

        // Some hosts keep every update of a display: over hours the reports become rarer, so that there are a few hundred.
        bool IsDue() => clock.Elapsed - shown >= TimeSpan.FromSeconds(Math.Max(1, clock.Elapsed.TotalSeconds / 60));

        void Report(int epoch, int batch, double loss, double accuracy, bool due)
        {
            if (due)
                shown = clock.Elapsed;
            progress?.Invoke(new(_options.Epochs, epoch, batches.Count, batch, loss, accuracy, clock.Elapsed, History) { Due = due, Resumed = resumed });
        }
    }

    private void Save(string path, TorchSharp.Modules.Adam optimizer, WeightSnapshot? best, WeightSnapshot? average, List<EpochMetrics> epochs, DigitSet train, DigitSet? validation)
    {
        var before = CheckpointProblem;
        try
        {
            WholeFile.RemoveAbandoned(path);
            Checkpoint.Save(path, _model, optimizer, best, average, epochs, _options, train, validation);
            CheckpointProblem = null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Hours of training are worth more than their checkpoint: it says so once, and tries again after the next epoch.
            CheckpointProblem = $"The checkpoint {path} could not be written after epoch {epochs.Count}: {exception.Message} Training goes on without it; make room or choose another place with TrainerOptions.Checkpoint.";
            if (before is null)
                Console.Error.WriteLine(CheckpointProblem);
        }
    }

    private (double Loss, long Correct) Step(Batch batch, optim.Optimizer optimizer, int epoch, int number, int batches)
    {
        using var scope = NewDisposeScope();
        var learningRate = _options.LearningRateAt((epoch - 1L) * batches + number - 1, (long)_options.Epochs * batches);
        foreach (var group in optimizer.ParamGroups)
            group.LearningRate = learningRate;
        optimizer.zero_grad();
        var logits = _model.call(batch.Images);
        var loss = nn.functional.cross_entropy(logits, batch.Labels, label_smoothing: _options.LabelSmoothing);
        var value = loss.item<float>();
        if (!float.IsFinite(value))
            throw Diverged(value, $"in epoch {epoch}, batch {number} of {batches}");
        loss.backward();
        optimizer.step();
        return (value, logits.argmax(1).eq(batch.Labels).sum().item<long>());
    }

    private bool WeightsAreFinite()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        return _model.parameters().All(parameter => parameter.isfinite().all().item<bool>());
    }

    private ArithmeticException Diverged(double loss, string where) => new(FormattableString.Invariant(
        $"The loss is {loss} {where}: training has diverged and stops here. Expected a finite number. Try a smaller learning rate than {_options.LearningRate}, and check that the pixels are finite."));
}
