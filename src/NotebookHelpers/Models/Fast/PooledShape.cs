namespace NotebookHelpers;

/// <summary>The sizes of a convolution with equal padding (SAME) and of the max pooling of 3×3 with stride 2 behind it.</summary>
/// <param name="Height">Rows of the input; at least 3.</param>
/// <param name="Width">Columns of the input; at least 3.</param>
/// <param name="Channels">Channels that the filters read.</param>
/// <param name="Stored">Channels of the input in memory, innermost; those beyond <paramref name="Channels"/> are passed over.</param>
/// <param name="Filters">Filters.</param>
/// <param name="Kernel">The side of a filter, an odd number.</param>
internal sealed record PooledShape(int Height, int Width, int Channels, int Stored, int Filters, int Kernel)
{
    /// <summary>Maps come in groups of so many, one vector or two; those beyond <see cref="Filters"/> are zeros.</summary>
    internal const int Group = 16;

    /// <summary>Columns that the forward pass computes side by side.</summary>
    internal const int Block = 7;

    /// <summary>Maps of the result in memory, innermost.</summary>
    internal int Maps { get; } = Whole(Filters, Group);

    internal int PooledHeight { get; } = Pooled(Height);

    internal int PooledWidth { get; } = Pooled(Width);

    /// <summary>Columns of a map, in whole blocks.</summary>
    internal int Columns { get; } = Whole(Width, Block);

    /// <summary>Columns of the padded image: the zeros left and right, and those that the last block reads beyond.</summary>
    internal int Pitch { get; } = Whole(Width, Block) + Kernel - 1;

    /// <summary>Floats that a row of a filter spans in the image, in whole vectors.</summary>
    internal int Run { get; } = Stored == 1 ? 8 : Kernel * Stored;

    /// <summary>Numbers under a filter.</summary>
    internal int Taps => Kernel * Kernel * Channels;

    /// <summary>Floats of an image.</summary>
    internal int ImageLength => Height * Width * Stored;

    /// <summary>Floats of an image's pooled maps.</summary>
    internal int PooledLength => PooledHeight * PooledWidth * Maps;

    /// <summary>Floats of the padded image, and of a vector that begins on its last one.</summary>
    internal int PaddedLength => (Height + Kernel - 1) * Pitch * Stored + Group;

    private static int Pooled(int side) => (side - 3) / 2 + 1;

    private static int Whole(int count, int part) => (count + part - 1) / part * part;
}
