using System.Text.RegularExpressions;

namespace NotebookHelpers;

/// <summary>
/// A folder in which the four files of a set were looked for: as the original names them, or as archives, browsers and
/// other libraries leave them (torchvision's MNIST/raw, a dot for the hyphen, capitals, "(1)", a folder round each file).
/// </summary>
internal sealed partial class DigitFolder
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
    internal string[] Missing => [.. KnownSet.FileNames.Where((_, i) => _paths[i] is null)];

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
        var usual = new DigitFolder(path, [.. KnownSet.FileNames.Select(name => UsualFile(path, name))]);
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

    /// <summary>Which of the four files a name means, in whatever way it is written; null when none.</summary>
    internal static int? Role(string fileName) => DataFileName().Match(fileName) is { Success: true } match ? RoleOf(match) : null;

    /// <summary>What stands before the usual name: "emnist-digits-" for instance.</summary>
    internal static string Prefix(string fileName) => DataFileName().Match(fileName).Groups["prefix"].Value.ToLowerInvariant();

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
        var inside = Folders(path).Where(folder => Role(System.IO.Path.GetFileName(folder)) is not null).SelectMany(Files);
        var sets = Files(path).Concat(inside)
            .GroupBy(file => Prefix(System.IO.Path.GetFileName(file)))
            .Where(group => !FoundInstead.IsEmnist(group.Key))
            .Select(group => new DigitFolder(path, [.. Enumerable.Range(0, 4).Select(role => OfRole(group, role))]))
            .OrderBy(set => set.Missing.Length).ToList();
        var severalWhole = sets.Count(set => set.IsComplete) > 1;
        return sets.Count == 0 || severalWhole ? new DigitFolder(path, new string?[4]) : sets[0];
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", Quietly).Where(file => !IsHidden(file) && Role(System.IO.Path.GetFileName(file)) is not null);

    // The plainest name first: "name" before "name (1)".
    private static string? OfRole(IEnumerable<string> files, int role) => files
        .Where(file => Role(System.IO.Path.GetFileName(file)) == role && File.Exists(file))
        .OrderBy(file => System.IO.Path.GetFileName(file).Length).ThenBy(file => file, StringComparer.Ordinal).FirstOrDefault();

    private static int RoleOf(Match match) =>
        (match.Groups["split"].Value.StartsWith("tr", StringComparison.OrdinalIgnoreCase) ? 0 : 2) +
        (match.Groups["kind"].Value.StartsWith("im", StringComparison.OrdinalIgnoreCase) ? 0 : 1);

    private static bool IsNamed(string path, string root, string key) =>
        System.IO.Path.GetRelativePath(root, path).Split('/', '\\').Any(part => Letters(part) == Letters(key));

    private static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    [GeneratedRegex("""
        ^\s*(?<prefix>.*?)
        (?<split>train|training|t10k|test)[-_.\x20]*(?<kind>images?|labels?)
        ([-_.\x20]*idx[-_.\x20]?\d)?([-_.\x20]*ubyte)?
        (\x20?\(\d+\)|\x20-\x20copy|\x20copy)?
        (\.(idx|bin))?(\s*\.gz)*(\x20?\(\d+\))?\s*$
        """, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex DataFileName();
}
