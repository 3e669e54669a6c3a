using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NotebookRunner.Documents;
using NotebookRunner.Reporting.Book;

namespace Notebooks.Tests;

/// <summary>The notebook files as they are committed.</summary>
public sealed partial class FileTests
{
    public static TheoryData<string> Lessons => [.. Lesson.Names];

    [Theory, MemberData(nameof(Lessons))]
    public void Metadata_is_what_editors_expect(string name)
    {
        var json = Lesson.Named(name).Json;

        Assert.Equal((4, 5), ((int)json["nbformat"]!, (int)json["nbformat_minor"]!));
        var expected = JsonNode.Parse(
            """
            {
              "kernelspec": { "display_name": ".NET (C#)", "language": "C#", "name": ".net-csharp" },
              "language_info": { "name": "polyglot-notebook", "pygments_lexer": "csharp" },
              "polyglot_notebook": { "kernelInfo": { "defaultKernelName": "csharp", "items": [ { "name": "csharp", "aliases": [] } ] } }
            }
            """);
        var found = json["metadata"]!.AsObject();
        found.Remove(Provenance.Key);
        Assert.True(JsonNode.DeepEquals(expected, found), found.ToJsonString());
    }

    [Theory, MemberData(nameof(Lessons))]
    public void Cells_have_ids_and_code_cells_their_kernel(string name)
    {
        var lesson = Lesson.Named(name);
        var ids = lesson.Cells.Select(cell => (string?)cell["id"]).ToList();

        Assert.All(ids, id => Assert.Matches("^[a-zA-Z0-9_-]{1,64}$", id));
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(lesson.CodeCells, cell =>
        {
            Assert.Equal("csharp", (string?)cell["metadata"]!["dotnet_interactive"]!["language"]);
            Assert.Equal("csharp", (string?)cell["metadata"]!["polyglot_notebook"]!["kernelName"]);
            // VS Code removes this when it saves, as the notebook's language_info says it already.
            Assert.Null(cell["metadata"]!["vscode"]);
        });
    }

    [Theory, MemberData(nameof(Lessons))]
    public void First_cell_loads_the_workbook(string name)
    {
        var source = Lesson.Text(Lesson.Named(name).CodeCells.First()["source"]);

        Assert.Contains("#r \"nuget: TorchSharp-cpu, ", source);
        Assert.Contains(
            "#r \"../artifacts/NotebookHelpers/TorchSharp.Numerics.dll\"\n#r \"../artifacts/NotebookHelpers/NotebookHelpers.dll\"",
            source);
        Assert.Matches(@"Workbook\.Start\(.*\)\s*$", source);
    }

    /// <summary>No directive can be guarded: a missing library is error CS0006, and nothing of its cell runs.</summary>
    [Theory, MemberData(nameof(Lessons))]
    public void The_reader_is_told_to_build_before_the_first_cell(string name)
    {
        var cells = Lesson.Named(name).Cells.TakeWhile(cell => (string?)cell["cell_type"] != "code").ToList();

        Assert.Contains(cells, cell => Lesson.Text(cell["source"]).Contains("run `dotnet build` in the repository once"));
    }

    /// <summary>In the released kernel the handle that display returns updates nothing; a LiveView does.</summary>
    [Theory, MemberData(nameof(Lessons))]
    public void No_handle_of_display_is_kept(string name) =>
        Assert.All(Lesson.Named(name).CodeCells, cell => Assert.DoesNotMatch(@"=\s*display\(", Lesson.Text(cell["source"])));

