using System.Diagnostics;
using System.Runtime.Intrinsics;
using CsCheck;
using NotebookHelpers.Tests.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookHelpers.Tests.Models.Fast;

[Collection(TorchAlone.Name)]
public sealed class PooledConvolutionTests
{
    private sealed record Sizes(int Images, int Height, int Width, int Kernel, int Filters, int Read, int Unread, int Widest, int Layout)
    {
        internal int Channels => Read + Unread;
    }

    private static readonly Gen<Sizes> SomeSizes =
        from images in Gen.OneOf(Gen.Const(1), Gen.Int[2, 40])
        from height in Gen.Int[3, 30]
        from width in Gen.Int[3, 30]
        from kernel in Gen.Int[0, 2].Select(half => 2 * half + 1)
        from filters in Gen.Int[1, 36]
        from one in Gen.Bool
        from groups in Gen.Int[1, 2]
        from read in Gen.Int[1, 16 * groups]
        from widest in Gen.Int[1, 2].Select(halves => 8 * halves)
        from layout in Gen.Int[0, 3]
        select new Sizes(images, height, width, kernel, filters, one ? 1 : read, one ? 0 : 16 * groups - read, widest, layout);

    [Fact]
    public void Values_are_those_of_torchs_layers() => SomeSizes.Sample(sizes =>
    {
        using var scope = NewDisposeScope();
        var (convolution, pooling) = Layers(sizes);
        var input = Laid(randn(sizes.Images, sizes.Channels, sizes.Height, sizes.Width), sizes.Layout);
        AssertClose(ByTorch(convolution, pooling, input, sizes).Values, ByUs(convolution, input, sizes).Values, "values");
    }, iter: 100, threads: 1);

    /// <summary>
    /// Small whole numbers: nothing is rounded, so that all must be equal, and nearly every window has several largest values.
    /// </summary>
    [Fact]
    public void Gradients_are_those_of_torchs_layers_and_the_first_of_equals_wins() => SomeSizes.Sample(sizes =>
    {
        using var scope = NewDisposeScope();
        var (convolution, pooling) = WholeLayers(sizes);
        var input = Laid(WholeImages(sizes), sizes.Layout).requires_grad_(sizes.Channels > 1);

        var (expected, expectedGradients) = ByTorch(convolution, pooling, input, sizes);
        var (found, gradients) = ByUs(convolution, input, sizes);

        AssertClose(expected, found, "values", 0);
        Assert.Equal(sizes.Channels > 1 ? 3 : 2, expectedGradients.Count);
        foreach (var (name, gradient) in expectedGradients)
            AssertClose(gradient, gradients[name], name, 0);
    }, iter: 150, threads: 1);

