using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using NotebookRunner.Documents;

namespace NotebookRunner.Worker.Packages;

/// <summary>
/// NuGet's project.assets.json. Which file of a package counts is written down there; only the system's own variants
/// (runtimes/RID/…) are chosen here.
/// </summary>
internal static class AssetsFile
{
    /// <summary>This system's runtime identifiers, the most special first.</summary>
    private static readonly List<string> RuntimeIds = FindRuntimeIds();

    /// <summary>The packages of a restore.</summary>
    internal static IReadOnlyList<RestoredPackage> Read(string file)
    {
        var assets = JsonNode.Parse(File.ReadAllText(file))!;
        var folders = ((JsonObject)assets["packageFolders"]!).Select(folder => folder.Key).ToList();
        var target = (JsonObject)((JsonObject)assets["targets"]!).First().Value!;
        return [.. target.Where(library => library.Value.At("type").AsText() == "package")
            .Select(library => Package(library.Key, library.Value!, FolderOf(library.Key, assets, folders)))];
    }

    private static string FolderOf(string name, JsonNode assets, List<string> folders)
    {
        var path = assets["libraries"].At(name, "path").AsText()!;
        return folders.Select(root => Path.Combine(root, path)).FirstOrDefault(Directory.Exists)
            ?? throw new CellException($"The package {name} was restored, but its folder is not there.");
    }

    private static RestoredPackage Package(string name, JsonNode library, string folder)
    {
        var (assemblies, natives) = (new BestFiles(folder), new BestFiles(folder));
        foreach (var (asset, _) in library.At("runtime") as JsonObject ?? [])
            assemblies.Offer(asset, int.MaxValue);
        foreach (var (asset, details) in library.At("runtimeTargets") as JsonObject ?? [])
            if (RuntimeIds.IndexOf(details.At("rid").AsText() ?? "") is var rank and >= 0)
                (details.At("assetType").AsText() == "native" ? natives : assemblies).Offer(asset, rank);
        foreach (var (asset, _) in library.At("native") as JsonObject ?? [])
            natives.Offer(asset, int.MaxValue);
        var slash = name.IndexOf('/');
        return new(name[..slash], name[(slash + 1)..], folder,
            [.. assemblies.Files.Where(file => file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))], [.. natives.Files]);
    }

    private static List<string> FindRuntimeIds()
    {
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        string[] systems = OperatingSystem.IsWindows() ? ["win"]
            : OperatingSystem.IsMacOS() ? ["osx", "unix"]
            : RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? ["linux-musl", "linux", "unix"]
            : ["linux", "unix"];
        return [.. systems.SelectMany(system => new[] { $"{system}-{architecture}", system }), "any"];
    }

    /// <summary>Of files with one name the one of the lowest rank.</summary>
    private sealed class BestFiles(string folder)
    {
        private readonly Dictionary<string, (string File, int Rank)> _kept = new(StringComparer.OrdinalIgnoreCase);

        internal IEnumerable<string> Files => _kept.Values.Select(kept => kept.File).Order(StringComparer.Ordinal);

        internal void Offer(string asset, int rank)
        {
            var name = Path.GetFileName(asset);
            if (name != "_._" && (!_kept.TryGetValue(name, out var other) || rank < other.Rank))
                _kept[name] = (Path.Combine(folder, asset.Replace('/', Path.DirectorySeparatorChar)), rank);
        }
    }
}
