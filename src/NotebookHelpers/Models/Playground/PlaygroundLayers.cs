using TorchSharp.Modules;
using static TorchSharp.torch;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace NotebookHelpers;

/// <summary>A model's layers in the words that the playground's script computes by.</summary>
internal static class PlaygroundLayers
{
    private const int FewWeights = 20_000;

    /// <summary>The layers of a model that is a list of layers, in order, each with a name.</summary>
    /// <exception cref="ArgumentException">The model is something else.</exception>
    internal static IReadOnlyList<(string Name, Layer Layer)> Of(Layer model)
    {
        // A layer without weights may stand in several places; it has the name of the first.
        var names = model.named_children().DistinctBy(child => child.module).ToDictionary(child => child.module, child => child.name);
        var layers = model switch
        {
            LeNet network => network.Layers,
            Sequential sequential => sequential.children().Select(child => child as Layer ?? throw Refused(child)),
            _ => throw Refused(model),
        };
        return [.. layers.Select(layer => (names.GetValueOrDefault(layer, ""), layer))];

        static ArgumentException Refused(nn.Module module) => new(
            $"The playground runs a LeNet or a Sequential of layers that take one tensor; found {module.GetType().Name}.");
    }

    /// <summary>One layer as plain values, which become JSON.</summary>
    /// <param name="name">What the page calls it.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="bits">The bits of a weight in layers of many weights; in all others a weight has 16.</param>
    /// <exception cref="ArgumentException">The playground does not know the layer, or not with these settings.</exception>
    internal static object Describe(string name, Layer layer, int bits) => layer switch
    {
        Conv2d { groups: 1 } conv => Window(name, conv, conv.weight, conv.bias, bits),
        Linear linear => new
        {
            type = "linear",
            name,
            inputs = linear.in_features,
            outputs = linear.out_features,
            weights = Packed(linear.weight, bits),
            bias = Floats(linear.bias, linear.out_features),
        },
        BatchNorm2d norm => Norm(name, norm.weight, norm.bias, norm.running_mean, norm.running_var, norm.eps),
        BatchNorm1d norm => Norm(name, norm.weight, norm.bias, norm.running_mean, norm.running_var, norm.eps),
        MaxPool2d pool => Pooling(name, LayerWindow.Of(pool)),
        Flatten => new { type = "flatten", name },
        ReLU => new { type = "relu", name },
        SELU => new { type = "selu", name },
        SiLU => new { type = "silu", name },
        Tanh => new { type = "tanh", name },
        Dropout => new { type = "dropout", name },
        _ => throw new ArgumentException(
            $"The playground cannot compute the layer '{name}' ({layer.GetType().Name}). It knows Conv2d of one group, BatchNorm, " +
            "MaxPool2d, Flatten, Linear, Dropout, ReLU, SELU, SiLU and Tanh."),
    };

    private static object Window(string name, Conv2d conv, Tensor weight, Tensor? bias, int bits)
    {
        var window = LayerWindow.Of(conv);
        var (before, after) = window.Padding.Along(window.Height, window.Height, window.Stride);
        return window is { Dilation: 1 } && window.Height == window.Width && before == after
            ? new
            {
                type = "conv",
                name,
                inputs = conv.in_channels,
                outputs = conv.out_channels,
                kernel = window.Height,
                stride = window.Stride,
                padding = before,
                weights = Packed(weight, bits),
                bias = Floats(bias, conv.out_channels),
            }
            : throw new ArgumentException(
                $"The layer '{name}' has a dilation, a kernel that is no square or more padding on one side than on the other; "
                + "the playground has square windows and the same padding on all sides.");
    }

    private static object Pooling(string name, LayerWindow window) =>
        window is { Dilation: 1 } && window.Height == window.Width && window.Padding == Pad.Valid
            ? new { type = "max", name, kernel = window.Height, stride = window.Stride }
            : throw new ArgumentException(
                $"The pooling '{name}' has padding, a dilation or a window that is no square; the playground has none of these.");

    // As it is in evaluation, a normalisation is one factor and one summand a channel.
    private static object Norm(string name, Tensor? weight, Tensor? bias, Tensor? mean, Tensor? variance, double epsilon)
    {
        using var scope = NewDisposeScope();
        if (mean is null || variance is null)
            throw new ArgumentException($"The normalisation '{name}' keeps no running averages, so that it is not defined for one image.");
        var factor = (variance + epsilon).rsqrt() * (weight ?? ones(1));
        var summand = (bias ?? zeros(1)) - mean * factor;
        return new { type = "norm", name, factor = Floats(factor, factor.numel()), summand = Floats(summand, summand.numel()) };
    }

    /// <summary>The weights of a layer that are rounded in the page; null for a layer without any.</summary>
    internal static Tensor? Weights(Layer layer) => layer switch
    {
        Conv2d conv => conv.weight,
        Linear linear => linear.weight,
        _ => null,
    };

    /// <summary>How many bits each of these weights has in the page.</summary>
    internal static int BitsOf(Tensor weights, int bits) => weights.numel() > FewWeights ? bits : 16;

    private static PackedWeights Packed(Tensor weights, int bits) => PackedWeights.Of(weights, BitsOf(weights, bits));

    private static string Floats(Tensor? values, long count)
    {
        using var scope = NewDisposeScope();
        return PackedWeights.Floats((values ?? zeros(count)).detach().cpu().to(ScalarType.Float32).contiguous().data<float>().ToArray());
    }
}
