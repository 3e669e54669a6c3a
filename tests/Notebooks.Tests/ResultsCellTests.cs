using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NotebookRunner.Documents;

namespace Notebooks.Tests;

/// <summary>
/// A cell with the tag "results" shows what data/results says, the same in every profile: what is committed is what it shows now.
/// </summary>
public sealed partial class ResultsCellTests(QuickRun run)
{
    /// <summary>Rows of such a cell that the lesson measures itself, which differ by profile; all others are held.</summary>
    private static readonly Dictionary<string, string[]> Live = new()
    {
        ["better-flips-answers"] = ["with shifts, the cells above"],
        ["better-recap-code"] = ["Half as many mistakes?", "Do mirrored digits help?", "Which digits pay?"],
    };

    public static TheoryData<string> Lessons =>
        [.. Lesson.Names.Where(name => Tagged(name).Any())];

    [Theory, MemberData(nameof(Lessons))]
    public void Committed_outputs_are_what_the_results_files_say(string name)
    {
        Assert.SkipUnless(IsFresh(name),
            $"{name} has changed since its outputs were made, which FileTests says too: run it in place.");
        Assert.All(Tagged(name), id => Assert.True(Held(id, Committed(name, id)) == Held(id, run.Outputs(name, id)),
            $"{name}, cell {id}: the committed output and data/results disagree. Run 'dotnet run --project src/NotebookRunner -- run "
            + $"{name[..2]} --profile full --in-place' and commit what it writes. Committed:\n{Shown(Committed(name, id))}\n"
            + $"Now:\n{Shown(run.Outputs(name, id))}"));
    }

    [Fact]
    public void Cells_that_show_results_have_the_tag()
    {
        var untagged = Lesson.Names.SelectMany(name => Lesson.Named(name).CodeCells)
            .Where(cell => !Lesson.HasTag(cell, "results") && !Lesson.HasTag(cell, "check"))
            .Where(cell => Lesson.Text(cell["source"]).Contains(".Results()", StringComparison.Ordinal))
            .Where(cell => cell["outputs"]!.AsArray().Count > 0);
        Assert.Empty(untagged.Select(cell => (string)cell["id"]!));
        Assert.InRange(Tagged("07-experiments.ipynb").Count(), 10, 20);
    }

    [Fact]
    public void Rows_that_are_not_held_are_there() => Assert.All(Live, cell =>
    {
        var name = Lesson.Names.Single(lesson => Tagged(lesson).Contains(cell.Key));
        Assert.All(cell.Value, row => Assert.Contains('\n' + row, Shown(Committed(name, cell.Key))));
        Assert.NotEmpty(Held(cell.Key, Committed(name, cell.Key)));
    });

    private static bool IsFresh(string name)
    {
        var notebook = NotebookDocument.Read(Lesson.Named(name).Path);
        return (string?)notebook.Metadata?[Provenance.Key]?["source_sha256"] == Provenance.HashOf(notebook);
    }

    private static IEnumerable<string> Tagged(string name) => Lesson.Named(name).CodeCells
        .Where(cell => Lesson.HasTag(cell, "results")).Select(cell => (string)cell["id"]!);

    private static IEnumerable<JsonNode> Committed(string name, string id) =>
        Lesson.Named(name).CodeCells.Single(cell => (string)cell["id"]! == id)["outputs"]!.AsArray()!;

    // Columns are as wide as their widest cell, which may stand in a row that is not held.
    private static string Held(string id, IEnumerable<JsonNode> outputs) => !Live.TryGetValue(id, out var live)
        ? Shown(outputs)
        : string.Join('\n', Shown(outputs).Split('\n')
            .Where(row => !live.Any(row.StartsWith)).Select(row => Padding().Replace(row, " ").TrimEnd()));

    private static string Shown(IEnumerable<JsonNode> outputs) => string.Join('\n', outputs.Select(Lesson.TextOf));

    [GeneratedRegex(@" {2,}|-{3,}")]
    private static partial Regex Padding();
}
