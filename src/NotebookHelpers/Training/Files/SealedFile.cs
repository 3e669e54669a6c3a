using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>A safetensors file that holds a SHA-256 of itself, so that a changed bit anywhere is seen.</summary>
internal static class SealedFile
{
    private const string Key = "sha256";
    private static readonly string NoChecksum = new('0', 64);

    /// <summary>A file with these contents and their checksum, which covers the file with zeros in the checksum's own place.</summary>
    internal static byte[] Seal(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> texts)
    {
        // The checksum comes first: no text can be taken for its place.
        var file = SafeTensors.Serialize(tensors, new Dictionary<string, string>(texts.Prepend(KeyValuePair.Create(Key, NoChecksum))));
        Encoding.ASCII.GetBytes(Checksum(file), file.AsSpan(file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(NoChecksum)), NoChecksum.Length));
        return file;
    }

    /// <summary>Whether the file is as it was sealed.</summary>
    /// <param name="file">The whole file; it comes back with zeros in the checksum's place.</param>
    /// <param name="texts">What <see cref="SafeTensors"/> read in it.</param>
    internal static bool IsWhole(byte[] file, IReadOnlyDictionary<string, string> texts)
    {
        var stated = texts.GetValueOrDefault(Key) ?? "";
        var place = stated.Length == NoChecksum.Length ? file.AsSpan().IndexOf(Encoding.UTF8.GetBytes(stated)) : -1;
        if (place < 0)
            return false;
        Encoding.ASCII.GetBytes(NoChecksum, file.AsSpan(place, NoChecksum.Length));
        return Checksum(file) == stated;
    }

    private static string Checksum(byte[] file) => Convert.ToHexStringLower(SHA256.HashData(file));
}
