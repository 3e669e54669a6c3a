namespace NotebookHelpers;

/// <summary>
/// A fixed change of grey images, the same for every image and at every call: to judge a network on digits that are shifted,
/// turned, thicker or thinner than those it learnt from. Unlike <see cref="Augmentation"/> and <see cref="Distortion"/> it is
/// meant for test images. What comes from outside an image is paper (0).
/// </summary>
public sealed class ImageChange
{
    /// <summary>The largest number of pixels by which strokes can grow or shrink.</summary>
    public const int MostThickness = 27;

    private delegate void Change(ReadOnlySpan<byte> source, Span<byte> target, int height, int width);

    private readonly Change _change;

    private ImageChange(string name, Change change) => (Name, _change) = (name, change);

    /// <summary>What it does, in words: "shifted right 2", "turned by 15°", "thicker by 1".</summary>
    public string Name { get; }

    /// <summary>Leaves the images as they are.</summary>
    public static ImageChange None { get; } = new("unchanged", (source, target, _, _) => source.CopyTo(target));

    /// <summary>Moves by whole pixels; what leaves the image is lost.</summary>
    /// <param name="dx">Pixels to the right; negative: to the left.</param>
    /// <param name="dy">Pixels down; negative: up.</param>
    public static ImageChange Shift(int dx, int dy)
    {
        var shift = Augmentation.Shift(dx, dy);
        return new ImageChange(dx == 0 && dy == 0 ? None.Name : "shifted" + shift.ToString()["shift".Length..], shift.Apply);
    }

    /// <summary>Turns about the middle of the image; each pixel is interpolated between the four nearest (bilinear).</summary>
    /// <param name="degrees">Counterclockwise; any finite number.</param>
    /// <exception cref="ArgumentOutOfRangeException">The angle is not finite.</exception>
    public static ImageChange Rotation(double degrees) => double.IsFinite(degrees)
        ? new ImageChange(FormattableString.Invariant($"turned by {degrees}°"),
            (source, target, height, width) => Rotate(degrees, source, target, height, width))
        : throw new ArgumentOutOfRangeException(nameof(degrees), degrees, "An angle is a finite number of degrees.");

    /// <summary>
    /// Makes strokes wider: each pixel takes the darkest value of a square window around it (grey dilation, Serra 1982). The window
    /// has one more row and column than the strokes grow by; with an odd growth it reaches one further right and down.
    /// </summary>
    /// <param name="pixels">By how much strokes grow, from 1 to <see cref="MostThickness"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is outside that range.</exception>
    public static ImageChange Thicker(int pixels) => Stroke("thicker", pixels, static (a, b) => Math.Max(a, b));

    /// <summary>
    /// Makes strokes narrower: each pixel takes the lightest value of the window that <see cref="Thicker"/> has (grey erosion).
    /// Strokes that are not wider than the number of pixels vanish.
    /// </summary>
    /// <param name="pixels">By how much strokes shrink, from 1 to <see cref="MostThickness"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is outside that range.</exception>
    public static ImageChange Thinner(int pixels) => Stroke("thinner", pixels, static (a, b) => Math.Min(a, b));

    /// <summary>Writes the changed image.</summary>
    /// <param name="source">The image, height × width bytes, row by row.</param>
    /// <param name="target">Takes as many bytes; must not overlap the source.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <exception cref="ArgumentException">The sizes do not fit or the spans overlap.</exception>
    public void Apply(ReadOnlySpan<byte> source, Span<byte> target, int height, int width)
    {
        Augmentation.CheckSizes(source, target, height, width);
        _change(source, target, height, width);
    }

    /// <inheritdoc />
    public override string ToString() => Name;

    private static void Rotate(double degrees, ReadOnlySpan<byte> source, Span<byte> target, int height, int width)
    {
        // From a pixel of the result back to its place in the source; rows count downward, so this turns counterclockwise.
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        double middleX = (width - 1) / 2.0, middleY = (height - 1) / 2.0;
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                double fromX = x - middleX, fromY = y - middleY;
                target[y * width + x] = Interpolate(source, height, width,
                    middleX + cos * fromX - sin * fromY, middleY + sin * fromX + cos * fromY);
            }
    }

    private static byte Interpolate(ReadOnlySpan<byte> source, int height, int width, double x, double y)
    {
        double column = Math.Floor(x), row = Math.Floor(y), right = x - column, down = y - row;
        var upper = (1 - right) * At(source, height, width, row, column) + right * At(source, height, width, row, column + 1);
        var lower = (1 - right) * At(source, height, width, row + 1, column) + right * At(source, height, width, row + 1, column + 1);
        return (byte)Math.Round((1 - down) * upper + down * lower, MidpointRounding.AwayFromZero);
    }

    private static ImageChange Stroke(string name, int pixels, Func<byte, byte, byte> choose)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pixels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pixels, MostThickness);
        int before = pixels / 2, after = pixels - before;
        return new ImageChange(FormattableString.Invariant($"{name} by {pixels}"), (source, target, height, width) =>
        {
            for (var y = 0; y < height; y++)
                for (var x = 0; x < width; x++)
                {
                    var chosen = source[y * width + x];
                    for (var row = y - before; row <= y + after; row++)
                        for (var column = x - before; column <= x + after; column++)
                            chosen = choose(chosen, At(source, height, width, row, column));
                    target[y * width + x] = chosen;
                }
        });
    }

    private static byte At(ReadOnlySpan<byte> source, int height, int width, double row, double column) =>
        row >= 0 && row < height && column >= 0 && column < width ? source[(int)row * width + (int)column] : (byte)0;
}
