using System.Globalization;

namespace NotebookHelpers;

/// <summary>The shape of a stack of feature maps. A plain vector has height and width 1.</summary>
public readonly record struct MapShape
{
    /// <summary>Makes a shape.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    public MapShape(int height, int width, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        (Height, Width, Channels) = (height, width, channels);
    }

    /// <summary>A vector of so many numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is less than 1 or more than an int holds.</exception>
    public static MapShape Vector(long length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, int.MaxValue);
        return new(1, 1, (int)length);
    }

    /// <summary>Rows of each map.</summary>
    public int Height { get; }

    /// <summary>Columns of each map.</summary>
    public int Width { get; }

    /// <summary>How many maps there are: the depth.</summary>
    public int Channels { get; }

    /// <summary>Numbers in all.</summary>
    public long Count => checked((long)Height * Width * Channels);

    /// <summary>Height×width×channels as the article writes it; a vector's length alone.</summary>
    public override string ToString() => (Height, Width) == (1, 1)
        ? Channels.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Height}×{Width}×{Channels}");
}
