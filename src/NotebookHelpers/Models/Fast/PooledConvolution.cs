using System.Runtime.Intrinsics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// A convolution and the max pooling behind it as one operator, on the processor, in C#. torch writes every map, reads it for the
/// pooling, keeps each winner's place in eight bytes and reads all that again on the way back, most of it zeros. Here a map lives
/// for three rows, a winner's place is a byte, and the way back touches winners only.
/// </summary>
/// <remarks>
/// It takes 3×3 pooling of stride 2 after kernels of 1, 3 or 5 with equal padding, images of one channel, or of channels in whole
/// groups of 16 (those beyond the layer's own are passed over). Pooling gives what torch's gives, ties and NaN included; sums
/// are rounded in another order. The result does not depend on the number of threads.
/// </remarks>
internal static class PooledConvolution
{
    private const int PiecesOf = 16;   // images

    /// <summary>Whether the processor has the vectors that it is written for, at least AVX2's.</summary>
    internal static bool IsSupported => Vector256.IsHardwareAccelerated && System.Runtime.Intrinsics.X86.Fma.IsSupported;

    /// <summary>Whether the operator can stand for the two layers on this input.</summary>
    /// <param name="convolution">A layer.</param>
    /// <param name="pooling">The layer behind it.</param>
    /// <param name="input">What the first one reads, and after its channels others that it does not.</param>
    internal static bool CanRun(Conv2d convolution, MaxPool2d pooling, Tensor input) =>
        IsSupported && Fits(convolution) && Fits(pooling) && Fits(convolution, input);

    private static bool Fits(Conv2d layer) =>
        layer is { padding_mode: TorchSharp.PaddingModes.Zeros, groups: 1, bias: not null } && IsPlain(layer.weight) && IsPlain(layer.bias)
        && layer.weight.shape is [_, _, var side, var width] && side is 1 or 3 or 5 && width == side
        && All(layer.stride, 1) && All(layer.dilation, 1)
        && (layer.padding_type == TorchSharp.Padding.Same || All(layer.padding, side / 2));

    private static bool Fits(MaxPool2d layer) =>
        !layer.ceil_mode && All(layer.kernel_size, 3) && All(layer.stride, 2) && All(layer.padding, 0) && All(layer.dilation, 1);

    // One channel that wants a gradient is left to torch, as are batches beyond the two gigabytes that a span reaches over.
    private static bool Fits(Conv2d layer, Tensor input) =>
        IsPlain(input) && input.shape is [> 0, var channels, >= 3, >= 3] && layer.weight.shape[1] <= channels
        && (channels == 1 ? !(input.requires_grad && is_grad_enabled()) : channels % PooledShape.Group == 0)
        && input.numel() / channels * Math.Max(channels, layer.weight.shape[0] + PooledShape.Group) < int.MaxValue / sizeof(float);

    private static bool IsPlain(Tensor tensor) => tensor.dtype == ScalarType.Float32 && tensor.device_type == TorchSharp.DeviceType.CPU;

    private static bool All(long[]? sides, long value) => sides is null || Array.TrueForAll(sides, side => side == value);

    /// <summary>The pooled maps.</summary>
    /// <param name="input">(batch, channels, height, width) in any layout; innermost channels are read as they are.</param>
    /// <param name="weight">(filters, channels, kernel, kernel).</param>
    /// <param name="bias">(filters).</param>
    /// <param name="widest">Floats in the widest vector to use; what the processor has where left out.</param>
    /// <returns>(batch, filters filled up with zeros to whole groups of 16, pooled height, pooled width), channels innermost.</returns>
    internal static Tensor Of(Tensor input, Tensor weight, Tensor bias, int? widest = null)
    {
        if (input.shape is not [> 0, var stored, >= 3 and var height, >= 3 and var width])
            throw new ArgumentException(
                "A pooled convolution reads one image or more of at least 3×3, (batch, channels, height, width), " +
                $"but got ({string.Join(", ", input.shape)}).", nameof(input));
        var shape = new PooledShape((int)height, (int)width, (int)weight.shape[1], (int)stored, (int)weight.shape[0], (int)weight.shape[2]);
        var lanes = widest ?? (Vector512.IsHardwareAccelerated ? Vector512<float>.Count : Vector256<float>.Count);
        var images = input.permute(0, 2, 3, 1).contiguous();
        Tensor pooled;
        if (is_grad_enabled() && (images.requires_grad || weight.requires_grad || bias.requires_grad))
            pooled = Differentiable.apply(images, weight, bias, new PackedFilters(shape), lanes, images.requires_grad);
        else
            (pooled, _) = Forward(new PackedFilters(shape), lanes, images, weight, bias);
        return pooled.permute(0, 3, 1, 2);
    }

