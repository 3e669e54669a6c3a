using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// Passes images of one channel on with their channel innermost in memory, where torch's convolutions, poolings and
/// normalisations of 16 channels and their multiples are fastest. No value moves.
/// </summary>
internal sealed class ChannelsInnermost() : nn.Module<Tensor, Tensor>(nameof(ChannelsInnermost))
{
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Of(input).MoveToOuterDisposeScope();
    }

    /// <summary>The same images, (batch, 1, height, width). One channel lies both ways at once for torch, so that asking it for another memory format would do nothing.</summary>
    internal static Tensor Of(Tensor images) => images.reshape(images.shape[0], images.shape[2], images.shape[3], 1).permute(0, 3, 1, 2);
}
