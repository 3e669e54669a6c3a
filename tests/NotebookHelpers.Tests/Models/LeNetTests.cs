using CsCheck;
using NotebookHelpers.Tests.Training;
using static TorchSharp.torch;

namespace NotebookHelpers.Tests.Models;

[Collection(TorchAlone.Name)]
public sealed class LeNetTests
{
    [Theory]
    [InlineData(false, "corrected", 176_286)]
    [InlineData(true, "as_published", 177_846)]
    public void The_forward_pass_equals_the_independent_implementation(bool asPublished, string variant, int parameters)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = new LeNet(asPublished ? LeNetOptions.AsPublished : LeNetOptions.Corrected);
        foreach (var (name, parameter) in model.named_parameters())
            parameter.copy_(ReferenceWeights(name, asPublished));
        var input = tensor(Enumerable.Range(0, 3 * 784).Select(i => (float)Math.Abs(Math.Sin(0.05 * i + 0.25))).ToArray(), [3, 1, 28, 28]);

        var logits = model.call(input);
        var loss = nn.functional.cross_entropy(logits, tensor(new long[] { 1, 4, 7 })).item<float>();

        var expected = Reference.Matrix($"lenet_forward.{variant}.logits_float64");
        for (var image = 0; image < 3; image++)
            for (var digit = 0; digit < 10; digit++)
                Assert.Equal(expected[image, digit], logits[image, digit].item<float>(), 1e-5);
        Assert.Equal(Reference.Get($"lenet_forward.{variant}.cross_entropy_float64").GetDouble(), loss, 1e-5);
        Assert.Equal(parameters, model.parameters().Sum(parameter => parameter.numel()));
    }

    private static Tensor ReferenceWeights(string name, bool asPublished)
    {
        var key = name == "output.weight" ? $"output.weight ({(asPublished ? "as published, from fc1" : "from fc2")})" : name;
        var entry = Reference.Get("lenet_forward.weights").GetProperty(key);
        var shape = entry[0].EnumerateArray().Select(size => size.GetInt64()).ToArray();
        var (scale, a, b) = (entry[1].GetDouble(), entry[2].GetDouble(), entry[3].GetDouble());
        var count = (int)shape.Aggregate((x, y) => x * y);
        return tensor(Enumerable.Range(0, count).Select(i => (float)(scale * Math.Sin(a * i + b))).ToArray(), shape);
    }

    [Fact]
    public void As_published_fc2_is_dead_and_the_logits_are_bounded_below()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var model = new LeNet(LeNetOptions.AsPublished);
        var logits = model.call(rand(8, 1, 28, 28) * 100);
        nn.functional.cross_entropy(logits, zeros(8, dtype: ScalarType.Int64)).backward();

        Assert.Null(model.fc2.weight.grad);
        Assert.NotNull(model.fc1.weight.grad);
        Assert.True(logits.min().item<float>() >= -1.7582f);

        using var corrected = new LeNet();
        nn.functional.cross_entropy(corrected.call(rand(8, 1, 28, 28)), zeros(8, dtype: ScalarType.Int64)).backward();
        Assert.NotEqual(0, corrected.fc2.weight.grad!.abs().sum().item<float>());
    }

    [Fact]
    public void Weights_start_as_glorot_uniform_and_biases_at_zero()
    {
        manual_seed(7);
        using var model = new LeNet();
        var bound = Math.Sqrt(6.0 / (576 + 256));
        Assert.InRange(model.fc1.weight.max().item<float>(), bound * 0.99, bound);
        Assert.InRange(model.fc1.weight.min().item<float>(), -bound, -bound * 0.99);
        Assert.InRange(model.conv2.weight.abs().max().item<float>(), 0, Math.Sqrt(6.0 / (9 * (12 + 16))));
        foreach (var bias in new[] { model.conv1.bias!, model.conv2.bias!, model.fc1.bias!, model.fc2.bias!, model.output.bias! })
            Assert.Equal(0, bias.abs().sum().item<float>());
    }

    [Fact]
    public void Regularisation_adds_its_layers_and_follows_the_training_flag()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var model = new LeNet(new LeNetOptions { BatchNormalization = true, Dropout = 0.5 });
        var images = rand(16, 1, 28, 28);

        Assert.Equal(176_286 + 2 * (12 + 16 + 256 + 100), model.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(
            [
                "conv1", "norm1", "pool1", "conv2", "norm2", "pool2", "flatten",
                "fc1", "norm3", "dropout1", "fc2", "norm4", "dropout2", "output",
            ],
            model.named_children().Select(child => child.name));

        model.train();
        Assert.False(model.call(images).allclose(model.call(images)));
        model.eval();
        Assert.True(model.call(images).allclose(model.call(images)));
    }

    [Fact]
    public void Batch_normalisation_keeps_nine_tenths_of_its_running_average()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        using var model = new LeNet(new LeNetOptions { BatchNormalization = true });
        var images = rand(16, 1, 28, 28);
        var batchMean = model.conv1.call(images).mean([0L, 2L, 3L]);
        model.train();
        model.call(images);
        var running = model.state_dict()["norm1.running_mean"];
        Assert.True(running.allclose(batchMean * 0.1, atol: 1e-6));
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void Dropout_must_be_a_fraction_below_one(double dropout) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LeNetOptions { Dropout = dropout });

    [Fact]
    public void An_input_of_another_shape_is_refused_with_both_shapes()
    {
        using var model = new LeNet();
        using var input = zeros(2, 784);
        var message = Assert.Throws<ArgumentException>(() => model.call(input)).Message;
        Assert.Contains("(batch, 1, 28, 28)", message);
        Assert.Contains("(2, 784)", message);
    }

    [Fact]
    public void A_forward_pass_leaves_no_tensor_but_its_result()
    {
        using var model = new LeNet(new LeNetOptions { BatchNormalization = true, Dropout = 0.5 });
        using var noGradients = no_grad();
        using var images = zeros(4, 1, 28, 28);
        model.call(images).Dispose();
        var before = DisposeScopeTensors();
        var logits = model.call(images);
        Assert.Equal(before + 1, DisposeScopeTensors());
        logits.Dispose();
        Assert.Equal(before, DisposeScopeTensors());
    }

    /// <summary>The forward pass fills channels up and lays maps out anew; the layers, called one by one, know nothing of that.</summary>
    [Fact]
    public void The_forward_pass_is_that_of_its_layers_and_so_are_its_gradients() => Gen.Select(
        Gen.Int[1, 36], Gen.Int[1, 20], Gen.Int[0, 2].Select(half => 2 * half + 1), Gen.Bool, Gen.Bool, Gen.Bool,
        Gen.Enum<Activation>()).Sample(test =>
    {
        var (filters1, filters2, kernel, normalised, activated, training, activation) = test;
        using var scope = NewDisposeScope();
        manual_seed(filters1 * 100 + filters2);
        using var model = new LeNet(new LeNetOptions
        {
            Filters1 = filters1,
            Filters2 = filters2,
            Kernel = kernel,
            BatchNormalization = normalised,
            ActivateMaps = activated,
            Activation = activation,
        });
        var layers = model.named_children().ToDictionary(child => child.name, child => (nn.Module<Tensor, Tensor>)child.module);
        Tensor Act(Tensor x) => activation switch
        {
            Activation.Relu => x.relu(),
            Activation.Gelu => nn.functional.gelu(x),
            Activation.Silu => nn.functional.silu(x),
            Activation.Tanh => x.tanh(),
            _ => nn.functional.selu(x),
        };
        Tensor Layer(string name, Tensor x) => layers.TryGetValue(name, out var layer) ? layer.call(x) : x;
        Tensor Maps(Tensor x) => activated ? Act(x) : x;
        Tensor ByLayers(Tensor x)
        {
            x = Maps(Layer("pool1", Layer("norm1", Layer("conv1", x))));
            x = Maps(Layer("pool2", Layer("norm2", Layer("conv2", x))));
            x = Act(Layer("norm3", Layer("fc1", Layer("flatten", x))));
            return Layer("output", Act(Layer("norm4", Layer("fc2", x))));
        }
        model.train(training);
        var images = rand(6, 1, 28, 28);
        (Tensor, Dictionary<string, Tensor>) Run(Func<Tensor, Tensor> forward)
        {
            model.zero_grad();
            var logits = forward(images);
            (logits * linspace(-1, 1, logits.numel()).reshape(logits.shape)).sum().backward();
            var byName = model.named_parameters()
                .ToDictionary(parameter => parameter.name, parameter => parameter.parameter.grad!.clone());
            return (logits.detach(), byName);
        }

        var (expected, gradients) = Run(ByLayers);
        var (found, foundGradients) = Run(model.call);
        Assert.True(expected.allclose(found, 1e-4, 1e-4), $"{expected.sub(found).abs().max().item<float>()}");
        // Of all: a gradient that batch normalisation cancels, such as a bias's before it, is nothing but rounding of larger ones.
        var largest = gradients.Values.Max(values => values.abs().max().item<float>());
        foreach (var (name, gradient) in gradients)
            Assert.True((gradient - foundGradients[name]).abs().max().item<float>() <= 1e-3 * (1 + largest), name);
    }, iter: 60, threads: 1);

    /// <summary>A bfloat16 has 8 bits of mantissa: each value is off by 0.4 % at most, and a few layers by some of that.</summary>
    [Theory, InlineData(12, false), InlineData(12, true), InlineData(16, false), InlineData(16, true)]
    public void Mixed_precision_trains_nearly_as_floats_do_and_evaluates_as_they_do(int filters1, bool normalised)
    {
        using var scope = NewDisposeScope();
        var options = new LeNetOptions { Filters1 = filters1, BatchNormalization = normalised, Kernel = 5 };
        manual_seed(5);
        using var plain = new LeNet(options);
        using var mixed = new LeNet(options with { MixedPrecision = true });
        mixed.load_state_dict(plain.state_dict());
        var images = SampleDigits.Load().Train.Take(64);
        using var batch = new Batches(images, 64).Epoch(0).First();

        plain.eval();
        mixed.eval();
        Assert.True(plain.call(batch.Images).eq(mixed.call(batch.Images)).all().item<bool>());

        plain.train();
        mixed.train();
        var (expected, found) = (plain.call(batch.Images), mixed.call(batch.Images));
        Assert.Equal(ScalarType.Float32, found.dtype);
        var difference = (expected - found).abs().max().item<float>();
        Assert.InRange(difference, 1e-6, 0.05 * expected.abs().max().item<float>());   // not zero: something was rounded
        nn.functional.cross_entropy(expected, batch.Labels).backward();
        nn.functional.cross_entropy(found, batch.Labels).backward();
        foreach (var (name, weight) in plain.named_parameters().Where(weight => weight.name.EndsWith("weight", StringComparison.Ordinal)))
        {
            var gradient = mixed.named_parameters().Single(other => other.name == name).parameter.grad!;
            Assert.Equal(ScalarType.Float32, gradient.dtype);
            // What is rounded adds up on the way back: 1 % at the output layer, up to 15 % at the first normalisation.
            var (off, whole) = ((gradient - weight.grad!).norm().item<float>(), weight.grad!.norm().item<float>());
            Assert.True(off < 0.2 * whole, $"{name}: off by {off} of {whole}");
        }
    }

    [Theory, InlineData(true, false), InlineData(false, false), InlineData(true, true), InlineData(false, true)]
    public void Every_layer_is_called_where_someone_watches(bool before, bool normalised)
    {
        using var scope = NewDisposeScope();
        using var model = new LeNet(new LeNetOptions { BatchNormalization = normalised, ActivateMaps = normalised });
        model.eval();
        var images = rand(4, 1, 28, 28);
        var expected = model.call(images);
        var seen = new List<(string, long[])>();
        foreach (var (name, layer) in model.named_children().Select(child => (child.name, (nn.Module<Tensor, Tensor>)child.module)))
        {
            Tensor Note(Tensor values)
            {
                seen.Add((name, values.shape));
                return values;
            }
            if (before)
                layer.register_forward_pre_hook((_, input) => Note(input));
            else
                layer.register_forward_hook((_, _, output) => Note(output));
        }

        Assert.True(expected.allclose(model.call(images), 1e-5, 1e-5));
        Assert.Equal(model.named_children().Select(child => child.name), seen.Select(one => one.Item1));
        Assert.Equal([4, 12, 28, 28], seen[before ? 1 : 0].Item2);
        Assert.Equal([4, 12, 13, 13], seen.First(one => one.Item1 == (before ? "conv2" : "pool1")).Item2);
    }

    [Theory, InlineData(0), InlineData(4)]
    public void A_kernel_has_an_odd_side(int side) => Assert.Throws<ArgumentOutOfRangeException>(() => new LeNetOptions { Kernel = side });

    // Tensors of this thread that nobody has disposed of; the process-wide count would see other tests' too.
    private static long DisposeScopeTensors() => TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
}
