using Experiments;
using NotebookHelpers.Tests.Training;
using static TorchSharp.torch;

namespace NotebookHelpers.Tests.Experiments;

[Collection(TorchAlone.Name)]
public sealed class ExperimentTests : IDisposable
{
    private const string SampleName = "sample digits";
    private static readonly ExperimentOptions Small = new()
    {
        Data = SampleName,
        TrainImages = 200,
        ValidationImages = 100,
        ImagesSeen = 400,
    };
    private static readonly ExperimentOptions Both = Small with
    {
        Images = Images.Shifts,
        ImagesSeen = 1000,
        Network = new LeNetOptions { BatchNormalization = true },
        TestEachEpoch = true,
    };
    private static readonly ExperimentGrid Grid = new("g", "plain", [1, 2], ("plain", Small), ("both", Both));
    private readonly TemporaryFolder _folder = new();

    private string Results => _folder.File("results.jsonl");

    public void Dispose() => _folder.Dispose();

    private static DigitData Sample(string name) => SampleDigits.Load();

    [Fact]
    public void A_rerun_does_only_what_is_missing_and_the_same_job_gives_the_same()
    {
        var first = Experiment.Run(Grid.Jobs, Results, load: Sample);
        Assert.Equal(Grid.Jobs.Select(job => job.Id), first.Select(result => result.Id));
        Assert.Equal([2, 1, 2, 1], first.Select(result => result.Epochs.Count));
        Assert.Equal(first[1].TestAccuracy, Assert.Single(first[1].TestAccuracies!));

        var lines = File.ReadAllLines(Results);
        File.WriteAllLines(Results, lines.Where((_, index) => index != 2));
        var started = new List<string>();
        var second = Experiment.Run(Grid.Jobs, Results, progress => started.Add(progress.Job.Id), Sample);

        Assert.Equal([Grid.Jobs[2].Id], started.Distinct());
        Assert.Equal(Untimed(first[2]), Untimed(second[2]));
        Assert.Equal(first[2].TestAccuracy, second[2].TestAccuracy);

        static IEnumerable<EpochMetrics> Untimed(ExperimentResult result) => result.Epochs.Select(epoch => epoch with { Seconds = 0 });
    }

    [Fact]
    public void Without_validation_all_images_are_trained_on_and_the_last_weights_count()
    {
        var result = Assert.Single(Experiment.Run([new ExperimentJob("all", Small with
        {
            ValidationImages = 0,
            Training = new() { Distortion = Distortion.Usual, WeightAveraging = 0.9 },
            Network = new LeNetOptions { Filters1 = 16 },
        }, 1)], Results, load: Sample));
        Assert.Equal(2, result.ChosenEpoch);
        Assert.All(result.Epochs, epoch => Assert.Null(epoch.ValidationAccuracy));
        Assert.InRange(result.TestAccuracy, 0.2, 1);
        Assert.Equal(176_286 + 4 * 10 + 4 * 9 * 16, result.Parameters);
        Assert.Equal(result.Epochs, Assert.Single(ResultsFile.Read(Results)).Epochs);
    }

