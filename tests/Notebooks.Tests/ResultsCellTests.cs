using System.Text.Json.Nodes;
using NotebookRunner.Documents;

namespace Notebooks.Tests;

/// <summary>
/// A cell with the tag "results" shows nothing but what data/results says, so that it shows the same in every profile: what is
/// committed is what it shows now.
/// </summary>
public sealed class ResultsCellTests(QuickRun run)
{
    public static TheoryData<string> Lessons =>
        [.. Lesson.Names.Where(name => Tagged(name).Any())];

    [Theory, MemberData(nameof(Lessons))]
    public void Committed_outputs_are_what_the_results_files_say(string name)
    {
        Assert.SkipUnless(IsFresh(name), $"{name} has changed since its outputs were made, which the runner's check says too: run it in place.");
        var committed = Lesson.Named(name).CodeCells.ToDictionary(cell => (string)cell["id"]!, cell => Shown(cell["outputs"]!.AsArray()!));
        Assert.All(Tagged(name), id => Assert.True(committed[id] == Shown(run.Outputs(name, id)),
            $"{name}, cell {id}: the committed output and data/results disagree. Run 'dotnet run --project src/NotebookRunner -- run "
            + $"{name[..2]} --profile full --in-place' and commit what it writes. Committed:\n{committed[id]}\nNow:\n{Shown(run.Outputs(name, id))}"));
    }

    [Fact]
    public void The_lesson_of_experiments_has_such_cells() => Assert.InRange(Tagged("07-experiments.ipynb").Count(), 10, 20);

    private static bool IsFresh(string name)
    {
        var notebook = NotebookDocument.Read(Lesson.Named(name).Path);
        return (string?)notebook.Metadata?[Provenance.Key]?["source_sha256"] == Provenance.HashOf(notebook);
    }

    private static IEnumerable<string> Tagged(string name) => Lesson.Named(name).CodeCells
        .Where(cell => Lesson.HasTag(cell, "results")).Select(cell => (string)cell["id"]!);

    private static string Shown(IEnumerable<JsonNode> outputs) =>
        string.Join('\n', outputs.Select(output => Lesson.Text(output["data"]?["text/plain"] ?? output["text"])));
}
