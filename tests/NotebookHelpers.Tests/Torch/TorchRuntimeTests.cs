using System.Diagnostics;
using System.Xml.Linq;
using CsCheck;
using TorchSharp;

namespace NotebookHelpers.Tests.Torch;

public sealed class TorchRuntimeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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
        var cache = _folder.File("cache");
        var copy = File.ReadAllBytes(PatchedLibrary.Write(Stock, "libstdc++.so.6", "GLIBCXX_3.4.32", cache));
        var changed = Enumerable.Range(0, stock.Length).Where(i => stock[i] != copy[i]).ToList();
        var at = Assert.Single(changed);
        Assert.Equal(stock[at] | 0x2, copy[at]);
    }

    [Fact]
    public void APatchedCopyIsUsedAgainAndADamagedOneReplaced()
    {
        var prefix = _folder.File("cache");
        var path = PatchedLibrary.Write(Stock, "libstdc++.so.6", "GLIBCXX_3.4.32", prefix);
        var written = File.GetLastWriteTimeUtc(path);
        var good = File.ReadAllBytes(path);
        Assert.Equal(path, PatchedLibrary.Write(Stock, "libstdc++.so.6", "GLIBCXX_3.4.32", prefix));
        Assert.Equal(written, File.GetLastWriteTimeUtc(path));

        File.WriteAllBytes(path, good[..1000]);
        PatchedLibrary.Write(Stock, "libstdc++.so.6", "GLIBCXX_3.4.32", prefix);
        Assert.Equal(good, File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void ManyAtOnceLeaveOneWholeCopy()
    {
        var prefix = _folder.File("cache");
        var paths = new string[8];
        Parallel.For(0, paths.Length, i => paths[i] = PatchedLibrary.Write(Stock, "libstdc++.so.6", "GLIBCXX_3.4.32", prefix));
        var path = Assert.Single(paths.Distinct());
        Assert.Equal(new FileInfo(Stock).Length, new FileInfo(path).Length);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void ACacheThatCannotBeMadeSaysWhatToDo()
    {
        var file = _folder.File("no folder");
        File.WriteAllText(file, "");
        var error = Assert.Throws<DllNotFoundException>(
            () => PatchedLibrary.Write(Stock, "libstdc++.so.6", "GLIBCXX_3.4.32", Path.Combine(file, "cache")));
        Assert.Contains("lacks GLIBCXX_3.4.32", error.Message);
        Assert.Contains("XDG_CACHE_HOME", error.Message);
    }

    [Fact]
    public async Task TorchUsedBeforeTheStartIsNamedAsThat()
    {
        var said = await EarlyTorch("early");
        Assert.Contains("early: TypeInitializationException", said);
        Assert.Contains("start: DllNotFoundException: TorchSharp was used before Workbook.Start()", said);
        Assert.Contains("restart the kernel and begin with the cell that calls Workbook.Start()", said);
    }

    /// <summary>The runtime of Alpine's .NET calls itself so; the rest of the library is no other there.</summary>
    [Theory, InlineData("linux-musl-x64"), InlineData("alpine.3.22-x64")]
    public async Task Without_a_libtorch_for_the_machine_a_lesson_can_go_on_and_says_why(string runtimeId)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only a Linux can be taken for one with musl.");
        var said = (await EarlyTorch(runtimeId)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Collection(said,
            torch => Assert.Equal("HasTorch: False", torch),
            optional => Assert.Matches(
                @"^optional: Full profile\. libtorch does not run here: "
                + @".*a Linux with the C library musl, such as Alpine \(linux-musl-\w+\)", optional),
            device => Assert.Equal("device: none", device),
            needed => Assert.Matches("^needed: DllNotFoundException: libtorch does not run here: .*musl", needed),
            convolution => Assert.Equal("convolution: -7", convolution),
            view => Assert.Equal("view: <figure", view),
            pooling => Assert.Equal("pooling: 9", pooling));
    }

    private static async Task<string> EarlyTorch(string argument)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(dotnet, [Path.Combine(AppContext.BaseDirectory, "EarlyTorch.dll"), argument])
        {
            WorkingDirectory = Workbook.Root,
        };
        start.Environment.Remove("WORKBOOK_PROFILE");
        return (await ChildProcess.RunAsync(start, TimeSpan.FromMinutes(3))).Output;
    }

    [Theory]
    [InlineData("libLibTorchSharp.so: undefined symbol: _ZN5torch3jit", true, "TorchSharp was used before Workbook.Start(), or")]
    [InlineData("libLibTorchSharp.so: undefined symbol: _ZN5torch3jit", false, "two versions of libtorch may be in use")]
    [InlineData("Unable to load DLL 'torch.dll': The specified procedure could not be found. (0x8007007F)", true, "restart the kernel")]
    [InlineData("The specified module could not be found. (0x8007007E)", false, "Visual C++ 2015–2022 runtime")]
    [InlineData("libc10.so: failed to map segment from shared object", false, "noexec")]
    [InlineData("libc10.so: file too short", false, "delete its folder and restore again")]
    public void EveryLoadFailureHasItsCure(string reason, bool othersLoaded, string cure)
    {
        var message = LoadFailure.Explain("/cache/libLibTorchSharp.so", reason, othersLoaded ? ["/other/libtorch_cpu.so"] : []);
        Assert.Contains(cure, message);
        Assert.Contains(reason, message);
        Assert.Equal(reason.Contains("too short"), message.Contains("damaged"));
    }

    [Fact]
    public void LoadedLibrariesAreSeen()
    {
        TorchRuntime.Load();
        Assert.Contains(LoadFailure.LoadedLibraries(), path => Path.GetFileName(path).Contains("torch_cpu", StringComparison.Ordinal));
        Assert.DoesNotContain(LoadFailure.LoadedLibraries(), path => Path.GetFileName(path) == "TorchSharp.dll");
    }

    [Theory]
    [InlineData("linux-arm64", "Linux on Arm64", "linux/amd64")]
    [InlineData("win-arm64", "Windows on Arm64", "libtorch-cpu-win-arm64")]
    [InlineData("osx-x64", "Intel", "container")]
    [InlineData("linux-musl-x64", "Alpine", "glibc")]
    [InlineData("linux-musl-arm64", "Alpine", "glibc")]
    [InlineData("win-x86", "32-bit", "x64 build of .NET")]
    [InlineData("linux-riscv64", "linux-riscv64", "Use Linux or Windows on x64")]
    public void MachinesWithoutAPackageAreNamedWithWhatToDo(string machine, string name, string cure)
    {
        var why = TorchPlatform.WhyNot(machine)!;
        Assert.Contains(name, why);
        Assert.Contains(cure, why);
        Assert.Contains("Lessons 1 and 2", why);
        Assert.DoesNotContain("restore", why);
        var status = new WorkbookStatus("full", 42, why);
        Assert.Contains(why, status.ToText());
        Assert.DoesNotContain("TorchSharp  on", status.ToText());
    }

    [Fact]
    public void TheVersionOfLibtorchInMessagesIsTheOneThatTorchSharpAsksFor() =>
        Assert.Equal(TorchPlatform.Version, TorchRuntime.LibTorchVersion());

    [Fact]
    public void MachinesWithAPackageAreThoseThatThePackageDependsOn()
    {
        var packages = NuGetPackages.Folders(typeof(torch).Assembly.Location, Environment.CurrentDirectory);
        var specification = packages.Select(folder => Path.Combine(folder, "libtorch-cpu", TorchPlatform.Version, "libtorch-cpu.nuspec"))
            .First(File.Exists);
        var machines = XDocument.Load(specification).Descendants().Where(element => element.Name.LocalName == "dependency")
            .Select(element => element.Attribute("id")!.Value["libtorch-cpu-".Length..]).ToList();
        Assert.NotEmpty(machines);
        Assert.All(machines, machine => Assert.Null(TorchPlatform.WhyNot(machine)));
    }

    [Fact]
    public void AFullDiskIsCalledFull()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/full, a device that is always full, exists on Linux only.");
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        Assert.True(FullDisk.IsCauseOf(Assert.ThrowsAny<IOException>(() => full.Write([1]))));
        Assert.False(FullDisk.IsCauseOf(new FileNotFoundException()));
        Assert.False(FullDisk.IsCauseOf(new UnauthorizedAccessException()));
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
        var root = _folder.Path;
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
        Assert.Null(NuGetPackages.PackageFolderOf(""));
    }

    [Fact]
    public void BrokenSettingsOnlyMeanOnePlaceLess()
    {
        File.WriteAllText(_folder.File("nuget.config"), "<configuration>");
        Assert.NotEmpty(NuGetPackages.Folders(_folder.File("TorchSharp.dll"), _folder.Path));
    }
}
