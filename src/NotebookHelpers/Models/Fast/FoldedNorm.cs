using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// Batch normalisation as other weights of the convolution before it: both are linear. While training, mean and variance of the
/// maps are needed, which no one has to write out for them: they follow from the weights and from mean and covariance of the
/// patches under a filter, for one channel 9 and 81 numbers a batch.
/// </summary>
/// <remarks>
/// TorchSharp makes an object of every number that an operator gets, of the factor 1 in a sum of two tensors too, and lets the collector
/// end it while the native call still reads it, and the process with it. So here each is held as long as it is used.
/// </remarks>
internal static class FoldedNorm
{
    /// <summary>Whether the layer can be folded into the one before it.</summary>
    /// <param name="norm">A normalisation.</param>
    /// <param name="input">What the convolution before it reads.</param>
    internal static bool CanFold(BatchNorm2d norm, Tensor input) =>
        norm is { affine: true, track_running_stats: true, momentum: not null, running_mean: not null }
        && (!norm.training || input.shape[1] == 1);   // the covariance of many channels costs more than the maps

    /// <summary>Weights and bias that give the normalised maps; the running averages move as the layer itself would move them.</summary>
    internal static (Tensor Weight, Tensor Bias) Fold(Conv2d convolution, BatchNorm2d norm, Tensor input)
    {
        var filters = convolution.weight.flatten(1);
        var (mean, variance) = norm.training
            ? OfBatch(filters, convolution.bias!, (int)convolution.weight.shape[2], norm, input)
            : (norm.running_mean!, norm.running_var!);
        using Scalar epsilon = norm.eps, one = 1;
        var scale = norm.weight! / variance.add(epsilon, one).sqrt();
        var bias = ((convolution.bias! - mean) * scale).add(norm.bias!, one);
        return ((filters * scale.unsqueeze(1)).reshape(convolution.weight.shape), bias);
    }

    private static (Tensor Mean, Tensor Variance) OfBatch(Tensor filters, Tensor bias, int kernel, BatchNorm2d norm, Tensor input)
    {
        var (patch, covariance) = PatchStatistics.Of(input, kernel);
        var values = (double)input.numel();
        using Scalar unbiased = values / (values - 1), one = 1;
        var mean = filters.mv(patch).add(bias, one);
        var variance = (filters.mm(covariance) * filters).sum(1);
        using var noGradients = no_grad();
        norm.running_mean!.lerp_(mean, norm.momentum!.Value);
        norm.running_var!.lerp_(variance * unbiased, norm.momentum!.Value);
        norm.num_batches_tracked!.add_(one, one);
        return (mean, variance);
    }
}
