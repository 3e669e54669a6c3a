using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;

namespace NotebookHelpers;

/// <summary>An array of unsigned bytes of any rank, as an IDX file holds it.</summary>
public sealed class IdxArray
{
    internal IdxArray(int[] shape, byte[] data) => (Shape, Data) = (shape, data);

    /// <summary>The size of each dimension, outermost first: (60000, 28, 28) for MNIST's training images.</summary>
    public int[] Shape { get; }

    /// <summary>The values, 0 to 255, in row-major order.</summary>
    public byte[] Data { get; }
}

/// <summary>
/// Reads the IDX format of the MNIST files: two zero bytes, the element type (8: unsigned byte), the rank, the
/// size of each dimension as a big-endian 32-bit number, then the values; the whole gzipped or not. A file is checked
/// against its own length before anything is allocated, and no more is decompressed than its header promises.
/// </summary>
public static class IdxFile
{
    /// <summary>The most values that are read, unless the caller says otherwise: 1 GiB.</summary>
    public const int DefaultLimit = 1 << 30;

    /// <summary>Reads a file of unsigned bytes; whether it is gzipped is told by its first bytes.</summary>
    /// <param name="path">The file. One that is named .gz must be gzipped.</param>
    /// <param name="rank">The number of dimensions that the caller expects, or null for any.</param>
    /// <param name="limit">The most values to accept.</param>
    /// <exception cref="InvalidDataException">The file is not a whole IDX file of unsigned bytes; the message says why.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static IdxArray Read(string path, int? rank = null, int limit = DefaultLimit)
    {
        using var file = File.OpenRead(path);
        return Read(file, path, rank, limit);
    }

    /// <summary>Reads from the stream's position to its end; otherwise as <see cref="Read(string, int?, int)"/>.</summary>
    /// <param name="stream">A stream that can seek (copy another one to a MemoryStream first). It stays open.</param>
    /// <param name="name">What error messages call the stream.</param>
    /// <param name="rank">The number of dimensions that the caller expects, or null for any.</param>
    /// <param name="limit">The most values to accept.</param>
    /// <exception cref="InvalidDataException">The content is not a whole IDX array of unsigned bytes; the message says why.</exception>
    public static IdxArray Read(Stream stream, string name, int? rank = null, int limit = DefaultLimit)
    {
        using var reader = new IdxReader(stream, name, rank, limit);
        var data = GC.AllocateUninitializedArray<byte>(reader.Size);
        reader.ReadValues(data);
        return new IdxArray(reader.Shape, data);
    }
}

/// <summary>An IDX file opened and its header checked: the caller sees the shape before any array is allocated.</summary>
internal sealed class IdxReader : IDisposable
{
    private const byte UnsignedByte = 8;
    private const int GzipOverhead = 18, Chunk = 1 << 17;
    // Deflate codes at most 258 bytes in 2 bits.
    private const int HighestGzipRatio = 1032;

    private readonly Stream _content;
    private readonly bool _gzipped;
    private readonly string _name;
    private readonly byte[] _header;

    /// <summary>Reads the header and checks what can be checked before allocating; faults as <see cref="IdxFile.Read(string, int?, int)"/>.</summary>
    internal IdxReader(Stream stream, string name, int? rank = null, int limit = IdxFile.DefaultLimit)
    {
        if (!stream.CanSeek)
            throw new ArgumentException("IDX data are checked against their length, so the stream must be able to seek: copy it to a MemoryStream first.", nameof(stream));
        _name = name;
        var stored = stream.Length - stream.Position;
        if (stored == 0)
            throw Fault($"the file is empty");

        var (first, last) = Ends(stream, stored);
        _gzipped = first is [0x1f, 0x8b, ..];
        if (!_gzipped && IsNamedGzip(name))
            throw Fault($"it is named .gz but is not gzip data: expected the first bytes 1F 8B, found {Hex(first)}{Hint(first)}. If it is already decompressed, take .gz off its name");
        if (_gzipped && stored < GzipOverhead)
            throw Fault($"the gzip data are cut off: the file has {stored} bytes, less than any gzip file");
        _content = _gzipped ? new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true) : stream;

        var start = ReadHeader(4, "its first four bytes");
        if (start[0] != 0 || start[1] != 0)
            throw Fault($"wrong magic number: an IDX file begins with 00 00 08 and its rank, this one with {Hex(start)}{Hint(start)}");
        if (start[2] != UnsignedByte)
            throw Fault($"wrong element type: expected 08 (unsigned byte), found {start[2]:X2} ({TypeName(start[2])})");
        if (start[3] == 0 || (rank is not null && start[3] != rank))
            throw Fault($"wrong rank: expected {(rank is null ? "at least 1" : rank)} {(rank switch { 1 => "(one label each)", 3 => "(images, height, width)", _ => "" })}, found {start[3]}. Are the images' and the labels' files exchanged?");
        var sizes = ReadHeader(4 * start[3], "its dimensions");
        _header = [.. start, .. sizes];
        Shape = ReadShape(sizes, limit, out var size);
        Size = size;

