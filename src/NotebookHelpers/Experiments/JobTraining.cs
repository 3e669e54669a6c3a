using System.Diagnostics;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>One job at work: its networks are made, trained and asked together about the test set.</summary>
internal sealed class JobTraining : IDisposable
{
    private readonly ExperimentJob _job;
    private readonly DigitData _data;
    private readonly DigitData? _strangers;
    private readonly JobData _images;
    private readonly Action<int, TrainingProgress, double> _progress;
    private readonly List<nn.Module<Tensor, Tensor>> _models = [];
    private readonly TrainingHistory[] _histories;
    private readonly List<double>[] _tests;
    private readonly double[] _fractions;
    private readonly Lock _reporting = new();

    private JobTraining(ExperimentJob job, DigitData data, DigitData? strangers, Action<int, TrainingProgress, double> progress)
    {
        (_job, _data, _strangers, _progress) = (job, data, strangers, progress);
        _images = JobData.Of(Options, job.Seed, data);
        _histories = new TrainingHistory[Options.Members];
        _fractions = new double[Options.Members];
        _tests = [.. _histories.Select(_ => new List<double>())];
    }

    private ExperimentOptions Options => _job.Options;

    /// <summary>Does a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="data">Its data set.</param>
    /// <param name="strangers">
    /// Pictures that are no digits, for a job with <see cref="ExperimentOptions.TestElsewhere"/>; null for another.
    /// </param>
    /// <param name="progress">Told which network is trained, how far it is, and the share of the job that is done.</param>
    /// <param name="cancellation">Stops it between two batches.</param>
    /// <exception cref="ArithmeticException">The loss is no longer finite, in training or on the test set.</exception>
    internal static ExperimentResult Run(
        ExperimentJob job, DigitData data, DigitData? strangers, Action<int, TrainingProgress, double> progress,
        CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        using var training = new JobTraining(job, data, strangers, progress);
        training.Build();
        SideBySide.Run(job.Options.Members, training.Together, training.Train, cancellation);
        var asked = training.Asked();
        return training.Result(training.Test(asked, cancellation), training.Elsewhere(asked, cancellation), clock.Elapsed);
    }

    public void Dispose() => _models.ForEach(model => model.Dispose());

    private int Together => Options.Network.DrawsInTraining ? 1 : Math.Min(Options.Members, get_num_threads());

    private int SeedOf(int member) => _job.Seed + 1000 * member;

    private void Build()
    {
        for (var member = 0; member < Options.Members; member++)
        {
            manual_seed(SeedOf(member));
            _models.Add(Options.Network.Build());
        }
    }

    private void Train(int member, CancellationToken stop)
    {
        var options = Options.Training with
        {
            Name = _job.Variant,
            Epochs = _images.Epochs,
            Seed = SeedOf(member),
            KeepBest = _images.Validation is not null,
        };
        void Report(TrainingProgress report) => Note(member, report, stop);
        var history = new Trainer(_models[member], options).Fit(_images.Train, _images.Validation, Report, stop);
        _histories[member] = history;
        if (history.Cancelled)
            throw new OperationCanceledException(stop);
    }

    private void Note(int member, TrainingProgress report, CancellationToken stop)
    {
        if (report.EpochEnded && Options.TestEachEpoch)
            _tests[member].Add(Evaluation.Of(_models[member], _data.Test, cancellation: stop).Accuracy);
        lock (_reporting)
        {
            _fractions[member] = report.Fraction;
            _progress(member, report, _fractions.Average());
        }
    }

    // The ensemble owns nothing but its members, which end with this job.
    private nn.Module<Tensor, Tensor> Asked() =>
        _models.Count > 1 || Options.AverageShifts ? new Ensemble(_models, Options.AverageShifts) : _models[0];

    private EvaluationResult Test(nn.Module<Tensor, Tensor> asked, CancellationToken cancellation)
    {
        var test = Evaluation.Of(asked, _data.Test, cancellation: cancellation);
        // Without validation the trainer has not seen what its last step did; and JSON has no such number.
        return double.IsFinite(test.Loss) ? test : throw new ArithmeticException(
            FormattableString.Invariant($"The loss on the test set is {test.Loss}: training has diverged in its last steps. ")
            + "Expected a finite number. Try a smaller learning rate.");
    }

    private List<OtherDigits>? Elsewhere(nn.Module<Tensor, Tensor> asked, CancellationToken cancellation) => _strangers is null
        ? null
        : [.. OtherDigits.Sets(_data.Test, _strangers)
            .Select(set => OtherDigits.Of(set.Name, Evaluation.Of(asked, set.Images, cancellation: cancellation)))];

    private ExperimentResult Result(EvaluationResult test, List<OtherDigits>? elsewhere, TimeSpan time) => new(
        _job.Id, _job.Variant, _job.Seed, Options,
        Epochs: [.. _histories.SelectMany(history => history.Epochs)],
        ChosenEpoch: _histories[^1].Best?.Epoch ?? _histories[^1].Epochs[^1].Epoch,
        test.Accuracy, test.Loss,
        Parameters: _models.SelectMany(model => model.parameters()).Where(parameter => parameter.requires_grad)
            .Sum(parameter => parameter.NumberOfElements),
        Seconds: Math.Round(time.TotalSeconds, 2), _data.Name, get_num_threads(), Machine.Description, Machine.Code,
        Options.TestEachEpoch ? [.. _tests.SelectMany(accuracies => accuracies)] : null, elsewhere);
}
