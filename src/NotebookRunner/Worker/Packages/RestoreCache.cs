using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace NotebookRunner.Worker.Packages;

/// <summary>The result of a restore, kept in the user's cache under a name made of all that it depends on.</summary>
internal sealed class RestoreCache(RestoreProject project)
{
    private const int Format = 2;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    private readonly string _file = Path.Combine(CacheFolder.Path, "packages", Key(project) + ".json");

    /// <summary>What was kept; null where there is nothing, or where files of it are gone.</summary>
    internal IReadOnlyList<RestoredPackage>? Read()
    {
        try
        {
            if (!File.Exists(_file))
                return null;
            var packages = JsonSerializer.Deserialize<List<RestoredPackage>>(File.ReadAllText(_file));
            return packages?.All(package => package.Assemblies.Concat(package.Natives).All(File.Exists)) == true ? packages : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null; // restoring again mends it
        }
    }

    /// <summary>Keeps a result.</summary>
    internal void Write(IReadOnlyList<RestoredPackage> packages)
    {
        WholeFile.RemoveAllAbandoned(Path.GetDirectoryName(_file)!);
        WholeFile.Write(_file, JsonSerializer.Serialize(packages, Json));
    }

    private static string Key(RestoreProject project)
    {
        var content = string.Join('\n', Format, RuntimeInformation.RuntimeIdentifier, PackageRestore.PackageFolder, project.Text,
            project.CentralFile is null ? "" : File.ReadAllText(project.CentralFile));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..32];
    }
}
