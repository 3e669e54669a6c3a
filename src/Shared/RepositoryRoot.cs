using System.Reflection;

namespace ConvNetWorkbook.Shared;

/// <summary>Finds the repository: the nearest folder upward that holds a Workbook.slnx.</summary>
internal static class RepositoryRoot
{
    private const string Mark = "Workbook.slnx";

    /// <summary>The root above the first of the folders that lies in a clone; null when none does.</summary>
    internal static string? Above(params IEnumerable<string> folders) =>
        folders.SelectMany(AndParents).FirstOrDefault(folder => File.Exists(Path.Combine(folder, Mark)));

    /// <summary>The folder that an assembly lies in; the program's own where the assembly is part of a single file.</summary>
    internal static string FolderOf(Assembly assembly) =>
        Path.GetDirectoryName(assembly.Location) is { Length: > 0 } folder ? folder : AppContext.BaseDirectory;

    private static IEnumerable<string> AndParents(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            yield return folder.FullName;
    }
}
