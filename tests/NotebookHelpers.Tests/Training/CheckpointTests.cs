using System.Buffers.Binary;
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
    private readonly string _folder = Directory.CreateTempSubdirectory("checkpoint-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "run.checkpoint");

    private TrainerOptions Options => new() { Epochs = 4, BatchSize = 64, KeepBest = true, Checkpoint = Path };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

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

    [Theory, InlineData(true), InlineData(false)]
    public void A_resumed_run_ends_as_one_that_never_stopped(bool keepBest)
    {
        var options = Options with { KeepBest = keepBest };
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
            Assert.Equal(history.Epochs.Select(epoch => epoch with { Seconds = 0 }), resumed.Epochs.Select(epoch => epoch with { Seconds = 0 }));
        }
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

    [Fact]
    public void A_foreign_a_newer_and_another_trainings_file_are_each_named()
    {
        string Message<T>(Func<TrainerOptions, TrainerOptions>? options = null, LeNetOptions? network = null, DigitSet? digits = null) where T : Exception
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
    public void Without_room_or_permission_the_training_goes_on_and_says_so()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("/dev/full, a device that is always full, exists on Linux only.");
        using var model = Fresh();
        using var expected = Fresh();
        new Trainer(expected, Options with { Checkpoint = null }).Fit(Digits, Others);

        File.WriteAllText(System.IO.Path.Combine(_folder, "file"), "in the way");
        var trainer = new Trainer(model, Options with { Checkpoint = System.IO.Path.Combine(_folder, "file", "run.checkpoint") });
        Assert.Equal(4, trainer.Fit(Digits, Others).Epochs.Count);
        Assert.Contains("could not be written after epoch 4", trainer.CheckpointProblem);
        Assert.Equal(Bytes(expected), Bytes(model));
        Assert.Equal(["file"], Directory.GetFileSystemEntries(_folder).Select(System.IO.Path.GetFileName));
    }

    [Fact]
    public void Weights_written_are_laid_out_as_the_format_says()
    {
        using var model = nn.Sequential(("fc", nn.Linear(3, 2)));
        var path = System.IO.Path.Combine(_folder, "weights.safetensors");
        SafeTensors.Save(path, model);

        // Read independently of the code under test, by the format's own description.
        var file = File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        Assert.Equal(0, length % 8);
        using var header = System.Text.Json.JsonDocument.Parse(Encoding.UTF8.GetString(file, 8, length));
        var weight = header.RootElement.GetProperty("fc.weight");
        Assert.Equal("F32", weight.GetProperty("dtype").GetString());
        Assert.Equal([2, 3], weight.GetProperty("shape").EnumerateArray().Select(side => side.GetInt32()));
        var start = weight.GetProperty("data_offsets")[0].GetInt32();
        var values = Enumerable.Range(0, 6).Select(i => BinaryPrimitives.ReadSingleLittleEndian(file.AsSpan(8 + length + start + 4 * i)));
        Assert.Equal(model.state_dict()["fc.weight"].data<float>().ToArray(), values);
        Assert.Equal(file.Length, 8 + length + header.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__").Max(entry => entry.Value.GetProperty("data_offsets")[1].GetInt32()));
    }

    [Fact]
    public void Weights_of_any_model_come_back_bit_for_bit()
    {
        var path = System.IO.Path.Combine(_folder, "weights.safetensors");
        Gen.Int[1, 7].Array[2, 5].Sample(widths =>
        {
            nn.Module<Tensor, Tensor> Build() => nn.Sequential(widths.Zip(widths.Skip(1)).Select((pair, i) =>
                ($"block{i}", (nn.Module<Tensor, Tensor>)nn.Sequential(("fc", nn.Linear(pair.First, pair.Second)), ("norm", nn.BatchNorm1d(pair.Second))))));
            using var saved = Build();
            using var loaded = Build();
            SafeTensors.Save(path, saved);
            SafeTensors.Load(path, loaded);
            Assert.Equal(Bytes(saved), Bytes(loaded));
        }, iter: 20, threads: 1);
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
