namespace NotebookHelpers;

/// <summary>An array of unsigned bytes of any rank, as an IDX file holds it.</summary>
public sealed class IdxArray
{
    internal IdxArray(int[] shape, byte[] data) => (Shape, Data) = (shape, data);

    /// <summary>The size of each dimension, outermost first: (60000, 28, 28) for MNIST's training images.</summary>
    public int[] Shape { get; }

    /// <summary>The values, 0 to 255, in row-major order.</summary>
    public byte[] Data { get; }
}
