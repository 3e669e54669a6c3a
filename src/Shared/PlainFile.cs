using System.Formats.Tar;
using System.Text;

namespace ConvNetWorkbook.Shared;

/// <summary>Opens files to read, and nothing that only looks like one: whoever opens a pipe waits for a writer, perhaps for ever.</summary>
internal static class PlainFile
{
    /// <summary>Opens a file, or the file that a link leads to.</summary>
    /// <exception cref="InvalidDataException">It is a folder, a pipe, a socket, a device, or a link to nothing.</exception>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    internal static FileStream Open(string path)
    {
        if (Directory.Exists(path))
            throw new InvalidDataException($"{path}: it is a folder, but a file was expected. Take the file out of it.");
        var linked = File.ResolveLinkTarget(path, returnFinalTarget: true);
        if (linked is { Exists: false })
            throw new InvalidDataException($"{path}: it is a link to {linked.FullName}, which is not there.");
        var target = linked?.FullName ?? path;
        // Only what has no length is looked at more closely: pipes, sockets and devices have none.
        if (new FileInfo(target).Length == 0 && OtherThanFile(target) is { } kind)
            throw new InvalidDataException($"{path}: it is {kind}, but a file was expected. Copy the content into a file and name that.");
        return File.OpenRead(path);
    }

    /// <summary>The content of a file, or of the file that a link leads to.</summary>
    /// <exception cref="InvalidDataException">As <see cref="Open"/>.</exception>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    internal static byte[] ReadAllBytes(string path)
    {
        using (var file = Open(path))
            if (file.Length > Array.MaxLength)
                throw new InvalidDataException(
                    FormattableString.Invariant($"{path}: it has {file.Length:N0} bytes, more than the {Array.MaxLength:N0} ")
                    + "that can be read at once.");
        return File.ReadAllBytes(path);
    }

    /// <summary>The text of a file, or of the file that a link leads to: UTF-8, or what its byte order mark says.</summary>
    /// <exception cref="InvalidDataException">As <see cref="Open"/>.</exception>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    /// <exception cref="DecoderFallbackException">It is no such text.</exception>
    internal static string ReadAllText(string path)
    {
        using var reader = new StreamReader(Open(path), new UTF8Encoding(false, throwOnInvalidBytes: true));
        return reader.ReadToEnd();
    }

    /// <summary>Whether a file stands under a path, and not a folder, a pipe, a device, or a link to nothing or to itself.</summary>
    internal static bool Is(string path)
    {
        try
        {
            // A broken link exists where it is asked for by its name.
            var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            return File.Exists(target) && (new FileInfo(target).Length > 0 || OtherThanFile(target) is null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>What stands under a path when it is no file and no folder, in words; null for those.</summary>
    // The base library tells the kinds apart only where it writes archives of them.
    private static string? OtherThanFile(string path)
    {
        using var archive = new MemoryStream();
        try
        {
            using var writer = new TarWriter(archive, leaveOpen: true);
            writer.WriteEntry(path, "entry");
        }
        catch (IOException)
        {
            return "a socket or another thing that cannot be read";
        }
        archive.Position = 0;
        using var reader = new TarReader(archive);
        return reader.GetNextEntry()?.EntryType switch
        {
            TarEntryType.Fifo => "a named pipe (FIFO)",
            TarEntryType.CharacterDevice or TarEntryType.BlockDevice => "a device",
            _ => null,
        };
    }
}
