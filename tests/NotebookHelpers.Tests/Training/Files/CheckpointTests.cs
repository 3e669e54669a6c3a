using System.Text;
using CsCheck;
using static TorchSharp.torch;

namespace NotebookHelpers.Tests.Training;

[Collection(TorchAlone.Name)]
public sealed class CheckpointTests : IDisposable
{
    private static readonly DigitSet Digits = SampleDigits.Load().Train.Take(300);
    private static readonly DigitSet Others = SampleDigits.Load().Test.Take(200);
    private static readonly LeNetOptions Network = new() { BatchNormalization = true, Dropout = 0.5 };
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("run.checkpoint");

    private TrainerOptions Options => new() { Epochs = 4, BatchSize = 64, KeepBest = true, Checkpoint = Path };

    public void Dispose() => _folder.Dispose();

    private static LeNet Fresh(LeNetOptions? options = null)
    {
        manual_seed(11);
        return new LeNet(options ?? Network);
    }

    private static byte[] Bytes(nn.Module model) => SafeTensors.Serialize(model.state_dict(), new Dictionary<string, string>());

    private void Train(int epochs)
    {
        using var model = Fresh();
        new Trainer(model, Options with { Epochs = epochs }).Fit(Digits, Others);
    }

    [Theory, InlineData(true, 0), InlineData(false, 0), InlineData(true, 0.9), InlineData(false, 0.9)]
    public void A_resumed_run_ends_as_one_that_never_stopped(bool keepBest, double averaging)
    {
        var distortion = averaging > 0 ? Distortion.Usual : null;
        var options = Options with { KeepBest = keepBest, WeightAveraging = averaging, Distortion = distortion };
        using var whole = Fresh();
        var history = new Trainer(whole, options with { Checkpoint = null }).Fit(Digits, Others);

        for (var epochs = 1; epochs <= 4; epochs++)
        {
            using var part = new LeNet(Network);   // other weights: they come from the file
            if (epochs == 1)
                foreach (var (name, value) in part.state_dict())
                    using (no_grad())
                        value.copy_(Fresh().state_dict()[name]);
            var resumed = new Trainer(part, options with { Epochs = epochs }).Fit(Digits, Others);
            Assert.Equal(epochs, resumed.Epochs.Count);
            if (epochs < 4)
                continue;
            Assert.Equal(Bytes(whole), Bytes(part));
            Assert.Equal(Untimed(history), Untimed(resumed));
        }

        static IEnumerable<EpochMetrics> Untimed(TrainingHistory history) => history.Epochs.Select(epoch => epoch with { Seconds = 0 });
    }

    /// <summary>As a replacing on Windows leaves it, killed between its steps: without the mark of its writer it is none.</summary>
    [Theory, InlineData(true, 1), InlineData(false, 0)]
    public void A_checkpoint_that_was_being_replaced_is_taken_back(bool marked, int resumed)
    {
        Train(2);
        File.Delete(Path);
        if (marked)
            File.WriteAllText($"{Path}.{int.MaxValue}-{Guid.NewGuid():n}.tmp", "half of it");
        using var model = Fresh();
        var first = double.NaN;
        new Trainer(model, Options).Fit(Digits, Others, progress => first = double.IsNaN(first) ? progress.Epoch : first);
        Assert.Equal(resumed + 1, first);
    }

    [Fact]
    public void Fewer_epochs_than_the_file_has_are_refused()
    {
        Train(3);
        using var model = Fresh();
        var trainer = new Trainer(model, Options with { Epochs = 2 });
        Assert.Contains("3 finished epochs, more than the 2", Assert.Throws<ArgumentException>(() => trainer.Fit(Digits, Others)).Message);
        Assert.Empty(trainer.History.Epochs);
    }

    [Fact]
    public void A_run_cancelled_within_an_epoch_goes_on_from_the_last_finished_one()
    {
        using var whole = Fresh();
        new Trainer(whole, Options with { Checkpoint = null }).Fit(Digits, Others);

        using var stop = new CancellationTokenSource();
        using (var stopped = Fresh())
        {
            var history = new Trainer(stopped, Options).Fit(Digits, Others, progress =>
            {
                if (progress is { Epoch: 2, EpochEnded: true })
                    stop.Cancel();
            }, stop.Token);
            Assert.True(history.Cancelled);
            Assert.Equal(2, history.Epochs.Count);
            Assert.Contains("Checkpoint", history.ToText());
        }
        using var resumed = new LeNet(Network);
        Assert.False(new Trainer(resumed, Options).Fit(Digits, Others).Cancelled);
        Assert.Equal(Bytes(whole), Bytes(resumed));
    }

    [Fact]
    public void A_finished_run_gives_its_history_and_weights_at_once()
    {
        Train(2);
        var before = File.ReadAllBytes(Path);
        using var model = new LeNet(Network);
        var history = new Trainer(model, Options with { Epochs = 2 }).Fit(Digits, Others);
        Assert.Equal(2, history.Epochs.Count);
        Assert.Equal(history.Best!.ValidationAccuracy, Evaluation.Of(model, Others).Accuracy);
        Assert.Equal(before, File.ReadAllBytes(Path));
    }

