using System.Diagnostics;
using System.Text.Json.Nodes;

[assembly: AssemblyFixture(typeof(Notebooks.Tests.QuickRun))]

namespace Notebooks.Tests;

/// <summary>All notebooks, executed once by the runner's own command in the quick profile; every test looks at what it left.</summary>
public sealed class QuickRun : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(45);

    /// <summary>Where the executed copies are: not where a reader's own runs put theirs.</summary>
    internal static string Folder => Path.Combine(Lesson.Root, "artifacts", "tests", "executed");

    internal int ExitCode { get; private set; }

    internal string Output { get; private set; } = "";

    internal Lesson Executed(string name) => new(Path.Combine(Folder, name));

    /// <summary>The outputs of some of a lesson's cells, by the cells' ids.</summary>
    internal IEnumerable<JsonNode> Outputs(string name, params string[] ids)
    {
        var cells = Executed(name).CodeCells.ToDictionary(cell => (string)cell["id"]!);
        return ids.SelectMany(id => cells[id]["outputs"]!.AsArray())!;
    }

    /// <summary>The same as text, streams too.</summary>
    internal string Shown(string name, params string[] ids) => string.Join('\n', Outputs(name, ids).Select(Lesson.TextOf));

    /// <summary>The lines of that text.</summary>
    internal string[] Lines(string name, params string[] ids) => Shown(name, ids).Split('\n');

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "NotebookRunner.dll"),
                "run", "--profile", "quick", "--timeout", "600", "--output", Folder, "--no-book",
            },
            WorkingDirectory = Lesson.Root,
        };
        var runner = await ChildProcess.RunAsync(start, Limit);
        (ExitCode, Output) = (runner.ExitCode, runner.Output + runner.Error);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
