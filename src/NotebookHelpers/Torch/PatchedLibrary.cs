using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace NotebookHelpers;

/// <summary>
/// A copy of TorchSharp's native library for systems whose libstdc++ is older than it asks for (Debian 12, Ubuntu 22.04): the
/// need for the newer version, of which it calls nothing, is marked as weak.
/// </summary>
internal static partial class PatchedLibrary
{
    private const int MostReads = 20;

    /// <summary>The library and version that the system lacks, by the message of its loader; null for another fault.</summary>
    internal static (string Library, string Version)? Lacking(string message) =>
        MissingVersion().Match(message) is { Success: true } missing
            ? (missing.Groups["library"].Value, missing.Groups["version"].Value)
            : null;

    /// <summary>
    /// Writes the copy under a folder keyed by the stock content's hash, and returns its path. An intact copy is used again; a
    /// damaged one is replaced.
    /// </summary>
    /// <exception cref="DllNotFoundException">It cannot be written; the message says why.</exception>
    internal static string Write(string stock, string library, string version, string folderPrefix)
    {
        var bytes = File.ReadAllBytes(stock);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
        new ElfImage(bytes, stock).MakeVersionNeedWeak(library, version);

        var target = Path.Combine($"{folderPrefix}-{hash}", Path.GetFileName(stock));
        if (IsThere(target, bytes))
            return target;
        try
        {
            // Several processes may start at once: the last rename wins, with the same bytes.
            WholeFile.Write(target, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (IsThere(target, bytes))
                return target;   // another process was faster and holds the file open
            var cure = FullDisk.IsCauseOf(e)
                ? "the disk is full. Make some room there, or set XDG_CACHE_HOME to a folder on another disk."
                : $"{e.Message} Make that folder writable, or set XDG_CACHE_HOME to one that is.";
            throw new DllNotFoundException(
                $"This system's {library} lacks {version}, so TorchSharp needs a patched copy of its library, but " +
                $"{target} cannot be written: {cure}", e);
        }
        return target;
    }

    // Where files that are open cannot be read or replaced, a file that another process writes just now is waited for.
    private static bool IsThere(string target, byte[] bytes)
    {
        for (var attempt = 0; attempt < MostReads; attempt++)
        {
            try
            {
                return File.Exists(target) && File.ReadAllBytes(target).AsSpan().SequenceEqual(bytes);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Thread.Sleep(TimeSpan.FromMilliseconds(50));
            }
        }
        return false;
    }

    // glibc's words: /lib/…/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by …)
    [GeneratedRegex(@"(?<library>libstdc\+\+\.so\.6): version [`'](?<version>GLIBCXX_[\d.]+)' not found")]
    private static partial Regex MissingVersion();
}
