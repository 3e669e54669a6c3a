using System.Diagnostics;
using NotebookHelpers;
using static TorchSharp.torch;

namespace Benchmarks.Training;

/// <summary>
/// One of the two ways to train that are compared. Each runs in a process of its own, so that no setting of one helps the other.
/// </summary>
/// <param name="data">What is trained on.</param>
/// <param name="steps">Steps of 128 images in one measurement.</param>
internal abstract class Side(DigitData data, int steps)
{
    internal const int BatchSize = 128, Seed = 42;

    protected DigitData Data => data;

    /// <summary>Steps of one measurement: as many as asked for, or as the training set has full batches for.</summary>
    protected int Steps { get; } = Math.Min(steps, FullBatches(data));

    internal static int FullBatches(DigitData data) => data.Train.Count / BatchSize;

    private (nn.Module<Tensor, Tensor> Model, optim.Optimizer Optimizer)? _made;

    protected (nn.Module<Tensor, Tensor> Model, optim.Optimizer Optimizer) Made
    {
        get
        {
            if (_made is null)
            {
                manual_seed(Seed);
                var model = Model();
                _made = (model, Optimizer(model));
            }
            return _made.Value;
        }
    }

    /// <summary>A fresh model, its weights drawn from torch's generator.</summary>
    internal abstract nn.Module<Tensor, Tensor> Model();

    protected abstract optim.Optimizer Optimizer(nn.Module<Tensor, Tensor> model);

    protected abstract IEnumerable<(Tensor Images, Tensor Labels)> Epoch(int epoch);

    /// <summary>Trains fresh weights: one epoch over the first images, as many as make that many steps, or all.</summary>
    /// <returns>The loss of each step.</returns>
    internal abstract List<double> Train(nn.Module<Tensor, Tensor> model, int seed, int? limit);

    internal abstract double Accuracy(nn.Module<Tensor, Tensor> model);

    internal abstract double LoadSeconds(string folder);

    /// <summary>Runs the network's next layer or layers, as this side does; see <see cref="FastLayers.Next"/>.</summary>
    protected abstract (Tensor X, int Zeros, int Done) Next(Tensor x, int zeros, ReadOnlySpan<nn.Module<Tensor, Tensor>> rest);

    /// <summary>Microseconds an image of each part of a training step, in its order.</summary>
    internal List<StepPart> Profile(LeNetOptions options)
    {
        manual_seed(Seed);
        using var model = new LeNet(options);
        using var optimizer = Optimizer(model);
        return new StepProfile(model, optimizer, Next).Of(Epoch(1).Take(Steps));
    }

    /// <summary>Images per second of each phase of the training step, timed apart.</summary>
    internal Dictionary<string, double> Phases()
    {
        var (model, optimizer) = Made;
        model.train();
        var ticks = new long[4];
        var done = 0;
        var at = Stopwatch.GetTimestamp();
        foreach (var (images, labels) in Epoch(1).Take(Steps))
            using (NewDisposeScope())
            {
                Lap(0);
                var loss = nn.functional.cross_entropy(model.call(images), labels);
                loss.item<float>();
                Lap(1);
                loss.backward();
                Lap(2);
                optimizer.step();
                optimizer.zero_grad();
                Lap(3);
                done += BatchSize;
            }
        return new()
        {
            ["making the batch"] = Rate(0),
            ["forward and loss"] = Rate(1),
            ["backward"] = Rate(2),
            ["optimiser"] = Rate(3),
        };

        void Lap(int phase)
        {
            var now = Stopwatch.GetTimestamp();
            ticks[phase] += now - at;
            at = now;
        }

        double Rate(int phase) => done * (double)Stopwatch.Frequency / ticks[phase];
    }

    internal Dictionary<string, double> Step()
    {
        manual_seed(Seed);
        using var model = Model();
        var started = Stopwatch.GetTimestamp();
        var done = Train(model, Seed, Steps).Count;
        return new() { ["whole training"] = done * BatchSize / Stopwatch.GetElapsedTime(started).TotalSeconds };
    }

    internal Dictionary<string, double> Evaluate()
    {
        var started = Stopwatch.GetTimestamp();
        Accuracy(Made.Model);
        return new() { ["evaluation"] = data.Test.Count / Stopwatch.GetElapsedTime(started).TotalSeconds };
    }
}