    private static (Tensor Pooled, Tensor Places) Forward(PackedFilters filters, int lanes, Tensor images, Tensor weight, Tensor bias)
    {
        var shape = filters.Shape;
        var pooled = empty(images.shape[0], shape.PooledHeight, shape.PooledWidth, shape.Maps);
        var places = empty(pooled.shape, ScalarType.Byte);
        var (offsets, weights, biases) = (filters.Offsets(), filters.ByTap(weight.contiguous().Floats()), new float[shape.Maps]);
        bias.Floats().CopyTo(biases);
        InPieces(images, (first, count) =>
        {
            var from = images.Floats().Slice(first * shape.ImageLength, count * shape.ImageLength);
            var to = pooled.Floats().Slice(first * shape.PooledLength, count * shape.PooledLength);
            var placesTo = places.bytes.Slice(first * shape.PooledLength, count * shape.PooledLength);
            if (lanes == Vector512<float>.Count)
                PooledForward<Lanes512, Vector512<float>>.Run(shape, from, offsets, weights, biases, to, placesTo);
            else
                PooledForward<Lanes256, Vector256<float>>.Run(shape, from, offsets, weights, biases, to, placesTo);
        });
        return (pooled, places);
    }

    private static List<Tensor> Backward(
        PackedFilters filters, int lanes, Tensor images, Tensor weight, Tensor places, Tensor gradient, bool toImages)
    {
        var shape = filters.Shape;
        lanes = Math.Min(lanes, shape.Stored == 1 ? Vector256<float>.Count : Vector512<float>.Count);
        var plain = gradient.contiguous();
        var imageGradient = toImages ? empty(images.shape) : null;
        var (runs, weights) = (filters.Runs(lanes), filters.ByRun(weight.contiguous().Floats()));
        var parts = new FilterGradients[PiecesIn(images)];
        InPieces(images, (first, count) =>
        {
            var part = parts[first / PiecesOf] = new FilterGradients(shape);
            var from = images.Floats().Slice(first * shape.ImageLength, count * shape.ImageLength);
            var to = toImages ? imageGradient!.Floats().Slice(first * shape.ImageLength, count * shape.ImageLength) : [];
            var gradients = plain.Floats().Slice(first * shape.PooledLength, count * shape.PooledLength);
            var placesFrom = places.bytes.Slice(first * shape.PooledLength, count * shape.PooledLength);
            if (lanes == Vector512<float>.Count)
                PooledBackward<Lanes512, Vector512<float>>.Run(shape, from, gradients, placesFrom, runs, weights, part, to);
            else
                PooledBackward<Lanes256, Vector256<float>>.Run(shape, from, gradients, placesFrom, runs, weights, part, to);
        });
        var sum = FilterGradients.Sum(parts);
        var (weightGradient, biasGradient) = (empty(weight.shape), empty(shape.Filters));
        filters.FromRuns(sum.Weights, weightGradient.Floats());
        sum.Biases.AsSpan(0, shape.Filters).CopyTo(biasGradient.Floats());
        return [imageGradient!, weightGradient, biasGradient, null!, null!, null!];
    }

    private static int PiecesIn(Tensor images) => (int)((images.shape[0] + PiecesOf - 1) / PiecesOf);

    private static void InPieces(Tensor images, Action<int, int> action) => TorchThreads.Run(PiecesIn(images), piece =>
    {
        var first = piece * PiecesOf;
        action(first, (int)Math.Min(PiecesOf, images.shape[0] - first));
    });

    /// <summary>The operator as torch's gradients know it.</summary>
    private sealed class Differentiable : autograd.SingleTensorFunction<Differentiable>
    {
        public override string Name => nameof(PooledConvolution);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (images, weight, bias) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2]);
            var (pooled, places) = Forward((PackedFilters)vars[3], (int)vars[4], images, weight, bias);
            ctx.save_for_backward([images, weight, places]);
            foreach (var (name, value) in new[] { ("filters", vars[3]), ("lanes", vars[4]), ("toImages", vars[5]) })
                ctx.save_data(name, value);
            return pooled;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var saved = ctx.get_saved_variables();
            return Backward((PackedFilters)ctx.get_data("filters"), (int)ctx.get_data("lanes"), saved[0], saved[1], saved[2], grad_output,
                (bool)ctx.get_data("toImages"));
        }
    }
}
