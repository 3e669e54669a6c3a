namespace NotebookHelpers;

/// <summary>An image with zeros around it, so that no loop has to ask whether it is still inside.</summary>
internal static class PaddedImage
{
    /// <summary>Copies an image, channels innermost, between the zeros.</summary>
    internal static void Fill(PooledShape shape, ReadOnlySpan<float> image, Span<float> padded)
    {
        var row = shape.Width * shape.Stored;
        for (var y = 0; y < shape.Height; y++)
            image.Slice(y * row, row).CopyTo(Inside(shape, padded, y));
    }

    /// <summary>Copies the image out again.</summary>
    internal static void Cut(PooledShape shape, Span<float> padded, Span<float> image)
    {
        var row = shape.Width * shape.Stored;
        for (var y = 0; y < shape.Height; y++)
            Inside(shape, padded, y)[..row].CopyTo(image.Slice(y * row, row));
    }

    private static Span<float> Inside(PooledShape shape, Span<float> padded, int y) =>
        padded[(((y + shape.Kernel / 2) * shape.Pitch + shape.Kernel / 2) * shape.Stored)..];
}
