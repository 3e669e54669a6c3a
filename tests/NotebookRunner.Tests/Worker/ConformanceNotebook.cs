using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NotebookRunner.Host;
using NotebookRunner.Tests.Host;

namespace NotebookRunner.Tests.Worker;

/// <summary>A list of cells as a notebook, with what they use around it, and what each host makes of it.</summary>
internal sealed partial class ConformanceNotebook : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly TemporaryFolder _folder = new();
    private readonly string _name = Path.Combine("notebooks", "conformance.ipynb");

    internal ConformanceNotebook(IReadOnlyList<string> cells)
    {
        // One of the cells shows its folder's name; others use what lies beside the notebook and in ../lib.
        Directory.CreateDirectory(_folder.File("notebooks"));
        void Write(string name, string text) => File.WriteAllText(_folder.File("notebooks", name), text);
        Write("setup.csx", "string Hello(string s) => \"hello \" + s;");
        Write("values.csx", "var fromCsx = \"imported value\";");
        Write("bad.csx", "var before = 1;\nint broken = \"x\";");
        Write("throws.csx", "Console.WriteLine(\"in file\");\nvar set = 5;\nthrow new Exception(\"from file\");");
        Write("two.csx", "#!csharp\nvar one = 1;\n#!csharp\none + 1");
        Write("cls.cs", "public class FromCs { public int V => 4; }");
        Write("doc.dib",
            "#!meta\n\n{}\n\n#!csharp\n\nvar fromDib = 3;\nfromDib\n\n#!markdown\n\n# Title\n\n#!csharp\n\nfromDib * 2\n");
        _folder.Notebook(Path.Combine("notebooks", "good.ipynb"),
            NotebookJson.Code("var fromNb2 = 1;\nfromNb2"), NotebookJson.Markdown("# md"),
            NotebookJson.Code("Console.WriteLine(fromNb2);"));
        _folder.Notebook(Path.Combine("notebooks", "other.ipynb"),
            NotebookJson.Markdown("# not code"), NotebookJson.Code("var fromNotebook = 21;\nfromNotebook"));
        Directory.CreateDirectory(_folder.File("lib"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Artifacts, "NotebookHelpers"), "*.dll"))
            File.Copy(file, _folder.File("lib", Path.GetFileName(file)));
        AddPolyglotMetadata(_folder.Notebook(_name, [.. cells]));
    }

    private static Repository Repository { get; } = Repository.Find(AppContext.BaseDirectory);

    public void Dispose() => _folder.Dispose();

    // Without it dotnet-repl knows no #r "nuget: …".
    private static void AddPolyglotMetadata(string notebook)
    {
        var json = JsonNode.Parse(File.ReadAllText(notebook))!;
        json["metadata"]!["polyglot_notebook"] = JsonNode.Parse(
            """{"kernelInfo":{"defaultKernelName":"csharp","items":[{"name":"csharp","aliases":[]}]}}""");
        File.WriteAllText(notebook, json.ToJsonString());
    }

    /// <summary>What a session of ours gives, a list for each cell.</summary>
    internal async Task<IReadOnlyList<IReadOnlyList<string>>> OursAsync(int cells)
    {
        var (running, cancels) = (0, false);
        var run = await WorkerHarness.StartAsync(_folder, _name, happened =>
        {
            if (happened is CellStarted started)
                (running, cancels) = (started.Number, started.FirstLine == "//cancel");
            return cancels && happened is OutputProduced ? $"cancel {running} As on the kernel." : null;
        });
        return [.. Enumerable.Range(0, cells).Select(cell => (IReadOnlyList<string>)[.. run.Outputs(cell).Select(Plain)])];
    }

    /// <summary>What the released kernel gives, hosted in a process of its own.</summary>
    internal async Task<IReadOnlyList<IReadOnlyList<string>>> ReleasedKernelAsync()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var program = Path.Combine(Repository.Root, "tests", "ReleasedKernel", "bin", configuration, "net10.0", "ReleasedKernel.dll");
        await RunAsync("dotnet", [program, _folder.File(_name), _folder.File("kernel.json")], Repository.Root);
        var shown = new Dictionary<string, List<string>>();
        return [.. JsonNode.Parse(await File.ReadAllTextAsync(_folder.File("kernel.json")))!["cells"]!.AsArray()
            .Select(cell => Merge(cell!.AsArray(), shown))];
    }

    /// <summary>What dotnet-repl's notebook runner gives.</summary>
    internal async Task<IReadOnlyList<IReadOnlyList<string>>> DotnetReplAsync()
    {
        // It is started in the notebook's folder, beside a manifest of tools: its --working-dir does not reach the cells.
        string[] arguments =
        [
            "dotnet-repl", "--run", _folder.File(_name), "--output-path", _folder.File("repl.ipynb"), "--output-format", "ipynb",
            "--working-dir", _folder.File("notebooks"), "--exit-after-run",
        ];
        const int ACellFailed = 2;
        await RunAsync("dotnet", arguments, CopyToolManifest(), allowed: ACellFailed);
        return [.. JsonNode.Parse(await File.ReadAllTextAsync(_folder.File("repl.ipynb")))!["cells"]!.AsArray()
            .Select(cell => (IReadOnlyList<string>)[.. WorkerHarness.Outputs(cell!).Select(WithoutTrace).Select(Plain)])];
    }

    /// <summary>Why dotnet-repl cannot be had on this machine; null where it can.</summary>
    internal static async Task<string?> WhyNoDotnetReplAsync()
    {
        try
        {
            await RunAsync("dotnet", ["tool", "restore"], Repository.Root);
            return null;
        }
        catch (InvalidOperationException failed)
        {
            return failed.Message;
        }
    }

    private string CopyToolManifest()
    {
        var folder = _folder.File("notebooks");
        var manifest = Path.Combine(".config", "dotnet-tools.json");
        Directory.CreateDirectory(Path.Combine(folder, ".config"));
        File.Copy(Path.Combine(Repository.Root, manifest), Path.Combine(folder, manifest));
        return folder;
    }

    private static string WithoutTrace(string output) =>
        output.StartsWith("error: ", StringComparison.Ordinal) ? output.Split("\n   at ")[0] : output;

    // Where a display stands that is changed later, the last state counts; neighbouring writes to a stream are one output.
    private IReadOnlyList<string> Merge(JsonArray events, Dictionary<string, List<string>> shown)
    {
        var outputs = new List<List<string>>();
        string? stream = null;
        foreach (var happened in events)
        {
            var kind = (string)happened!["kind"]!;
            if (kind is "stdout" or "stderr")
            {
                if (stream != kind)
                    outputs.Add([$"{stream = kind}: "]);
                outputs[^1][0] += Plain((string?)happened["text"] ?? "");
                continue;
            }
            stream = null;
            if (kind == "error")
            {
                outputs.Add([$"error: {Plain((string?)happened["text"] ?? "").Split("\n   at ")[0]}"]);
                continue;
            }
            var values = happened["data"]!.AsObject().OrderBy(value => value.Key, StringComparer.Ordinal)
                .Select(value => Plain($"{value.Key}: {(string?)value.Value}")).ToList();
            var id = (string?)happened["id"] ?? "";
            if (kind == "update" && shown.TryGetValue(id, out var place))
            {
                place.Clear();
                place.AddRange(values);
                continue;
            }
            outputs.Add(shown[id] = values);
        }
        return new Flattened(outputs);
    }

    // Without what no two runs share.
    private string Plain(string output) =>
        Chance().Replace(WorkerHarness.Style().Replace(output, ""), match => match.Groups["keep"].Value)
            .Replace(_folder.File("notebooks"), "<notebook folder>", StringComparison.Ordinal);

    private static async Task RunAsync(string program, string[] arguments, string folder, int allowed = 0)
    {
        var ended = await ChildProcess.RunAsync(new(program, arguments) { WorkingDirectory = folder }, Limit);
        if (ended.ExitCode != 0 && ended.ExitCode != allowed)
            throw new InvalidOperationException(
                $"{string.Join(' ', arguments)}: exit code {ended.ExitCode}\n{ended.Output}{ended.Error}");
    }

    [GeneratedRegex(
        @" in [^\n<]*?:line \d+|(?<keep>lambda_method)\d+|\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b")]
    private static partial Regex Chance();

    /// <summary>A cell's outputs, read when they are asked for: a later cell may change one.</summary>
    private sealed class Flattened(List<List<string>> outputs) : IReadOnlyList<string>
    {
        public int Count => outputs.Sum(output => output.Count);

        public string this[int index] => outputs.SelectMany(output => output).ElementAt(index);

        public IEnumerator<string> GetEnumerator() => outputs.SelectMany(output => output).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
