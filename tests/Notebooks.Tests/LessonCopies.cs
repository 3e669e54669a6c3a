using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Notebooks.Tests;

/// <summary>
/// Changed copies of lessons, executed once by the runner in the quick profile: with answers to the exercises, and lessons 1 and 2
/// without torch.
/// </summary>
public sealed class LessonCopies : IAsyncLifetime
{
    private const string WithoutTorch = "without-torch-";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(90);

    private static string Folder => Path.Combine(Lesson.Root, "artifacts", "tests", "copies");

    private static string Executed => Path.Combine(Folder, "executed");

    private string _output = "";

    /// <summary>What the lesson said of one answer.</summary>
    internal string Verdict(ExerciseAnswer answer)
    {
        var set = SetOf(answer);
        var cell = Copy(answer.Lesson).CodeCells.Single(cell => (string)cell["id"]! == $"checked-{set}");
        var table = string.Join('\n', cell["outputs"]!.AsArray().Select(output =>
            Lesson.Text(output!["data"]?["text/plain"] ?? output["text"] ?? output["evalue"])));
        var row = table.Split('\n').Select(line => line.Trim())
            .FirstOrDefault(line => line.StartsWith($"{answer.Exercise}  ", StringComparison.Ordinal));
        return row?[1..].Trim() ?? table;
    }

    /// <summary>A lesson as it is executed where there is no torch: nothing in it may use torch then.</summary>
    internal Lesson WhereTorchIsMissing(string lesson) => Copy(WithoutTorch + lesson);

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
        Directory.CreateDirectory(Folder);
        foreach (var lesson in ExerciseAnswer.All.Select(answer => answer.Lesson).Distinct())
            Write(lesson, WithAnswers(lesson));
        foreach (var lesson in HandLessonsTests.Names)
            Write(WithoutTorch + lesson, Torchless(lesson));
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "NotebookRunner.dll"),
                "run", Folder, "--profile", "quick", "--timeout", "600", "--output", Executed, "--no-book",
            },
            WorkingDirectory = Lesson.Root,
        };
        var runner = await ChildProcess.RunAsync(start, Limit);
        _output = runner.Output + runner.Error;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Lesson Copy(string name)
    {
        var path = Path.Combine(Executed, name);
        Assert.True(File.Exists(path), _output);
        return new(path);
    }

    /// <summary>
    /// The lesson, and at its end, once for every set of answers, the cell that holds them and the cell that judges them.
    /// </summary>
    private static JsonNode WithAnswers(string name)
    {
        var json = Lesson.Named(name).Json;
        var cells = json["cells"]!.AsArray();
        var given = cells.Single(cell => Lesson.TakesAnswers(cell!))!;
        var judge = cells.Single(cell => Lesson.HasTag(cell!, "answer"))!;
        foreach (var set in ExerciseAnswer.All.Where(answer => answer.Lesson == name).GroupBy(SetOf))
        {
            var source = set.Aggregate(Lesson.Text(given["source"]), (text, answer) =>
                text.Replace($"answer{answer.Exercise} = null;", $"answer{answer.Exercise} = {answer.Code};", StringComparison.Ordinal));
            cells.Add(With(given, $"given-{set.Key}", source));
            cells.Add(With(judge, $"checked-{set.Key}", Lesson.Text(judge["source"])));
        }
        return json;
    }

    /// <summary>The lesson where torch loads, but each of its functions fails, from the second cell on.</summary>
    private static JsonNode Torchless(string name)
    {
        const string Asked = "Workbook.HasTorch";
        // The workbook's start leaves a generator, which may end at any time: what ends one is found before the rest is gone.
        const string Gone = "new TorchSharp.torch.Generator(0).Dispose();\n"
            + "System.Runtime.InteropServices.NativeLibrary.SetDllImportResolver(\n"
            + "    typeof(TorchSharp.torch).Assembly, (_, _, _) => throw new Exception(\"torch is used\"));";
        const string Proof = "var answers = true;\ntry { TorchSharp.torch.zeros(1); } catch (Exception) { answers = false; }\n"
            + "if (answers) throw new Exception(\"torch is there all the same\");";
        var json = Lesson.Named(name).Json;
        var cells = json["cells"]!.AsArray();
        var code = cells.Where(cell => (string?)cell!["cell_type"] == "code").Select(cell => cell!).ToList();
        Assert.Contains(code, cell => Lesson.Text(cell["source"]).Contains(Asked, StringComparison.Ordinal));
        foreach (var cell in code)
            cell["source"] = Lesson.Text(cell["source"]).Replace(Asked, "(Environment.ProcessId < 0)", StringComparison.Ordinal);
        cells.Insert(cells.IndexOf(code[0]) + 1, With(code[0], "torch-gone", Gone));
        cells.Add(With(code[0], "torch-proof", Proof));
        return json;
    }

    private static JsonNode With(JsonNode cell, string id, string source)
    {
        var copy = cell.DeepClone();
        (copy["id"], copy["source"]) = (id, source);
        return copy;
    }

    private static void Write(string name, JsonNode json) =>
        File.WriteAllText(Path.Combine(Folder, name), json.ToJsonString().Replace("../artifacts/", "../../", StringComparison.Ordinal));

    /// <summary>The answers to one exercise go into one set each; all exercises share the sets.</summary>
    private static int SetOf(ExerciseAnswer answer) =>
        ExerciseAnswer.All.Where(other => other.Lesson == answer.Lesson && other.Exercise == answer.Exercise)
            .TakeWhile(other => other != answer).Count();
}
