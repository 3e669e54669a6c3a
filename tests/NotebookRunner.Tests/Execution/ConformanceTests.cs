using System.Text.Json.Nodes;
using NotebookRunner.Tests.Hosting;

namespace NotebookRunner.Tests.Execution;

/// <summary>All recorded cells in one session of ours.</summary>
public sealed class ConformanceSession : IAsyncLifetime
{
    internal static JsonArray Cells { get; } = JsonNode.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "kernel-conformance.json")))!["cells"]!.AsArray();

    internal WorkerRun Run { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        using var folder = new TemporaryFolder();
        var name = Path.Combine("notebooks", "conformance.ipynb"); // one of the cells shows its folder's name
        Directory.CreateDirectory(folder.File("notebooks"));
        File.WriteAllText(folder.File("notebooks", "setup.csx"), "string Hello(string s) => \"hello \" + s;");
        folder.Notebook(name, [.. Cells.Select(cell => (string)cell!["source"]!)]);
        Run = await WorkerRun.StartAsync(folder, name);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>What the real C# kernel recorded for a cell, ours gives too: values, MIME types, messages.</summary>
public sealed class ConformanceTests(ConformanceSession session) : IClassFixture<ConformanceSession>
{
    // Where our order and form are an editor's and not dotnet-repl's, as the file's "about" says.
    private static readonly Dictionary<string, string[]> AsAnEditor = new()
    {
        ["var shown = display(\"before\");\nshown.Update(\"after\");"] = ["text/plain: after"],
        ["Console.Write(\"one \");\nConsole.WriteLine(\"two\");\nConsole.Error.WriteLine(\"to stderr\");\nConsole.WriteLine(\"three\");"] =
            ["stdout: one two\n", "stderr: to stderr\n", "stdout: three\n"],
        ["Console.WriteLine(\"a line\");\ndisplay(\"a display\");\nConsole.WriteLine(\"another line\");\n7"] =
            ["stdout: a line\n", "text/plain: a display", "stdout: another line\n", "text/html: <div class=\"dni-plaintext\"><pre>7</pre></div>"],
        // dotnet-repl's parser makes such a cell a Markdown cell; here the file's cells stay what they are.
        ["#!markdown\n# A *heading*"] = ["text/markdown: # A *heading*"],
    };

    public static TheoryData<int, string> Rows =>
        [.. ConformanceSession.Cells.Select((cell, index) => new TheoryDataRow<int, string>(index, (string)cell!["source"]!))];

    [Fact]
    public void Every_recorded_cell_is_there() => Assert.Equal(69, ConformanceSession.Cells.Count);

    [Theory]
    [MemberData(nameof(Rows))]
    public void Cell_gives_what_the_kernel_recorded(int index, string source) =>
        Assert.Equal(AsAnEditor.GetValueOrDefault(source) ?? Expected(index), session.Run.Outputs(index));

    private static IEnumerable<string> Expected(int index) =>
        ConformanceSession.Cells[index]!["outputs"]!.AsArray().SelectMany(output => (string)output!["type"]! switch
        {
            "display" => output["data"]!.AsObject().OrderBy(data => data.Key, StringComparer.Ordinal).Select(data => $"{data.Key}: {(string)data.Value!}"),
            "stream" => [$"stdout: {(string)output["text"]!}"],
            "error" => [$"error: {(string)output["value"]!}"],
            var other => [other],
        });
}
