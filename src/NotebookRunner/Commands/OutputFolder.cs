using NotebookRunner.Host;

namespace NotebookRunner.Commands;

/// <summary>The folder that --output names.</summary>
internal static class OutputFolder
{
    /// <summary>Its full path; null when none is given.</summary>
    /// <exception cref="UsageException">What stands there is no folder.</exception>
    internal static string? Of(string? given, string currentFolder)
    {
        if (given is null)
            return null;
        var path = Path.GetFullPath(given, currentFolder);
        return File.Exists(path)
            ? throw new UsageException($"--output is '{given}', but that is a file, a pipe or a device: name a folder.")
            : path;
    }
}
