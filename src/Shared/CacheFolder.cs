namespace ConvNetWorkbook.Shared;

/// <summary>The user's folder for what can be made again: XDG_CACHE_HOME, else the system's usual place.</summary>
internal static class CacheFolder
{
    /// <summary>The full path; the folder need not exist yet.</summary>
    internal static string Path => System.IO.Path.Combine(Root(), "convnet-workbook");

    private static string Root() =>
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache && System.IO.Path.IsPathRooted(cache) ? cache
        : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
        : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
}
