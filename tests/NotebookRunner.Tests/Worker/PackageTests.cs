using System.Runtime.InteropServices;
using NotebookRunner.Host;
using NotebookRunner.Tests.Host;
using NotebookRunner.Worker.Packages;

namespace NotebookRunner.Tests.Worker;

/// <summary>Packages from a feed of the test's own, in a package folder of its own: no network, and nothing of the machine's.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PackageFeed _feed;

    public PackageTests() => _feed = new(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Packages_are_restored_with_their_dependencies_and_only_once()
    {
        _feed.Configure();
        _feed.Pack("Inner", "1.0.0", "public static class Inner { public static string Name => \"inner 1.0.0\"; }");
        _feed.Pack(
            "Outer", "2.0.0", "public static class Outer { public static string Name => \"outer over \" + Inner.Name; }",
            ("Inner", "1.0.0"));

        var first = await _feed.RunAsync(
            "#r \"nuget: Outer, 2.0.0\"\nOuter.Name + \", \" + Inner.Name", "#r \"nuget: Outer, 2.0.0\"", "#r \"nuget: Outer, 1.0.0\"");
        Assert.Equal(
            [
                "text/html: <div><div></div><div></div><div><strong>Installed Packages</strong>"
                + "<ul><li><span>Outer, 2.0.0</span></li></ul></div></div>",
                "text/plain: outer over inner 1.0.0, inner 1.0.0",
            ],
            first.Outputs(0));
        Assert.Equal(CellStatus.Succeeded, first.Cells[1].Status);
        Assert.Equal(["error: Outer version 1.0.0 cannot be added because version 2.0.0 was added previously."], first.Outputs(2));

        // From here on every restore fails: an SDK is asked for that does not exist.
        File.WriteAllText(_folder.File("global.json"), """{"sdk":{"version":"99.0.100","rollForward":"disable"}}""");
        var second = await _feed.RunAsync("#r \"nuget: Outer, 2.0.0\"\nOuter.Name");
        Assert.Equal("text/plain: outer over inner 1.0.0", second.Outputs(0)[^1]);

        // A kept result whose files are gone does not count.
        Directory.Delete(_folder.File("packages", "inner"), recursive: true);
        var third = await _feed.RunAsync("#r \"nuget: Outer, 2.0.0\"\nOuter.Name");
        Assert.Equal(CellStatus.Failed, third.Cells[0].Status);
        Assert.Contains("Outer, 2.0.0 cannot be restored", third.Cells[0].Error!.Message);
    }

    [Fact]
    public async Task Central_package_file_above_the_notebook_decides_on_dependencies()
    {
        _feed.Configure();
        foreach (var version in new[] { "1.0.0", "1.0.1" })
            _feed.Pack("Inner", version, $"public static class Inner {{ public static string Name => \"inner {version}\"; }}");
        _feed.Pack("Outer", "2.0.0", "public static class Outer { public static string Name => Inner.Name; }", ("Inner", "1.0.0"));
        File.WriteAllText(_folder.File("Directory.Packages.props"),
            """
            <Project>
              <ItemGroup>
                <PackageVersion Include="Outer" Version="[2.0.0]" />
                <PackageVersion Include="Inner" Version="[1.0.1]" />
              </ItemGroup>
            </Project>
            """);

        var run = await _feed.RunAsync("#r \"nuget: Outer\"\nOuter.Name");

        Assert.Equal("text/plain: inner 1.0.1", run.Outputs(0)[^1]);
    }

    [Fact]
    public async Task Source_of_a_cell_is_used_and_shown()
    {
        _feed.Configure(withFeed: false);
        _feed.Pack("Inner", "1.0.0", "public static class Inner { public static string Name => \"inner\"; }");

        var run = await _feed.RunAsync(
            "#r \"nuget: Inner, 1.0.0\"", $"#i \"nuget:{_folder.File("feed")}\"\n#r \"nuget: Inner, 1.0.0\"\nInner.Name");

        Assert.Equal(CellStatus.Failed, run.Cells[0].Status);
        Assert.Contains("Inner, 1.0.0 cannot be restored", run.Cells[0].Error!.Message);
        Assert.Equal(1, run.Cells[0].Error!.Line);
        Assert.Contains($"<strong>Restore sources</strong><ul><li><span>{_folder.File("feed")}</span></li></ul>", run.Outputs(1)[0]);
        Assert.Equal("text/plain: inner", run.Outputs(1)[^1]);
    }

    [Fact]
    public void Letters_that_mean_something_to_MSBuild_are_letters_of_a_path()
    {
        var text = new RestoreProject(_folder.File("a%20b $(x) @(y)"), [], ["/more%3A/$(x)"]).Text;

        Assert.Contains("a%2520b %24(x) %40(y)<", text);
        Assert.Contains(">/more%253A/%24(x)<", text);
    }

    [Fact]
    public void A_limit_of_the_cells_memory_is_none_of_the_restores()
    {
        var environment = new Dictionary<string, string?>
        {
            ["DOTNET_GCHeapHardLimit"] = "10000000",
            ["MSBUILDNODE"] = "1",
            ["PATH"] = "/bin",
        };

        RestoreProcess.Prepare(environment);

        Assert.Equal("/bin", environment["PATH"]);
        Assert.DoesNotContain(environment.Keys, name => name.Contains("Limit") || name.StartsWith("MSBUILD", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Failed_restore_is_one_clear_error_and_nothing_of_the_cell_runs()
    {
        _feed.Configure();
        var run = await _feed.RunAsync("Console.WriteLine(\"not run\");\n#r \"nuget: No.Such.Package, 1.0.0\"", "\"next\"");

        Assert.Equal(2, run.Outputs(0).Count);
        Assert.StartsWith(
            "error: No.Such.Package, 1.0.0 cannot be restored:\nerror NU1101: Unable to find package No.Such.Package.",
            run.Outputs(0)[1]);
        Assert.DoesNotContain(_folder.Path, run.Outputs(0)[1]);
        Assert.Equal(2, run.Cells[0].Error!.Line);
        Assert.Equal(["text/plain: next"], run.Outputs(1));
    }

    [Fact]
    public async Task Package_wins_over_a_copy_beside_a_referenced_assembly_and_neighbours_are_found()
    {
        _feed.Configure();
        _feed.Pack("Shared", "1.0.0", "public static class Shared { public static string Name => \"from the package\"; }");
        Directory.CreateDirectory(_folder.File("lib"));
        var copy = PackageFeed.Compile("Shared", "1.0.0", "public static class Shared { public static string Name => \"from the copy\"; }");
        var neighbour = PackageFeed.Compile(
            "Neighbour", "1.0.0", "public static class Neighbour { public static string Name => \"neighbour\"; }");
        File.WriteAllBytes(_folder.File("lib", "Shared.dll"), copy);
        File.WriteAllBytes(_folder.File("lib", "Neighbour.dll"), neighbour);
        File.WriteAllBytes(_folder.File("lib", "Library.dll"), PackageFeed.Compile("Library", "1.0.0",
            "public static class Library { public static string Name => Shared.Name + \" and \" + Neighbour.Name; }", copy, neighbour));

        var run = await _feed.RunAsync("#r \"nuget: Shared, 1.0.0\"\n#r \"lib/Library.dll\"\nLibrary.Name + \", \" + Shared.Name",
            "AppDomain.CurrentDomain.GetAssemblies().Count(a => a.GetName().Name == \"Shared\").ToString()");

        Assert.Equal("text/plain: from the package and neighbour, from the package", run.Outputs(0)[^1]);
        Assert.Equal(["text/plain: 1"], run.Outputs(1));
    }

    [Fact]
    public async Task Native_library_of_a_package_is_found()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The test's native library is a copy of the Linux runtime's own.");
        _feed.Configure();
        var native = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "libSystem.Native.so");
        _feed.Pack("Natively", "1.0.0",
            """
            public static class Natively
            {
                [System.Runtime.InteropServices.DllImport("workbook-test")]
                private static extern int SystemNative_GetPid();
                public static bool Works => SystemNative_GetPid() == System.Environment.ProcessId;
            }
            """,
            files: [($"runtimes/{RuntimeInformation.RuntimeIdentifier}/native/libworkbook-test.so", File.ReadAllBytes(native)),
                ("runtimes/win-x64/native/workbook-test.dll", [1, 2, 3])]);

        var run = await _feed.RunAsync("#r \"nuget: Natively, 1.0.0\"\nNatively.Works.ToString()");

        Assert.Equal("text/plain: True", run.Outputs(0)[^1]);
    }

    [Fact]
    public async Task TorchSharp_is_restored_offline_once_the_solution_is_and_comes_from_its_package()
    {
        var repository = Repository.Find(AppContext.BaseDirectory);
        File.Copy(Path.Combine(repository.Root, "Directory.Packages.props"), _folder.File("Directory.Packages.props"));
        var library = Path.Combine(repository.Artifacts, "NotebookHelpers", "NotebookHelpers.dll");
        _folder.Notebook("notebook.ipynb",
            $"#r \"nuget: TorchSharp-cpu, 0.107.0\"\n#r \"{library.Replace('\\', '/')}\"\nusing NotebookHelpers;\nWorkbook.Start()",
            "using TorchSharp;\ntorch.arange(4).sum().item<long>().ToString()",
            "typeof(torch).Assembly.Location.Replace('\\\\', '/').Contains(\"/torchsharp/0.107.0/lib/\").ToString()",
            "Workbook.Cancellation.CanBeCanceled.ToString()");

        var run = await WorkerHarness.StartAsync(_folder, "notebook.ipynb", environment: new Dictionary<string, string?>
        {
            ["HTTPS_PROXY"] = "http://127.0.0.1:9",
            ["HTTP_PROXY"] = "http://127.0.0.1:9",
        });

        Assert.All(run.Statuses, status => Assert.Equal(CellStatus.Succeeded, status));
        Assert.Equal(["text/plain: 6"], run.Outputs(1));
        Assert.Equal(["text/plain: True"], run.Outputs(2));
        Assert.Equal(["text/plain: True"], run.Outputs(3));
    }
}