    [Fact]
    public void Every_damage_is_refused_and_nothing_overwritten()
    {
        Train(1);
        var good = File.ReadAllBytes(Path);
        using var model = Fresh();
        var untouched = Bytes(model);
        void Refused(byte[] content)
        {
            File.WriteAllBytes(Path, content);
            var error = Assert.Throws<InvalidDataException>(() => new Trainer(model, Options).Fit(Digits, Others));
            Assert.Contains(Path, error.Message);
            Assert.Equal(content, File.ReadAllBytes(Path));
            Assert.Equal(untouched, Bytes(model));
        }

        Gen.Int[0, good.Length - 1].Select(Gen.Int[1, 255]).Sample((place, change) =>
        {
            var bad = good.ToArray();
            bad[place] ^= (byte)change;
            Refused(bad);
        }, iter: 60, threads: 1);
        for (var place = 0; place < 2000; place += 23)   // the header, where a changed byte may still be good JSON
        {
            var bad = good.ToArray();
            bad[place] ^= 1;
            Refused(bad);
        }
        Gen.Int[0, good.Length - 1].Sample(length => Refused(good[..length]), iter: 30, threads: 1);
        Refused([.. good, 0]);
    }

    /// <summary>Files that are whole, with a right checksum, and still not what a training wrote.</summary>
    [Theory]
    [InlineData("state", null, "which epochs are done")]
    [InlineData("state", "null", "which epochs are done")]
    [InlineData("state", "[1]", "cannot be read")]
    [InlineData("state", "{}", "cannot be read")]
    [InlineData("state", """{"Options":null,"TrainingSet":"","ValidationSet":null,"Epochs":[]}""", "cannot be read")]
    [InlineData("state", """{"Options":{"Epochs":-1},"TrainingSet":"","ValidationSet":null,"Epochs":[]}""", "cannot be read")]
    [InlineData("state", """{"Options":{},"TrainingSet":"","ValidationSet":null,"Epochs":[]}""", "which epochs are done")]
    [InlineData("state", """{"Options":{},"TrainingSet":"","ValidationSet":null,"Epochs":[null]}""", "cannot be read")]
    [InlineData("state",
        """{"Options":{},"TrainingSet":"","ValidationSet":null,"Epochs":[{"Epoch":2147483647,"TrainLoss":"""
        + """0,"TrainAccuracy":0,"ValidationLoss":null,"ValidationAccuracy":null,"Seconds":0}]}""",
        "cannot be read")]
    [InlineData("version", null, "version none")]
    [InlineData("version", "999999999999999999999", "version 999")]
    [InlineData("format", null, "missing")]
    public void Whole_files_with_other_texts_are_refused(string key, string? text, string reason)
    {
        Refused<InvalidDataException>(reason, texts: Change);

        void Change(Dictionary<string, string> texts)
        {
            texts.Remove(key);
            if (text is not null)
                texts[key] = text;
        }
    }

    [Theory]
    [InlineData("optimizer.conv1.weight.step", null, "found nothing")]
    [InlineData("optimizer.conv1.weight.step", new long[] { 3 }, "(3)")]
    [InlineData("optimizer.fc1.weight.exp_avg", null, "exp_avg")]
    [InlineData("optimizer.fc1.weight.exp_avg_sq", new long[] { 576, 256 }, "(576, 256)")]
    [InlineData("model.conv1.weight", null, "conv1.weight is missing")]
    [InlineData("best.conv1.weight", null, "conv1.weight is missing")]
    [InlineData("model.more", new long[] { 1 }, "more is not in the model")]
    public void Whole_files_with_other_tensors_are_refused(string key, long[]? shape, string reason)
    {
        void Change(Dictionary<string, Tensor> tensors)
        {
            var old = tensors.GetValueOrDefault(key);
            tensors.Remove(key);
            if (shape is not null)
                tensors[key] = zeros(shape, dtype: old?.dtype ?? ScalarType.Float32);
        }
        if (reason.Contains("conv1") || reason.Contains("model"))
            Refused<ArgumentException>(reason, Change);
        else
            Refused<InvalidDataException>(reason, Change);
    }

    private void Refused<T>(
        string reason, Action<Dictionary<string, Tensor>>? tensors = null, Action<Dictionary<string, string>>? texts = null)
        where T : Exception
    {
        Train(1);
        using var scope = NewDisposeScope();
        var (values, words) = SafeTensors.Deserialize(File.ReadAllBytes(Path), Path);
        var changedValues = new Dictionary<string, Tensor>(values);
        var changedWords = words.Where(word => word.Key != "sha256").ToDictionary();
        tensors?.Invoke(changedValues);
        texts?.Invoke(changedWords);
        var file = SealedFile.Seal(changedValues, changedWords);
        File.WriteAllBytes(Path, file);
        using var model = Fresh();
        var (weights, random) = (Bytes(model), Generator.Default.get_state().bytes.ToArray());

        Assert.Contains(reason, Assert.Throws<T>(() => new Trainer(model, Options).Fit(Digits, Others)).Message);

        Assert.Equal(file, File.ReadAllBytes(Path));
        Assert.Equal(weights, Bytes(model));
        Assert.Equal(random, Generator.Default.get_state().bytes.ToArray());
    }

