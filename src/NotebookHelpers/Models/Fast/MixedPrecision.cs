using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>Calls layers in another type of number than that of their weights, which gradients still reach.</summary>
internal static class MixedPrecision
{
    /// <summary>A convolution, on request with filters of zeros after its own, or with inputs beyond its own that it ignores.</summary>
    /// <remarks>
    /// In another type or with more channels, right only for a convolution of stride 1, without dilation, of one group, with a bias
    /// and half the kernel of zeros around the input: what this library's networks have.
    /// </remarks>
    internal static Tensor CallIn(this Conv2d layer, ScalarType type, Tensor input, int moreOutputs = 0, int moreInputs = 0)
    {
        if (type == layer.weight.dtype && moreOutputs == 0 && moreInputs == 0)
            return layer.call(input);
        var (weight, bias) = (layer.weight.to(type), layer.bias!.to(type));
        if (moreOutputs > 0 || moreInputs > 0)
        {
            weight = nn.functional.pad(weight, [0, 0, 0, 0, 0, moreInputs, 0, moreOutputs]);
            bias = nn.functional.pad(bias, [0, moreOutputs]);
        }
        return nn.functional.conv2d(input.to(type), weight, bias, padding: [weight.shape[2] / 2, weight.shape[3] / 2]);
    }

    /// <summary>A fully connected layer.</summary>
    internal static Tensor CallIn(this Linear layer, ScalarType type, Tensor input) =>
        type == layer.weight.dtype ? layer.call(input) : nn.functional.linear(input.to(type), layer.weight.to(type), layer.bias!.to(type));
}
