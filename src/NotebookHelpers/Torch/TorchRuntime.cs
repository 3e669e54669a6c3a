using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace NotebookHelpers;

/// <summary>
/// Loads libtorch from the NuGet package folder, so that no program has to carry a copy of its 490 MB, and makes
/// TorchSharp's own native library loadable where the system's libstdc++ is older than it asks for.
/// </summary>
public static class TorchRuntime
{
    private const string TorchSharpLibrary = "LibTorchSharp";
    private static readonly Lock Gate = new();
    private static TorchRuntimeInfo? _loaded;

    /// <summary>
    /// Loads the native libraries; after the first success it does nothing more. Call it before the first use of
    /// <c>torch</c> (<see cref="Workbook.Start"/> does).
    /// </summary>
    /// <returns>What was loaded.</returns>
    /// <exception cref="DllNotFoundException">They cannot be found or loaded; the message says what to do.</exception>
    public static TorchRuntimeInfo Load()
    {
        lock (Gate)
        {
            if (_loaded is not null)
                return _loaded;
            try
            {
                return _loaded = LoadNative(TorchPlatform.RuntimeId);
            }
            catch (Exception e) when (e is FileNotFoundException { FileName: { } missing } && IsTorchSharp(missing) ||
                                      e is FileLoadException { FileName: { } refused } && IsTorchSharp(refused))
            {
                throw new DllNotFoundException(WhyNoTorchSharp(), e);
            }
        }
    }

    /// <summary>Why there is no torch for this machine; null where there is, even if it cannot be loaded for another reason.</summary>
    internal static string? WhyNotHere()
    {
        if (TorchPlatform.WhyNot(TorchPlatform.RuntimeId) is not { } why)
            return null;
        try
        {
            Load();
            return null;   // libraries of another source
        }
        catch (DllNotFoundException)
        {
            return why;
        }
    }

    // Not inlined: without TorchSharp the runtime cannot even compile this method, and Load says so in plain words.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TorchRuntimeInfo LoadNative(string runtimeId)
    {
        var assembly = typeof(torch).Assembly;
        var version = PackageVersion(assembly);
        var folders = NuGetPackages.Folders(assembly.Location, Environment.CurrentDirectory);
        var libTorch = $"libtorch-cpu-{runtimeId}/{LibTorchVersion()}";
        var natives = FindNatives(folders, libTorch, runtimeId);
        var shim = FindNatives(folders, $"torchsharp/{version}", runtimeId);
        // Libraries of another source, such as a build of one's own or the Arm64 package for Windows, are tried all the same.
        if (TorchPlatform.WhyNot(runtimeId) is { } why && (natives is null || shim is null))
            return FoundBySystem(assembly, version, cuda: false) ?? throw new DllNotFoundException(why);

        // By name it is found only where a CUDA package is referenced: by the program, or by the notebook's #r "nuget:".
        var cuda = NativeLibrary.TryLoad("torch_cuda", assembly, null, out _);
        if (shim is null || (natives is null && !cuda))
            return FoundBySystem(assembly, version, cuda) ?? throw new DllNotFoundException(
                $"libtorch was not found: expected the NuGet package {(shim is null ? $"torchsharp/{version}" : libTorch)} " +
                $"with libraries for {runtimeId} under {string.Join(" or ", folders)}. Restore it: run 'dotnet restore' " +
                "in the workbook's folder, or the first cell of the notebook again; elsewhere name a package folder by NUGET_PACKAGES.");

        var before = LoadFailure.LoadedLibraries();
        if (!cuda)
            foreach (var file in Dependencies(natives!))
                LoadOrThrow(file, before);
        var stock = Path.Combine(shim, LibraryFile(TorchSharpLibrary));
        var (path, handle) = LoadShim(stock, version, before);
        AnswerByName(assembly, handle);
        CheckThatTorchStarts();
        return new TorchRuntimeInfo(version, path, path != stock, cuda);
    }

    private static TorchRuntimeInfo? FoundBySystem(Assembly assembly, string version, bool cuda) =>
        NativeLibrary.TryLoad(TorchSharpLibrary, assembly, null, out _)
            ? new TorchRuntimeInfo(version, "", Patched: false, cuda)
            : null;

