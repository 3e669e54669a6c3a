namespace NotebookHelpers;

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
        using var file = PlainFile.Open(path);
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
