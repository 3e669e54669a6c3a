using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace NotebookRunner.Worker.Packages;

/// <summary>
/// Answers the runtime's questions for restored packages, as the kernel does: their assemblies load into the default
/// context, so every other context sees the same one (a package's TorchSharp wins over a copy beside an assembly that
/// <c>#r "path"</c> brought), and native libraries are found for packages only.
/// </summary>
internal sealed class PackageLoader : IDisposable
{
    private readonly ConcurrentDictionary<string, string> _assemblies = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, string> _natives = new(StringComparer.OrdinalIgnoreCase);

    internal PackageLoader()
    {
        AssemblyLoadContext.Default.Resolving += Resolve;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += ResolveNative;
    }

    /// <summary>Makes a package's files known; what is known already stays, since it may be loaded.</summary>
    internal void Add(RestoredPackage package)
    {
        foreach (var file in package.Assemblies)
            _assemblies.TryAdd(Path.GetFileNameWithoutExtension(file), file);
        foreach (var file in package.Natives)
            _natives.TryAdd(Path.GetFileName(file), file);
    }

    public void Dispose()
    {
        AssemblyLoadContext.Default.Resolving -= Resolve;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll -= ResolveNative;
    }

    private Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        name.Name is { } simple && name.CultureName is null or "" && _assemblies.TryGetValue(simple, out var file)
            ? context.LoadFromAssemblyPath(file)
            : null;

    private nint ResolveNative(Assembly assembly, string name)
    {
        string[] candidates = OperatingSystem.IsWindows()
            ? [name, $"{name}.dll"]
            : OperatingSystem.IsMacOS()
                ? [name, $"lib{name}.dylib", $"{name}.dylib", $"lib{name}"]
                : [name, $"lib{name}.so", $"{name}.so", $"lib{name}"];
        foreach (var candidate in candidates)
            if (_natives.TryGetValue(candidate, out var file) && NativeLibrary.TryLoad(file, out var handle))
                return handle;
        return 0;
    }
}
