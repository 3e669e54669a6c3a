using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// A batch normalisation as the layer itself computes it, with the number that it adds to its count of batches held as long as torch
/// reads it; see <see cref="FoldedNorm"/> for what happens otherwise.
/// </summary>
internal static class TrackedNorm
{
    /// <summary>What the layer puts out; in training its running averages and its count move.</summary>
    internal static Tensor Of(NormBase norm, Tensor input)
    {
        if (!norm.training || norm.num_batches_tracked is not { } count || norm.momentum is not { } momentum || LayerHooks.AreOn(norm))
            return norm.call(input);
        using Scalar one = 1;
        using (no_grad())
            count.add_(one, one);
        return nn.functional.batch_norm(
            input, norm.running_mean!, norm.running_var!, norm.weight!, norm.bias!, training: true, momentum, norm.eps);
    }
}
