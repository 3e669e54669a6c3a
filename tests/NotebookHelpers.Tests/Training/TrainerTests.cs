using TorchSharp;
using static TorchSharp.torch;

namespace NotebookHelpers.Tests.Training;

[Collection(TorchAlone.Name)]
public sealed class TrainerTests
{
    private static readonly DigitSet Digits = SampleDigits.Load().Train.Take(400);
    private static readonly DigitSet Others = SampleDigits.Load().Test.Take(200);

    private static LeNet Fresh(LeNetOptions? options = null)
    {
        manual_seed(11);
        return new LeNet(options);
    }

    [Fact]
    public void Training_learns_and_measures_each_epoch()
    {
        using var model = Fresh();
        var untrained = Evaluation.Of(model, Others);
        var options = new TrainerOptions { Name = "learns", Epochs = 6, BatchSize = 32, LearningRate = 2e-3 };
        var history = new Trainer(model, options).Fit(Digits, Others);

        Assert.Equal("learns", history.Name);
        Assert.Equal([1, 2, 3, 4, 5, 6], history.Epochs.Select(epoch => epoch.Epoch));
        Assert.True(history.Epochs[^1].TrainLoss < history.Epochs[0].TrainLoss / 2);
        Assert.InRange(history.Epochs[^1].TrainAccuracy, 0.85, 1);
        Assert.InRange(history.Best!.ValidationAccuracy!.Value, 0.7, 1);
        Assert.True(history.Best.ValidationAccuracy > untrained.Accuracy + 0.4);
        Assert.Equal(Evaluation.Of(model, Others).Accuracy, history.Epochs[^1].ValidationAccuracy);
        Assert.False(history.Cancelled);
    }

    [Fact]
    public void The_first_loss_is_the_cross_entropy_of_the_untrained_model()
    {
        using var model = Fresh();
        var expected = Evaluation.Of(model, Digits).Loss;
        var history = new Trainer(model, new TrainerOptions { Epochs = 1, BatchSize = Digits.Count }).Fit(Digits);
        Assert.Equal(expected, history.Epochs[0].TrainLoss, 1e-5);
        Assert.Null(history.Epochs[0].ValidationAccuracy);
        Assert.Null(history.Best);
    }

    [Fact]
    public void The_same_seed_gives_the_same_numbers_bit_for_bit()
    {
        (TrainingHistory, float[]) Run(int seed)
        {
            using var model = Fresh(new LeNetOptions { BatchNormalization = true, Dropout = 0.5 });
            var history = new Trainer(model, new TrainerOptions { Epochs = 2, Seed = seed }).Fit(Digits, Others);
            return (history, model.parameters().SelectMany(parameter => parameter.data<float>().ToArray()).ToArray());
        }

        var (first, weights) = Run(5);
        rand(10).Dispose();   // random numbers drawn elsewhere change nothing
        var (second, sameWeights) = Run(5);
        var (other, otherWeights) = Run(6);
        Assert.Equal(weights, sameWeights);
        Assert.Equal(first.Epochs.Select(epoch => epoch with { Seconds = 0 }), second.Epochs.Select(epoch => epoch with { Seconds = 0 }));
        Assert.NotEqual(weights, otherWeights);
        Assert.NotEqual(first.Epochs[0].TrainLoss, other.Epochs[0].TrainLoss);
    }

    /// <summary>TorchSharp's own Adam, step by step, on the same weights and gradients.</summary>
    [Fact]
    public void The_optimiser_steps_as_torchs_adam()
    {
        using var scope = NewDisposeScope();
        using var ours = Fresh();
        using var theirs = Fresh();
        using var fused = new FusedAdam(ours.parameters(), 3e-3);
        using var adam = optim.Adam(theirs.parameters(), 3e-3);
        for (var step = 0; step < 20; step++)
        {
            foreach (var (one, other) in ours.parameters().Zip(theirs.parameters()))
            {
                one.grad = randn(one.shape).mul_(step % 5);
                other.grad = one.grad!.clone();
            }
            fused.step();
            adam.step();
        }
        foreach (var (one, other) in ours.named_parameters().Zip(theirs.named_parameters()))
            Assert.InRange((one.parameter - other.parameter).abs().max().item<float>(), 0, 2e-6f);
        foreach (var (one, other) in fused.state_dict().State.Zip(adam.state_dict().State))
        {
            var (a, b) = ((TorchSharp.Modules.Adam.State)one, (TorchSharp.Modules.Adam.State)other);
            Assert.Equal(b.step, a.step);
            Assert.True(a.exp_avg.allclose(b.exp_avg, 1e-5, 1e-6) && a.exp_avg_sq.allclose(b.exp_avg_sq, 1e-5, 1e-6));
        }
    }

