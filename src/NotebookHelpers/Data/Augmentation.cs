namespace NotebookHelpers;

/// <summary>
/// A change of an image that makes another one with the same label: a shift by whole pixels, where zeros move in at the
/// edge and what leaves is lost, or a mirroring. The default value is <see cref="Identity"/>.
/// </summary>
public readonly record struct Augmentation
{
    private Augmentation(int dx, int dy, bool mirroredColumns, bool mirroredRows) =>
        (Dx, Dy, _mirroredColumns, _mirroredRows) = (dx, dy, mirroredColumns, mirroredRows);

    private readonly bool _mirroredColumns, _mirroredRows;

    /// <summary>By how many pixels the image moves right (left when negative).</summary>
    public int Dx { get; }

    /// <summary>By how many pixels the image moves down (up when negative).</summary>
    public int Dy { get; }

    /// <summary>Leaves the image as it is.</summary>
    public static Augmentation Identity => default;

    /// <summary>Left and right exchanged (OpenCV's flip code 1). Its own inverse.</summary>
    public static Augmentation FlipHorizontal => new(0, 0, true, false);

    /// <summary>Top and bottom exchanged (OpenCV's flip code 0). Its own inverse.</summary>
    public static Augmentation FlipVertical => new(0, 0, false, true);

    /// <summary>Moves the image, zeros moving in.</summary>
    /// <param name="dx">Pixels to the right; negative: to the left.</param>
    /// <param name="dy">Pixels down; negative: up.</param>
    public static Augmentation Shift(int dx, int dy) => new(dx, dy, false, false);

    /// <summary>The article's four shifts by one pixel: right, left, up, down.</summary>
    public static IReadOnlyList<Augmentation> Shifts { get; } = [Shift(1, 0), Shift(-1, 0), Shift(0, -1), Shift(0, 1)];

    /// <summary>The four shifts, then the horizontal flip: what makes 360,000 images of 60,000.</summary>
    public static IReadOnlyList<Augmentation> ShiftsAndFlip { get; } = [.. Shifts, FlipHorizontal];

    /// <summary>Writes the changed image.</summary>
    /// <param name="source">The image, height × width bytes, row by row.</param>
    /// <param name="target">Takes as many bytes; must not overlap the source.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <exception cref="ArgumentException">The sizes do not fit or the spans overlap.</exception>
    public void Apply(ReadOnlySpan<byte> source, Span<byte> target, int height, int width)
    {
        CheckSizes(source, target, height, width);

        // What stays inside: clamped, so that a shift past the edge leaves nothing.
        int left = Math.Clamp(Dx, 0, width), right = (int)Math.Clamp((long)width + Dx, 0, width);
        for (var row = 0; row < height; row++)
        {
            var line = target.Slice(row * width, width);
            var from = (long)row - Dy;
            if (from < 0 || from >= height || left >= right)
            {
                line.Clear();
                continue;
            }
            var start = (_mirroredRows ? height - 1 - (int)from : (int)from) * width;
            line[..left].Clear();
            source.Slice(start + left - Dx, right - left).CopyTo(line[left..right]);
            line[right..].Clear();
            if (_mirroredColumns)
                line.Reverse();
        }
    }

    internal static void CheckSizes(ReadOnlySpan<byte> source, Span<byte> target, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (source.Length != (long)height * width || target.Length != source.Length)
            throw new ArgumentException(
                $"An image of {height}×{width} has {(long)height * width} bytes, " +
                $"but the source has {source.Length} and the target {target.Length}.");
        if (source.Overlaps(target))
            throw new ArgumentException("The target overlaps the source; give it memory of its own.", nameof(target));
    }

    /// <summary>What it does, in words: "shift right 1", "flip horizontal".</summary>
    public override string ToString()
    {
        if (this == Identity)
            return "original";
        if (_mirroredColumns || _mirroredRows)
            return _mirroredColumns ? "flip horizontal" : "flip vertical";
        var x = Dx == 0 ? "" : FormattableString.Invariant($" {(Dx > 0 ? "right" : "left")} {Math.Abs((long)Dx)}");
        var y = Dy == 0 ? "" : FormattableString.Invariant($" {(Dy > 0 ? "down" : "up")} {Math.Abs((long)Dy)}");
        return "shift" + x + y;
    }
}
