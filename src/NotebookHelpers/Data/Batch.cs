using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>Some images and their labels as tensors. Disposing it frees both.</summary>
public sealed class Batch : IDisposable
{
    internal Batch(Tensor images, Tensor labels) => (Images, Labels) = (images, labels);

    /// <summary>float32 (count, 1, height, width), from 0 (paper) to 1 (ink).</summary>
    public Tensor Images { get; }

    /// <summary>int64 (count): the classes.</summary>
    public Tensor Labels { get; }

    /// <summary>How many images there are.</summary>
    public int Count => (int)Labels.shape[0];

    /// <inheritdoc />
    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }
}
