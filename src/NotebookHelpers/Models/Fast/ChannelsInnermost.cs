using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>The layout where torch's convolutions, poolings and normalisations of 16 channels and their multiples are fastest.</summary>
internal static class ChannelsInnermost
{
    /// <summary>
    /// Images of one channel, (batch, 1, height, width), with their channel innermost in memory; maps of several as they lie. No
    /// value moves: one channel lies both ways at once for torch, so that asking it for another memory format would do nothing.
    /// </summary>
    internal static Tensor Of(Tensor maps) => maps.shape is [var batch, 1, var height, var width]
        ? maps.reshape(batch, height, width, 1).permute(0, 3, 1, 2)
        : maps;
}
