using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NotebookRunner.Host;
using NotebookRunner.Tests.Host;

namespace NotebookRunner.Tests.Worker;

/// <summary>All recorded cells, each recording's in one session of ours.</summary>
public sealed class ConformanceSessions : IAsyncLifetime
{
    /// <summary>The recordings by name: their cells, each with its source and what the kernel gave.</summary>
    internal static IReadOnlyDictionary<string, JsonArray> Recordings { get; } = Read();

    internal IReadOnlyDictionary<string, WorkerHarness> Runs { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var runs = new Dictionary<string, WorkerHarness>();
        foreach (var (name, cells) in Recordings)
            runs[name] = await RunAsync(cells);
        Runs = runs;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Puts a recording's cells in a notebook, with what they use around it; returns its path within the folder.</summary>
    internal static string Prepare(TemporaryFolder folder, JsonArray cells)
    {
        // One of the cells shows its folder's name; others use what lies beside the notebook and in ../lib.
        Directory.CreateDirectory(folder.File("notebooks"));
        File.WriteAllText(folder.File("notebooks", "setup.csx"), "string Hello(string s) => \"hello \" + s;");
        File.WriteAllText(folder.File("notebooks", "values.csx"), "var fromCsx = \"imported value\";");
        File.WriteAllText(folder.File("notebooks", "bad.csx"), "var before = 1;\nint broken = \"x\";");
        File.WriteAllText(folder.File("notebooks", "throws.csx"), "Console.WriteLine(\"in file\");\nvar set = 5;\nthrow new Exception(\"from file\");");
        File.WriteAllText(folder.File("notebooks", "two.csx"), "#!csharp\nvar one = 1;\n#!csharp\none + 1");
        File.WriteAllText(folder.File("notebooks", "cls.cs"), "public class FromCs { public int V => 4; }");
        File.WriteAllText(folder.File("notebooks", "doc.dib"),
            "#!meta\n\n{}\n\n#!csharp\n\nvar fromDib = 3;\nfromDib\n\n#!markdown\n\n# Title\n\n#!csharp\n\nfromDib * 2\n");
        folder.Notebook(Path.Combine("notebooks", "good.ipynb"),
            TemporaryFolder.Code("var fromNb2 = 1;\nfromNb2"), TemporaryFolder.Markdown("# md"), TemporaryFolder.Code("Console.WriteLine(fromNb2);"));
        folder.Notebook(Path.Combine("notebooks", "other.ipynb"), TemporaryFolder.Markdown("# not code"), TemporaryFolder.Code("var fromNotebook = 21;\nfromNotebook"));
        var library = Path.Combine(Repository.Find(AppContext.BaseDirectory).Artifacts, "NotebookHelpers");
        Directory.CreateDirectory(folder.File("lib"));
        foreach (var file in Directory.EnumerateFiles(library, "*.dll"))
            File.Copy(file, folder.File("lib", Path.GetFileName(file)));
        var name = Path.Combine("notebooks", "conformance.ipynb");
        folder.Notebook(name, [.. cells.Select(cell => (string)cell!["source"]!)]);
        return name;
    }

    private static Dictionary<string, JsonArray> Read()
    {
        static JsonNode File(string name) => JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, name)))!;
        var recordings = new Dictionary<string, JsonArray> { ["first"] = File("kernel-conformance.json")["cells"]!.AsArray() };
        foreach (var session in File("kernel-conformance-more.json")["sessions"]!.AsArray())
            recordings[(string)session!["name"]!] = session["cells"]!.AsArray();
        return recordings;
    }

    private static async Task<WorkerHarness> RunAsync(JsonArray cells)
    {
        using var folder = new TemporaryFolder();
        var running = 0;
        var cancels = false;
        return await WorkerHarness.StartAsync(folder, Prepare(folder, cells), happened =>
        {
            if (happened is CellStarted started)
                (running, cancels) = (started.Number, started.FirstLine == "//cancel");
            return cancels && happened is OutputProduced ? $"cancel {running} As in the recording." : null;
        });
    }
}

/// <summary>What the real C# kernel recorded for a cell, ours gives too: values, MIME types, messages.</summary>
public sealed partial class ConformanceTests(ConformanceSessions sessions) : IClassFixture<ConformanceSessions>
{
    private const string DisplayOf3 = "text/html: <div class=\"dni-plaintext\"><pre>[ 3 ]</pre></div>";