    [Theory, MemberData(nameof(Lessons))]
    public void Packages_are_those_of_the_repository(string name)
    {
        var pinned = XDocument.Load(Path.Combine(Lesson.Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(
                package => (string)package.Attribute("Include")!,
                package => ((string)package.Attribute("Version")!).Trim('[', ']'));
        var used = Lesson.Named(name).CodeCells.SelectMany(cell => Package().Matches(Lesson.Text(cell["source"]))).ToList();

        Assert.NotEmpty(used);
        Assert.All(used, package => Assert.Equal(pinned[package.Groups["id"].Value], package.Groups["version"].Value));
    }

    /// <summary>Also that no output is stale, so that the tests of committed outputs are of this code.</summary>
    [Theory, MemberData(nameof(Lessons))]
    public void The_runners_check_finds_nothing(string name) =>
        Assert.Empty(NotebookCheck.Of(Lesson.Named(name).Path, Path.Combine(Lesson.Root, "Directory.Packages.props")));

    [Theory, MemberData(nameof(Lessons))]
    public void Committed_outputs_have_no_errors(string name) =>
        Assert.DoesNotContain(Lesson.Named(name).Outputs, output => (string?)output["output_type"] == "error");

    [Theory, MemberData(nameof(Lessons))]
    public void Lesson_begins_with_a_title_and_ends_with_code(string name)
    {
        var cells = Lesson.Named(name).Cells.ToList();

        Assert.StartsWith("# ", Lesson.Text(cells[0]["source"]));
        Assert.Contains(cells.TakeLast(2), cell => (string?)cell["cell_type"] == "code");
    }

    [Theory, MemberData(nameof(Lessons))]
    public void Lesson_says_what_for_and_how_long_and_ends_with_exercises_that_are_checked(string name)
    {
        var lesson = Lesson.Named(name);
        var prose = lesson.Prose.ToList();

        Assert.Contains("**What you will be able to do after this lesson**", prose[0]);
        Assert.Contains("**Time:** about ", prose[0]);
        Assert.Contains(prose.Take(4), text => text.Contains('?'));
        var end = string.Join('\n', prose);
        end = end[end.IndexOf("## Recap", StringComparison.Ordinal)..];
        var exercises = Exercise().Matches(end).Select(match => match.Groups["number"].Value).ToList();
        Assert.InRange(exercises.Count, 3, 5);
        Assert.Equal(Enumerable.Range(1, exercises.Count).Select(number => $"{number}"), exercises);
        Assert.Equal(exercises.Count, end.Split("<details><summary>Solution</summary>").Length - 1);
        Assert.Contains(lesson.CodeCells.Select(cell => Lesson.Text(cell["source"])), source =>
            Enumerable.Range(1, exercises.Count).All(number => source.Contains($"answer{number} = null;")));
        if (Lesson.Names.SkipWhile(other => other != name).Skip(1).FirstOrDefault() is { } next)
            Assert.Contains($"]({next})", end);
    }

    [Fact]
    public void A_term_is_set_in_bold_where_it_is_first_needed_and_nowhere_else()
    {
        string[] terms =
        [
            "receptive field", "kernel", "feature map", "stride", "padding", "hyper-parameters", "tensors", "cross-correlation",
            "bias", "depth", "regularisation", "Pooling", "activation function", "fully connected", "parameters", "mini-batches",
            "logits", "Softmax", "gradient", "cross-entropy", "nat", "optimiser", "seeds", "epoch", "learning rate", "overfitting",
            "selection bias", "standard error", "argmax", "confusion matrix", "Augmentation", "Batch normalisation", "Dropout",
            "embedding",
        ];
        var prose = string.Join('\n', Lesson.Names.SelectMany(name => Lesson.Named(name).Prose));

        Assert.All(terms, term =>
        {
            var count = prose.Split($"**{term}**").Length - 1;
            Assert.True(count == 1, $"\"{term}\" is in bold {count} times.");
        });
    }

    [Theory, MemberData(nameof(Lessons))]
    public void Every_formula_can_be_drawn(string name)
    {
        foreach (var prose in Lesson.Named(name).Prose)
        {
            var html = new Prose().Render(prose, (url, _) => url);
            Assert.DoesNotContain("class=\"latex\"", html);
        }
    }

    [Fact]
    public void There_are_lessons() => Assert.NotEmpty(Lesson.Names);

    [GeneratedRegex(@"^\*\*(?<number>\d)\.\*\*", RegexOptions.Multiline)]
    private static partial Regex Exercise();

    [GeneratedRegex(@"#r ""nuget:\s*(?<id>[\w.\-]+)\s*,\s*(?<version>[^""\s]+)\s*""")]
    private static partial Regex Package();
}
