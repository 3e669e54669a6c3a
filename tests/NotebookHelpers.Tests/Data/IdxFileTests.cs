using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using CsCheck;

namespace NotebookHelpers.Tests.Data;

public sealed class IdxFileTests
{
    private static readonly byte[] Whole = Idx([2, 3, 4], [.. Enumerable.Range(0, 24).Select(i => (byte)(i * 10))]);

    [Fact]
    public void AnyShapeIsReadGzippedOrNot() =>
        Gen.Select(Gen.Int[1, 6].Array[1, 4], Gen.Bool, Gen.Int[0, 255]).Sample((shape, gzip, seed) =>
        {
            var data = new byte[shape.Aggregate(1, (product, size) => product * size)];
            new Random(seed).NextBytes(data);
            var read = Read(gzip ? Gzip(Idx(shape, data)) : Idx(shape, data));
            return read.Shape.SequenceEqual(shape) && read.Data.SequenceEqual(data);
        }, iter: 300);

    [Theory]
    [InlineData("array.idx", false)]
    [InlineData("array.idx.gz", true)]
    [InlineData("array.idx", true)]
    public void FilesAreReadByTheirFirstBytes(string name, bool gzip)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File(name);
        File.WriteAllBytes(path, gzip ? Gzip(Idx([5], [1, 2, 3, 4, 5])) : Idx([5], [1, 2, 3, 4, 5]));
        Assert.Equal([1, 2, 3, 4, 5], IdxFile.Read(path, rank: 1).Data);
    }

    public static TheoryData<string, byte[], string> Faults => new()
    {
        { "empty", [], "is empty" },
        { "two bytes", [0, 0], "within its first four bytes" },
        { "cut header", Whole[..10], "within its dimensions" },
        { "truncated", Whole[..^1], "truncated: the header (2×3×4) promises 40 bytes, the file has 39" },
        { "too long", [.. Whole, 0], "too long: the header (2×3×4) promises 40 bytes, the file has 41" },
        { "wrong magic", [1, 2, .. Whole[2..]], "wrong magic number" },
        { "web page", Encoding.ASCII.GetBytes("<!DOCTYPE html><title>404</title>"), "looks like a web page" },
        { "zip", "PK\u0003\u0004 and so on"u8.ToArray(), "looks like a zip archive" },
        { "git lfs", "version https://git-lfs.github.com/spec/v1"u8.ToArray(), "Git LFS" },
        { "floats", [0, 0, 0x0D, .. Whole[3..]], "wrong element type: expected 08 (unsigned byte), found 0D (32-bit float)" },
        { "zeros", new byte[Whole.Length], "it begins with zeros" },
        { "unknown type", [0, 0, 0x77, .. Whole[3..]], "wrong element type" },
        { "rank 0", [0, 0, 8, 0], "wrong rank" },
        { "rank 1", Idx([24], new byte[24]), "wrong rank: expected 3" },
        { "no images", Idx([0, 3, 4], []), "absurd dimensions 0×3×4" },
        { "huge", Idx([int.MaxValue, int.MaxValue, int.MaxValue], []), "absurd dimensions 2147483647×2147483647×2147483647" },
        { "negative", Idx([-1, 3, 4], new byte[24]), "absurd dimensions 4294967295×3×4" },
        { "overflow to 24", Idx([int.MinValue, int.MinValue, 4], new byte[24]), "absurd dimensions" },
        { "two gigabytes", Idx([1 << 30, 1, 1], new byte[24]), "truncated" },
        { "gzip: nothing", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0], "decompressed file is empty" },
        {
            "gzip: cut within its first table",
            Gzip(Idx([10, 28, 28], [.. Enumerable.Range(0, 7840).Select(i => (byte)(i * i / 7 % 61))]))[..24],
            "damaged or cut off: nothing comes out of the file's 24 bytes"
        },
        { "gzip: cut header", Gzip(Whole[..10]), "within its dimensions" },
        { "gzip: content truncated", Gzip(Whole[..^1]), "truncated: the header (2×3×4) promises 40 bytes, the gzip data end after 39" },
        { "gzip: content too long", Gzip([.. Whole, 0]), "too long: the header (2×3×4) promises 40 bytes, and more follow" },
        { "gzip: wrong magic", Gzip([1, 2, .. Whole[2..]]), "wrong magic number" },
        { "gzip: wrong type", Gzip([0, 0, 9, .. Whole[3..]]), "signed byte" },
        {
            "gzip: huge", Gzip(Idx([50_000, 100, 100], [])),
            "absurd dimensions 50000×100×100: they promise 500,000,016 bytes, more than gzip can hold"
        },
        { "gzip: two bytes", [0x1f, 0x8b], "cut off" },
        { "gzip: no trailer", Gzip(Whole)[..^8], "the end is cut off, or something follows it" },
        { "gzip: half a trailer", Gzip(Whole)[..^3], "the end is cut off, or something follows it" },
        { "gzip: something follows", [.. Gzip(Whole), 1, 2, 3], "the end is cut off, or something follows it" },
        { "gzip: twice the same", [.. Gzip(Whole), .. Gzip(Whole)], "too long" },
        { "gzip: gzipped twice", Gzip(Gzip(Whole)), "it is gzipped twice. Decompress it once" },
        { "gzip: zeros, then something", [.. Gzip(Whole), 0, 0, 0, 7], "the end is cut off, or something follows it" },
        {
            "gzip: members, the last cut", [.. Gzip(Whole[..20]), .. Gzip(Whole[20..])[..^1]],
            "the end is cut off, or something follows it"
        },
        { "gzip: members, one damaged", [.. With(Gzip(Whole[..20]), ^5, 0x55), .. Gzip(Whole[20..])], "damaged gzip data" },
        { "gzip: a member too few", Gzip(Whole[..20]), "truncated" },
        { "gzip: a member too many", [.. Gzip(Whole), .. Gzip([1, 2])], "too long" },
        { "macOS companion", [0, 5, 22, 7, 0, 2, 0, 0], "macOS companion" },
        { "CSV", "5,0,0,0,12,255"u8.ToArray(), "looks like text, such as CSV" },
        { "CSV with names", "label,1x1,1x2"u8.ToArray(), "looks like text, such as CSV" },
        { "an API's answer", "{\"error\":\"not found\"}"u8.ToArray(), "looks like JSON, perhaps a server's error message" },
        { "reverse order", [3, 8, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, .. new byte[24]], "bytes in reverse order" },
        { "pickle", [0x80, 4, 0x95, 0], "looks like a Python pickle" },
        { "PNG", [0x89, .. "PNG\r\n"u8], "looks like a picture" },
        { "gzip: tar", Gzip([.. "train-images-idx3-ubyte"u8, .. new byte[489]]), "looks like a tar archive" },
        { "compress", [0x1f, 0x9d, 0x90, 0], "looks like Unix compress" },
        { "7-Zip", [(byte)'7', (byte)'z', 0xBC, 0xAF, 39, 28], "7-Zip" },
        { "gzip: wrong checksum", With(Gzip(Whole), ^5, 0x55), "damaged gzip data" },
        { "gzip: wrong method", With(Gzip(Whole), 2, 0x55), "damaged gzip data" },
    };

    [Theory, MemberData(nameof(Faults))]
    public void EveryFaultHasItsOwnMessage(string name, byte[] bytes, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(bytes, name, rank: 3));
        Assert.StartsWith(name + ": ", error.Message);
        Assert.Contains(message, error.Message);
        Assert.Matches("[gG]et |[tT]ake |[dD]ecompress |unpack |pull|exchanged|[wW]rite |reverse order|looks like", error.Message);
    }

    [Fact]
    public void AFileNamedGzThatIsNotGzipSaysWhatToDo()
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(Whole, "digits.gz"));
        Assert.Contains("not gzip data: expected the first bytes 1F 8B, found 00 00 08 03", error.Message);
        Assert.Contains("take .gz off its name", error.Message);
    }

    [Fact]
    public void DamageNeverPassesAsOtherValues()
    {
        // Every byte changed, every cut, several tails: refused, or (a byte of no meaning in gzip's header) the same values.
        var gzip = Gzip(Whole);
        var expected = Read(Whole).Data;
        var damaged = Enumerable.Range(0, gzip.Length)
            .SelectMany(i => new[] { With(gzip, i, (byte)(gzip[i] ^ 1)), With(gzip, i, (byte)~gzip[i]), gzip[..i] })
            .Concat(Enumerable.Range(1, 20).Select(n => gzip.Concat(new byte[n]).ToArray()));
        var refused = 0;
        foreach (var bytes in damaged)
            try
            {
                Assert.Equal(expected, Read(bytes).Data);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        Assert.True(refused > 2 * gzip.Length, $"only {refused} were refused");
    }

    [Fact]
    public void MembersAndPaddingAreReadAsRfc1952Says() =>
        Gen.Select(Gen.Int[0, 40].Array[0, 4], Gen.Int[0, 600], Gen.Int[1, 20], Gen.Int[0, 255]).Sample((cuts, zeros, images, seed) =>
        {
            var data = new byte[images * 2];
            new Random(seed).NextBytes(data);
            if (seed % 3 == 0)
                Array.Clear(data);
            var whole = Idx([images, 2], data);
            int[] ends = [0, .. cuts.Select(cut => Math.Min(cut, whole.Length)).Order(), whole.Length];
            byte[] members = [.. ends.Zip(ends[1..]).SelectMany(pair => Gzip(whole[pair.First..pair.Second]))];
            Assert.Equal(data, Read([.. members, .. new byte[zeros]]).Data);
            // A byte less of the last member, and it is no whole file any more.
            Assert.Throws<InvalidDataException>(() => Read(members[..^1]));
        }, iter: 400);

    [Fact]
    public void TheEmptyBlockThatBgzipEndsWithIsRead()
    {
        // The fixed end-of-file block of the SAM/BAM specification, 4.1.2.
        var end = Convert.FromHexString("1f8b08040000000000ff0600424302001b0003000000000000000000");
        Assert.Equal(Read(Whole).Data, Read([.. Gzip(Whole), .. end]).Data);
        Assert.Equal(Read(Whole).Data, Read([.. Gzip(Whole), .. end, .. new byte[100]]).Data);
    }

    [Fact]
    public void FlippedBitsAreCalledDamageNotAnotherLength()
    {
        // Text-like values: a flipped bit in the codes then often gives other content of another length, and no error of its own.
        var random = new Random(4);
        var values = new byte[200_000];
        for (var i = 0; i < values.Length; i++)
            values[i] = (byte)(random.Next(4) == 0 ? random.Next(256) : 0);
        var gzip = Gzip(Idx([50, 40, 100], values));
        for (var round = 0; round < 200; round++)
        {
            byte[] damaged = [.. gzip];
            for (var flip = 0; flip < 20; flip++)
                damaged[random.Next(10, gzip.Length - 8)] ^= (byte)(1 << random.Next(8));
            Assert.Contains("damaged gzip data", Assert.Throws<InvalidDataException>(() => Read(damaged, rank: 3)).Message);
        }
    }

    [Fact]
    public void ABombIsNeitherInflatedNorAllocated()
    {
        // 64 MB of zeros in 64 kB, behind a header that promises 24 bytes; then one that promises them all but lies about them.
        var small = Gzip([.. Whole, .. new byte[64 << 20]]);
        var large = Gzip([.. Idx([1 << 30, 1, 1], []), .. new byte[64 << 20]]);
        foreach (var bomb in new[] { small, large })
        {
            using var stream = new MemoryStream(bomb);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<InvalidDataException>(() => IdxFile.Read(stream, "bomb"));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
            Assert.InRange(stream.Position, 0, 1 << 15);
        }
    }

    [Fact]
    public void TheLimitIsTheCallers()
    {
        Assert.Equal(24, Read(Whole, limit: 24).Data.Length);
        Assert.Contains("at most 23", Assert.Throws<InvalidDataException>(() => Read(Whole, limit: 23)).Message);
    }

    [Fact]
    public void TheHashIsOfTheWholeDecompressedFile()
    {
        using var reader = new IdxReader(new MemoryStream(Gzip(Whole)), "whole");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Whole)), reader.ReadHashed(new byte[24]));
    }

    internal static byte[] Idx(int[] shape, byte[] data)
    {
        var header = new byte[4 + 4 * shape.Length];
        (header[2], header[3]) = (8, (byte)shape.Length);
        for (var i = 0; i < shape.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), shape[i]);
        return [.. header, .. data];
    }

    internal static byte[] Gzip(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
            gzip.Flush();
        }
        return stream.ToArray();
    }

    private static byte[] With(byte[] bytes, Index at, byte value)
    {
        byte[] copy = [.. bytes];
        copy[at] = value;
        return copy;
    }

    private static IdxArray Read(byte[] bytes, string name = "array", int? rank = null, int limit = IdxFile.DefaultLimit) =>
        IdxFile.Read(new MemoryStream(bytes), name, rank, limit);
}
