using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using NotebookRunner.Documents;

namespace NotebookRunner.Worker;

/// <summary>One package of a restore, with the files that this machine's session needs of it.</summary>
/// <param name="Id">The package.</param>
/// <param name="Version">The version taken.</param>
/// <param name="Assemblies">Managed assemblies, full paths.</param>
/// <param name="Natives">Native libraries for this system, full paths.</param>
internal sealed record RestoredPackage(string Id, string Version, IReadOnlyList<string> Assemblies, IReadOnlyList<string> Natives);

/// <summary>
/// Restores NuGet packages by a generated project and <c>dotnet restore</c>. A result is kept by the content that it
/// depends on, so that the next run starts no process. A central package file above the notebook is honoured: its
/// versions, transitive pins above all, are the ones that the solution itself was restored with, so no network is asked.
/// </summary>
internal sealed partial class PackageRestore(string notebookFolder)
{
    private const string Framework = "net10.0";
    private const int CacheFormat = 1;
    private const string NoCentralFile = "versions.props";

    private static readonly JsonSerializerOptions CacheJson = new() { WriteIndented = true };

    /// <summary>The folder that NuGet keeps packages in.</summary>
    internal static string PackageFolder =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
            ? Path.GetFullPath(folder)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>The packages and all that they depend on.</summary>
    /// <param name="known">What the session has already.</param>
    /// <param name="packages">What it asks for now.</param>
    /// <param name="sources">Further package sources: addresses, or full paths of folders.</param>
    /// <param name="cancellation">Ends the restore.</param>
    /// <exception cref="CellException">They cannot be restored; the message says why.</exception>
    internal async Task<IReadOnlyList<RestoredPackage>> RestoreAsync(
        IReadOnlyList<PackageRequest> known,
        IReadOnlyList<PackageRequest> packages,
        IReadOnlyList<string> sources,
        CancellationToken cancellation)
    {
        var central = CentralFile();
        var project = Project([.. known, .. packages], sources, central);
        var cached = Path.Combine(CacheFolder.Path, "packages", Key(project, central) + ".json");
        if (ReadCache(cached) is { } before)
            return before;

        var folder = Directory.CreateTempSubdirectory("notebook-restore-").FullName;
        try
        {
            var file = Path.Combine(folder, "notebook.csproj");
            await File.WriteAllTextAsync(file, project, cancellation);
            await File.WriteAllTextAsync(Path.Combine(folder, NoCentralFile), "<Project />", cancellation);
            await RunRestoreAsync(file, packages, cancellation);
            var restored = ReadAssets(Path.Combine(folder, "obj", "project.assets.json"));
            IfPossible(() => WholeFile.Write(cached, JsonSerializer.Serialize(restored, CacheJson)));
            return restored;
        }
        finally
        {
            IfPossible(() => Directory.Delete(folder, recursive: true));
        }
    }

