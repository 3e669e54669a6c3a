using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;

namespace NotebookHelpers;

/// <summary>An IDX file opened and its header checked: the caller sees the shape before any array is allocated.</summary>
internal sealed class IdxReader : IDisposable
{
    private const byte UnsignedByte = 8;
    private const int GzipOverhead = 18, Chunk = 1 << 17;
    // Deflate codes at most 258 bytes in 2 bits.
    private const int HighestGzipRatio = 1032;
    // How far a file that is refused is decompressed once more, to tell damage from a file that was made so.
    private const int MostToDiagnose = 16 << 20;

    private readonly Stream _stream;
    private readonly string _name;
    private readonly long _start, _stored;
    private readonly bool _gzipped;
    private readonly Stream _content;
    private readonly byte[] _header;

    /// <summary>Reads the header and checks what can be checked before allocating; faults as <see cref="IdxFile"/> has them.</summary>
    internal IdxReader(Stream stream, string name, int? rank = null, int limit = IdxFile.DefaultLimit)
    {
        if (!stream.CanSeek)
            throw new ArgumentException(
                "IDX data are checked against their length, so the stream must be able to seek: copy it to a MemoryStream first.",
                nameof(stream));
        (_stream, _name, _start, _stored) = (stream, name, stream.Position, stream.Length - stream.Position);
        _gzipped = IsGzip();
        _content = _gzipped ? Decompressed() : stream;
        try
        {
            (_header, Shape, Size) = ReadHeader(rank, limit);
            CheckLength(_header.Length + (long)Size);
        }
        catch (InvalidDataException e) when (_gzipped && !CanBeDecompressed(MostToDiagnose))
        {
            throw Damaged(e);
        }
    }

    /// <summary>The size of each dimension, outermost first.</summary>
    internal int[] Shape { get; }

    /// <summary>The number of values.</summary>
    internal int Size { get; }

    /// <summary>Reads the values, all of them and nothing after them.</summary>
    internal void ReadValues(Span<byte> target) => ReadValues(target, null);

    /// <summary>Reads the values and returns the SHA-256 of the whole decompressed file, in lower-case hexadecimal digits.</summary>
    internal string ReadHashed(Span<byte> target)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ReadValues(target, hash);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose()
    {
        if (_gzipped)
            _content.Dispose();
    }

    private void ReadValues(Span<byte> target, IncrementalHash? hash)
    {
        hash?.AppendData(_header);
        for (var at = 0; at < Size;)
        {
            // A piece is hashed while it is still in the processor's cache.
            var piece = target.Slice(at, Math.Min(Chunk, Size - at));
            var read = Fill(piece);
            if (read < piece.Length)
                throw Unexpected(_header.Length + (long)at + read);
            hash?.AppendData(piece);
            at += read;
        }
        // One byte more: it must not exist, and asking for it makes gzip check its checksum.
        if (Fill(stackalloc byte[1]) != 0)
            throw Unexpected(null);
    }

    private bool IsGzip()
    {
        if (_stored == 0)
            throw Fault("the file is empty");
        var first = new byte[Math.Min(4, _stored)];
        _stream.ReadExactly(first);
        _stream.Position = _start;
        var gzipped = first is [0x1f, 0x8b, ..];
        if (!gzipped && _name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            throw Fault($"it is named .gz but is not gzip data: expected the first bytes 1F 8B, found {Hex(first)}{Hint(first)}",
                " If it is already decompressed, take .gz off its name; else get the file again.");
        if (gzipped && _stored < GzipOverhead)
            throw Fault($"the gzip data are cut off: the file has {_stored} bytes, less than any gzip file");
        return gzipped;
    }

    private GZipStream Decompressed()
    {
        _stream.Position = _start;
        return new GZipStream(_stream, CompressionMode.Decompress, leaveOpen: true);
    }

    private (byte[] Header, int[] Shape, int Size) ReadHeader(int? rank, int limit)
    {
        var start = ReadHeaderBytes(4, "its first four bytes", ifNone: true);
        if (start is [0x1f, 0x8b, ..])
            throw Fault("it is gzipped twice", " Decompress it once (gunzip, 7-Zip) and put the result in its place.");
        if (start is [0, 0, 0, 0])
            throw Fault("it begins with zeros, as a file does for which a download only reserved its room");
        if (start[0] != 0 || start[1] != 0)
            throw WrongMagic(start);
        if (start[2] != UnsignedByte)
            throw Fault($"wrong element type: expected 08 (unsigned byte), found {start[2]:X2} ({TypeName(start[2])})",
                " Write the values as bytes, 0 to 255.");
        if (start[3] == 0 || (rank is not null && start[3] != rank))
            throw WrongRank(rank, start[3]);
        var sizes = ReadHeaderBytes(4 * start[3], "its dimensions");
        var shape = ReadShape(sizes, limit, out var size);
        return ([.. start, .. sizes], shape, size);
    }

    private byte[] ReadHeaderBytes(int count, string what, bool ifNone = false)
    {
        var bytes = new byte[count];
        var read = Fill(bytes);
        if (read == 0 && ifNone)
            throw Nothing();
        return read == count ? bytes : throw Fault($"truncated: the file ends within {what}");
    }

    // Data that end too early come out of GZipStream as if they were empty.
    private InvalidDataException Nothing()
    {
        _stream.Position = _start;
        return Fault(GzipEnd.IsWhole(_stream, 0)
            ? "the gzip data hold nothing: the decompressed file is empty"
            : $"the gzip data are damaged or cut off: nothing comes out of the file's {Number(_stored)} bytes");
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
                throw Fault($"absurd dimensions {string.Join('×', shape)}: " +
                    $"expected each to be at least 1 and their product at most {Number(limit)}");
        }
        product = (int)size;
        return [.. shape.Select(dimension => (int)dimension)];
    }