        var expected = _header.Length + (long)size;
        if (!_gzipped && stored != expected)
            throw WrongLength(expected, stored);
        if (_gzipped && expected > HighestGzipRatio * stored)
            throw Fault($"absurd dimensions {ShapeText}: they promise {expected:N0} bytes, more than gzip can hold in a file of {stored:N0}");
        // GZipStream takes a missing trailer, or anything after it, for a good end: so the trailer's length field is checked here.
        if (_gzipped && BinaryPrimitives.ReadUInt32LittleEndian(last) != (uint)expected)
            throw Diagnose(expected);
    }

    /// <summary>The size of each dimension, outermost first.</summary>
    internal int[] Shape { get; }

    /// <summary>The number of values.</summary>
    internal int Size { get; }

    internal string ShapeText => string.Join('×', Shape);

    private static bool IsNamedGzip(string name) => name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the values, all of them and nothing after them; the hash, if any, is fed the whole decompressed file.</summary>
    internal void ReadValues(Span<byte> target, IncrementalHash? hash = null)
    {
        hash?.AppendData(_header);
        for (var at = 0; at < Size;)
        {
            // A piece is hashed while it is still in the processor's cache.
            var piece = target.Slice(at, Math.Min(Chunk, Size - at));
            var read = Fill(piece);
            if (read < piece.Length)
                throw WrongLength(_header.Length + (long)Size, _header.Length + (long)at + read);
            hash?.AppendData(piece);
            at += read;
        }
        // One byte more: it must not exist, and asking for it makes gzip check its checksum.
        if (Fill(stackalloc byte[1]) != 0)
            throw WrongLength(_header.Length + (long)Size, null);
    }

    public void Dispose()
    {
        if (_gzipped)
            _content.Dispose();
    }

    private static (byte[] First, byte[] Last) Ends(Stream stream, long stored)
    {
        var start = stream.Position;
        byte[] first = new byte[Math.Min(4, stored)], last = new byte[first.Length];
        stream.ReadExactly(first);
        stream.Position = start + stored - last.Length;
        stream.ReadExactly(last);
        stream.Position = start;
        return (first, last);
    }

    private byte[] ReadHeader(int count, string what)
    {
        var bytes = new byte[count];
        var read = Fill(bytes);
        if (read == 0 && what.Contains("first", StringComparison.Ordinal))
            throw Fault($"the gzip data hold nothing: the decompressed file is empty");
        if (read < count)
            throw Fault($"truncated: the file ends within {what}");
        return bytes;
    }

    private int[] ReadShape(byte[] sizes, int limit, out int product)
    {
        var shape = new uint[sizes.Length / 4];
        for (var i = 0; i < shape.Length; i++)
            shape[i] = BinaryPrimitives.ReadUInt32BigEndian(sizes.AsSpan(4 * i));
        ulong size = 1;
        foreach (var dimension in shape)
        {
            size *= dimension;
            if (size == 0 || size > (ulong)limit)
                throw Fault($"absurd dimensions {string.Join('×', shape)}: expected each to be at least 1 and their product at most {limit:N0}");
        }
        product = (int)size;
        return [.. shape.Select(dimension => (int)dimension)];
    }

    // Why the trailer's length is not the header's: found by decompressing into a small buffer, never past the promised end.
    private InvalidDataException Diagnose(long expected)
    {
        var buffer = new byte[Chunk];
        long total = _header.Length;
        int read;
        do
        {
            read = Fill(buffer.AsSpan(0, (int)Math.Min(buffer.Length, expected + 1 - total)));
            total += read;
        }
        while (read > 0 && total <= expected);
        return total == expected
            ? Fault($"damaged gzip data: the content is whole but the file does not end with its length, {expected:N0}; the end is cut off, or something follows it")
            : WrongLength(expected, total > expected ? null : total);
    }

    private InvalidDataException WrongLength(long expected, long? found)
    {
        var promise = string.Create(CultureInfo.InvariantCulture, $"the header ({ShapeText}) promises {expected:N0} bytes");
        return found is null ? Fault($"too long: {promise}, and more follow")
            : found > expected ? Fault($"too long: {promise}, the file has {found:N0}")
            : Fault($"truncated: {promise}, the {(_gzipped ? "gzip data end after" : "file has")} {found:N0}");
    }

    private int Fill(Span<byte> target)
    {
        try
        {
            return _content.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{_name}: damaged gzip data: they cannot be decompressed or their checksum is wrong. Get the file again.", e);
        }
    }

    private InvalidDataException Fault(FormattableString what) =>
        new($"{_name}: {FormattableString.Invariant(what)}.");

    private static string Hex(byte[] bytes) => string.Join(' ', bytes.Select(value => value.ToString("X2", CultureInfo.InvariantCulture)));

    private static string Hint(byte[] bytes) => bytes switch
    {
        [(byte)'<', ..] => " (it looks like a web page)",
        [(byte)'P', (byte)'K', ..] => " (it looks like a zip archive: unpack it)",
        [(byte)'v', (byte)'e', (byte)'r', (byte)'s'] => " (it looks like a Git LFS pointer: run git lfs pull)",
        _ => "",
    };

    private static string TypeName(byte type) => type switch
    {
        0x09 => "signed byte",
        0x0B => "16-bit integer",
        0x0C => "32-bit integer",
        0x0D => "32-bit float",
        0x0E => "64-bit float",
        _ => "unknown to the format",
    };
}