    /// <summary>Keeping a result and tidying up: what is restored is restored without them too.</summary>
    private static void IfPossible(Action act)
    {
        try
        {
            act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private string? CentralFile()
    {
        for (var folder = new DirectoryInfo(notebookFolder); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "Directory.Packages.props") is var file && File.Exists(file))
                return file;
        return null;
    }

    private string Project(IReadOnlyList<PackageRequest> packages, IReadOnlyList<string> sources, string? central)
    {
        var known = central is null ? [] : CentralIds(central);
        var text = new StringBuilder();
        text.AppendLine("<Project>");
        text.AppendLine("  <PropertyGroup>");
        // Nothing around the temporary folder is ours, and everything below the notebook is not this project's.
        text.AppendLine("    <ImportDirectoryBuildProps>false</ImportDirectoryBuildProps>");
        text.AppendLine("    <ImportDirectoryBuildTargets>false</ImportDirectoryBuildTargets>");
        text.AppendLine($"    <DirectoryPackagesPropsPath>{(central is null ? "$(MSBuildThisFileDirectory)" + NoCentralFile : Xml(central))}</DirectoryPackagesPropsPath>");
        text.AppendLine("  </PropertyGroup>");
        text.AppendLine("""  <Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" />""");
        text.AppendLine("  <PropertyGroup>");
        text.AppendLine($"    <TargetFramework>{Framework}</TargetFramework>");
        text.AppendLine("    <NuGetAudit>false</NuGetAudit>"); // an audit asks the network
        text.AppendLine("    <NoWarn>NU1507</NoWarn>");
        text.AppendLine("    <DisableImplicitNuGetFallbackFolder>true</DisableImplicitNuGetFallbackFolder>");
        // The nuget.config files above the notebook count, not those above this project.
        text.AppendLine($"    <RestoreRootConfigDirectory>{Xml(notebookFolder)}</RestoreRootConfigDirectory>");
        if (sources.Count > 0)
            text.AppendLine($"    <RestoreAdditionalProjectSources>{Xml(string.Join(';', sources))}</RestoreAdditionalProjectSources>");
        text.AppendLine("  </PropertyGroup>");
        text.AppendLine("  <PropertyGroup>");
        text.AppendLine("    <ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally>");
        text.AppendLine("    <CentralPackageTransitivePinningEnabled>true</CentralPackageTransitivePinningEnabled>");
        text.AppendLine("    <CentralPackageFloatingVersionsEnabled>true</CentralPackageFloatingVersionsEnabled>");
        text.AppendLine("  </PropertyGroup>");
        text.AppendLine("  <ItemGroup>");
        foreach (var (id, version, _) in packages)
        {
            if (version is not null || !known.Contains(id))
            {
                text.AppendLine($"""    <PackageVersion Remove="{Xml(id)}" />""");
                text.AppendLine($"""    <PackageVersion Include="{Xml(id)}" Version="{Xml(version ?? "*")}" />""");
            }
            text.AppendLine($"""    <PackageReference Include="{Xml(id)}" />""");
        }
        text.AppendLine("  </ItemGroup>");
        text.AppendLine("""  <Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" />""");
        text.AppendLine("</Project>");
        return text.ToString();
    }

    private static HashSet<string> CentralIds(string file)
    {
        try
        {
            return XDocument.Load(file).Descendants().Where(element => element.Name.LocalName == "PackageVersion")
                .Select(element => (string?)element.Attribute("Include") ?? "").ToHashSet(StringComparer.OrdinalIgnoreCase);
        }
        catch (XmlException)
        {
            return []; // the restore itself says what is wrong with the file
        }
    }

    private static string Xml(string text) => SecurityElement.Escape(text);

    private static string Key(string project, string? central)
    {
        var content = string.Join('\n', CacheFormat, RuntimeInformation.RuntimeIdentifier, PackageFolder, project,
            central is null ? "" : File.ReadAllText(central));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..32];
    }

    private static IReadOnlyList<RestoredPackage>? ReadCache(string file)
    {
        try
        {
            if (!File.Exists(file))
                return null;
            var packages = JsonSerializer.Deserialize<List<RestoredPackage>>(File.ReadAllText(file));
            return packages?.All(package => package.Assemblies.Concat(package.Natives).All(File.Exists)) == true ? packages : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null; // restoring again mends it
        }
    }

