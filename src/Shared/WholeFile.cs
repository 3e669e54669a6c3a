using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace ConvNetWorkbook.Shared;

/// <summary>Writes files that are never seen half written, however many processes write and read them at once.</summary>
internal static partial class WholeFile
{
    // A file's name may have 255 bytes, of which the mark of the writer takes 48: more of the name than this may not fit.
    private const int LongestName = 50;

    // Windows refuses to replace or delete what another program has open, as a virus scanner or an indexer does for a moment.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2), Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Writes under a temporary name beside the target, then renames; the folder is made if need be, an older file replaced
    /// (on Unix its permissions stay). Where another program has the target open, the renaming is tried again for two seconds.
    /// </summary>
    /// <param name="path">The file's full path.</param>
    /// <param name="content">What is to be in it.</param>
    /// <param name="previous">
    /// Where an older file is kept. Linux and macOS have a whole file under <paramref name="path"/> at every moment. Windows'
    /// own replacing can end between its two steps: then the older file is under <paramref name="previous"/>, whole too, and
    /// <see cref="TakeBack"/> finds it.
    /// </param>
    /// <param name="clock">What tells the two seconds; a test's own.</param>
    /// <exception cref="IOException">It cannot be written, or is a pipe or a device; nothing is left behind.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of a permission.</exception>
    internal static void Write(string path, ReadOnlySpan<byte> content, string? previous = null, TimeProvider? clock = null)
    {
        if (File.Exists(path) && !PlainFile.Is(path))
            throw new IOException($"{path} is a pipe, a device or a link to nothing, and is not replaced: name a file.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var temporary = Path.Combine(folder, $"{Beginning(path)}.{Environment.ProcessId}-{Guid.NewGuid():n}.tmp");
        try
        {
            Directory.CreateDirectory(folder);
            using (var stream = File.Create(temporary))
            {
                KeepMode(path, stream);
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }
            Patiently(() => PutInPlace(temporary, path, previous), clock);
        }
        catch
        {
            TryDelete(temporary); // an error of its own would hide the one that matters
            throw;
        }
    }

    /// <summary>
    /// Writes text in UTF-8, without a byte order mark; otherwise as the bytes are written.
    /// </summary>
    internal static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>
    /// Renames a file, replacing an older one; where another program has it open, it is tried again for two seconds.
    /// </summary>
    /// <exception cref="IOException">It cannot be renamed; both files are as they were.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of a permission.</exception>
    internal static void Move(string from, string to, TimeProvider? clock = null) =>
        Patiently(() => PutInPlace(from, to, previous: null), clock);

    /// <summary>
    /// Deletes a file, if there is one; where another program has it open, it is tried again for two seconds.
    /// </summary>
    /// <exception cref="IOException">It cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of a permission.</exception>
    internal static void Delete(string path, TimeProvider? clock = null) => Patiently(() => File.Delete(path), clock);

    /// <summary>
    /// Gives an older file its name back, where a writer that was killed between the two steps of replacing it has left it alone.
    /// </summary>
    /// <exception cref="IOException">It cannot be renamed.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of a permission.</exception>
    internal static void TakeBack(string path, string previous)
    {
        // Without the mark of a writer, somebody deleted the file to begin anew.
        if (!File.Exists(path) && File.Exists(previous) && Abandoned(Path.GetDirectoryName(Path.GetFullPath(path))!, Beginning(path)).Any())
            Move(previous, path);
    }

    /// <summary>Deletes what processes that were killed while writing the file left beside it, where it can be deleted.</summary>
    internal static void RemoveAbandoned(string path) =>
        Remove(Path.GetDirectoryName(Path.GetFullPath(path))!, Beginning(path));

    /// <summary>The same for every file of a folder.</summary>
    internal static void RemoveAllAbandoned(string folder) => Remove(folder, null);

    /// <summary>Whether there is such a process; one that may not be looked at is there.</summary>
    internal static bool IsRunning(int process)
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
        catch (Win32Exception)
        {
            return true; // the system's own, or another user's: the number has been given again
        }
    }

    private static string Beginning(string path) =>
        Path.GetFileName(path) is { Length: > LongestName } name ? name[..LongestName] : Path.GetFileName(path);

    private static void Remove(string folder, string? beginning)
    {
        foreach (var file in Abandoned(folder, beginning))
            TryDelete(file);
    }

    private static IEnumerable<string> Abandoned(string folder, string? beginning) => !Directory.Exists(folder) ? [] : Directory
        .EnumerateFiles(folder, "*.tmp")
        .Where(file => Temporary().Match(Path.GetFileName(file)) is { Success: true } name
            && (beginning is null || name.Groups["beginning"].Value == beginning)
            && int.TryParse(name.Groups["writer"].Value, out var writer) && !IsRunning(writer));

    private static void KeepMode(string path, FileStream next)
    {
        if (OperatingSystem.IsWindows())
            return;
        try
        {
            // Compared before a change: some file systems have one mode for all files, and refuse to change it.
            var mode = File.GetUnixFileMode(path);
            if (File.GetUnixFileMode(next.SafeFileHandle) != mode)
                File.SetUnixFileMode(next.SafeFileHandle, mode);
        }
        catch (FileNotFoundException)
        {
            // a new file
        }
    }

    [GeneratedRegex(@"\A(?<beginning>.*)\.(?<writer>[0-9]+)-[0-9a-f]{32}\.tmp\z", RegexOptions.Singleline)]
    private static partial Regex Temporary();

    private static void PutInPlace(string temporary, string path, string? previous)
    {
        // Asked at every try: a replacing that ended half-way has taken the older file away already.
        if (previous is not null && File.Exists(path))
            File.Replace(temporary, path, previous);
        else
            File.Move(temporary, path, overwrite: true);
    }

    private static void Patiently(Action action, TimeProvider? clock = null)
    {
        clock ??= TimeProvider.System;
        for (var begin = clock.GetTimestamp(); ;)
        {
            try
            {
                action();
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException && clock.GetElapsedTime(begin) < Patience)
            {
                Thread.Sleep(Pause);
            }
        }
    }

    private static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // it takes room, and hurts nobody
        }
    }
}