/// <summary>
/// The loop of every example: Sequential, all images as floats in memory, index_select in a random order, torch's Adam.
/// Evaluation as in TorchSharp's MNIST example, batches of 128, but without gradients.
/// </summary>
internal sealed class PlainSide : Side
{
    private readonly Tensor _images, _labels, _testImages, _testLabels;

    internal PlainSide(DigitData data, int steps) : base(data, steps)
    {
        (_images, _labels) = AsTensors(data.Train);
        (_testImages, _testLabels) = AsTensors(data.Test);
    }

    internal override nn.Module<Tensor, Tensor> Model()
    {
        var model = nn.Sequential(
            ("conv1", nn.Conv2d(1, 12, 3, padding: 1L)), ("pool1", nn.MaxPool2d(3, stride: 2)),
            ("conv2", nn.Conv2d(12, 16, 3, padding: 1L)), ("pool2", nn.MaxPool2d(3, stride: 2)), ("flatten", nn.Flatten()),
            ("fc1", nn.Linear(576, 256)), ("selu1", nn.SELU()), ("fc2", nn.Linear(256, 100)), ("selu2", nn.SELU()),
            ("output", nn.Linear(100, 10)));
        // The corrected LeNet's start.
        foreach (var (name, parameter) in model.named_parameters())
            if (name.EndsWith("weight", StringComparison.Ordinal))
                nn.init.xavier_uniform_(parameter);
            else
                nn.init.zeros_(parameter);
        return model;
    }

    protected override optim.Optimizer Optimizer(nn.Module<Tensor, Tensor> model) => optim.Adam(model.parameters(), lr: 0.001);

    protected override IEnumerable<(Tensor Images, Tensor Labels)> Epoch(int epoch) => Epoch(Permutation.Of(Data.Train.Count, Seed, epoch));

    protected override (Tensor X, int Zeros, int Done) Next(Tensor x, int zeros, ReadOnlySpan<nn.Module<Tensor, Tensor>> rest) =>
        (rest[0].call(x), 0, 1);

    private IEnumerable<(Tensor Images, Tensor Labels)> Epoch(int[] shuffled)
    {
        using var order = tensor(Array.ConvertAll(shuffled, index => (long)index));
        for (var start = 0; start < shuffled.Length; start += BatchSize)
        {
            using var chosen = order.slice(0, start, Math.Min(start + BatchSize, shuffled.Length), 1);
            using var images = _images.index_select(0, chosen);
            using var labels = _labels.index_select(0, chosen);
            yield return (images, labels);
        }
    }

    internal override List<double> Train(nn.Module<Tensor, Tensor> model, int seed, int? limit)
    {
        using var optimizer = Optimizer(model);
        model.train();
        var losses = new List<double>();
        foreach (var (images, labels) in Epoch(Permutation.Of(limit * BatchSize ?? Data.Train.Count, seed, 1)))
            using (NewDisposeScope())
            {
                optimizer.zero_grad();
                var loss = nn.functional.cross_entropy(model.call(images), labels);
                loss.backward();
                optimizer.step();
                losses.Add(loss.item<float>());
            }
        return losses;
    }

    internal override double Accuracy(nn.Module<Tensor, Tensor> model)
    {
        model.eval();
        using var noGradients = no_grad();
        var (loss, correct) = (0.0, 0L);
        for (var start = 0; start < Data.Test.Count; start += BatchSize)
            using (NewDisposeScope())
            {
                var end = Math.Min(start + BatchSize, Data.Test.Count);
                var labels = _testLabels.slice(0, start, end, 1);
                var logits = model.call(_testImages.slice(0, start, end, 1));
                loss += nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.Sum).item<float>();
                correct += logits.argmax(1).eq(labels).sum().item<long>();
            }
        return (double)correct / Data.Test.Count;
    }

    internal override double LoadSeconds(string folder)
    {
        var started = Stopwatch.GetTimestamp();
        var batches = ExampleLoader.Load(folder, 64);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        foreach (var (images, labels) in batches)
        {
            images.Dispose();
            labels.Dispose();
        }
        return seconds;
    }

    private static (Tensor Images, Tensor Labels) AsTensors(DigitSet set)
    {
        using var batch = new Batches(set, set.Count).Epoch(0).First();
        return (batch.Images.clone(), batch.Labels.clone());
    }
}