    /// <summary>The weights before each step are seen from outside; their average is computed here by its definition.</summary>
    [Fact]
    public void Weight_averaging_ends_with_the_running_average_and_validates_it()
    {
        var options = new TrainerOptions { Epochs = 2, BatchSize = 100, WeightAveraging = 0.8 };
        using var plain = Fresh();
        var weights = new List<float[]>();
        float[] Weights(nn.Module model) => [.. model.parameters().SelectMany(parameter => parameter.data<float>().ToArray())];
        using (plain.register_forward_pre_hook((_, input) =>
               {
                   weights.Add(Weights(plain));
                   return input;
               }) as IDisposable)
            new Trainer(plain, options with { WeightAveraging = 0 }).Fit(Digits);
        weights.Add(Weights(plain));
        var average = weights[0].Select(value => (double)value).ToArray();
        for (var step = 1; step < weights.Count; step++)
        {
            var kept = Math.Min(0.8, (1.0 + step) / (10 + step));
            for (var i = 0; i < average.Length; i++)
                average[i] = kept * average[i] + (1 - kept) * weights[step][i];
        }

        using var averaged = Fresh();
        var history = new Trainer(averaged, options).Fit(Digits, Others);
        Assert.All(Weights(averaged).Zip(average), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        Assert.Equal(Evaluation.Of(averaged, Others).Loss, history.Epochs[^1].ValidationLoss!.Value, 1e-6);
        Assert.NotEqual(weights[^1], Weights(averaged));
    }

    [Fact]
    public void Memory_is_flat_over_epochs()
    {
        static long Live() => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

        using var model = Fresh(new LeNetOptions { BatchNormalization = true, Dropout = 0.5 });
        var before = Live();
        var live = new List<long>();
        new Trainer(model, new TrainerOptions { Epochs = 4, BatchSize = 100 }).Fit(Digits, Others, progress =>
        {
            if (progress.EpochEnded)
                live.Add(Live());
        });
        Assert.Equal(4, live.Count);
        Assert.All(live, count => Assert.Equal(live[0], count));
        Assert.Equal(before, Live());
        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void Cancelling_keeps_the_history_and_the_weights()
    {
        using var model = Fresh();
        using var source = new CancellationTokenSource();
        var trainer = new Trainer(model, new TrainerOptions { Epochs = 50 });
        var history = trainer.Fit(Digits, Others, progress =>
        {
            if (progress.Epoch == 2 && progress.EpochEnded)
                source.Cancel();
        }, source.Token);

        Assert.True(history.Cancelled);
        Assert.Equal(2, history.Epochs.Count);
        Assert.Same(history, trainer.History);
        Assert.Equal(history.Epochs[^1].ValidationAccuracy, Evaluation.Of(model, Others).Accuracy);
    }

    [Fact]
    public void Cancelling_during_a_validation_leaves_its_epoch_out()
    {
        using var model = Fresh();
        using var source = new CancellationTokenSource();
        var evaluations = 0;
        model.register_forward_hook((network, _, logits) =>
        {
            if (!network.training && ++evaluations == 3)   // the first of two batches, after the second epoch
                source.Cancel();
            return logits;
        });
        var history = new Trainer(model, new TrainerOptions { Epochs = 5 })
            .Fit(Digits, SampleDigits.Load().Test.Take(200), cancellation: source.Token);
        Assert.True(history.Cancelled);
        Assert.Single(history.Epochs);
        Assert.True(model.training);
    }

    [Fact]
    public void Interrupting_the_cell_cancels_too()
    {
        using var model = Fresh();
        using var source = new CancellationTokenSource();
        source.Cancel();
        AppContext.SetData("NotebookRunner.Cancellation", (Func<CancellationToken>)(() => source.Token));
        try
        {
            var history = new Trainer(model).Fit(Digits);
            Assert.True(history.Cancelled);
            Assert.Empty(history.Epochs);
        }
        finally
        {
            AppContext.SetData("NotebookRunner.Cancellation", null);
        }
    }

    [Fact]
    public void A_loss_that_is_not_finite_stops_naming_epoch_and_batch()
    {
        using var model = Fresh();
        var trainer = new Trainer(model, new TrainerOptions { Epochs = 3, BatchSize = 100 });
        var error = Assert.Throws<ArithmeticException>(() => trainer.Fit(Digits, progress: progress =>
        {
            using var noGradients = no_grad();
            if (progress.Epoch == 1 && progress.EpochEnded)
                model.output.bias!.fill_(float.NaN);
        }));
        Assert.Contains("NaN in epoch 2, batch 1 of 4", error.Message);
        Assert.Contains("learning rate", error.Message);
        Assert.Single(trainer.History.Epochs);
    }

    [Fact]
    public void Weights_that_the_last_step_lost_are_told_without_a_validation_too()
    {
        using var model = Fresh();
        var trainer = new Trainer(model, new TrainerOptions { Epochs = 1, BatchSize = Digits.Count, LearningRate = 1e39 });   // no float
        Assert.Contains("weights after epoch 1", Assert.Throws<ArithmeticException>(() => trainer.Fit(Digits)).Message);
    }

    [Fact]
    public void Keeping_the_best_epoch_restores_its_weights()
    {
        using var model = Fresh();
        var history = new Trainer(model, new TrainerOptions { Epochs = 5, KeepBest = true, LearningRate = 0.02 }).Fit(Digits, Others);
        Assert.Equal(history.Best!.ValidationAccuracy, Evaluation.Of(model, Others).Accuracy);
        Assert.Equal(history.Best.ValidationLoss!.Value, Evaluation.Of(model, Others).Loss, 1e-9);
        Assert.Throws<ArgumentException>(() => new Trainer(model, new TrainerOptions { KeepBest = true }).Fit(Digits));
    }

    [Fact]
    public void Progress_counts_up_to_the_end()
    {
        using var model = Fresh();
        var reports = new List<TrainingProgress>();
        new Trainer(model, new TrainerOptions { Epochs = 2, BatchSize = 100, DropLast = true }).Fit(Digits.Take(390), Others, reports.Add);

        Assert.Equal([1, 2], reports.Where(report => report.EpochEnded).Select(report => report.Epoch));
        var last = reports[^1];
        Assert.Equal((3, 3, 1.0, TimeSpan.Zero), (last.Batch, last.Batches, last.Fraction, last.Remaining));
        Assert.Equal(0.5, reports.First(report => report.EpochEnded).Fraction);
        Assert.Contains("epoch 2 of 2", last.ToText());
        Assert.Contains("<progress value=\"1\"", last.ToHtml());
        Assert.Contains("starts", TrainingProgress.Waiting.ToText());
        Assert.True(last.Due);
    }

    [Fact]
    public void Progress_shows_the_losses_of_the_finished_epochs()
    {
        EpochMetrics Epoch(int number) => new(number, 1.0 / number, 0.5, 2.0 / number, 0.5, 1);
        TrainingProgress At(int epoch, int batch, double resumed = 0, params EpochMetrics[] epochs)
        {
            var history = new TrainingHistory("t", epochs, cancelled: false);
            return new(4, epoch, 10, batch, 0.25, 0.5, TimeSpan.FromSeconds(30), history) { Resumed = resumed };
        }

        Assert.DoesNotContain("<img", At(1, 5).ToHtml());
        var second = At(2, 10, epochs: [Epoch(1), Epoch(2)]);
        Assert.Contains("batch 10 of 10 · loss 0.2500", second.ToText());
        Assert.Contains("2 points, from 2 at 1 to 1 at 2", second.ToText());
        Assert.Contains("0:30 gone, 0:30 left", second.ToText());
        var image = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(second.ToHtml()).QuerySelector("img")!;
        Assert.Contains("training: ", image.GetAttribute("alt"));
        var picture = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(image.GetAttribute("src")!.Split(',')[1]));
        var values = System.Xml.Linq.XDocument.Parse(picture).Descendants().Select(element => element.Value);
        Assert.All(["training", "validation", "epochs completed", "cross-entropy (nats)"], text => Assert.Contains(text, values));
        Assert.InRange(At(4, 10, epochs: [.. Enumerable.Range(1, 100).Select(Epoch)]).ToHtml().Length, 1, 16_000);

        // What a checkpoint brought took none of this run's time: a quarter in 30 s leaves a quarter more.
        Assert.Equal(TimeSpan.FromSeconds(30), At(3, 10, resumed: 0.5, epochs: [Epoch(1), Epoch(2), Epoch(3)]).Remaining);
    }

    [Theory, InlineData(0, "0:00"), InlineData(59.9, "0:59"), InlineData(245, "4:05"), InlineData(3600, "1:00:00")]
    [InlineData(86_399, "23:59:59"), InlineData(86_400, "24:00:00"), InlineData(8_640_061, "2400:01:01")]
    public void Times_of_days_are_told_in_hours(double seconds, string time) =>
        Assert.Equal(time, Duration.Of(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Options_and_sets_that_cannot_work_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrainerOptions { Epochs = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrainerOptions { BatchSize = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrainerOptions { LearningRate = double.NaN });
        using var model = Fresh();
        Assert.Throws<ArgumentException>(() => new Trainer(model, new TrainerOptions { DropLast = true }).Fit(Digits.Take(100)));
        Assert.Throws<ArgumentException>(() => new Trainer(model).Fit(Digits.Take(0)));

        using var normalised = Fresh(new LeNetOptions { BatchNormalization = true });
        Assert.Contains("one image alone", Assert.Throws<ArgumentException>(() => new Trainer(normalised).Fit(Digits.Take(129))).Message);
        Assert.Throws<ArgumentException>(() => new Trainer(normalised, new TrainerOptions { BatchSize = 1, DropLast = true }).Fit(Digits));
        Assert.Single(new Trainer(normalised, new TrainerOptions { Epochs = 1, DropLast = true }).Fit(Digits.Take(129)).Epochs);
    }
}
