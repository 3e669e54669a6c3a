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
        return input.reshape(input.shape[0], input.shape[2], input.shape[3], 1).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