    private static (string Path, nint Handle) LoadShim(string stock, string version, IReadOnlyList<string> before)
    {
        try
        {
            return (stock, NativeLibrary.Load(stock));
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            if (PatchedLibrary.Lacking(e.Message) is not { } lacking)
                throw new DllNotFoundException(LoadFailure.Explain(stock, e.Message, before), e);
            var folder = Path.Combine(CacheFolder.Path, $"torchsharp-{version}");
            var copy = PatchedLibrary.Write(stock, lacking.Library, lacking.Version, folder);
            return (copy, LoadOrThrow(copy, before));
        }
    }

    // TorchSharp looks its library up by bare name; not every system's loader finds one that is loaded by full path.
    private static void AnswerByName(Assembly assembly, nint handle) =>
        AssemblyLoadContext.GetLoadContext(assembly)!.ResolvingUnmanagedDll +=
            (asking, name) => asking == assembly && name == TorchSharpLibrary ? handle : 0;

    // The libraries are there now. If torch does not start all the same, it was tried before, and .NET never tries that again.
    private static void CheckThatTorchStarts()
    {
        try
        {
            RuntimeHelpers.RunClassConstructor(typeof(torch).TypeHandle);
        }
        catch (TypeInitializationException e)
        {
            throw new DllNotFoundException(
                "TorchSharp was used before Workbook.Start() and failed, because what it needs on this system was not loaded yet. " +
                LoadFailure.StartAfresh, e);
        }
    }

    private static nint LoadOrThrow(string file, IReadOnlyList<string> before)
    {
        try
        {
            return NativeLibrary.Load(file);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new DllNotFoundException(LoadFailure.Explain(file, e.Message, before), e);
        }
    }

    private static IEnumerable<string> Dependencies(string folder)
    {
        // In the order in which they need each other; the OpenMP runtime's file name carries a hash.
        string[] patterns = OperatingSystem.IsWindows()
            ? ["armpl_lp64.dll", "libiomp5md.dll", "uv.dll", "c10.dll", "torch_cpu.dll", "torch.dll"]
            : OperatingSystem.IsMacOS()
                ? ["libomp.dylib", "libc10.dylib", "libtorch_cpu.dylib", "libtorch.dylib"]
                : ["libgomp-*.so.1", "libc10.so", "libtorch_cpu.so", "libtorch.so"];
        return patterns.SelectMany(pattern => Directory.EnumerateFiles(folder, pattern));
    }

    private static string? FindNatives(IEnumerable<string> packageFolders, string package, string runtimeId) =>
        packageFolders
            .Select(folder => Path.Combine(folder, package, "runtimes", runtimeId, "native"))
            .FirstOrDefault(Directory.Exists);

    private static bool IsTorchSharp(string assemblyName) => assemblyName.StartsWith("TorchSharp", StringComparison.Ordinal);

    // Another version in the process keeps the one that this library was compiled with from being loaded.
    private static string WhyNoTorchSharp()
    {
        var needed = typeof(TorchRuntime).Assembly.GetReferencedAssemblies().First(name => name.Name == "TorchSharp").Version;
        var other = AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName())
            .FirstOrDefault(name => name.Name == "TorchSharp" && name.Version != needed);
        return other is null
            ? "TorchSharp is not referenced. In a notebook, run the first cell, which begins with " +
              "#r \"nuget: TorchSharp-cpu, …\"; in a program, add a reference to the package TorchSharp-cpu."
            : $"This process uses TorchSharp {other.Version?.ToString(3)}, but the workbook needs {needed?.ToString(3)}. " +
              $"{LoadFailure.StartAfresh} Reference no other version.";
    }

    private static string PackageVersion(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? assembly.GetName().Version!.ToString(3);

    // torch.__version__ would do, but reading it runs torch's static constructor, which loads the native library.
    internal static string LibTorchVersion()
    {
        var full = typeof(torch).GetField("libtorchPackageVersion", BindingFlags.NonPublic | BindingFlags.Static)
            ?.GetRawConstantValue() as string;
        return full is null ? "" : string.Join('.', full.Split('.').Take(3));
    }

    private static string LibraryFile(string name) =>
        OperatingSystem.IsWindows() ? name + ".dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";
}
