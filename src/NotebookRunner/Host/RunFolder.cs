using System.Globalization;

namespace NotebookRunner.Host;

/// <summary>
/// The folder in which one run writes its executed copies; no other run writes there. A copy is moved to its place when its
/// notebook has ended, so that what stands there is whole and of one run, however many run at once. What a killed run left
/// in its folder is moved by the next one.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private const string Prefix = ".run-", LockName = "lock";

    private readonly string _path;
    private readonly FileStream _lock; // the system lets it go when the process ends, however it ends

    /// <summary>Makes the folder in the folder of the executed copies.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of a permission.</exception>
    internal RunFolder(string outputFolder)
    {
        PublishAbandoned(outputFolder);
        _path = Path.Combine(outputFolder, $"{Prefix}{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}-{Guid.NewGuid():n}");
        Directory.CreateDirectory(_path);
        _lock = Lock(_path, FileMode.Create);
    }

    /// <summary>Where the run writes a notebook's executed copy.</summary>
    internal string CopyOf(NotebookJob job) => Path.Combine(_path, Path.GetFileName(job.ExecutedCopy));

    /// <summary>Moves a copy to its place. Where the run made none, an older one goes: it must not pass for this run's.</summary>
    /// <exception cref="IOException">It cannot be moved; it stays where it is.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of a permission.</exception>
    internal void Publish(NotebookJob job, TimeProvider? clock = null)
    {
        if (File.Exists(CopyOf(job)))
            WholeFile.Move(CopyOf(job), job.ExecutedCopy, clock);
        else
            WholeFile.Delete(job.ExecutedCopy, clock);
    }

    /// <summary>Moves the copies of killed runs to their places, where no newer ones stand.</summary>
    internal static void PublishAbandoned(string outputFolder)
    {
        if (!Directory.Exists(outputFolder))
            return;
        foreach (var folder in Directory.EnumerateDirectories(outputFolder, Prefix + "*"))
            try
            {
                PublishIfAbandoned(folder, outputFolder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // its run goes on, or another one is doing the same, or a copy's place is taken: next time
            }
    }

    /// <summary>Removes the folder, unless it holds a copy that could not be moved.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        try
        {
            if (Directory.GetFiles(_path, "*.ipynb").Length == 0)
                Directory.Delete(_path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // the next run tries again
        }
    }

    private static void PublishIfAbandoned(string folder, string outputFolder)
    {
        // A run in this same process, or in another container that gave it the same number, is known by its lock alone.
        var number = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
        if (int.TryParse(number, out var run) && run != Environment.ProcessId && WholeFile.IsRunning(run))
            return;
        var copies = Directory.GetFiles(folder, "*.ipynb");
        if (File.Exists(Path.Combine(folder, LockName)))
            Lock(folder, FileMode.Open).Dispose(); // fails while its run goes on
        else if (copies.Length == 0)
            return; // a run that is just about to lock it
        foreach (var copy in copies)
        {
            var place = Path.Combine(outputFolder, Path.GetFileName(copy));
            if (File.GetLastWriteTimeUtc(copy) > File.GetLastWriteTimeUtc(place))
                File.Move(copy, place, overwrite: true);
        }
        Directory.Delete(folder, recursive: true);
    }

    private static FileStream Lock(string folder, FileMode mode) =>
        new(Path.Combine(folder, LockName), mode, FileAccess.ReadWrite, FileShare.None);
}