    private void CheckLength(long expected)
    {
        if (!_gzipped && _stored != expected)
            throw WrongLength(expected, _stored);
        if (!_gzipped)
            return;
        if (expected > HighestGzipRatio * _stored)
            throw Fault($"absurd dimensions {ShapeText}: they promise {Number(expected)} bytes, " +
                $"more than gzip can hold in a file of {Number(_stored)}. It is cut off, or was never such a file");
        var here = _stream.Position;
        _stream.Position = _start;
        var whole = GzipEnd.IsWhole(_stream, expected);
        _stream.Position = here;
        if (!whole)
            throw WrongEnd(expected);
    }

    // What is wrong with the end: found by decompressing into a small buffer, never past the promised length.
    private InvalidDataException WrongEnd(long expected)
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
        return total != expected
            ? WrongLength(expected, total > expected ? null : total)
            : Fault($"damaged gzip data: the content is whole but the file does not end with its length, {Number(expected)}; " +
                $"the end is cut off, or something follows it");
    }

    private bool CanBeDecompressed(long most)
    {
        using var content = Decompressed();
        var buffer = new byte[Chunk];
        try
        {
            for (long total = 0, read; total < most && (read = content.Read(buffer)) > 0; total += read)
            {
            }
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private int Fill(Span<byte> target)
    {
        try
        {
            return _content.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(e);
        }
    }

    private string ShapeText => string.Join('×', Shape);

    private InvalidDataException Damaged(InvalidDataException? e = null) => new(
        $"{_name}: damaged gzip data: they cannot be decompressed or their checksum is wrong. Get the file again.", e);

    // The length at the end of gzip data was right when the file was opened, so another length now is damage; but for two
    // equal members, which decompress without fault.
    private InvalidDataException Unexpected(long? found)
    {
        var expected = _header.Length + (long)Size;
        return _gzipped && !CanBeDecompressed(2 * expected + MostToDiagnose) ? Damaged() : WrongLength(expected, found);
    }

    private InvalidDataException WrongMagic(byte[] start)
    {
        var what = $"wrong magic number: an IDX file begins with 00 00 08 and its rank, this one with {Hex(start)}";
        return Hint(start) is { Length: > 0 } hint ? Fault(what + hint, cure: "") : Fault(what);
    }

    private InvalidDataException WrongRank(int? rank, byte found)
    {
        var meaning = rank switch { 1 => " (one label each)", 3 => " (images, height, width)", _ => "" };
        return Fault($"wrong rank: expected {(rank is null ? "at least 1" : rank)}{meaning}, found {found}",
            " The images' and the labels' files may be exchanged.");
    }

    private InvalidDataException WrongLength(long expected, long? found)
    {
        var promise = $"the header ({ShapeText}) promises {Number(expected)} bytes";
        return found is not { } length ? Fault($"too long: {promise}, and more follow")
            : length > expected ? Fault($"too long: {promise}, the file has {Number(length)}")
            : Fault($"truncated: {promise}, the {(_gzipped ? "gzip data end after" : "file has")} {Number(length)}");
    }

    private InvalidDataException Fault(string what, string cure = " Get the file again.") => new($"{_name}: {what}.{cure}");

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Hex(byte[] bytes) =>
        string.Join(' ', bytes.Select(value => value.ToString("X2", CultureInfo.InvariantCulture)));

    private static string Hint(byte[] bytes) => bytes switch
    {
        [(byte)'<', ..] => " (it looks like a web page)",
        [(byte)'P', (byte)'K', ..] => " (it looks like a zip archive: unpack it)",
        [(byte)'v', (byte)'e', (byte)'r', (byte)'s'] => " (it looks like a Git LFS pointer: run git lfs pull)",
        [(byte)'B', (byte)'Z', (byte)'h', ..] => " (it looks like bzip2: decompress it)",
        [0xFD, (byte)'7', (byte)'z', (byte)'X'] => " (it looks like xz: decompress it)",
        [(byte)'7', (byte)'z', 0xBC, 0xAF] => " (it looks like a 7-Zip archive: unpack it)",
        [0x28, 0xB5, 0x2F, 0xFD] => " (it looks like zstd: decompress it)",
        [0x1f, 0x9d, ..] => " (it looks like Unix compress: decompress it with gunzip)",
        [(byte)'t', (byte)'r', (byte)'a', (byte)'i'] or [(byte)'t', (byte)'1', (byte)'0', (byte)'k'] =>
            " (it looks like a tar archive: unpack it)",
        [0x93, (byte)'N', (byte)'U', (byte)'M'] => " (it looks like NumPy's .npy)",
        [0x80, >= 2 and <= 5, ..] => " (it looks like a Python pickle: take the IDX files)",
        [0x89, (byte)'P', (byte)'N', (byte)'G'] or [0xFF, 0xD8, ..] => " (it looks like a picture: take the IDX files)",
        [0x89, (byte)'H', (byte)'D', (byte)'F'] => " (it looks like HDF5: take the IDX files)",
        [>= 1 and <= 4, UnsignedByte, 0, 0] => " (its numbers have their bytes in reverse order: IDX has the highest first)",
        [(byte)'{', ..] or [(byte)'[', ..] => " (it looks like JSON, perhaps a server's error message: get it again)",
        [0xEF, 0xBB, 0xBF, ..] or [>= (byte)'0' and <= (byte)'9', ..] or [(byte)'l' or (byte)'"', ..] =>
            " (it looks like text, such as CSV: take the IDX files)",
        [0, 5, 0x16, 7] => " (it is a macOS companion file, not the data: take the file without \"._\" before its name)",
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
