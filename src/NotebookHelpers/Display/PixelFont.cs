namespace NotebookHelpers;

/// <summary>Capitals, digits and a few signs of 3×5 pixels: enough to caption a bitmap without a font or a drawing library.</summary>
internal static class PixelFont
{
    internal const int Height = 5;
    private const int Width = 3;

    // Five rows from the top, each an octal digit: 4 is the left pixel, 2 the middle one, 1 the right one.
    private static readonly Dictionary<char, string> Glyphs = (
        "0:75557 1:26227 2:71747 3:71717 4:55711 5:74717 6:74757 7:71222 8:75757 9:75717 A:25755 B:65656 C:34443 D:65556 " +
        "E:74647 F:74644 G:34553 H:55755 I:72227 J:11152 K:55655 L:44447 M:57755 N:65555 O:25552 P:65644 Q:25563 R:65655 " +
        "S:34216 T:72222 U:55557 V:55552 W:55775 X:55255 Y:55222 Z:71247 %:51245 .:00002 ,:00024 -:00700 +:02720 →:42124 " +
        "/:11244 ?:71202 =:07070 (:12221 ):42224").Split(' ').ToDictionary(glyph => glyph[0], glyph => glyph[2..]);

    /// <summary>How many pixels a text is wide at a scale.</summary>
    internal static int Measure(int characters, int scale) => characters * (Width + 1) * scale - scale;

    /// <summary>Writes a text into a grey picture, from the left and top given; what leaves the picture is cut.</summary>
    internal static void Write(byte[] pixels, int pictureWidth, int left, int top, string text, int scale, byte grey)
    {
        foreach (var character in text.ToUpperInvariant())
        {
            if (character != ' ')
                Draw(Glyphs.GetValueOrDefault(character, Glyphs['?']));
            left += (Width + 1) * scale;
        }

        void Draw(string glyph)
        {
            for (var y = 0; y < Height * scale; y++)
                for (var x = 0; x < Width * scale; x++)
                    if (IsInk(glyph, y / scale, x / scale) && left + x < pictureWidth && (top + y) * pictureWidth < pixels.Length)
                        pixels[(top + y) * pictureWidth + left + x] = grey;
        }

        static bool IsInk(string glyph, int row, int column) => ((glyph[row] - '0') & (4 >> column)) != 0;
    }
}
