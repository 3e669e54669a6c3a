using System.Globalization;

namespace NotebookRunner;

/// <summary>
/// What a notebook's process puts into the system's temporary folder. The process takes it away itself; these take away what
/// one that was killed could not.
/// </summary>
internal static class TemporaryFiles
{
    private const string Prefix = "notebook-restore-";

    /// <summary>Makes an empty folder whose name says which process it is of.</summary>
    internal static string NewFolder() => Directory.CreateTempSubdirectory($"{Prefix}{Number(Environment.ProcessId)}-").FullName;

    /// <summary>Removes what a process left that has ended, the runtime's pipes and socket for debuggers too.</summary>
    internal static void RemoveOf(int process)
    {
        foreach (var kind in new[] { Prefix, "dotnet-diagnostic-", "clr-debug-pipe-" })
            Remove($"{kind}{Number(process)}-*", _ => true);
    }

    /// <summary>Removes the folders of processes that have ended.</summary>
    internal static void RemoveAbandoned() => Remove($"{Prefix}*-*", path =>
        int.TryParse(Path.GetFileName(path)[Prefix.Length..].Split('-')[0], out var process) && !WholeFile.IsRunning(process));

    private static void Remove(string pattern, Predicate<string> which)
    {
        try
        {
            foreach (var path in Directory.EnumerateFileSystemEntries(Path.GetTempPath(), pattern).Where(path => which(path)))
                if (Directory.Exists(path))
                    Directory.Delete(path, recursive: true);
                else
                    File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // another user's, or another run is doing the same: the next one tries again
        }
    }

    private static string Number(int process) => process.ToString(CultureInfo.InvariantCulture);
}