/// <summary>The workbook's library, as the lessons call it.</summary>
internal sealed class OurSide : Side
{
    // As its trainer and its evaluation do; here also for steps that neither of them runs.
    internal OurSide(DigitData data, int steps) : base(data, steps) => FreedMemory.Keep();

    internal override nn.Module<Tensor, Tensor> Model() => new LeNet();

    protected override optim.Optimizer Optimizer(nn.Module<Tensor, Tensor> model) => new FusedAdam(model.parameters(), 0.001);

    protected override IEnumerable<(Tensor Images, Tensor Labels)> Epoch(int epoch) =>
        new Batches(Data.Train, BatchSize, Seed).Epoch(epoch).Select(batch => (batch.Images, batch.Labels));

    protected override (Tensor X, int Zeros, int Done) Next(Tensor x, int zeros, ReadOnlySpan<nn.Module<Tensor, Tensor>> rest) =>
        FastLayers.Next(x, zeros, ScalarType.Float32, rest);

    internal override List<double> Train(nn.Module<Tensor, Tensor> model, int seed, int? limit)
    {
        var train = limit is null ? Data.Train : Data.Train.Take(limit.Value * BatchSize);
        new Trainer(model, new TrainerOptions { Epochs = 1, Seed = seed }).Fit(train);
        return [.. Enumerable.Repeat(double.NaN, (train.Count + BatchSize - 1) / BatchSize)];
    }

    /// <summary>The losses that <see cref="Train"/> goes through, from the logits that it computes and the labels in their order.</summary>
    internal List<double> Losses(nn.Module<Tensor, Tensor> model, int seed, int steps)
    {
        var train = Data.Train.Take(steps * BatchSize);
        var labels = new Queue<Tensor>(new Batches(train, BatchSize, seed).Epoch(1).Select(batch => batch.Labels.clone()));
        var losses = new List<double>();
        var hook = model.register_forward_hook((_, _, logits) =>
        {
            using var noGradients = no_grad();
            using var expected = labels.Dequeue();
            losses.Add(nn.functional.cross_entropy(logits, expected).item<float>());
            return logits;
        });
        Train(model, seed, steps);
        hook.remove();
        return losses;
    }

    /// <summary>Images per second of an epoch of shifted images, and of as many that are not.</summary>
    internal Dictionary<string, double> Augmented()
    {
        double Rate(DigitSet train)
        {
            manual_seed(Seed);
            using var model = Model();
            var started = Stopwatch.GetTimestamp();
            new Trainer(model, new TrainerOptions { Epochs = 1 }).Fit(train);
            return train.Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
        }

        var augmented = Data.Train.Augmented(Augmentation.Shifts);
        DigitSet Some(DigitSet set) => set.Select(Permutation.Of(set.Count, Seed)[..(Steps * BatchSize)]);
        return new() { ["plain"] = Rate(Some(Data.Train)), ["augmented"] = Rate(Some(augmented)) };
    }

    /// <summary>Images per second with other batches and numbers of threads.</summary>
    internal double Growth(int batch, int threads)
    {
        var before = get_num_threads();
        set_num_threads(threads);
        manual_seed(Seed);
        using var model = Model();
        var train = Data.Train.Take(Steps * BatchSize);
        var started = Stopwatch.GetTimestamp();
        new Trainer(model, new TrainerOptions { Epochs = 1, BatchSize = batch }).Fit(train);
        var rate = train.Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
        set_num_threads(before);
        return rate;
    }

    /// <summary>Megabytes in use after each epoch of a training over a small slice.</summary>
    internal List<double> Memory(int epochs)
    {
        var used = new List<double>();
        manual_seed(Seed);
        using var model = new LeNet(new LeNetOptions { BatchNormalization = true, Dropout = 0.5 });
        var (train, test) = (Data.Train.Take(2_560).Augmented(Augmentation.Shifts), Data.Test.Take(1_000));
        new Trainer(model, new TrainerOptions { Epochs = epochs }).Fit(train, test, progress =>
        {
            if (progress.EpochEnded)
                using (var process = Process.GetCurrentProcess())
                    used.Add(process.WorkingSet64 / 1e6);
        });
        return used;
    }

    internal override double Accuracy(nn.Module<Tensor, Tensor> model) => Evaluation.Of(model, Data.Test).Accuracy;

    internal override double LoadSeconds(string folder)
    {
        var started = Stopwatch.GetTimestamp();
        Mnist.Load(folder: SideProcess.Gzipped(folder));
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