    // Where our order and form are an editor's: streams in order and stderr apart, updates in place, in an earlier cell too.
    private static readonly Dictionary<string, string[]> AsAnEditor = new()
    {
        ["var shown = display(\"before\");\nshown.Update(\"after\");"] = ["text/plain: after"],
        ["Console.Write(\"one \");\nConsole.WriteLine(\"two\");\nConsole.Error.WriteLine(\"to stderr\");\nConsole.WriteLine(\"three\");"] =
            ["stdout: one two\n", "stderr: to stderr\n", "stdout: three\n"],
        ["Console.WriteLine(\"a line\");\ndisplay(\"a display\");\nConsole.WriteLine(\"another line\");\n7"] =
            ["stdout: a line\n", "text/plain: a display", "stdout: another line\n", "text/html: <div class=\"dni-plaintext\"><pre>7</pre></div>"],
        // dotnet-repl's parser makes such a cell a Markdown cell; here the file's cells stay what they are.
        ["#!markdown\n# A *heading*"] = ["text/markdown: # A *heading*"],
        ["var h = display(HTML(\"<i>1</i>\"));\nh.Update(HTML(\"<i>2</i>\"));"] = ["text/html: <i>2</i>"],
        ["var later = display(1);"] = ["text/html: <div class=\"dni-plaintext\"><pre>2</pre></div>"],
        ["later.Update(2);"] = [],
        ["var shownHere = display(\"start\"); await Task.Run(() => shownHere.Update(\"done elsewhere\"));"] = ["text/plain: done elsewhere"],
        ["var dv = display(new[] { 1, 2 });\ndv.Update(new[] { 3 });\ndv.Value"] = [DisplayOf3, DisplayOf3],
        ["var two = display(\"x\", \"text/plain\", \"text/html\");\ntwo.Update(\"y\");"] = ["text/html: <div class=\"dni-plaintext\"><pre>y</pre></div>", "text/plain: y"],
        ["var lateShown = display(\"a\"); var tt = new System.Threading.Thread(() => { lateShown.Update(\"b\"); }); tt.Start(); tt.Join();"] = ["text/plain: 4"],
        ["await Task.WhenAll(Enumerable.Range(0, 3).Select(n => Task.Run(() => lateShown.Update(\"n\")))); "] = [],
        ["for (var u = 0; u < 5; u++) { lateShown.Update(u); await Task.Delay(1); }"] = [],
    };

    public static TheoryData<string, int, string> Rows =>
        [.. ConformanceSessions.Recordings.SelectMany(recording => recording.Value.Select((cell, index) =>
            new TheoryDataRow<string, int, string>(recording.Key, index, (string)cell!["source"]!)))];

    public static TheoryData<string> Names => [.. ConformanceSessions.Recordings.Keys];

    [Fact]
    public void Every_recorded_cell_is_there() =>
        Assert.Equal(["first 69", "general 209", "values 313", "directives 18", "more values 143", "language 213", "display 147", "imports and directives 77", "formatters 132"], ConformanceSessions.Recordings.Select(recording => $"{recording.Key} {recording.Value.Count}"));

    [Theory, MemberData(nameof(Rows))]
    public void Cell_gives_what_the_kernel_recorded(string recording, int index, string source) =>
        Assert.Equal(AsAnEditor.GetValueOrDefault(source) ?? Expected(recording, index), sessions.Runs[recording].Outputs(index).Select(Plain));

    [Theory, MemberData(nameof(Names))]
    public async Task Cells_give_the_same_in_dotnet_repl(string recording)
    {
        var tool = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => new[] { "dotnet-repl", "dotnet-repl.exe" }.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        if (tool is null)
            Assert.Skip("dotnet-repl is not on the PATH of this machine: its column of the conformance table was not run.");
        var cells = ConformanceSessions.Recordings[recording];
        using var folder = new TemporaryFolder();
        var notebook = folder.File(ConformanceSessions.Prepare(folder, cells));
        using var run = Process.Start(new ProcessStartInfo(tool,
            ["--run", notebook, "--output-path", folder.File("out.ipynb"), "--output-format", "ipynb", "--exit-after-run"])
        { WorkingDirectory = Path.GetDirectoryName(notebook) })!;
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        var executed = JsonNode.Parse(File.ReadAllText(folder.File("out.ipynb")))!["cells"]!.AsArray();
        var differ = Enumerable.Range(0, cells.Count)
            .Select(index => (Source: (string)cells[index]!["source"]!, Expected: Expected(recording, index), Found: WorkerHarness.Outputs(executed[index]!).Select(Plain).ToList()))
            // It has no one to cancel a cell, and its forms of streams and updates are another's than an editor's.
            .Where(row => !row.Source.StartsWith("//cancel", StringComparison.Ordinal) && !AsAnEditor.ContainsKey(row.Source) && !row.Found.Any(output => output.StartsWith("std", StringComparison.Ordinal)))
            .Where(row => !row.Expected.SequenceEqual(row.Found.Select(output => output.Split("\n   at ")[0])))
            .Select(row => row.Source);
        Assert.Empty(differ);
    }

    private static IEnumerable<string> Expected(string recording, int index) =>
        ConformanceSessions.Recordings[recording][index]!["outputs"]!.AsArray().SelectMany(output => (string)output!["type"]! switch
        {
            "display" => output["data"]!.AsObject().OrderBy(data => data.Key, StringComparer.Ordinal).Select(data => $"{data.Key}: {(string)data.Value!}"),
            "stream" => [$"{(string?)output["name"] ?? "stdout"}: {(string)output["text"]!}"],
            "error" => [$"error: {(string)output["value"]!}"],
            var other => [other],
        });

    // Without what no two runs share.
    private static string Plain(string output) => Chance().Replace(output, match => match.Groups["keep"].Value);

    [GeneratedRegex(@" in [^\n<]*?:line \d+|(?<keep>lambda_method)\d+")]
    private static partial Regex Chance();
}