    [Fact]
    public void Each_network_of_an_ensemble_has_curves_of_its_own()
    {
        ExperimentJob one = new("one", Small, 1), two = new("two", Small with { Members = 2, ImagesSeen = 800 }, 1);
        var members = new HashSet<int>();
        var log = new JobLog(_folder.Path);

        Experiment.Run([one, two], progress: progress =>
        {
            members.Add(progress.Member);
            log.Report(progress);
        }, load: Sample);

        Assert.Equal([0, 1], members.Order());
        string[] expected = [one.Id, Path.Combine(two.Id, "0"), Path.Combine(two.Id, "1")];
        Assert.Equal(expected.Order(StringComparer.Ordinal), Directory
            .GetFiles(_folder.Path, "*tfevents*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(_folder.Path, Path.GetDirectoryName(file)!)).Order(StringComparer.Ordinal));
    }

    /// <summary>The mean of the members' probabilities, over the image and its shifts, computed here member by member.</summary>
    [Fact]
    public void Networks_asked_together_answer_with_their_mean_probability()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        List<nn.Module<Tensor, Tensor>> members = [new LeNet(), new LeNet()];
        var set = SampleDigits.Load().Test.Take(30);
        DigitSet[] moved = [set, .. Augmentation.Shifts.Select(Moved)];
        foreach (var shifted in new[] { false, true })
        {
            var found = Evaluation.Of(new Ensemble(members, shifted), set);
            var each = members.SelectMany(member => (shifted ? moved : [set]).Select(images => Evaluation.Of(member, images))).ToList();
            for (var image = 0; image < 30; image++)
                foreach (var (digit, probability) in found.Guesses(image, 10))
                {
                    var mean = each.Average(result => result.Guesses(image, 10).Single(guess => guess.Class == digit).Probability);
                    Assert.Equal(mean, probability, 1e-5);
                }
        }

        // The augmented set without its first half, which is the set as it was.
        DigitSet Moved(Augmentation shift)
        {
            var both = set.Augmented(shift);
            byte[] pixels = [.. Enumerable.Range(30, 30).SelectMany(both.Pixels)];
            return DigitSet.Create(pixels, [.. Enumerable.Range(0, 30).Select(set.Label)], 28, 28);
        }
    }

    [Fact]
    public void An_ensemble_that_excludes_a_class_gives_a_finite_loss()
    {
        using var scope = NewDisposeScope();
        using var sure = nn.Linear(2, 2, hasBias: false);
        using (no_grad())
            sure.weight.copy_(tensor(new float[,] { { 200, 0 }, { 0, 200 } }));
        var logarithms = new Ensemble([sure, sure], shifted: false).call(tensor(new float[,] { { 1, 0 } }));
        Assert.Equal([0f, -200f], logarithms.data<float>().ToArray());
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Several_networks_share_the_budget(bool mixed)
    {
        var remaining = new List<TimeSpan?>();
        var options = Small with
        {
            Network = new DeepNetworkOptions { Filters1 = 8, MixedPrecision = mixed },
            Members = 2,
            AverageShifts = true,
            Training = new() { BatchSize = 20 },
            ImagesSeen = 1600,
        };
        var job = new ExperimentJob("two", options, 1);
        var result = Assert.Single(Experiment.Run([job], load: Sample, progress: report => remaining.Add(report.Remaining)));
        Assert.Equal(TimeSpan.Zero, remaining[^1]);
        Assert.Equal([1, 2, 3, 4, 1, 2, 3, 4], result.Epochs.Select(epoch => epoch.Epoch));
        Assert.NotEqual(result.Epochs[0].TrainLoss, result.Epochs[4].TrainLoss);
        Assert.InRange(result.TestAccuracy, 0.5, 1);
        Assert.Contains("networks", Assert.Throws<ArgumentException>(() =>
            Experiment.Run([new ExperimentJob("three", options with { Members = 3 }, 1)], load: Sample)).Message);
    }

    [Fact]
    public void A_stopped_run_keeps_what_is_finished_and_nothing_of_the_rest()
    {
        using var stop = new CancellationTokenSource();
        var done = Experiment.Run(Grid.Jobs, Results, progress =>
        {
            if (progress.Number == 2)
                stop.Cancel();
        }, Sample, stop.Token);

        Assert.Single(done);
        Assert.Single(ResultsFile.Read(Results));
    }

    /// <summary>The interrupt of an editor comes while a job trains, while the test set is read, or while data load.</summary>
    [Theory, InlineData("training"), InlineData("test"), InlineData("loading")]
    public void Interrupting_the_cell_keeps_what_is_finished(string moment)
    {
        if (moment == "loading")
            Experiment.Run(Grid.Jobs.Take(1), Results, load: Sample);
        using var stop = new CancellationTokenSource();
        AppContext.SetData("NotebookRunner.Cancellation", (Func<CancellationToken>)(() => stop.Token));
        try
        {
            ExperimentJob[] jobs = moment == "loading"
                ? [Grid.Jobs[0], new ExperimentJob("others", Small with { Data = "others" }, 1)]
                : [.. Grid.Jobs];
            var done = Experiment.Run(jobs, Results, progress =>
            {
                // The last report of a job comes before its final reading of the test set.
                var atItsEnd = progress.Training is { EpochEnded: true } training && training.Epoch == training.Epochs;
                var isTheMoment = moment switch
                {
                    "training" => progress.Training is null or { EpochEnded: false },
                    "test" => atItsEnd,
                    _ => false,
                };
                if (progress.Number == 2 && isTheMoment)
                    stop.Cancel();
            }, name =>
            {
                if (name == "others")
                {
                    stop.Cancel();
                    stop.Token.ThrowIfCancellationRequested();
                }
                return SampleDigits.Load();
            });
            Assert.Equal(Grid.Jobs[0].Id, Assert.Single(done).Id);
            Assert.Single(ResultsFile.Read(Results));
        }
        finally
        {
            AppContext.SetData("NotebookRunner.Cancellation", null);
        }
        Assert.Equal(4, Experiment.Run(Grid.Jobs, Results, load: Sample).Count);
    }

    [Fact]
    public void A_job_that_diverges_is_named_and_the_others_are_done()
    {
        var diverging = Small with { Training = new() { LearningRate = 1e30 } };
        var wild = new ExperimentGrid("g", "plain", [1], ("wild", diverging), ("plain", Small));

        var message = Assert.Throws<ArithmeticException>(() => Experiment.Run(wild.Jobs, Results, load: Sample)).Message;

        Assert.StartsWith("1 of 2 jobs have no result: wild, seed 1: The loss is ", message);
        Assert.Equal("plain", Assert.Single(ResultsFile.Read(Results)).Variant);
    }

    /// <summary>One step: its loss is finite, the weights that it leaves are not, and no validation sees them.</summary>
    [Fact]
    public void A_job_that_diverges_in_its_last_step_is_named_too()
    {
        var options = new ExperimentOptions
        {
            Data = SampleName,
            TrainImages = 128,
            ImagesSeen = 128,
            Training = new() { LearningRate = 1e30 },
        };
        var wild = new ExperimentJob("wild", options, 1);

        Assert.Contains(
            "wild, seed 1: The loss on the test set is ",
            Assert.Throws<ArithmeticException>(() => Experiment.Run([wild], Results, load: Sample)).Message);
        Assert.Empty(ResultsFile.Read(Results));
    }

    [Fact]
    public void A_results_file_that_cannot_be_written_is_said_before_the_first_job()
    {
        var inTheWay = _folder.File("a file");
        File.WriteAllText(inTheWay, "");
        var started = false;
        var results = Path.Combine(inTheWay, "results.jsonl");

        Assert.ThrowsAny<IOException>(() => Experiment.Run(Grid.Jobs, results, _ => started = true, Sample));
        Assert.False(started);
    }

    [Fact]
    public void Without_room_for_a_line_the_jobs_go_on_and_nothing_is_lost_once_there_is_room()
    {
        var done = Experiment.Run(Grid.Jobs, Results, progress =>
        {
            // A folder in the file's place is what a full disk is: it cannot be written.
            if (progress is { Number: 1, Training: null })
            {
                File.Delete(Results);
                Directory.CreateDirectory(Results);
            }
            if (progress is { Number: 3, Training: null })
                Directory.Delete(Results);
        }, Sample);

        Assert.Equal(4, done.Count);
        Assert.Equal(Grid.Jobs.Select(job => job.Id), ResultsFile.Read(Results).Select(result => result.Id));
    }

    [Fact]
    public void What_is_finished_is_written_before_an_error_of_the_caller_is_told()
    {
        Assert.Throws<InvalidOperationException>(() => Experiment.Run(Grid.Jobs, Results, progress =>
        {
            if (progress is { Number: 1, Training: null })
            {
                File.Delete(Results);
                Directory.CreateDirectory(Results);   // no line can be written
            }
            if (progress is { Number: 2, Training: null })
            {
                Directory.Delete(Results);
                throw new InvalidOperationException("of the caller");
            }
        }, Sample));

        Assert.Equal([Grid.Jobs[0].Id], ResultsFile.Read(Results).Select(result => result.Id));
    }

    [Fact]
    public void A_budget_that_is_no_whole_number_of_epochs_is_refused()
    {
        var job = new ExperimentJob("odd", Small with { ImagesSeen = 300 }, 1);
        Assert.Contains("whole number of epochs", Assert.Throws<ArgumentException>(() => Experiment.Run([job], load: Sample)).Message);
    }

    /// <summary>Another process has the first job: it is passed over, and done once it is free.</summary>
    [Fact]
    public void A_job_that_another_process_has_at_work_is_left_to_it()
    {
        using var claims = new JobClaims(Results);
        using (claims.Take(Grid.Jobs[0]))
        {
            Assert.Null(claims.Take(Grid.Jobs[0]));
            Assert.Equal(
                Grid.Jobs.Skip(1).Select(job => job.Id),
                Experiment.Run(Grid.Jobs, Results, load: Sample).Select(result => result.Id));
        }
        var started = new List<string>();
        Assert.Equal(4, Experiment.Run(Grid.Jobs, Results, progress => started.Add(progress.Job.Id), Sample).Count);
        Assert.Equal([Grid.Jobs[0].Id], started.Distinct());
        Assert.False(Directory.Exists(Results + ".claims"));
    }

    /// <summary>The other process ends the last job while this one does the first.</summary>
    [Fact]
    public void A_job_that_another_process_has_done_meanwhile_is_not_done_again()
    {
        var other = Assert.Single(Experiment.Run(Grid.Jobs.TakeLast(1), load: Sample));
        var started = new List<string>();
        var done = Experiment.Run(Grid.Jobs, Results, progress =>
        {
            if (progress is { Number: 1, Training: null })
                ResultsFile.Append(Results, other);
            started.Add(progress.Job.Id);
        }, Sample);
        Assert.Equal(4, done.Count);
        Assert.Equal(Grid.Jobs.SkipLast(1).Select(job => job.Id), started.Distinct());
    }

    /// <summary>Slices end in any order; one is submitted twice at the same file, one was killed while it wrote its last line.</summary>
    [Fact]
    public void Slices_out_of_order_twice_and_killed_give_what_the_whole_grid_gives()
    {
        var whole = Experiment.Run(Grid.Jobs, load: Sample);
        var (first, second) = (_folder.File("first.jsonl"), _folder.File("second.jsonl"));
        Experiment.Run(Grid.Shard(2, 2), second, load: Sample);
        var file = File.ReadAllText(second);
        File.WriteAllText(second, file[..(file.Length - 40)]);   // killed
        Experiment.Run(Grid.Shard(1, 2), first, load: Sample);
        Assert.Equal(2, Experiment.Run(Grid.Shard(1, 2), first, load: Sample).Count);
        var merged = Grid.Of(ResultsFile.Read(second).Concat(ResultsFile.Read(first)));
        Assert.Contains("1 of 4 jobs are missing: both, seeds 2", Assert.Single(ReportCommand.Remarks(Grid, merged, merged)));
        Experiment.Run(Grid.Shard(2, 2), second, load: Sample);   // submitted again

        File.WriteAllText(Results, File.ReadAllText(second) + File.ReadAllText(first));
        var results = Grid.Of(ResultsFile.Read(Results));
        Assert.Equal(
            whole.Select(result => (result.Id, result.TestAccuracy, result.TestLoss)),
            results.Select(result => (result.Id, result.TestAccuracy, result.TestLoss)));
        Assert.Empty(ReportCommand.Remarks(Grid, results, results));
    }

    [Fact]
    public void A_report_tells_of_mixed_versions_and_refuses_mixed_sets()
    {
        var result = Assert.Single(Experiment.Run(Grid.Jobs.Take(1), load: Sample));
        var other = result with { Id = Grid.Jobs[2].Id, Seed = 2, Code = "1.0.0+other" };
        Assert.Contains(
            "more than one version of the code",
            string.Join('\n', ReportCommand.Remarks(Grid, [result, other], [result, other])));
        Assert.Contains("sets are not mixed", Assert.Throws<ArgumentException>(() =>
            ReportCommand.Remarks(Grid, [], [result with { DataSet = "MNIST" }]).ToList()).Message);
    }

    [Fact]
    public void A_stand_in_is_no_data_set_for_what_is_kept()
    {
        var job = new ExperimentJob("digits", Small with { Data = "mnist" }, 1);
        var message = Assert.Throws<ArgumentException>(() => Experiment.Run([job], Results, load: Sample)).Message;
        Assert.Contains("The variant 'digits' needs MNIST, but what was loaded is 'sample digits'", message);
        Assert.Empty(ResultsFile.Read(Results));
        Assert.Equal("sample digits", Assert.Single(Experiment.Run([job], load: Sample)).DataSet);   // a demonstration keeps nothing
    }

    /// <summary>What a network says of other digits, beside the evaluation of the same weights by hand.</summary>
    [Fact]
    public void A_job_may_ask_its_network_about_digits_that_nobody_tuned_it_for()
    {
        var job = new ExperimentJob("elsewhere", Small with { TestElsewhere = true, ValidationImages = 0 }, 1);
        DigitData Load(string name) => name == SampleName ? SampleDigits.Load()
            : throw new FileNotFoundException($"{name} is asked for");
        Assert.Contains(
            "fashion-mnist is asked for",
            Assert.Throws<FileNotFoundException>(() => Experiment.Run([job], load: Load)).Message);

        var result = Assert.Single(Experiment.Run([job], Results, load: name => name == SampleName
            ? SampleDigits.Load() : DigitData.Verified("Fashion-MNIST", SampleDigits.Load().Train, SampleDigits.Load().Test.Take(50))));

        manual_seed(1);
        using var network = new LeNet();
        var drawn = SampleDigits.Load().Train.Validation(3800, 1).Train;
        new Trainer(network, new TrainerOptions { Epochs = 2, Seed = 1 }).Fit(drawn);
        var found = result.Elsewhere!.ToDictionary(set => set.Set);
        Assert.Equal(result.TestAccuracy, found["unchanged"].Accuracy);
        var turned = SampleDigits.Load().Test.Changed(ImageChange.Rotation(30));
        Assert.Equal(Evaluation.Of(network, turned).Accuracy, found["turned by 30°"].Accuracy);
        Assert.Equal(
            (5_000, Evaluation.Of(network, SampleDigits.Load().All).Accuracy),
            (found["sample digits"].Images, found["sample digits"].Accuracy));
        var strangers = Evaluation.Of(network, SampleDigits.Load().Test.Take(50));
        Assert.Equal(strangers.Confidences.Count(confidence => confidence >= 0.9f) / 50.0, found["Fashion-MNIST"].Sure);
        Assert.Equal(result.Elsewhere, Assert.Single(ResultsFile.Read(Results)).Elsewhere);
    }

    [Fact]
    public void Flattery_is_what_the_test_set_gains_by_choosing()
    {
        var result = Samples.Result("plain", 1, 0.95) with { TestAccuracies = [0.90, 0.96, 0.95] };
        Assert.Equal(0.01, result.Flattery()!.Value, 1e-12);
        Assert.Null((result with { TestAccuracies = null }).Flattery());
        Assert.Equal("choosing the epoch on the test set in place of validation digits makes it look better by 2.00 ± 12.71 "
            + "(mean and its 95 % interval, 2 trainings; standard deviation 1.41, from 1.00 to 3.00) points.",
            Findings.Flattery([result, result with { TestAccuracies = [0.98] }]));
    }

    [Fact]
    public void A_line_of_another_set_is_no_done_job()
    {
        var result = Assert.Single(Experiment.Run(Grid.Jobs.Take(1), load: Sample));
        ResultsFile.Append(Results, result with { DataSet = "another set", TestAccuracy = 0.123 });
        var again = Assert.Single(Experiment.Run(Grid.Jobs.Take(1), Results, load: Sample));
        Assert.Equal((SampleName, result.TestAccuracy), (again.DataSet, again.TestAccuracy));
    }

    [Theory]
    [InlineData(200, 3900, 400, "trainImages 200 and validationImages 3900 do not fit sample digits, which has 4000")]
    [InlineData(200, 100, 401, "imagesSeen, the budget of 401 images")]
    public void Every_job_is_checked_before_the_first(int train, int validation, int budget, string expected)
    {
        var wrong = Small with { TrainImages = train, ValidationImages = validation, ImagesSeen = budget };
        var started = false;
        var message = Assert.Throws<ArgumentException>(() =>
            Experiment.Run([Grid.Jobs[0], new ExperimentJob("wrong", wrong, 1)], Results, _ => started = true, Sample)).Message;
        Assert.Contains("The variant 'wrong' cannot be done", message);
        Assert.Contains(expected, message);
        Assert.False(started);
    }

    [Theory]
    [InlineData(LearningRateSchedule.Constant, 1, 1, 1)]
    [InlineData(LearningRateSchedule.Cosine, 1, 0.5, 0)]
    [InlineData(LearningRateSchedule.OneCycle, 0.04, 0.811745, 0)]
    public void Schedules_begin_pass_and_end_where_their_papers_say(LearningRateSchedule schedule, double first, double middle, double last)
    {
        var options = new TrainerOptions { LearningRate = 1, Schedule = schedule };

        Assert.Equal(first, options.LearningRateAt(0, 1_000_000), 1e-5);
        Assert.Equal(middle, options.LearningRateAt(500_000, 1_000_000), 1e-5);
        Assert.Equal(last, options.LearningRateAt(999_999, 1_000_000), 1e-5);
    }
}
