namespace NotebookRunner.Tests.Worker;

/// <summary>Packages whose extensions for the kernel fail, each in another way: the cell says so and goes on.</summary>
public sealed class FailingExtensionTests : IDisposable
{
    private const string Folder = "interactive-extensions/dotnet/";
    private const string Good = "public Task OnLoadAsync(Kernel kernel) => Task.CompletedTask;";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("public Task OnLoadAsync(Kernel kernel) => throw new System.Exception(\"at once\");", "Exception: at once")]
    [InlineData(
        "public async Task OnLoadAsync(Kernel kernel) { await Task.Yield(); throw new System.Exception(\"later\"); }",
        "Exception: later")]
    [InlineData($"public Bad() => throw new System.ArgumentException(\"when made\"); {Good}", "ArgumentException: when made")]
    [InlineData($"static Bad() => throw new System.FormatException(\"for its type\"); {Good}", "for its type")]
    [InlineData($"public Bad(int number) {{ }} {Good}", "MissingMethodException")]
    public async Task An_extension_that_throws(string members, string why) => await GoesOnAsync("Bad.dll", why,
        Extension($"public sealed class Bad : IKernelExtension {{ {members} }}"));

    [Fact]
    public async Task One_that_needs_an_assembly_that_is_nowhere()
    {
        var nowhere = PackageFeed.Compile("Nowhere", "1.0.0", "public class Nowhere { }");
        await GoesOnAsync("Bad.dll", "Nowhere", PackageFeed.Compile("Bad", "1.0.0", "public class Bad : Nowhere { }", nowhere));
    }

    [Fact]
    public async Task One_that_is_no_assembly() => await GoesOnAsync("Bad.dll", "BadImageFormatException", [1, 2, 3]);

    [Theory]
    [InlineData("#!csharp\nint x = \"text\";", "CS0029")]
    [InlineData("#!csharp\nthrow new Exception(\"in a script\");", "in a script")]
    [InlineData("#!fsharp\nlet x = 1", "this runner has C# only")]
    [InlineData("#!import \"nothing.csx\"", "nothing.csx")]
    public async Task A_script_that_fails(string script, string why) =>
        await GoesOnAsync("extension.dib", why, System.Text.Encoding.UTF8.GetBytes(script));

    private async Task GoesOnAsync(string file, string why, byte[] content)
    {
        var feed = new PackageFeed(_folder);
        feed.Configure();
        feed.Pack("Extended", "1.0.0", "public static class Extended { public static string Name => \"extended\"; }",
            files: [(Folder + file, content), (Folder + "Good.dll", Extension(
                "public sealed class Good : IKernelExtension { public Task OnLoadAsync(Kernel kernel) { " +
                "System.Console.WriteLine(\"the other one is loaded\"); return Task.CompletedTask; } }", "Good"))]);

        var run = await feed.RunAsync("#r \"nuget: Extended, 1.0.0\"\nExtended.Name", "\"next\"");

        Assert.Equal([CellStatus.Succeeded, CellStatus.Succeeded], run.Statuses);
        var said = Assert.Single(run.Outputs(0), output => output.StartsWith("stderr: ", StringComparison.Ordinal));
        Assert.StartsWith($"stderr: The kernel extension {file} could not be loaded (", said);
        Assert.Contains(why, said);
        Assert.DoesNotContain(_folder.Path, said);
        Assert.Contains(run.Outputs(0), output => output == "stdout: the other one is loaded\n");
        Assert.Equal("text/plain: extended", run.Outputs(0)[^1]);
        Assert.Equal(["text/plain: next"], run.Outputs(1));
    }

    private static byte[] Extension(string type, string name = "Bad") => PackageFeed.Compile(name, "1.0.0",
        $"using System.Threading.Tasks; using Microsoft.DotNet.Interactive; {type}",
        File.ReadAllBytes(typeof(Microsoft.DotNet.Interactive.Kernel).Assembly.Location));
}
