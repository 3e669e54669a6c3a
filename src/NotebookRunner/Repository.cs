namespace NotebookRunner.Host;

/// <summary>The workbook's folders, wherever in the repository the command was typed.</summary>
/// <param name="Root">The folder that holds Workbook.slnx.</param>
internal sealed record Repository(string Root)
{
    /// <summary>How the system compares the names of files: only Linux tells capitals from small letters.</summary>
    internal static StringComparer SamePath { get; } =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    internal string Notebooks => Path.Combine(Root, "notebooks");

    internal string Artifacts => Path.Combine(Root, "artifacts");

    internal string Executed => Path.Combine(Artifacts, "executed");

    internal string Book => Path.Combine(Artifacts, "book");

    /// <summary>The versions of all packages.</summary>
    internal string Packages => Path.Combine(Root, "Directory.Packages.props");

    /// <summary>Looks upward from the current folder, then from the runner's own assembly.</summary>
    /// <exception cref="UsageException">Neither lies in a clone of the repository.</exception>
    internal static Repository Find(string currentFolder) =>
        RepositoryRoot.Above(currentFolder, AppContext.BaseDirectory) is { } root
            ? new Repository(root)
            : throw new UsageException(
                $"The workbook (a folder with Workbook.slnx) was not found above {currentFolder} or the runner itself. " +
                "Run it inside a clone of the repository.");

    /// <summary>All lessons, in name order.</summary>
    internal IReadOnlyList<string> Lessons() => NotebooksIn(Notebooks);

    /// <summary>
    /// The notebooks that PATH arguments name: files, folders, or lessons by the beginning of their name (<c>04</c>).
    /// Without any, all lessons.
    /// </summary>
    /// <exception cref="UsageException">A path names nothing.</exception>
    internal IReadOnlyList<string> Resolve(IReadOnlyList<string> paths, string currentFolder)
    {
        var found = paths.Count == 0 ? Lessons() : [.. paths.SelectMany(path => ResolveOne(path, currentFolder)).Distinct(SamePath)];
        return found.Count > 0 ? found : throw new UsageException($"There is no notebook (*.ipynb) in {Notebooks}.");
    }

    private IReadOnlyList<string> ResolveOne(string path, string currentFolder)
    {
        var full = Path.GetFullPath(path, currentFolder);
        if (File.Exists(full))
            return [full];
        if (Directory.Exists(full))
            return NotebooksIn(full) switch
            {
                { Count: > 0 } inFolder => inFolder,
                _ when full.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase) => [full], // one bad notebook among others
                _ => throw new UsageException($"There is no notebook (*.ipynb) in the folder {full}."),
            };
        var lessons = Lessons();
        var byName = lessons.Where(lesson => Path.GetFileName(lesson).StartsWith(path, StringComparison.OrdinalIgnoreCase)).ToList();
        return path.Length > 0 && byName.Count > 0
            ? byName
            : throw new UsageException(
                $"'{path}' is neither a notebook, nor a folder, nor the beginning of a lesson's name. " +
                (lessons.Count == 0
                    ? "There are no lessons."
                    : $"The lessons: {string.Join(", ", lessons.Select(Path.GetFileNameWithoutExtension))}."));
    }

    private static List<string> NotebooksIn(string folder) => !Directory.Exists(folder)
        ? []
        : [.. Directory.EnumerateFiles(folder, "*.ipynb").Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Whether two paths lead to one folder, by whatever links and spelling: what is put into one is then in the other.</summary>
    internal static bool IsSameFolder(string one, string other)
    {
        if (!Directory.Exists(one) || !Directory.Exists(other))
            return false;
        var probe = $".{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllBytes(Path.Combine(one, probe), []);
            return File.Exists(Path.Combine(other, probe));
        }
        finally
        {
            File.Delete(Path.Combine(one, probe));
        }
    }

    /// <summary>A path as the reader would type it: relative to the current folder where that is shorter.</summary>
    internal static string Display(string path, string currentFolder)
    {
        var relative = Path.GetRelativePath(currentFolder, path);
        // One kind of slash, whatever system: Windows takes this one too.
        return (relative.Length < path.Length ? relative : path).Replace(Path.DirectorySeparatorChar, '/');
    }
}

/// <summary>The command cannot be carried out as it was given: exit code 1.</summary>
internal sealed class UsageException(string message) : Exception(message);
