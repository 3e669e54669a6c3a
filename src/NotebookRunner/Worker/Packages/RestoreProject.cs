using System.Xml;
using System.Xml.Linq;

namespace NotebookRunner.Worker.Packages;

/// <summary>
/// The project whose restore gives a session its packages. A central package file above the notebook is honoured: its
/// versions, transitive pins above all, are the ones that the solution itself was restored with, so no network is asked.
/// </summary>
internal sealed class RestoreProject
{
    private const string NoCentralFile = "versions.props";

    internal RestoreProject(string notebookFolder, IReadOnlyList<PackageRequest> packages, IReadOnlyList<string> sources)
    {
        CentralFile = FindCentralFile(notebookFolder);
        var known = CentralFile is null ? [] : CentralIds(CentralFile);
        Text = new XElement("Project",
            // Nothing around the temporary folder is ours, and everything below the notebook is not this project's.
            Properties(
                ("ImportDirectoryBuildProps", "false"),
                ("ImportDirectoryBuildTargets", "false"),
                ("DirectoryPackagesPropsPath",
                    CentralFile is null ? "$(MSBuildThisFileDirectory)" + NoCentralFile : Escaped(CentralFile))),
            Import("Sdk.props"),
            Properties(
                ("TargetFramework", "net10.0"),
                ("NuGetAudit", "false"), // an audit asks the network
                ("NoWarn", "NU1507"),
                ("DisableImplicitNuGetFallbackFolder", "true"),
                // The nuget.config files above the notebook count, not those above this project.
                ("RestoreRootConfigDirectory", Escaped(notebookFolder)),
                ("RestoreAdditionalProjectSources", string.Join(';', sources.Select(Escaped))),
                ("ManagePackageVersionsCentrally", "true"),
                ("CentralPackageTransitivePinningEnabled", "true"),
                ("CentralPackageFloatingVersionsEnabled", "true")),
            new XElement("ItemGroup", packages.SelectMany(package => Items(package, known))),
            Import("Sdk.targets")).ToString();
    }

    /// <summary>The project's text.</summary>
    internal string Text { get; }

    /// <summary>The Directory.Packages.props above the notebook; null for none.</summary>
    internal string? CentralFile { get; }

    /// <summary>Writes the project into an empty folder.</summary>
    /// <returns>Its path.</returns>
    internal async Task<string> WriteAsync(string folder, CancellationToken cancellation)
    {
        var file = Path.Combine(folder, "notebook.csproj");
        await File.WriteAllTextAsync(file, Text, cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, NoCentralFile), "<Project />", cancellation);
        return file;
    }

    // To MSBuild these are not letters of a path.
    private static string Escaped(string path) => path
        .Replace("%", "%25", StringComparison.Ordinal).Replace("$", "%24", StringComparison.Ordinal)
        .Replace("@", "%40", StringComparison.Ordinal).Replace(";", "%3B", StringComparison.Ordinal);

    private static XElement Properties(params (string Name, string Value)[] properties) =>
        new("PropertyGroup", properties.Select(property => new XElement(property.Name, property.Value)));

    private static XElement Import(string project) =>
        new("Import", new XAttribute("Project", project), new XAttribute("Sdk", "Microsoft.NET.Sdk"));

    private static IEnumerable<XElement> Items(PackageRequest package, HashSet<string> known)
    {
        if (package.Version is not null || !known.Contains(package.Id))
        {
            yield return new("PackageVersion", new XAttribute("Remove", package.Id));
            yield return new("PackageVersion",
                new XAttribute("Include", package.Id), new XAttribute("Version", package.Version ?? "*"));
        }
        yield return new("PackageReference", new XAttribute("Include", package.Id));
    }

    private static string? FindCentralFile(string notebookFolder)
    {
        for (var folder = new DirectoryInfo(notebookFolder); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "Directory.Packages.props") is var file && File.Exists(file))
                return file;
        return null;
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
}
