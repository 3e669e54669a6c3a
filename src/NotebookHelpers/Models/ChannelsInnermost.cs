using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>The layout where torch's convolutions, poolings and normalisations of 16 channels and their multiples are fastest.</summary>
internal static class ChannelsInnermost
{
    /// <summary>
    /// Images of one channel, (batch, 1, height, width), with their channel innermost in memory. No value moves: one channel
    /// lies both ways at once for torch, so that asking it for another memory format would do nothing.
    /// </summary>
    internal static Tensor Of(Tensor images) => images.reshape(images.shape[0], images.shape[2], images.shape[3], 1).permute(0, 3, 1, 2);
}
