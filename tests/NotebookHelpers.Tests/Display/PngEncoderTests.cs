using CsCheck;

namespace NotebookHelpers.Tests.Display;

public sealed class PngEncoderTests
{
    // Few colours become a palette, more than 256 do not.
    [Theory]
    [InlineData(3, 3)]
    [InlineData(256, 3)]
    [InlineData(257, 6)]
    [InlineData(3_000, 6)]
    public void AnyPictureInColourComesBackFromItsPng(int colors, int kind)
    {
        const int Side = 60;
        Gen.Select(Gen.Byte.Array[4 * colors], Gen.Int[0, colors - 1].Array[Side * Side]).Sample((palette, places) =>
        {
            // All colours are unlike, and each is there.
            for (var i = 0; i < colors; i++)
                (palette[4 * i], palette[4 * i + 1], places[i]) = ((byte)i, (byte)(i >> 8), i);
            byte[] pixels = [.. places.SelectMany(place => palette[(4 * place)..(4 * place + 4)])];
            var file = PngEncoder.Rgba(pixels, Side, Side);
            return file[25] == kind && PngPixels.Of(file) is { Width: Side, Height: Side, Rgba: var found } && found.SequenceEqual(pixels);
        }, iter: 10);
    }
}
