using System.Diagnostics;
using System.Text;

namespace ConvNetWorkbook.Shared;

/// <summary>Writes files that are never seen half written, however many processes write and read them at once.</summary>
internal static class WholeFile
{
    /// <summary>Writes under a temporary name beside the target, then renames; the folder is made if need be, an older file replaced.</summary>
    /// <param name="path">The file's full path.</param>
    /// <param name="content">What is to be in it.</param>
    /// <param name="previous">Where an older file is kept; at every moment there is a whole file under <paramref name="path"/>.</param>
    /// <exception cref="IOException">It cannot be written; nothing is left behind.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of a permission.</exception>
    internal static void Write(string path, ReadOnlySpan<byte> content, string? previous = null)
    {
        var temporary = $"{path}.{Environment.ProcessId}-{Guid.NewGuid():n}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using (var stream = File.Create(temporary))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }
            if (previous is not null && File.Exists(path))
                File.Replace(temporary, path, previous);
            else
                File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            // Asked first: deleting in a folder that could not be made is an error too, and would hide the one that matters.
            if (File.Exists(temporary))
                File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes text in UTF-8, without a byte order mark; otherwise as <see cref="Write(string, ReadOnlySpan{byte}, string?)"/>.</summary>
    internal static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Deletes what processes that were killed while writing the file left beside it.</summary>
    internal static void RemoveAbandoned(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
            return;
        foreach (var temporary in Directory.EnumerateFiles(folder, $"{Path.GetFileName(path)}.*.tmp"))
            if (int.TryParse(Path.GetFileName(temporary)[(Path.GetFileName(path).Length + 1)..].Split('-')[0], out var writer) && !IsRunning(writer))
                File.Delete(temporary);
    }

    private static bool IsRunning(int process)
    {
        try
        {
            using var running = Process.GetProcessById(process);
            return !running.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
