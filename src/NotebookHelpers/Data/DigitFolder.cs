namespace NotebookHelpers;

/// <summary>
/// A folder in which the four files of a set were looked for: under their usual names or others, in the folder itself or where
/// archives and other libraries leave them (torchvision's MNIST/raw, a folder round each file).
/// </summary>
internal sealed class DigitFolder
{
    private const int MostFolders = 1000;
    private static readonly EnumerationOptions Quietly = new() { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };

    private readonly string?[] _paths;

    private DigitFolder(string path, string?[] paths) => (Path, _paths) = (path, paths);

    /// <summary>The folder that was named.</summary>
    internal string Path { get; }

    /// <summary>Where the four files are; only of a complete folder.</summary>
    internal string[] Paths => [.. _paths.Select(path => path!)];

    /// <summary>The files that were not found, by their usual names.</summary>
    internal string[] Missing => [.. DigitFileName.Usual.Where((_, i) => _paths[i] is null)];

    /// <summary>Whether all four files are there.</summary>
    internal bool IsComplete => _paths.All(path => path is not null);

    /// <summary>Whether none of the four is there.</summary>
    internal bool IsEmpty => _paths.All(path => path is null);

    /// <summary>Whether any of the files found is in that folder itself, not deeper.</summary>
    internal bool IsIn(string folder) => _paths.Any(path => path is not null && System.IO.Path.GetDirectoryName(path) == folder);

    /// <summary>Looks in the folder itself, then up to two folders deeper.</summary>
    /// <param name="path">A folder, which need not exist.</param>
    /// <param name="key">Which set is preferred where folders hold several, such as "fashion-mnist".</param>
    internal static DigitFolder Look(string path, string key)
    {
        var usual = new DigitFolder(path, [.. DigitFileName.Usual.Select(name => UsualFile(path, name))]);
        if (usual.IsComplete || !Directory.Exists(path))
            return usual;
        var here = OtherNames(path);
        // Within a folder that holds some of the files already, a set elsewhere is not what was meant.
        if (!here.IsEmpty)
            return here;
        var deeper = Deeper(path).Select(OtherNames).Where(folder => folder.IsComplete).ToList();
        var chosen = deeper.Count == 1 ? deeper[0] : deeper.Find(folder => IsNamed(folder.Path, path, key));
        return chosen is null ? here : new DigitFolder(path, chosen._paths);
    }

    /// <summary>Why the set is not complete, with what is there instead and what to do about it.</summary>
    internal string WhyIncomplete(string expected) => $"{Path} has no {string.Join(", no ", Missing)}. {expected}{FoundInstead.In(Path)}";

    /// <summary>The folders below, breadth first, at most two deep and not very many.</summary>
    internal static IEnumerable<string> Deeper(string path)
    {
        string[] first = [.. Folders(path)];
        return first.Concat(first.SelectMany(Folders)).Take(MostFolders);
    }

    private static IEnumerable<string> Folders(string path) =>
        Directory.EnumerateDirectories(path, "*", Quietly).Where(folder => !IsHidden(folder)).Order(StringComparer.Ordinal);

    // macOS puts "._name" beside every file and __MACOSX into archives; neither holds data.
    private static bool IsHidden(string path) => System.IO.Path.GetFileName(path) is ['.', ..] or "__MACOSX";

    private static string? UsualFile(string folder, string name)
    {
        // Some archives write a dot where the original has a hyphen.
        var dotted = name.Replace("-idx", ".idx", StringComparison.Ordinal);
        string[] names = [name, name + ".gz", dotted, dotted + ".gz"];
        return names.Select(file => System.IO.Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }

    private static DigitFolder OtherNames(string path)
    {
        // Unpacked archives may have a folder round each file that is called like it.
        var inside = Folders(path).Where(folder => RoleOf(folder) is not null).SelectMany(Files);
        var sets = Files(path).Concat(inside)
            .GroupBy(file => DigitFileName.PrefixOf(System.IO.Path.GetFileName(file)))
            .Where(group => !FoundInstead.IsEmnist(group.Key))
            .Select(group => new DigitFolder(path, [.. Enumerable.Range(0, 4).Select(role => OfRole(group, role))]))
            .OrderBy(set => set.Missing.Length).ToList();
        var severalWhole = sets.Count(set => set.IsComplete) > 1;
        return sets.Count == 0 || severalWhole ? new DigitFolder(path, new string?[4]) : sets[0];
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", Quietly).Where(file => !IsHidden(file) && RoleOf(file) is not null);

    // The plainest name first: "name" before "name (1)".
    private static string? OfRole(IEnumerable<string> files, int role) => files
        .Where(file => RoleOf(file) == role && File.Exists(file))
        .OrderBy(file => System.IO.Path.GetFileName(file).Length).ThenBy(file => file, StringComparer.Ordinal).FirstOrDefault();

    private static int? RoleOf(string path) => DigitFileName.RoleOf(System.IO.Path.GetFileName(path));

    private static bool IsNamed(string path, string root, string key) =>
        System.IO.Path.GetRelativePath(root, path).Split('/', '\\').Any(part => Letters(part) == Letters(key));

    private static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
