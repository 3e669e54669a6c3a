using System.IO.Compression;
using System.Security.Cryptography;

namespace NotebookHelpers;

/// <summary>Knows files by what they hold.</summary>
internal static class ContentHash
{
    /// <summary>
    /// The SHA-256 of a file's decompressed content, in lower-case hexadecimal digits; null when it cannot be read or is longer
    /// than the limit. It is read piece by piece and never held as a whole.
    /// </summary>
    internal static string? Of(string path, long limit)
    {
        try
        {
            using var file = PlainFile.Open(path);
            var gzipped = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
            file.Position = 0;
            using Stream content = gzipped ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : file;
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[1 << 16];
            for (int read; (read = content.Read(buffer)) > 0; limit -= read)
            {
                if (read > limit)
                    return null;
                hash.AppendData(buffer, 0, read);
            }
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }
}
