using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using NotebookHelpers;

namespace Benchmarks.Runner;

/// <summary>What the runner itself costs: the cold start of a notebook of one line, and its share of a long run.</summary>
internal static class RunnerCommand
{
    internal static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often each notebook is run.", DefaultValueFactory = _ => 5 };
        var cells = new Option<int>("--cells") { Description = "Cells of the long notebook.", DefaultValueFactory = _ => 40 };
        var seconds = new Option<double>("--seconds")
        {
            Description = "What each of them works, in seconds.",
            DefaultValueFactory = _ => 1.5,
        };
        var command = new Command("runner", "Cold start of a one-line notebook, and what a long notebook takes beyond its cells' own work.")
        {
            rounds, cells, seconds,
        };
        command.SetAction(parsed => Run(parsed.GetValue(rounds), parsed.GetValue(cells), parsed.GetValue(seconds)));
        return command;
    }

    private static int Run(int rounds, int cells, double seconds)
    {
        var built = Path.Combine(Workbook.Root, "src", "NotebookRunner", "bin");
        string[] builds = Directory.Exists(built) ? Directory.GetFiles(built, "NotebookRunner.dll", SearchOption.AllDirectories) : [];
        var runner = builds.MaxBy(File.GetLastWriteTimeUtc)
            ?? throw new FileNotFoundException("The runner is not built: dotnet build src/NotebookRunner -c Release.");
        var folder = Directory.CreateTempSubdirectory("convnet-runner-").FullName;
        try
        {
            var program = Path.GetRelativePath(Workbook.Root, runner);
            Console.WriteLine($"{Machine.Describe()}; {program}, {rounds} rounds after one that warms up, " +
                "medians (lowest to highest).");
            var line = Notebook(folder, "line", ["1 + 1"]);
            var package = Notebook(folder, "package", ["#r \"nuget: XPlot.Plotly, 4.1.0\"\ntypeof(XPlot.Plotly.Scatter).Name"]);
            // What a lesson's cell does, in small: some work with a result that is shown. Each says what it took itself.
            var milliseconds = (int)(1000 * seconds);
            var work = Notebook(folder, "long", [.. Enumerable.Range(0, cells).Select(i =>
                $"var clock{i} = System.Diagnostics.Stopwatch.StartNew();\nvar sum{i} = 0.0;\n" +
                $"while (clock{i}.ElapsedMilliseconds < {milliseconds}) for (var n = 1; n < 1000; n++) sum{i} += 1.0 / n;\n" +
                $"Console.WriteLine($\"cell {i}\");\nnew {{ Cell = {i}, Seconds = clock{i}.Elapsed.TotalSeconds }}")]);
            Sample lines = new(), packages = new(), over = new();
            for (var round = 0; round <= rounds; round++)
            {
                var (one, restored) = (Time(runner, folder, line), Time(runner, folder, package));
                if (round == 0)
                    continue;
                lines.Add(one);
                packages.Add(restored);
            }
            for (var round = 0; round < Math.Max(1, rounds / 5); round++)
                over.Add(100 * (Time(runner, folder, work) / (seconds * cells) - 1));
            Console.WriteLine("| notebook | from the command to its end |");
            Console.WriteLine("| --- | ---: |");
            Console.WriteLine($"| one line | {lines.ToText("0.00")} s |");
            Console.WriteLine($"| one line and a package that is restored already | {packages.ToText("0.00")} s |");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {cells} cells of {seconds} s each | {over.ToText("0.0")} % over the cells' own {seconds * cells:0} s |"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Time(string runner, string folder, string notebook)
    {
        var clock = Stopwatch.StartNew();
        string[] arguments = [runner, "run", notebook, "--output", Path.Combine(folder, "executed"), "--no-book"];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = Workbook.Root,
            RedirectStandardOutput = true,
        })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? clock.Elapsed.TotalSeconds : throw new InvalidOperationException($"The runner failed:\n{said}");
    }

    private static string Notebook(string folder, string name, IEnumerable<string> cells)
    {
        var file = Path.Combine(folder, name + ".ipynb");
        File.WriteAllText(file, new JsonObject
        {
            ["cells"] = new JsonArray([.. cells.Select((source, i) => new JsonObject
            {
                ["cell_type"] = "code",
                ["execution_count"] = null,
                ["id"] = $"cell-{i}",
                ["metadata"] = new JsonObject(),
                ["outputs"] = new JsonArray(),
                ["source"] = source,
            })]),
            ["metadata"] = new JsonObject { ["language_info"] = new JsonObject { ["name"] = "csharp" } },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        }.ToJsonString());
        return file;
    }
}
