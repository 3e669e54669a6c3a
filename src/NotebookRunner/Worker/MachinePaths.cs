using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace NotebookRunner.Worker;

/// <summary>
/// Takes this machine's folders out of error messages, so that a committed notebook says nothing about where it ran.
/// </summary>
internal sealed class MachinePaths
{
    private readonly List<(Regex Folder, string Name)> _folders = [];

    internal MachinePaths(string notebookFolder, string packageFolder, string home)
    {
        Add(notebookFolder, "<notebook folder>");
        Add(Path.GetDirectoryName(notebookFolder), "<notebook folder>/..");
        Add(packageFolder, "<packages>");
        Add(RuntimeEnvironment.GetRuntimeDirectory(), "<dotnet>");
        Add(home, "~");
        Add(Path.GetTempPath(), "<temp>");
    }

    internal string Cut(string text)
    {
        foreach (var (folder, name) in _folders)
            text = folder.Replace(text, name);
        return text;
    }

    private void Add(string? folder, string name)
    {
        folder = folder?.TrimEnd('/', '\\');
        if (folder is not { Length: > 3 })
            return;
        // The whole name of the folder, not the beginning of another's.
        var pattern = Regex.Escape(folder) + @"(?![^/\\'""\s:;,)\]}>])";
        _folders.Add((new(pattern, OperatingSystem.IsWindows() ? RegexOptions.IgnoreCase : RegexOptions.None), name));
    }
}
