namespace NotebookHelpers;

/// <summary>
/// A random change of shape for each image each time it is seen: turned, scaled, sheared and moved as a whole, and bent
/// elastically (Simard, Steinkraus and Platt 2003; their smoothed field of displacements is one of straight pieces here,
/// between nodes seven pixels apart). Each amount is drawn uniformly between minus and plus the limit given here. Unlike
/// <see cref="Augmentation"/> it makes no more images: no two epochs see the same ones.
/// </summary>
public sealed record Distortion
{
    private const int NodeDistance = 7;
    private const int MostOnStack = 1024;

    /// <summary>A strength that keeps digits legible: 10°, 10 %, 0.1, 2 pixels and 1 pixel.</summary>
    public static Distortion Usual { get; } = new() { Rotation = 10, Scale = 0.1, Shear = 0.1, Shift = 2, Elastic = 1 };

    /// <summary>Degrees, from 0 to 180.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 180].</exception>
    public double Rotation { get; init => field = Within(value, 180, nameof(Rotation)); }

    /// <summary>The change of width and height, each drawn by itself, as a fraction, from 0 to 0.5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 0.5].</exception>
    public double Scale { get; init => field = Within(value, 0.5, nameof(Scale)); }

    /// <summary>How far a row moves sideways for each row of distance from the middle, from 0 to 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double Shear { get; init => field = Within(value, 1, nameof(Shear)); }

    /// <summary>Pixels in each direction, from 0 to 100.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 100].</exception>
    public double Shift { get; init => field = Within(value, 100, nameof(Shift)); }

    /// <summary>Pixels by which each node moves in each direction, from 0 to 7.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 7].</exception>
    public double Elastic { get; init => field = Within(value, NodeDistance, nameof(Elastic)); }

    /// <summary>Writes a changed copy; what comes from outside the image is paper (0).</summary>
    /// <param name="source">Height × width bytes, row by row.</param>
    /// <param name="target">As many bytes, elsewhere.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="random">Draws the amounts.</param>
    internal void Apply(ReadOnlySpan<byte> source, Span<byte> target, int height, int width, ref SplitMix random)
    {
        // From a pixel of the result to its place in the source: the inverse of turning, scaling and shearing, about the middle.
        var (sin, cos) = MathF.SinCos(random.Within(Rotation) * MathF.PI / 180);
        float shear = random.Within(Shear), wide = 1 / (1 + random.Within(Scale)), high = 1 / (1 + random.Within(Scale));
        float xx = wide * (cos - shear * sin), xy = wide * (sin + shear * cos), yx = -high * sin, yy = high * cos;
        float middleX = (width - 1) / 2f, middleY = (height - 1) / 2f;
        float left = middleX + random.Within(Shift), top = middleY + random.Within(Shift);

        int columns = (width - 1) / NodeDistance + 2, rows = (height - 1) / NodeDistance + 2;
        var nodes = columns * rows;
        Span<float> bentX = nodes <= MostOnStack ? stackalloc float[nodes] : new float[nodes];
        Span<float> bentY = nodes <= MostOnStack ? stackalloc float[nodes] : new float[nodes];
        for (var node = 0; node < bentX.Length; node++)
            (bentX[node], bentY[node]) = (random.Within(Elastic), random.Within(Elastic));

        for (var y = 0; y < height; y++)
        {
            int upper = y / NodeDistance * columns, lower = upper + columns;
            var share = y % NodeDistance / (float)NodeDistance;
            (float X, float Y) Place(int column, Span<float> bentX, Span<float> bentY)
            {
                float dx = column * NodeDistance - left, dy = y - top;
                return (middleX + xx * dx + xy * dy + bentX[upper + column] * (1 - share) + bentX[lower + column] * share,
                    middleY + yx * dx + yy * dy + bentY[upper + column] * (1 - share) + bentY[lower + column] * share);
            }
            var from = Place(0, bentX, bentY);
            for (var start = 0; start < width; start += NodeDistance)
            {
                // Between two nodes the place moves by the same step from pixel to pixel; in 1/256 of 1/256 pixels it is exact enough.
                var to = Place(start / NodeDistance + 1, bentX, bentY);
                int placeX = Fixed(from.X), placeY = Fixed(from.Y);
                int stepX = Fixed((to.X - from.X) / NodeDistance), stepY = Fixed((to.Y - from.Y) / NodeDistance);
                var line = target.Slice(y * width + start, Math.Min(NodeDistance, width - start));
                for (var i = 0; i < line.Length; i++, placeX += stepX, placeY += stepY)
                    line[i] = Sample(source, height, width, placeX, placeY);
                from = to;
            }
        }
    }

    // Between the four pixels around the place, each weighted by its nearness.
    private static byte Sample(ReadOnlySpan<byte> source, int height, int width, int x, int y)
    {
        int column = x >> 16, row = y >> 16, right = (x >> 8) & 255, down = (y >> 8) & 255;
        int a, b, c, d;
        if ((uint)column < (uint)(width - 1) && (uint)row < (uint)(height - 1))
        {
            var at = row * width + column;
            (a, b, c, d) = (source[at], source[at + 1], source[at + width], source[at + width + 1]);
        }
        else
        {
            if (column < -1 || row < -1 || column >= width || row >= height)
                return 0;
            (a, b) = (At(source, row, column), At(source, row, column + 1));
            (c, d) = (At(source, row + 1, column), At(source, row + 1, column + 1));
        }
        return (byte)(((a * (256 - right) + b * right) * (256 - down) + (c * (256 - right) + d * right) * down + 32768) >> 16);

        int At(ReadOnlySpan<byte> source, int row, int column) =>
            (uint)row < (uint)height && (uint)column < (uint)width ? source[row * width + column] : 0;
    }

    private static int Fixed(float value) => (int)(value * 65536);

    private static double Within(double value, double limit, string name) => value >= 0 && value <= limit
        ? value
        : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} is a limit from 0 to {limit}."));
}
