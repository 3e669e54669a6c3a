namespace NotebookHelpers;

/// <summary>Colours of values, one pixel a value, through which the paper shows. A drawing shows each pixel as a sharp square.</summary>
internal sealed class MapBitmap(int width, int height)
{
    private const int Channels = 4;

    private readonly byte[] _pixels = new byte[width * height * Channels];

    /// <summary>Paints as many columns as are given, from a column on.</summary>
    /// <param name="left">The first column.</param>
    /// <param name="columns">How many.</param>
    /// <param name="value">The value at a row and a column of these, from −1 to 1; one that is no number stays paper.</param>
    internal MapBitmap Paint(int left, int columns, Func<int, int, double> value)
    {
        for (var row = 0; row < height; row++)
            for (var column = 0; column < columns; column++)
            {
                var shade = Shade.Of(value(row, column), Tint.Signed, isPicture: true);
                if (shade.Strength == 0)
                    continue;
                var pixel = _pixels.AsSpan((row * width + left + column) * Channels, Channels);
                Convert.FromHexString(shade.Color.AsSpan(1)).CopyTo(pixel);
                pixel[^1] = (byte)Math.Round(255 * shade.Strength);
            }
        return this;
    }

    /// <summary>The bitmap as an element of a drawing, with pixels of so many units across and down.</summary>
    internal string Draw(int x, int y, int across, int down)
    {
        var png = Convert.ToBase64String(PngEncoder.Rgba(_pixels, height, width));
        return $"<image x=\"{x}\" y=\"{y}\" width=\"{width * across}\" height=\"{height * down}\" " +
            $"preserveAspectRatio=\"none\" image-rendering=\"pixelated\" xlink:href=\"data:{Mime.Png};base64,{png}\"/>";
    }
}
