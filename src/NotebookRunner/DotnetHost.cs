using System.Runtime.InteropServices;

namespace NotebookRunner;

/// <summary>The dotnet command that this process itself runs under.</summary>
internal static class DotnetHost
{
    /// <summary>Its full path, or its name where it is not at its usual place.</summary>
    internal static string Path { get; } = Find();

    private static string Find()
    {
        // The runtime lies in <dotnet>/shared/Microsoft.NETCore.App/<version>.
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var host = System.IO.Path.GetFullPath(System.IO.Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
        return File.Exists(host) ? host : name;
    }
}