    private async Task RunRestoreAsync(string project, IReadOnlyList<PackageRequest> packages, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(DotnetHost.Path)
        {
            ArgumentList = { "restore", project, "--nologo", "--verbosity", "quiet", "-nodeReuse:false", "-tl:off" },
            WorkingDirectory = notebookFolder, // its global.json says which SDK
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        // An outer build (dotnet run, dotnet test) leaves its own settings behind.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var error = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            if (process.ExitCode != 0)
                throw Failure(packages, await output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static CellException Failure(IReadOnlyList<PackageRequest> packages, string output)
    {
        var errors = output.Split('\n').Select(line => RestoreError().Match(line)).Where(match => match.Success)
            .Select(match => match.Groups["error"].Value.Trim()).Distinct().ToList();
        if (errors.Count == 0)
            errors.AddRange(output.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).TakeLast(5));
        var names = string.Join(" and ", packages.Select(package => $"{package.Id}{(package.Version is null ? "" : $", {package.Version}")}"));
        var offline = errors.Any(error => error.Contains("NU1301", StringComparison.Ordinal))
            ? "\nA package that is not in the package folder yet has to be fetched once, with a network."
            : "";
        var named = packages.FirstOrDefault(package => errors.Any(error => error.Contains(package.Id, StringComparison.OrdinalIgnoreCase)));
        return new($"{names} cannot be restored:\n{string.Join('\n', errors)}{offline}", (named ?? packages[0]).Line);
    }

    // Which file of a package counts is NuGet's decision, written down in the assets file; only the system's own
    // variants (runtimes/<rid>/…) are chosen here.
    private static List<RestoredPackage> ReadAssets(string file)
    {
        var assets = JsonNode.Parse(File.ReadAllText(file))!;
        var folders = ((JsonObject)assets["packageFolders"]!).Select(folder => folder.Key).ToList();
        var target = (JsonObject)((JsonObject)assets["targets"]!).First().Value!;
        var restored = new List<RestoredPackage>();
        foreach (var (name, library) in target)
        {
            if (library.At("type").AsText() != "package")
                continue;
            var path = assets["libraries"].At(name, "path").AsText()!;
            var folder = folders.Select(root => Path.Combine(root, path)).FirstOrDefault(Directory.Exists)
                ?? throw new CellException($"The package {name} was restored, but its folder is not there.");
            var assemblies = new Dictionary<string, (string File, int Rank)>(StringComparer.OrdinalIgnoreCase);
            var natives = new Dictionary<string, (string File, int Rank)>(StringComparer.OrdinalIgnoreCase);
            foreach (var (asset, _) in library.At("runtime") as JsonObject ?? [])
                Keep(assemblies, asset, int.MaxValue);
            foreach (var (asset, details) in library.At("runtimeTargets") as JsonObject ?? [])
                if (RuntimeIds.IndexOf(details.At("rid").AsText() ?? "") is var rank and >= 0)
                    Keep(details.At("assetType").AsText() == "native" ? natives : assemblies, asset, rank);
            foreach (var (asset, _) in library.At("native") as JsonObject ?? [])
                Keep(natives, asset, int.MaxValue);
            restored.Add(new(name[..name.IndexOf('/')], name[(name.IndexOf('/') + 1)..],
                [.. assemblies.Values.Select(kept => kept.File).Where(kept => kept.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)],
                [.. natives.Values.Select(kept => kept.File).Order(StringComparer.Ordinal)]));

            void Keep(Dictionary<string, (string File, int Rank)> kept, string asset, int rank)
            {
                var fileName = Path.GetFileName(asset);
                if (fileName != "_._" && (!kept.TryGetValue(fileName, out var other) || rank < other.Rank))
                    kept[fileName] = (Path.Combine(folder, asset.Replace('/', Path.DirectorySeparatorChar)), rank);
            }
        }
        return restored;
    }

    /// <summary>This system's runtime identifiers, the most special first.</summary>
    private static List<string> RuntimeIds { get; } = FindRuntimeIds();

    private static List<string> FindRuntimeIds()
    {
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        string[] systems = OperatingSystem.IsWindows() ? ["win"]
            : OperatingSystem.IsMacOS() ? ["osx", "unix"]
            : RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? ["linux-musl", "linux", "unix"]
            : ["linux", "unix"];
        return [.. systems.SelectMany(system => new[] { $"{system}-{architecture}", system }), "any"];
    }

    [GeneratedRegex(@"(?<error>error (NU|MSB|NETSDK)\d+: .+?)(\s*\[[^\]]*\.csproj\])?\s*$")]
    private static partial Regex RestoreError();
}
