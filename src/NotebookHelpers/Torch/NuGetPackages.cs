using System.Xml;
using System.Xml.Linq;

namespace NotebookHelpers;

/// <summary>Finds the folders that hold restored NuGet packages, as NuGet itself would.</summary>
internal static class NuGetPackages
{
    /// <summary>
    /// Candidate folders, the surest first: the one that <paramref name="loadedAssembly"/> lies in (a notebook loads
    /// TorchSharp from there), NUGET_PACKAGES, globalPackagesFolder of the nuget.config files from
    /// <paramref name="startFolder"/> upward and of the user, the default, and configured fallback folders.
    /// </summary>
    internal static IReadOnlyList<string> Folders(string loadedAssembly, string startFolder)
    {
        var folders = new List<string>();
        if (PackageFolderOf(loadedAssembly) is { } own)
            folders.Add(own);
        if (Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } variable)
            folders.Add(variable);
        var configurations = ConfigurationFiles(startFolder).Select(Read).OfType<XElement>().ToList();
        folders.AddRange(Values(configurations, "config", key => key == "globalPackagesFolder").Take(1));
        folders.Add(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"));
        folders.AddRange(Values(configurations, "fallbackPackageFolders", _ => true));
        return folders.Select(Path.GetFullPath).Distinct().ToList();
    }

    /// <summary>The package folder of …/packages/id/version/lib/framework/Name.dll, or null for any other path.</summary>
    internal static string? PackageFolderOf(string assemblyPath)
    {
        var framework = assemblyPath.Length > 0 ? Directory.GetParent(assemblyPath) : null;   // part of a single file
        return framework?.Parent is { Name: "lib", Parent: { Parent.Parent: { } packages } version } &&
               File.Exists(Path.Combine(version.FullName, version.Parent!.Name + ".nuspec"))
            ? packages.FullName
            : null;
    }

    private static IEnumerable<string> ConfigurationFiles(string startFolder)
    {
        string[] names = ["nuget.config", "NuGet.config", "NuGet.Config"];
        for (var folder = new DirectoryInfo(startFolder); folder is not null; folder = folder.Parent)
            if (names.Select(name => Path.Combine(folder.FullName, name)).FirstOrDefault(File.Exists) is { } found)
                yield return found;
        var user = OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget");
        yield return Path.Combine(user, "NuGet", "NuGet.Config");
    }

    private static XElement? Read(string file)
    {
        try
        {
            return File.Exists(file) ? XElement.Load(file, LoadOptions.SetBaseUri) : null;
        }
        catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
        {
            return null; // NuGet reports its own broken settings; here they only mean one place less to look in
        }
    }

    private static IEnumerable<string> Values(IEnumerable<XElement> configurations, string section, Func<string, bool> wanted) =>
        from configuration in configurations
        from add in configuration.Elements(section).Elements("add")
        let value = (string?)add.Attribute("value")
        where value is { Length: > 0 } && wanted((string?)add.Attribute("key") ?? "")
        select Path.Combine(
            Path.GetDirectoryName(new Uri(configuration.BaseUri).LocalPath)!,
            Environment.ExpandEnvironmentVariables(value));
}
