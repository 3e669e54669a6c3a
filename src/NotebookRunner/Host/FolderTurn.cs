namespace NotebookRunner.Host;

/// <summary>
/// One command's turn to write several files into a folder; others wait for theirs. It ends with the process, however that ends.
/// </summary>
internal static class FolderTurn
{
    private const string LockName = ".lock";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // ERROR_SHARING_VIOLATION; EWOULDBLOCK as macOS and Linux number it.
    private static readonly int InUse = OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : OperatingSystem.IsMacOS() ? 35 : 11;

    /// <summary>Waits until no other command writes into the folder; disposing what comes back ends the turn.</summary>
    /// <exception cref="UsageException">Another one did not end in time.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    internal static IDisposable Wait(string folder, TimeSpan patience, TimeProvider? time = null)
    {
        var clock = time ?? TimeProvider.System;
        Directory.CreateDirectory(folder);
        for (var begin = clock.GetTimestamp(); ;)
        {
            try
            {
                return new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e.HResult == InUse)
            {
                if (clock.GetElapsedTime(begin) > patience)
                    throw new UsageException(
                        $"Another command has been writing into {folder} for {patience.TotalSeconds:0} seconds. " +
                        "Try again when it has ended, or end it, or give another folder with --output.");
                Thread.Sleep(Pause);
            }
        }
    }
}
