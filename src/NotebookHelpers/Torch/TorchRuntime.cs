using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using TorchSharp;

namespace NotebookHelpers;

/// <summary>
/// Loads libtorch from the NuGet package folder, so that no program has to carry a copy of its 490 MB, and makes
/// TorchSharp's own native library loadable where the system's libstdc++ is older than it asks for.
/// </summary>
public static partial class TorchRuntime
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
                return _loaded = LoadNative();
            }
            catch (FileNotFoundException e) when (e.FileName?.StartsWith("TorchSharp", StringComparison.Ordinal) == true)
            {
                throw new DllNotFoundException(
                    "TorchSharp is not referenced. In a notebook, run the first cell, which begins with " +
                    "#r \"nuget: TorchSharp-cpu, …\"; in a program, add a reference to the package TorchSharp-cpu.", e);
            }
        }
    }

    // Not inlined: without TorchSharp the runtime cannot even compile this method, and Load says so in plain words.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TorchRuntimeInfo LoadNative()
    {
        var assembly = typeof(torch).Assembly;
        var version = PackageVersion(assembly);
        // By name it is found only where a CUDA package is referenced: by the program, or by the notebook's #r "nuget:".
        var cuda = NativeLibrary.TryLoad("torch_cuda", assembly, null, out _);

        var folders = NuGetPackages.Folders(assembly.Location, Environment.CurrentDirectory);
        var libTorch = $"libtorch-cpu-{RuntimeId}/{LibTorchVersion()}";
        var natives = cuda ? null : FindNatives(folders, libTorch);
        var shim = FindNatives(folders, $"torchsharp/{version}");
        if (shim is null || (natives is null && !cuda))
        {
            if (NativeLibrary.TryLoad(TorchSharpLibrary, assembly, null, out _))
                return new TorchRuntimeInfo(version, "", Patched: false, cuda);
            throw new DllNotFoundException(
                $"libtorch was not found: expected the NuGet package {(shim is null ? $"torchsharp/{version}" : libTorch)} " +
                $"with libraries for {RuntimeId} under {string.Join(" or ", folders)}. Restore it: run 'dotnet restore' in the " +
                "workbook's folder, or the first cell of the notebook again.");
        }

        if (natives is not null)
            foreach (var file in Dependencies(natives))
                LoadOrThrow(file);
        var stock = Path.Combine(shim, LibraryFile(TorchSharpLibrary));
        var (path, handle) = LoadShim(stock, version);
        AnswerByName(assembly, handle);
        return new TorchRuntimeInfo(version, path, path != stock, cuda);
    }

    private static (string Path, nint Handle) LoadShim(string stock, string version)
    {
        try
        {
            return (stock, NativeLibrary.Load(stock));
        }
        catch (DllNotFoundException e) when (MissingVersion().Match(e.Message) is { Success: true } missing)
        {
            var (library, symbolVersion) = (missing.Groups["library"].Value, missing.Groups["version"].Value);
            var copy = PatchedCopy(stock, library, symbolVersion, Path.Combine(CacheFolder.Path, $"torchsharp-{version}"));
            return (copy, LoadOrThrow(copy));
        }
    }

    /// <summary>
    /// Writes a copy of the library in which the need for <paramref name="symbolVersion"/> is weak, under a folder
    /// keyed by the stock content's hash, and returns its path. An intact copy is used again; a damaged one is replaced.
    /// </summary>
    internal static string PatchedCopy(string stock, string library, string symbolVersion, string folderPrefix)
    {
        var bytes = File.ReadAllBytes(stock);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
        new ElfImage(bytes, stock).MakeVersionNeedWeak(library, symbolVersion);

        var target = Path.Combine($"{folderPrefix}-{hash}", Path.GetFileName(stock));
        if (File.Exists(target) && File.ReadAllBytes(target).AsSpan().SequenceEqual(bytes))
            return target;
        try
        {
            // Several processes may start at once: the last rename wins, with the same bytes.
            WholeFile.Write(target, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DllNotFoundException(
                $"This system's {library} lacks {symbolVersion}, so TorchSharp needs a patched copy of its library, but " +
                $"{target} cannot be written: {e.Message} Make that folder writable, or set XDG_CACHE_HOME to one that is.", e);
        }
        return target;
    }

    // TorchSharp looks its library up by bare name; not every system's loader finds one that is loaded by full path.
    private static void AnswerByName(Assembly assembly, nint handle) =>
        AssemblyLoadContext.GetLoadContext(assembly)!.ResolvingUnmanagedDll +=
            (asking, name) => asking == assembly && name == TorchSharpLibrary ? handle : 0;

    private static nint LoadOrThrow(string file)
    {
        try
        {
            return NativeLibrary.Load(file);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new DllNotFoundException(
                $"{file} is there but the system cannot load it: {e.Message} If the file is damaged, delete its folder and restore again.", e);
        }
    }

    private static IEnumerable<string> Dependencies(string folder)
    {
        // In the order in which they need each other; the OpenMP runtime's file name carries a hash.
        string[] patterns = OperatingSystem.IsWindows()
            ? ["libiomp5md.dll", "uv.dll", "c10.dll", "torch_cpu.dll", "torch.dll"]
            : OperatingSystem.IsMacOS()
                ? ["libomp.dylib", "libc10.dylib", "libtorch_cpu.dylib", "libtorch.dylib"]
                : ["libgomp-*.so.1", "libc10.so", "libtorch_cpu.so", "libtorch.so"];
        return patterns.SelectMany(pattern => Directory.EnumerateFiles(folder, pattern));
    }

    private static string? FindNatives(IEnumerable<string> packageFolders, string package) =>
        packageFolders
            .Select(folder => Path.Combine(folder, package, "runtimes", RuntimeId, "native"))
            .FirstOrDefault(Directory.Exists);

    private static string PackageVersion(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? assembly.GetName().Version!.ToString(3);

    // torch.__version__ would do, but reading it runs torch's static constructor, which loads the native library.
    private static string LibTorchVersion()
    {
        var full = typeof(torch).GetField("libtorchPackageVersion", BindingFlags.NonPublic | BindingFlags.Static)
            ?.GetRawConstantValue() as string;
        return full is null ? "" : string.Join('.', full.Split('.').Take(3));
    }

    private static string RuntimeId =>
        (OperatingSystem.IsWindows() ? "win-" : OperatingSystem.IsMacOS() ? "osx-" : "linux-") +
        RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    private static string LibraryFile(string name) =>
        OperatingSystem.IsWindows() ? name + ".dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";

    // glibc's words: /lib/…/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by …)
    [GeneratedRegex(@"(?<library>libstdc\+\+\.so\.6): version [`'](?<version>GLIBCXX_[\d.]+)' not found")]
    private static partial Regex MissingVersion();
}
