using System.Buffers.Binary;
using System.IO.Compression;

namespace NotebookHelpers;

/// <summary>
/// Tells whether gzip data end as RFC 1952 wants it: one member or several, each with its checksum and length, then nothing
/// but padding zeros. GZipStream alone takes a missing end, or anything after it, for a good one.
/// </summary>
internal static class GzipEnd
{
    private const int Chunk = 1 << 16, LongestRunOfZeros = 12;
    private static readonly byte[] Marker = "the end of all members, seen whole"u8.ToArray();
    private static readonly byte[] MarkerMember = Member(Marker);

    /// <summary>Whether the data, from the stream's position to its end, are whole and hold as many bytes as expected.</summary>
    internal static bool IsWhole(Stream stream, long expected)
    {
        var start = stream.Position;
        if (LengthField(stream, stream.Length) == (uint)expected)
            return true;   // one member and no padding, as almost always; its checksum is compared when it is read
        try
        {
            return PossibleEnds(stream, start).Any(end => MarkerFollows(stream, start, end, expected));
        }
        finally
        {
            stream.Position = start;
        }
    }

    private static uint LengthField(Stream stream, long end)
    {
        var start = stream.Position;
        Span<byte> field = stackalloc byte[4];
        stream.Position = end - field.Length;
        stream.ReadExactly(field);
        stream.Position = start;
        return BinaryPrimitives.ReadUInt32LittleEndian(field);
    }

    // Some of the zeros at the end may belong to the last checksum and length (eight bytes) and to an empty member before them.
    private static IEnumerable<long> PossibleEnds(Stream stream, long start)
    {
        var length = stream.Length;
        yield return length;
        var lastInk = LastNonZero(stream, start);
        for (var end = lastInk + 1; end <= lastInk + LongestRunOfZeros && end < length; end++)
            yield return end;
    }

    private static long LastNonZero(Stream stream, long start)
    {
        var buffer = new byte[Chunk];
        for (var end = stream.Length; end > start;)
        {
            var piece = buffer.AsSpan(0, (int)Math.Min(Chunk, end - start));
            end -= piece.Length;
            stream.Position = end;
            stream.ReadExactly(piece);
            if (piece.LastIndexOfAnyExcept((byte)0) is >= 0 and var found)
                return end + found;
        }
        return start;
    }

    // One more member put behind the end comes out only if the last one before it was whole and checked.
    private static bool MarkerFollows(Stream stream, long start, long end, long expected)
    {
        stream.Position = start;
        using var joined = new Joined(stream, end - start, MarkerMember);
        using var content = new GZipStream(joined, CompressionMode.Decompress);
        var buffer = new byte[Chunk];
        try
        {
            for (var left = expected; left > 0;)
            {
                var read = content.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
                if (read == 0)
                    return false;
                left -= read;
            }
            var tail = content.ReadAtLeast(buffer, Marker.Length + 1, throwOnEndOfStream: false);
            return buffer.AsSpan(0, tail).SequenceEqual(Marker);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static byte[] Member(byte[] content)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
            gzip.Write(content);
        return target.ToArray();
    }

    /// <summary>So many bytes of a stream, then others.</summary>
    private sealed class Joined(Stream first, long length, byte[] second) : Stream
    {
        private readonly MemoryStream _second = new(second);
        private long _left = length;

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (_left == 0)
                return _second.Read(buffer);
            var read = first.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
            _left -= read;
            return read;
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
