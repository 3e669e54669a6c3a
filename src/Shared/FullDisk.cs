namespace ConvNetWorkbook.Shared;

/// <summary>Tells a full disk from the other faults of writing.</summary>
internal static class FullDisk
{
    // ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL as .NET gives them on Windows; elsewhere the bare errno ENOSPC.
    private const int WindowsDiskFull = unchecked((int)0x80070070), WindowsHandleDiskFull = unchecked((int)0x80070027), NoSpace = 28;

    /// <summary>Whether the error says that there was no room, or no more allowance for this user.</summary>
    internal static bool IsCauseOf(Exception error) => error is IOException &&
        (OperatingSystem.IsWindows()
            ? error.HResult is WindowsDiskFull or WindowsHandleDiskFull
            : error.HResult == NoSpace || error.HResult == (OperatingSystem.IsMacOS() ? 69 : 122)); // EDQUOT
}
