using NotebookRunner.Host;

namespace NotebookRunner.Commands;

/// <summary>The folder that an option names: one that is there, or that can be made.</summary>
internal static class OutputFolder
{
    /// <summary>Its full path; null when none is given.</summary>
    /// <exception cref="UsageException">What stands there, or in the way there, is no folder.</exception>
    internal static string? Of(string? given, string currentFolder)
    {
        if (given is null)
            return null;
        if (string.IsNullOrWhiteSpace(given))
            throw new UsageException("--output is empty: name a folder.");
        var path = Path.GetFullPath(given, currentFolder);
        return InTheWay(path) is { } file
            ? throw new UsageException($"--output is '{given}', but {file} is a file, a pipe or a device: name a folder.")
            : path;
    }

    /// <summary>The part of a path that is no folder, and so keeps it from being made; null when none does.</summary>
    internal static string? InTheWay(string? path)
    {
        while (path is not null && !File.Exists(path))
            path = Path.GetDirectoryName(path);
        return path;
    }
}
