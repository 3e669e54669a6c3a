using NotebookRunner.Host;

namespace NotebookRunner.Tests.Worker;

/// <summary>Packages' extensions for the kernel, of the packages themselves.</summary>
public sealed class KernelExtensionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>In the versions of Directory.Packages.props.</summary>
    [Fact]
    public async Task Plotly_chart_as_last_expression_shows_as_the_chart()
    {
        File.Copy(Repository.Find(AppContext.BaseDirectory).Packages, _folder.File("Directory.Packages.props"));
        var run = await RunAsync(
            "#r \"nuget: Plotly.NET.Interactive\"\n#r \"nuget: Plotly.NET.CSharp\"",
            "Plotly.NET.CSharp.Chart.Point<int, int, string>(new[] { 1, 2, 3 }, new[] { 4, 5, 6 })");

        Assert.Contains("text/plain: Loading extensions from `Plotly.NET.Interactive.dll`", run.Outputs(0));
        Assert.StartsWith("text/html: ", Assert.Single(run.Outputs(1)));
        Assert.Contains("Plotly.newPlot", run.Outputs(1)[0]);
    }

    [Fact]
    public async Task Data_frame_shows_as_its_table()
    {
        var run = await RunAsync(
            "#r \"nuget: Microsoft.Data.Analysis, 0.23.1\"\nusing Microsoft.Data.Analysis;\n" +
            "new DataFrame(new PrimitiveDataFrameColumn<int>(\"a\", new[] { 1, 2 }))");

        Assert.Equal("text/plain: Loading extensions from `Microsoft.Data.Analysis.Interactive.dll`", run.Outputs(0)[1]);
        Assert.Matches("^text/html: <table id=\"table_\\d+\"><thead><tr><th><i>index</i></th><th>a</th></tr></thead>", run.Outputs(0)[2]);
    }

    [Fact]
    public async Task Bitmap_shows_as_its_picture()
    {
        var run = await RunAsync(
            "#r \"nuget: SkiaSharp, 2.88.9\"\n#r \"nuget: SkiaSharp.NativeAssets.Linux.NoDependencies, 2.88.9\"",
            "using SkiaSharp;\nvar bitmap = new SKBitmap(2, 2);\nbitmap.Erase(SKColors.Red);\nbitmap");

        Assert.Contains("text/plain: Loading extensions from `SkiaSharp.DotNet.Interactive.dll`", run.Outputs(0));
        Assert.Contains(run.Outputs(1), output => output.Contains("data:image/png;base64,iVBOR", StringComparison.Ordinal)
            || output.StartsWith("image/png: iVBOR", StringComparison.Ordinal));
    }

    private async Task<WorkerHarness> RunAsync(params string[] cells)
    {
        var run = await WorkerHarness.OfAsync(_folder, cells);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (home.Length <= 3)
            TestContext.Current.TestOutputHelper?.WriteLine($"This user's home, '{home}', is in every text: it is not looked for.");
        else
            Assert.All(Enumerable.Range(0, cells.Length), cell => Assert.DoesNotContain(home, string.Join('\n', run.Outputs(cell))));
        return run;
    }
}
