using CsCheck;
using TorchSharp;

namespace NotebookHelpers.Tests.Torch;

public sealed class TorchRuntimeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("torch-runtime-");

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Stock => Path.Combine(
        NuGetPackages.Folders(typeof(torch).Assembly.Location, Environment.CurrentDirectory)
            .First(folder => Directory.Exists(Path.Combine(folder, "torchsharp"))),
        "torchsharp", TorchRuntime.Load().TorchSharpVersion, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");

    [Fact]
    public void TorchComputesAfterLoading()
    {
        var info = TorchRuntime.Load();
        using var product = torch.ones(2, 3).mm(torch.ones(3, 2));
        Assert.Equal([3f, 3f, 3f, 3f], product.data<float>().ToArray());
        Assert.Same(info, TorchRuntime.Load());
    }

    [Fact]
    public void NoNativeLibraryIsCopiedIntoTheOutput()
    {
        var copies = Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file).Contains("torch_cpu", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(copies);
    }

    [Fact]
    public void ThePatchSetsOneBitOfOneVersionNeed()
    {
        var stock = File.ReadAllBytes(Stock);
        var copy = File.ReadAllBytes(TorchRuntime.PatchedCopy(Stock, "libstdc++.so.6", "GLIBCXX_3.4.32", Path.Combine(_folder.FullName, "cache")));
        var changed = Enumerable.Range(0, stock.Length).Where(i => stock[i] != copy[i]).ToList();
        var at = Assert.Single(changed);
        Assert.Equal(stock[at] | 0x2, copy[at]);
    }

    [Fact]
    public void APatchedCopyIsUsedAgainAndADamagedOneReplaced()
    {
        var prefix = Path.Combine(_folder.FullName, "cache");
        var path = TorchRuntime.PatchedCopy(Stock, "libstdc++.so.6", "GLIBCXX_3.4.32", prefix);
        var written = File.GetLastWriteTimeUtc(path);
        var good = File.ReadAllBytes(path);
        Assert.Equal(path, TorchRuntime.PatchedCopy(Stock, "libstdc++.so.6", "GLIBCXX_3.4.32", prefix));
        Assert.Equal(written, File.GetLastWriteTimeUtc(path));

        File.WriteAllBytes(path, good[..1000]);
        TorchRuntime.PatchedCopy(Stock, "libstdc++.so.6", "GLIBCXX_3.4.32", prefix);
        Assert.Equal(good, File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void ManyAtOnceLeaveOneWholeCopy()
    {
        var prefix = Path.Combine(_folder.FullName, "cache");
        var paths = new string[8];
        Parallel.For(0, paths.Length, i => paths[i] = TorchRuntime.PatchedCopy(Stock, "libstdc++.so.6", "GLIBCXX_3.4.32", prefix));
        var path = Assert.Single(paths.Distinct());
        Assert.Equal(new FileInfo(Stock).Length, new FileInfo(path).Length);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void ACacheThatCannotBeMadeSaysWhatToDo()
    {
        var file = Path.Combine(_folder.FullName, "no folder");
        File.WriteAllText(file, "");
        var error = Assert.Throws<DllNotFoundException>(
            () => TorchRuntime.PatchedCopy(Stock, "libstdc++.so.6", "GLIBCXX_3.4.32", Path.Combine(file, "cache")));
        Assert.Contains("lacks GLIBCXX_3.4.32", error.Message);
        Assert.Contains("XDG_CACHE_HOME", error.Message);
    }

    [Fact]
    public void ALibraryWithoutThatNeedIsRefused()
    {
        var error = Assert.Throws<InvalidDataException>(
            () => new ElfImage(File.ReadAllBytes(Stock), "stock.so").MakeVersionNeedWeak("libstdc++.so.6", "GLIBCXX_9.9.9"));
        Assert.Contains("has no need for GLIBCXX_9.9.9 of libstdc++.so.6", error.Message);
    }

    [Fact]
    public void AVersionWhoseSymbolsAreCalledIsRefused()
    {
        var error = Assert.Throws<InvalidDataException>(
            () => new ElfImage(File.ReadAllBytes(Stock), "stock.so").MakeVersionNeedWeak("libstdc++.so.6", "GLIBCXX_3.4.21"));
        Assert.Contains("calls functions of GLIBCXX_3.4.21", error.Message);
    }

    [Fact]
    public void DamagedLibrariesGiveAClearErrorAndNothingElse()
    {
        var stock = File.ReadAllBytes(Stock);
        Assert.Contains("does not begin with an ELF header",
            Assert.Throws<InvalidDataException>(() => new ElfImage([], "x.so")).Message);

        // Cut anywhere, or with bytes of its headers, its dynamic table or its version needs changed at random:
        // patched, or refused in words.
        var patched = (byte[])stock.Clone();
        new ElfImage(patched, "x.so").MakeVersionNeedWeak("libstdc++.so.6", "GLIBCXX_3.4.32");
        var needs = stock.AsSpan().CommonPrefixLength(patched);
        var dynamicHeader = Enumerable.Range(0, BitConverter.ToUInt16(stock, 56)).Select(i => 64 + 56 * i)
            .First(header => BitConverter.ToUInt32(stock, header) == 2);
        var dynamic = BitConverter.ToInt32(stock, dynamicHeader + 8);
        var place = Gen.OneOf(Gen.Int[0, 1023], Gen.Int[dynamic, dynamic + 575], Gen.Int[needs - 400, needs + 400]);
        var length = Gen.Frequency((3, Gen.Const(stock.Length)), (1, Gen.Int[0, stock.Length]));
        Gen.Select(length, place.Array[0, 12], Gen.Byte).Sample((cut, places, value) =>
        {
            var bytes = stock[..cut];
            foreach (var i in places.Where(i => i < cut))
                bytes[i] = value;
            try
            {
                new ElfImage(bytes, "x.so").MakeVersionNeedWeak("libstdc++.so.6", "GLIBCXX_3.4.32");
            }
            catch (InvalidDataException)
            {
            }
        }, iter: 500);
    }

    [Fact]
    public void PackageFoldersFollowTheAssemblyTheVariableAndTheSettings()
    {
        var root = _folder.FullName;
        var package = Path.Combine(root, "own", "torchsharp", "1.2.3");
        Directory.CreateDirectory(Path.Combine(package, "lib", "net8.0"));
        File.WriteAllText(Path.Combine(package, "torchsharp.nuspec"), "<package/>");
        var work = Directory.CreateDirectory(Path.Combine(root, "settings", "work")).FullName;
        File.WriteAllText(Path.Combine(root, "settings", "nuget.config"), """
            <configuration>
              <config><add key="globalPackagesFolder" value="chosen" /></config>
              <fallbackPackageFolders><add key="more" value="fallback" /></fallbackPackageFolders>
            </configuration>
            """);

        var folders = NuGetPackages.Folders(Path.Combine(package, "lib", "net8.0", "TorchSharp.dll"), work);

        Assert.Equal(Path.Combine(root, "own"), folders[0]);
        Assert.Contains(Path.Combine(root, "settings", "chosen"), folders);
        Assert.Equal(Path.Combine(root, "settings", "fallback"), folders[^1]);
        Assert.Null(NuGetPackages.PackageFolderOf(Path.Combine(work, "TorchSharp.dll")));
    }

    [Fact]
    public void BrokenSettingsOnlyMeanOnePlaceLess()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "nuget.config"), "<configuration>");
        Assert.NotEmpty(NuGetPackages.Folders(Path.Combine(_folder.FullName, "TorchSharp.dll"), _folder.FullName));
    }
}
