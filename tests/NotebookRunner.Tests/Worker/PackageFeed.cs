using System.IO.Compression;
using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NotebookRunner.Tests.Host;

namespace NotebookRunner.Tests.Worker;

/// <summary>A feed of packages that a test makes, in a folder of its own.</summary>
internal sealed class PackageFeed(TemporaryFolder folder)
{
    /// <summary>Runs cells as one notebook that has this feed and a package folder of its own.</summary>
    internal Task<WorkerHarness> RunAsync(params string[] cells)
    {
        folder.Notebook("notebook.ipynb", cells);
        return WorkerHarness.StartAsync(folder, "notebook.ipynb", environment: new Dictionary<string, string?>
        {
            ["NUGET_PACKAGES"] = folder.File("packages"),
            ["XDG_CACHE_HOME"] = folder.File("cache"),
            ["LOCALAPPDATA"] = folder.File("cache"),
        });
    }

    /// <summary>Makes the feed, and the notebook know it.</summary>
    internal void Configure(bool withFeed = true)
    {
        Directory.CreateDirectory(folder.File("feed"));
        var source = withFeed ? """<add key="feed" value="feed" />""" : "";
        File.WriteAllText(folder.File("nuget.config"),
            $"<configuration><packageSources><clear />{source}</packageSources></configuration>");
    }

    /// <summary>Adds a package with one assembly of the same name, and further files.</summary>
    internal void Pack(
        string id, string version, string code,
        (string Id, string Version)? dependency = null, (string Path, byte[] Content)[]? files = null)
    {
        var needed = dependency is { } inner ? new[] { Read(inner.Id, inner.Version) } : [];
        var dependencies = dependency is { } on ? $"""<dependency id="{on.Id}" version="{on.Version}" />""" : "";
        using var archive = ZipFile.Open(folder.File("feed", $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        Add($"lib/net10.0/{id}.dll", Compile(id, version, code, needed));
        foreach (var (path, content) in files ?? [])
            Add(path, content);
        Add($"{id}.nuspec", System.Text.Encoding.UTF8.GetBytes(
            $"""
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
              <metadata>
                <id>{id}</id><version>{version}</version><authors>tests</authors><description>{id}</description>
                <dependencies><group targetFramework="net10.0">{dependencies}</group></dependencies>
              </metadata>
            </package>
            """));

        void Add(string path, byte[] content)
        {
            using var stream = archive.CreateEntry(path).Open();
            stream.Write(content);
        }
    }

    private byte[] Read(string id, string version)
    {
        using var archive = ZipFile.OpenRead(folder.File("feed", $"{id}.{version}.nupkg"));
        using var stream = archive.GetEntry($"lib/net10.0/{id}.dll")!.Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>Compiles an assembly.</summary>
    internal static byte[] Compile(string name, string version, string code, params byte[][] references)
    {
        var framework = RuntimeEnvironment.GetRuntimeDirectory();
        string[] assemblies =
        [
            "System.Private.CoreLib.dll", "System.Runtime.dll", "System.Runtime.InteropServices.dll", "System.Console.dll",
            "netstandard.dll",
        ];
        var compilation = CSharpCompilation.Create(name,
            [
                CSharpSyntaxTree.ParseText(code),
                CSharpSyntaxTree.ParseText($"[assembly: System.Reflection.AssemblyVersion(\"{version}\")]"),
            ],
            [.. assemblies.Select(file => MetadataReference.CreateFromFile(Path.Combine(framework, file))),
                .. references.Select(reference => MetadataReference.CreateFromImage(reference))],
            new(OutputKind.DynamicallyLinkedLibrary));
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return stream.ToArray();
    }
}