    [Fact]
    public void A_damaged_newest_checkpoint_has_the_one_before_beside_it_and_the_message_says_how_to_go_on()
    {
        using var whole = Fresh();
        new Trainer(whole, Options with { Checkpoint = null }).Fit(Digits, Others);
        Train(1);
        Assert.False(File.Exists(Path + ".previous"));
        Train(3);
        File.WriteAllBytes(Path, File.ReadAllBytes(Path)[..1000]);

        using var model = Fresh();
        var message = Assert.Throws<InvalidDataException>(() => new Trainer(model, Options).Fit(Digits, Others)).Message;
        Assert.Contains("run.checkpoint.previous beside it is the checkpoint of the epoch before", message);

        File.Move(Path + ".previous", Path, overwrite: true);
        var resumedAt = 0;
        new Trainer(model, Options).Fit(Digits, Others, progress => resumedAt = resumedAt == 0 ? progress.Epoch : resumedAt);
        Assert.Equal(3, resumedAt);
        Assert.Equal(Bytes(whole), Bytes(model));
    }

    [Fact]
    public void A_foreign_a_newer_and_another_trainings_file_are_each_named()
    {
        string Message<T>(
            Func<TrainerOptions, TrainerOptions>? options = null, LeNetOptions? network = null, DigitSet? digits = null)
            where T : Exception
        {
            var before = File.ReadAllBytes(Path);
            using var model = Fresh(network);
            var untouched = Bytes(model);
            var error = Assert.Throws<T>(() => new Trainer(model, options?.Invoke(Options) ?? Options).Fit(digits ?? Digits, Others));
            Assert.Equal(before, File.ReadAllBytes(Path));
            Assert.Equal(untouched, Bytes(model));
            return error.Message;
        }

        Train(1);
        var good = File.ReadAllBytes(Path);
        Assert.Contains("other options", Message<ArgumentException>(options => options with { LearningRate = 0.01 }));
        Assert.Contains("another model", Message<ArgumentException>(network: new LeNetOptions { Dropout = 0.5 }));
        Assert.Contains("training set", Message<ArgumentException>(digits: Digits.Take(299)));

        File.WriteAllBytes(Path, Replaced(good, "\"version\":\"1\"", "\"version\":\"2\""));
        Assert.Contains("version 2", Message<InvalidDataException>());
        File.WriteAllText(Path, "{ \"this\": \"is something else\" }");
        Assert.Contains("not a whole safetensors file", Message<InvalidDataException>());
        using (var model = Fresh())
            SafeTensors.Save(Path, model);
        Assert.Contains("no checkpoint of a training", Message<InvalidDataException>());
    }

    [Fact]
    public void Another_augmentation_of_the_same_size_is_another_set()
    {
        var digits = Digits.Take(64);
        using var model = Fresh();
        void Train(Augmentation augmentation) =>
            new Trainer(model, Options with { Epochs = 1 }).Fit(digits.Augmented(augmentation), Others);
        Train(Augmentation.Shift(1, 0));

        Train(Augmentation.Shift(1, 0));   // the same one goes on
        var error = Assert.Throws<ArgumentException>(() => Train(Augmentation.FlipHorizontal));

        Assert.Matches("augmented by shift right 1, but this one is .* augmented by flip horizontal", error.Message);
    }

    [Fact]
    public void Without_room_or_permission_the_training_goes_on_and_says_so()
    {
        using var model = Fresh();
        using var expected = Fresh();
        new Trainer(expected, Options with { Checkpoint = null }).Fit(Digits, Others);

        File.WriteAllText(_folder.File("file"), "in the way");
        var trainer = new Trainer(model, Options with { Checkpoint = _folder.File("file", "run.checkpoint") });
        Assert.Equal(4, trainer.Fit(Digits, Others).Epochs.Count);
        Assert.Contains("could not be written after epoch 4", trainer.CheckpointProblem);
        Assert.Equal(Bytes(expected), Bytes(model));
        Assert.Equal(["file"], Directory.GetFileSystemEntries(_folder.Path).Select(System.IO.Path.GetFileName));
    }

    private static byte[] Replaced(byte[] file, string old, string now)
    {
        var copy = file.ToArray();
        // Inside the header the metadata's values are JSON strings of their own.
        var place = copy.AsSpan().IndexOf(Encoding.ASCII.GetBytes(old));
        Assert.True(place > 0);
        Encoding.ASCII.GetBytes(now, copy.AsSpan(place));
        return copy;
    }
}
