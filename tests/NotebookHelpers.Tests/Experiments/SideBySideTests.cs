using static TorchSharp.torch;

namespace NotebookHelpers.Tests;

/// <summary>Two threads for torch; other tests run with one, and not beside these.</summary>
[CollectionDefinition(nameof(SideBySideTests), DisableParallelization = true), Collection(nameof(SideBySideTests))]
public sealed class SideBySideTests : IDisposable
{
    private static readonly DeepNetworkOptions Deep = new() { Filters1 = 4 };
    private static readonly ExperimentOptions Three = new()
    {
        TrainImages = 200,
        ValidationImages = 100,
        Network = Deep,
        Members = 3,
        Training = new() { BatchSize = 20 },
        ImagesSeen = 1200,
        TestEachEpoch = true,
    };

    public SideBySideTests() => set_num_threads(2);

    public void Dispose() => set_num_threads(1);

    /// <summary>Three networks for two threads: one of the threads trains two.</summary>
    [Fact]
    public void Networks_trained_side_by_side_are_those_trained_one_after_another()
    {
        var job = new ExperimentJob("three", Three, 1);
        set_num_threads(1);
        var alone = Assert.Single(Experiment.Run([job], load: _ => SampleDigits.Load()));
        set_num_threads(2);
        var remaining = new List<TimeSpan?>();
        var together = Assert.Single(
            Experiment.Run([job], load: _ => SampleDigits.Load(), progress: report => remaining.Add(report.Remaining)));
        Assert.Equal(2, get_num_threads());
        Assert.Equal(TimeSpan.Zero, remaining[^1]);
        Assert.Equal(
            alone.Epochs.Select(epoch => (epoch.Epoch, epoch.TrainLoss)),
            together.Epochs.Select(epoch => (epoch.Epoch, epoch.TrainLoss)));
        Assert.Equal(alone.TestAccuracies, together.TestAccuracies);
        Assert.Equal(alone.TestLoss, together.TestLoss, 1e-5);
    }

    /// <summary>All dropout draws from one generator: side by side, chance would decide who draws first.</summary>
    [Fact]
    public void Networks_with_dropout_train_one_after_another()
    {
        var job = new ExperimentJob("three", Three with { Network = Deep with { Dropout = 0.2 } }, 1);
        var ended = new List<int>();
        Experiment.Run([job], load: _ => SampleDigits.Load(), progress: report =>
        {
            if (report.Training is { EpochEnded: true } training)
                ended.Add(training.Epoch);
        });
        Assert.Equal([1, 2, 1, 2, 1, 2], ended);
    }

    /// <summary>Of the eight epochs of two networks, the first one ends, and at most the one that the other was just ending.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public void Networks_side_by_side_stop_together(bool cancelled)
    {
        var job = new ExperimentJob("stopped", Three with { TestEachEpoch = false, Members = 2, ImagesSeen = 1600 }, 1);
        var ended = 0;
        using var stop = new CancellationTokenSource();
        IReadOnlyList<ExperimentResult> Run() =>
            Experiment.Run([job], load: _ => SampleDigits.Load(), cancellation: stop.Token, progress: StopWhenAnEpochEnds);
        void StopWhenAnEpochEnds(ExperimentProgress report)
        {
            if (report.Training is not { EpochEnded: true })
                return;
            ended++;
            if (!cancelled)
                throw new InvalidOperationException("the caller's own");
            stop.Cancel();
        }

        if (cancelled)
            Assert.Empty(Run());
        else
            Assert.Equal("the caller's own", Assert.Throws<InvalidOperationException>(Run).Message);
        Assert.InRange(ended, 1, 2);
    }
}
