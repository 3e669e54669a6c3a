namespace NotebookRunner;

/// <summary>Says what keeps a file from being written, in words that tell what to do.</summary>
internal static class FileTrouble
{
    // ENOSPC and EDQUOT as Linux and macOS number them; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL.
    private static readonly int[] Full = OperatingSystem.IsWindows() ? [112, 39] : OperatingSystem.IsMacOS() ? [28, 69] : [28, 122];

    internal static string Words(Exception exception) =>
        IsFull(exception) ? $"the disk is full; free some room ({exception.Message})" : exception.Message;

    /// <summary>Whether it is for want of room on the disk, or in what the user may take of it.</summary>
    internal static bool IsFull(Exception exception) => exception is IOException && Full.Contains(exception.HResult & 0xFFFF);
}
