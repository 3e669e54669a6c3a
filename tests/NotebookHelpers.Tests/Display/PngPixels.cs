using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using BigGustave;

namespace NotebookHelpers.Tests.Display;

/// <summary>A coloured PNG's pixels with what they cover, which BigGustave leaves out where there is a palette.</summary>
internal sealed record PngPixels(int Width, int Height, byte[] Rgba)
{
    internal static PngPixels Of(byte[] file)
    {
        var png = Png.Open(file);     // checks every chunk
        var chunks = Chunks(file).ToLookup(chunk => chunk.Type, chunk => chunk.Content);
        var samples = file[25] == 3 ? 1 : 4;
        using var data = new ZLibStream(new MemoryStream([.. chunks["IDAT"].SelectMany(part => part)]), CompressionMode.Decompress);
        var rgba = new List<byte>();
        var row = new byte[1 + samples * png.Width];
        for (var y = 0; y < png.Height; y++)
        {
            data.ReadExactly(row);
            Assert.Equal(0, row[0]);     // no filter
            if (samples == 4)
                rgba.AddRange(row[1..]);
            else
                foreach (var place in row[1..])
                    rgba.AddRange([.. chunks["PLTE"].Single()[(3 * place)..(3 * place + 3)], chunks["tRNS"].Single()[place]]);
        }
        return new(png.Width, png.Height, [.. rgba]);
    }

    internal (string Color, byte Cover) this[int x, int y] =>
        (Convert.ToHexString(Rgba, 4 * (y * Width + x), 3), Rgba[4 * (y * Width + x) + 3]);

    private static IEnumerable<(string Type, byte[] Content)> Chunks(byte[] file)
    {
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            yield return (Encoding.ASCII.GetString(file, at + 4, 4), file[(at + 8)..(at + 8 + length)]);
            at += 12 + length;
        }
    }
}
