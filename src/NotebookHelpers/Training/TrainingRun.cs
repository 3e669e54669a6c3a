using System.Diagnostics;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>One training at work: what its steps and epochs change.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly TrainerOptions _options;
    private readonly DigitSet _train;
    private readonly DigitSet? _validation;
    private readonly Action<TrainingProgress>? _progress;
    private readonly CancellationToken _stop;
    private readonly Batches _batches;
    private readonly FusedAdam _optimizer;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private List<EpochMetrics> _epochs = [];
    private WeightSnapshot? _best, _average;
    private double _resumed;
    private TimeSpan _shown;

    /// <param name="model">What is trained; it has the weights as they are, until <see cref="Finish"/>.</param>
    /// <param name="options">How.</param>
    /// <param name="train">What to learn from.</param>
    /// <param name="validation">What to measure on.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="stop">Stops it between two batches.</param>
    internal TrainingRun(
        nn.Module<Tensor, Tensor> model, TrainerOptions options, DigitSet train, DigitSet? validation,
        Action<TrainingProgress>? progress, CancellationToken stop)
    {
        (_model, _options, _train, _validation, _progress, _stop) = (model, options, train, validation, progress, stop);
        _batches = new Batches(train, options.BatchSize, options.Seed, options.DropLast, Workbook.Device, options.Distortion);
        _optimizer = new FusedAdam(model.parameters(), options.LearningRate);
    }

    /// <summary>Why the latest checkpoint could not be written; null when it was.</summary>
    internal string? CheckpointProblem { get; private set; }

    /// <summary>Whether another epoch is to be trained.</summary>
    internal bool GoesOn => _epochs.Count < _options.Epochs;

    /// <summary>The finished epochs.</summary>
    internal TrainingHistory History(bool cancelled = false) => new(_options.Name, _epochs, cancelled);

    /// <summary>Goes on from the options' checkpoint, where there is one.</summary>
    internal void Resume()
    {
        if (_options.Checkpoint is { } path)
            WholeFile.TakeBack(path, Checkpoint.Previous(path));
        if (File.Exists(_options.Checkpoint))
            (_epochs, _best, _average) = Checkpoint.Load(_options.Checkpoint, _model, _optimizer, _options, _train, _validation);
        if (_options.WeightAveraging > 0)
            _average ??= WeightSnapshot.Of(_model);
        _resumed = (double)_epochs.Count / _options.Epochs;
    }

    /// <summary>Trains one epoch and measures it: it counts once it is validated.</summary>
    /// <param name="finished">Called once it counts, before it is reported.</param>
    internal void Epoch(Action finished)
    {
        var epoch = _epochs.Count + 1;
        var started = _clock.Elapsed;
        manual_seed(unchecked(_options.Seed * 1_000_003L + epoch));
        _model.train();
        var sums = Steps(epoch);
        using (Averaged())
            Count(epoch, sums, Validated(epoch), started);
        Save();
        finished();
        FreedMemory.Release();
        using (Averaged())
            Report(epoch, _batches.Count, sums, due: !GoesOn || IsDue);
    }

    /// <summary>Gives the model the weights that the training ends with: the best epoch's, their average, or the last ones.</summary>
    internal void Finish()
    {
        foreach (var parameter in _model.parameters())
            parameter.grad = null;   // the optimiser would only zero it
        (_best ?? _average)?.Restore(_model);
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _best?.Dispose();
        _average?.Dispose();
    }

    private Sums Steps(int epoch)
    {
        var (sums, step) = (new Sums(), 0);
        foreach (var batch in _batches.Epoch(epoch))
        {
            using (batch)
            {
                _stop.ThrowIfCancellationRequested();
                sums = sums.Plus(Step(batch, epoch, ++step), batch.Count);
                Average((epoch - 1.0) * _batches.Count + step);
            }
            if (_progress is not null && step < _batches.Count && IsDue)
                Report(epoch, step, sums, due: true);
        }
        return sums;
    }

    private (double Loss, long Correct) Step(Batch batch, int epoch, int number)
    {
        using var scope = NewDisposeScope();
        var learningRate = _options.LearningRateAt((epoch - 1L) * _batches.Count + number - 1, (long)_options.Epochs * _batches.Count);
        foreach (var group in _optimizer.ParamGroups)
            group.LearningRate = learningRate;
        _optimizer.zero_grad();
        var logits = _model.call(batch.Images).to(ScalarType.Float32);
        var loss = nn.functional.cross_entropy(logits, batch.Labels, label_smoothing: _options.LabelSmoothing);
        var value = loss.item<float>();
        if (!float.IsFinite(value))
            throw Diverged(value, $"in epoch {epoch}, batch {number} of {_batches.Count}");
        loss.backward();
        _optimizer.step();
        return (value, logits.argmax(1).eq(batch.Labels).sum().item<long>());
    }

    private void Average(double steps) => _average?.MoveTowards(_model, 1 - Math.Min(_options.WeightAveraging, (1 + steps) / (10 + steps)));

    private WeightSnapshot.Visit? Averaged() => _average?.VisitTo(_model);

    private EvaluationResult? Validated(int epoch)
    {
        if (_validation is null)
            // The last step's weights have met no image yet.
            return WeightsAreFinite() ? null : throw Diverged(double.NaN, $"for the weights after epoch {epoch}");
        var result = Evaluation.Of(_model, _validation, cancellation: _stop);
        return double.IsFinite(result.Loss) ? result : throw Diverged(result.Loss, $"on the validation set after epoch {epoch}");
    }

    private void Count(int epoch, Sums sums, EvaluationResult? validated, TimeSpan started)
    {
        _epochs.Add(new EpochMetrics(
            epoch, sums.MeanLoss, sums.Accuracy, validated?.Loss, validated?.Accuracy, (_clock.Elapsed - started).TotalSeconds));
        if (!_options.KeepBest || History().Best != _epochs[^1])
            return;
        _best?.Dispose();
        _best = WeightSnapshot.Of(_model);
    }

    // Hours of training are worth more than their checkpoint: a problem is said once, and tried again after the next epoch.
    private void Save()
    {
        if (_options.Checkpoint is not { } path)
            return;
        var before = CheckpointProblem;
        try
        {
            WholeFile.RemoveAbandoned(path);
            Checkpoint.Save(path, _model, _optimizer, new(_epochs, _best, _average), _options, _train, _validation);
            CheckpointProblem = null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            CheckpointProblem = $"The checkpoint {path} could not be written after epoch {_epochs.Count}: {exception.Message} "
                + "Training goes on without it; make room or choose another place with TrainerOptions.Checkpoint.";
            if (before is null)
                Console.Error.WriteLine(CheckpointProblem);
        }
    }

    // Some hosts keep every update of a display: over hours the reports become rarer, so that there are a few hundred.
    private bool IsDue => _clock.Elapsed - _shown >= TimeSpan.FromSeconds(Math.Max(1, _clock.Elapsed.TotalSeconds / 60));

    private void Report(int epoch, int batch, Sums sums, bool due)
    {
        if (due)
            _shown = _clock.Elapsed;
        _progress?.Invoke(
            new TrainingProgress(_options.Epochs, epoch, _batches.Count, batch, sums.MeanLoss, sums.Accuracy, _clock.Elapsed, History())
            {
                Due = due,
                Resumed = _resumed,
            });
    }

    private bool WeightsAreFinite()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        return _model.parameters().All(parameter => parameter.isfinite().all().item<bool>());
    }

    private ArithmeticException Diverged(double loss, string where) => new(
        FormattableString.Invariant($"The loss is {loss} {where}: training has diverged and stops here. Expected a finite number. ")
        + FormattableString.Invariant($"Try a smaller learning rate than {_options.LearningRate}, and check that the pixels are finite."));

    /// <summary>What the batches of an epoch gave so far.</summary>
    private readonly record struct Sums(double Loss, long Correct, long Images)
    {
        internal double MeanLoss => Loss / Images;

        internal double Accuracy => (double)Correct / Images;

        internal Sums Plus((double Loss, long Correct) step, int images) =>
            new(Loss + step.Loss * images, Correct + step.Correct, Images + images);
    }
}
