using System.Buffers.Binary;
using System.IO.Compression;

namespace NotebookHelpers;

/// <summary>Writes pictures as PNG (ISO/IEC 15948) with nothing but the base library.</summary>
internal static class PngEncoder
{
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(n =>
        Enumerable.Range(0, 8).Aggregate((uint)n, (c, _) => (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1))];

    /// <summary>A picture of 8-bit grey values.</summary>
    /// <param name="pixels">height·width values, row by row; 0 is black.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    internal static byte[] Grey(ReadOnlySpan<byte> pixels, int height, int width) => Write(pixels, height, width, samples: 1);

    /// <summary>A picture in colour through which the paper shows; as a palette, a byte a pixel, where it has few colours.</summary>
    /// <param name="pixels">height·width·4 values, row by row: red, green and blue of each pixel, and how much it covers.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    internal static byte[] Rgba(ReadOnlySpan<byte> pixels, int height, int width)
    {
        var palette = new List<uint>();
        var places = new Dictionary<uint, byte>();
        var indices = new byte[height * width];
        for (var i = 0; i < indices.Length; i++)
        {
            var color = BinaryPrimitives.ReadUInt32BigEndian(pixels[(4 * i)..]);
            if (!places.TryGetValue(color, out var place))
            {
                if (palette.Count > byte.MaxValue)
                    return Write(pixels, height, width, samples: 4);
                places[color] = place = (byte)palette.Count;
                palette.Add(color);
            }
            indices[i] = place;
        }
        return Write(indices, height, width, samples: 1, [.. palette]);
    }

    private static byte[] Write(ReadOnlySpan<byte> pixels, int height, int width, int samples, params ReadOnlySpan<uint> palette)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8; // bits a sample; then: grey, colours by their place or with their cover; deflate, filters, not interlaced
        header[9..].Clear();
        header[9] = (byte)(palette.Length > 0 ? 3 : samples == 1 ? 0 : 6);
        WriteChunk(file, "IHDR"u8, header);
        if (palette.Length > 0)
            WritePalette(file, palette);

        using var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, CompressionLevel.SmallestSize, leaveOpen: true))
            for (var row = 0; row < height; row++)
            {
                deflate.WriteByte(0); // no filter: flat pictures compress best as they are
                deflate.Write(pixels.Slice(row * width * samples, width * samples));
            }
        WriteChunk(file, "IDAT"u8, data.ToArray());
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    // Each colour in three bytes, and in a list of its own how much it covers.
    private static void WritePalette(MemoryStream file, ReadOnlySpan<uint> palette)
    {
        var (colors, covers) = (new byte[3 * palette.Length], new byte[palette.Length]);
        for (var i = 0; i < palette.Length; i++)
            (colors[3 * i], colors[3 * i + 1], colors[3 * i + 2], covers[i]) =
                ((byte)(palette[i] >> 24), (byte)(palette[i] >> 16), (byte)(palette[i] >> 8), (byte)palette[i]);
        WriteChunk(file, "PLTE"u8, colors);
        WriteChunk(file, "tRNS"u8, covers);
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(type);
        file.Write(content);
        var crc = Crc(Crc(uint.MaxValue, type), content) ^ uint.MaxValue;
        BinaryPrimitives.WriteUInt32BigEndian(number, crc);
        file.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            crc = CrcTable[(crc ^ value) & 0xFF] ^ (crc >> 8);
        return crc;
    }
}
