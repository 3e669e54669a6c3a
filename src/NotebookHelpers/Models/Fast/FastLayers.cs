using TorchSharp.Modules;
using static TorchSharp.torch;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace NotebookHelpers;

/// <summary>
/// Runs layers one after another: what comes out is what calling each of them gives, to rounding, sooner. A layer that
/// someone watches with a hook is called as it is.
/// </summary>
/// <remarks>
/// Images enter with their channels innermost in memory (see <see cref="ChannelsInnermost"/>). torch pools and normalises such
/// maps several times slower where the channels do not fill whole vectors; so filters of zeros fill them up between two
/// convolutions, and a normalisation of too few channels works on maps as torch usually lays them out.
/// </remarks>
internal static class FastLayers
{
    private const int VectorChannels = 16;

    /// <summary>The layers' output, float again.</summary>
    /// <param name="input">Images, (batch, channels, height, width).</param>
    /// <param name="type">The type of number in which convolutions and fully connected layers compute.</param>
    /// <param name="layers">Those that the network has, in order; null where it has none.</param>
    internal static Tensor Run(Tensor input, ScalarType type, params IEnumerable<Layer?> layers)
    {
        using var scope = NewDisposeScope();
        ReadOnlySpan<Layer> rest = [.. layers.OfType<Layer>()];
        var x = input;
        var zeros = 0;
        while (!rest.IsEmpty)
        {
            (x, zeros, var done) = Next(x, zeros, type, rest);
            rest = rest[done..];
        }
        return x.to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Runs the first layer, or those that can be run together with it: the one place where something faster stands for layers.
    /// </summary>
    /// <param name="x">What it reads.</param>
    /// <param name="zeros">How many channels of zeros in it follow the layers' own.</param>
    /// <param name="type">As for <see cref="Run"/>.</param>
    /// <param name="rest">The layers from this one on.</param>
    /// <returns>What comes out, how many channels of zeros are its last ones, and how many layers are done.</returns>
    internal static (Tensor X, int Zeros, int Done) Next(Tensor x, int zeros, ScalarType type, ReadOnlySpan<Layer> rest) => rest switch
    {
        [Conv2d first, MaxPool2d pool, ..] when CanPool(first, pool, x, type) => Pooled(first, first.weight, first.bias!, x, rest, 2),
        [Conv2d first, BatchNorm2d norm, MaxPool2d pool, ..] when CanFold(first, norm, pool, x, type) => Folded(first, norm, x, rest),
        [Conv2d first, BatchNorm2d norm, MaxPool2d, ..] when Missing(first) > 0 => Normalized(first, norm, x, zeros, rest, type),
        [Conv2d first, ..] => Convolved(first, x, zeros, rest, type),
        [NormBase norm, ..] => (TrackedNorm.Of(norm, x), zeros, 1),
        [Linear first, ..] => (first.CallIn(type, x), 0, 1),
        _ => (rest[0].call(x), zeros, 1),
    };

    // Over one channel floats in the one operator are faster than any other type in two.
    private static bool CanPool(Conv2d convolution, MaxPool2d pool, Tensor x, ScalarType type) =>
        (type == ScalarType.Float32 || x.shape is [_, 1, _, _])
        && !LayerHooks.AreOn(convolution, pool)
        && PooledConvolution.CanRun(convolution, pool, x);

    private static bool CanFold(Conv2d convolution, BatchNorm2d norm, MaxPool2d pool, Tensor x, ScalarType type) =>
        CanPool(convolution, pool, x, type) && !LayerHooks.AreOn(norm) && FoldedNorm.CanFold(norm, x);

    private static (Tensor X, int Zeros, int Done) Pooled(
        Conv2d convolution, Tensor weight, Tensor bias, Tensor x, ReadOnlySpan<Layer> rest, int done)
    {
        var fill = ZerosAfter(rest);
        var maps = PooledConvolution.Of(x, weight, bias);
        // torch's way back from all of them would still be a copy.
        return (maps.shape[1] == convolution.out_channels + fill ? maps : maps.narrow(1, 0, convolution.out_channels + fill), fill, done);
    }

    private static (Tensor X, int Zeros, int Done) Folded(Conv2d convolution, BatchNorm2d norm, Tensor x, ReadOnlySpan<Layer> rest)
    {
        var (weight, bias) = FoldedNorm.Fold(convolution, norm, x);
        return Pooled(convolution, weight, bias, x, rest, 3);
    }

    private static (Tensor X, int Zeros, int Done) Convolved(
        Conv2d convolution, Tensor x, int zeros, ReadOnlySpan<Layer> rest, ScalarType type)
    {
        var fill = ZerosAfter(rest);
        return (convolution.CallIn(type, ChannelsInnermost.Of(x), moreOutputs: fill, moreInputs: zeros), fill, 1);
    }

    // The layout changes between normalisation and pooling.
    private static (Tensor X, int Zeros, int Done) Normalized(
        Conv2d convolution, BatchNorm2d norm, Tensor x, int zeros, ReadOnlySpan<Layer> rest, ScalarType type)
    {
        var fill = ZerosAfter(rest);
        var maps = TrackedNorm.Of(norm, convolution.CallIn(type, x, moreInputs: zeros)).permute(0, 2, 3, 1);
        maps = fill == 0 ? maps.contiguous() : nn.functional.pad(maps, [0, fill]);
        return (maps.permute(0, 3, 1, 2), fill, 2);
    }

    private static int Missing(Conv2d convolution) => (int)((VectorChannels - convolution.out_channels % VectorChannels) % VectorChannels);

    // Zeros pass through a pooling and through every activation, and the next convolution has no weights for them.
    private static int ZerosAfter(ReadOnlySpan<Layer> layers) => layers switch
    {
        [Conv2d first, MaxPool2d pool, Conv2d next, ..] => Fill(first, pool, next),
        [Conv2d first, MaxPool2d pool, not BatchNorm2d, Conv2d next, ..] => Fill(first, pool, next),
        [Conv2d first, BatchNorm2d, MaxPool2d pool, Conv2d next, ..] => Fill(first, pool, next),
        [Conv2d first, BatchNorm2d, MaxPool2d pool, not BatchNorm2d, Conv2d next, ..] => Fill(first, pool, next),
        _ => 0,
    };

    private static int Fill(Conv2d first, MaxPool2d pool, Conv2d next) => LayerHooks.AreOn(first, pool, next) ? 0 : Missing(first);
}