    /// <summary>The gradient of the input tells which values won.</summary>
    [Fact]
    public void No_number_wins_before_all_others_as_in_torch() => SomeSizes.Where(sizes => sizes.Channels > 1).Sample(sizes =>
    {
        using var scope = NewDisposeScope();
        var (convolution, pooling) = WholeLayers(sizes);
        float[] special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f];
        var input = WholeImages(sizes);
        input.flatten()[sizes.Width] = special[sizes.Filters % 4];
        input.requires_grad_(true);

        var (expected, expectedGradients) = ByTorch(convolution, pooling, input, sizes);
        var (found, gradients) = ByUs(convolution, input, sizes, finite: false);

        Assert.True(expected.allclose(found, 0, 0, equal_nan: true));
        Assert.True(expectedGradients["input"].allclose(gradients["input"], 0, 0));
    }, iter: 100, threads: 1);

    [Fact]
    public void One_thread_and_several_give_the_same_bits()
    {
        using var scope = NewDisposeScope();
        var sizes = new Sizes(100, 28, 28, 3, 12, 1, 0, 16, 0);
        var (convolution, _) = Layers(sizes);
        var input = randn(sizes.Images, 1, 28, 28);
        var threads = get_num_threads();
        try
        {
            set_num_threads(1);
            var (one, gradients) = ByUs(convolution, input, sizes);
            set_num_threads(3);
            var (several, others) = ByUs(convolution, input, sizes);
            Assert.True(one.eq(several).all().item<bool>());
            foreach (var (name, gradient) in gradients)
                Assert.True(gradient.eq(others[name]).all().item<bool>(), name);
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Theory, InlineData(0, 28, 28), InlineData(1, 2, 28), InlineData(1, 28, 2)]
    public void No_image_and_images_smaller_than_a_window_are_refused(int images, int height, int width)
    {
        using var scope = NewDisposeScope();
        var (convolution, pooling) = Layers(new Sizes(1, 28, 28, 3, 12, 1, 0, 16, 0));
        var input = zeros(images, 1, height, width);
        Assert.False(PooledConvolution.CanRun(convolution, pooling, input));
        var message = Assert.Throws<ArgumentException>(() => PooledConvolution.Of(input, convolution.weight, convolution.bias!)).Message;
        Assert.Contains($"({images}, 1, {height}, {width})", message);
    }

    [Fact]
    public void What_it_does_not_do_is_left_to_torch()
    {
        using var scope = NewDisposeScope();
        var input = randn(2, 1, 12, 12);
        var (same, pooling) = (nn.Conv2d(1, 4, 3, padding: 1L), nn.MaxPool2d(3, stride: 2));
        foreach (var able in new[] { same, nn.Conv2d(1, 4, 3, padding: TorchSharp.Padding.Same) })
            Assert.Equal(PooledConvolution.IsSupported, PooledConvolution.CanRun(able, pooling, input));

        foreach (var other in new[]
                 {
                     nn.Conv2d(1, 4, 3), nn.Conv2d(1, 4, 3, stride: 2L, padding: 1L),
                     nn.Conv2d(1, 4, 3, padding: 2L, dilation: 2L),
                     nn.Conv2d(1, 4, 3, padding: 1L, bias: false), nn.Conv2d(1, 4, 7, padding: 3L),
                     nn.Conv2d(1, 4, (3L, 5L), padding: (1L, 2L)),
                     nn.Conv2d(1, 4, 3, padding: 1L, padding_mode: TorchSharp.PaddingModes.Reflect),
                 })
            AssertLeft(other, pooling, input);
        foreach (var other in new[]
                 {
                     nn.MaxPool2d(2), nn.MaxPool2d(3), nn.MaxPool2d(3, stride: 2, padding: 1), nn.MaxPool2d(3, stride: 2, dilation: 2),
                     nn.MaxPool2d(3, stride: 2, ceil_mode: true),
                 })
            AssertLeft(same, other, input);
        AssertLeft(nn.Conv2d(3, 4, 3, padding: 1L), pooling, randn(2, 3, 12, 12));   // channels that fill no group
        AssertLeft(nn.Conv2d(1, 4, 3, padding: 1L), pooling, randn(2, 1, 12, 12).requires_grad_(true));

        static void AssertLeft(Conv2d convolution, MaxPool2d pooling, Tensor input)
        {
            Assert.False(PooledConvolution.CanRun(convolution, pooling, input));
            AssertClose(pooling.call(convolution.call(input)), FastLayers.Run(input, ScalarType.Float32, convolution, pooling), "values");
        }
    }

    /// <summary>
    /// In a process whose processor seems to have smaller vectors all properties of this folder hold, and where it seems to have none
    /// for which the operator is written, torch's layers stand for it.
    /// </summary>
    [Theory]
    [InlineData("DOTNET_EnableAVX512", "NotebookHelpers.Tests.Models.Fast.*")]
    [InlineData("DOTNET_EnableAVX2", $"*{nameof(The_operator_or_torch_computes_the_network)}")]
    [InlineData("DOTNET_EnableHWIntrinsic", $"*{nameof(The_operator_or_torch_computes_the_network)}")]
    public async Task It_also_holds_without(string vectors, string tests)
    {
        var start = new ProcessStartInfo("dotnet",
            [typeof(PooledConvolutionTests).Assembly.Location, "--filter-method", tests,
                "--filter-not-method", $"*{nameof(It_also_holds_without)}"]);
        start.Environment[vectors] = "0";
        var ended = await ChildProcess.RunAsync(start, TimeSpan.FromMinutes(5));
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
    }

    [Fact]
    public void The_operator_or_torch_computes_the_network()
    {
        Assert.False(Vector512.IsHardwareAccelerated && Environment.GetEnvironmentVariable("DOTNET_EnableAVX512") == "0");
        Assert.False(PooledConvolution.IsSupported && Environment.GetEnvironmentVariable("DOTNET_EnableAVX2") == "0");
        Assert.False(PooledConvolution.IsSupported && Environment.GetEnvironmentVariable("DOTNET_EnableHWIntrinsic") == "0");
        using var scope = NewDisposeScope();
        manual_seed(8);
        using var model = new LeNet();
        var images = rand(20, 1, 28, 28);
        var (expected, expectedGradients) = Trained(input =>
        {
            var maps = model.pool2.call(model.conv2.call(model.pool1.call(model.conv1.call(input))));
            return model.output.call(nn.functional.selu(model.fc2.call(nn.functional.selu(model.fc1.call(model.flatten.call(maps))))));
        });
        var (found, gradients) = Trained(model.call);
        AssertClose(expected, found, "logits");
        foreach (var (name, gradient) in expectedGradients)
            AssertClose(gradient, gradients[name], name);

        (Tensor, Dictionary<string, Tensor>) Trained(Func<Tensor, Tensor> forward)
        {
            model.zero_grad();
            var logits = forward(images);
            logits.square().sum().backward();
            return (logits.detach(), model.named_parameters().ToDictionary(one => one.name, one => one.parameter.grad!.clone()));
        }
    }

    private static (Conv2d, MaxPool2d) Layers(Sizes sizes)
    {
        manual_seed(sizes.Height * 100 + sizes.Width);
        return (nn.Conv2d(sizes.Read, sizes.Filters, sizes.Kernel, padding: (long)sizes.Kernel / 2), nn.MaxPool2d(3, stride: 2));
    }

    private static (Conv2d, MaxPool2d) WholeLayers(Sizes sizes)
    {
        var (convolution, pooling) = Layers(sizes);
        using var noGradients = no_grad();
        foreach (var parameter in convolution.parameters())
            parameter.copy_(randint(-2, 3, parameter.shape));
        return (convolution, pooling);
    }

    private static Tensor WholeImages(Sizes sizes) =>
        randint(-2, 3, [sizes.Images, sizes.Channels, sizes.Height, sizes.Width]).to(ScalarType.Float32);

    // The same values: as torch lays them out, channels innermost, every other column of a wider tensor, upside down in memory.
    private static Tensor Laid(Tensor values, int layout) => layout switch
    {
        1 => values.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2),
        2 => values.repeat_interleave(2, 3)[TensorIndex.Ellipsis, TensorIndex.Slice(step: 2)],
        3 => values.permute(3, 2, 1, 0).contiguous().permute(3, 2, 1, 0),
        _ => values,
    };

    private static (Tensor Values, Dictionary<string, Tensor> Gradients) ByTorch(
        Conv2d convolution, MaxPool2d pooling, Tensor input, Sizes sizes) =>
        WithGradients(convolution, input, () => pooling.call(convolution.call(input.narrow(1, 0, sizes.Read))));

    private static (Tensor Values, Dictionary<string, Tensor> Gradients) ByUs(
        Conv2d convolution, Tensor input, Sizes sizes, bool finite = true) =>
        WithGradients(convolution, input, () =>
        {
            var pooled = PooledConvolution.Of(input, convolution.weight, convolution.bias!, sizes.Widest);
            Assert.Equal((sizes.Filters + 15) / 16 * 16, pooled.shape[1]);
            if (finite)   // zero times infinity is no number
                Assert.Equal(0, pooled.narrow(1, sizes.Filters, pooled.shape[1] - sizes.Filters).abs().sum().item<float>());
            return pooled.narrow(1, 0, sizes.Filters);
        });

    private static (Tensor, Dictionary<string, Tensor>) WithGradients(Conv2d convolution, Tensor input, Func<Tensor> forward)
    {
        convolution.zero_grad();
        input.grad = null;
        var values = forward();
        var pull = (linspace(-1, 1, values.numel()).reshape(values.shape) * 4).round();
        values.backward([pull]);
        var gradients = convolution.named_parameters().ToDictionary(one => one.name, one => one.parameter.grad!.clone());
        if (input.requires_grad)
            gradients["input"] = input.grad!.clone();
        return (values.detach(), gradients);
    }

    private static void AssertClose(Tensor expected, Tensor found, string what, double tolerance = 2e-5)
    {
        Assert.Equal(expected.shape, found.shape);
        var off = (expected - found).abs().max().item<float>();
        Assert.True(off <= tolerance * (1 + expected.abs().max().item<float>()), $"{what}: off by {off}");
    }
}
