using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NotebookRunner.Documents;

namespace Notebooks.Tests;

/// <summary>What the lessons show when they are executed.</summary>
public sealed partial class ExecutedTests(QuickRun run)
{
    private const int LargestCopy = 6_000_000, LargestOutput = 2_000_000;

    public static TheoryData<string> Lessons => [.. Lesson.Names];

    [Fact]
    public void Every_cell_of_every_lesson_succeeds() => Assert.True(run.ExitCode == 0, run.Output);

    [Theory, MemberData(nameof(Lessons))]
    public void No_output_is_an_error(string name) =>
        Assert.DoesNotContain(run.Executed(name).Outputs, output => (string?)output["output_type"] == "error");

    [Theory, MemberData(nameof(Lessons))]
    public void Unanswered_exercises_are_said_to_be_so_and_stop_nothing(string name)
    {
        var judge = run.Executed(name).CodeCells.Single(cell => Lesson.HasTag(cell, "answer"));
        var exercises = run.Executed(name).CodeCells.Sum(cell => Unanswered().Count(Lesson.Text(cell["source"])));

        Assert.Equal(exercises, run.Shown(name, (string)judge["id"]!).Split("not answered yet").Length - 1);
    }

    [Theory, MemberData(nameof(Lessons))]
    public void Every_cell_ran_in_order(string name)
    {
        var counts = run.Executed(name).CodeCells.Where(cell => Lesson.Text(cell["source"]).Trim().Length > 0)
            .Select(cell => (int?)cell["execution_count"]).ToList();

        Assert.Equal(Enumerable.Range(1, counts.Count).Select(count => (int?)count), counts);
    }

    [Theory, MemberData(nameof(Lessons))]
    public void Outputs_can_be_read_without_a_browser(string name) =>
        Assert.All(Data(run.Executed(name)), data =>
        {
            // The kernel's own list of installed packages is HTML only; whatever the workbook shows is text too.
            var html = Lesson.Text(data["text/html"]);
            if (data.ContainsKey("text/html") && !data.ContainsKey("text/plain")
                && !html.Contains("Installed Packages", StringComparison.Ordinal))
                Assert.Fail($"An output is HTML only: {Short(html)}");
            Assert.All(
                data.Where(entry => !entry.Key.EndsWith("json", StringComparison.Ordinal)),
                entry => Assert.NotEqual("", Lesson.Text(entry.Value)));
        });

    [Theory, MemberData(nameof(Lessons))]
    public void There_are_pictures(string name) =>
        Assert.Contains(Data(run.Executed(name)), data =>
            data.ContainsKey("image/png") || data.ContainsKey("image/svg+xml")
            || Lesson.Text(data["text/html"]).Contains("<img", StringComparison.Ordinal));

    [Theory, MemberData(nameof(Lessons))]
    public void Pictures_are_whole(string name) =>
        Assert.All(Data(run.Executed(name)).Where(data => data.ContainsKey("image/png")), data =>
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], Convert.FromBase64String(Lesson.Text(data["image/png"]))[..4]));

    [Theory, MemberData(nameof(Lessons))]
    public void Every_picture_has_a_text_alternative(string name)
    {
        var images = Data(run.Executed(name)).SelectMany(data => Image().Matches(Lesson.Text(data["text/html"])))
            .Select(match => match.Value).ToList();

        Assert.NotEmpty(images);
        Assert.All(images, image => Assert.Matches("alt=\"[^\"]{2,}\"", image));
        Assert.All(Data(run.Executed(name)).Where(data => data.ContainsKey("image/svg+xml")), data =>
            Assert.Matches("<title>[^<]{2,}</title>", Lesson.Text(data["image/svg+xml"])));
    }

    [Theory, MemberData(nameof(Lessons))]
    public void Copies_are_of_a_size_to_commit(string name)
    {
        var executed = run.Executed(name);

        Assert.InRange(new FileInfo(executed.Path).Length, 1, LargestCopy);
        Assert.All(executed.Outputs, output => Assert.InRange(output.ToJsonString().Length, 1, LargestOutput));
    }

    [Theory, MemberData(nameof(Lessons))]
    public void Nothing_of_this_machine_is_shown(string name) =>
        Assert.All(run.Executed(name).Outputs, output =>
        {
            var text = Base64().Replace(output.ToString(), "");
            Assert.DoesNotMatch(MachinePath(), text);
            Assert.DoesNotContain(Lesson.Root, text);
        });

    [Theory, MemberData(nameof(Lessons))]
    public void Running_changes_outputs_and_counts_and_nothing_else(string name) =>
        Assert.Equal(WithoutOutputs(Lesson.Named(name)), WithoutOutputs(run.Executed(name)));

    private static IEnumerable<JsonObject> Data(Lesson lesson) => lesson.Outputs.Select(output => output["data"]).OfType<JsonObject>();

    private static string WithoutOutputs(Lesson lesson)
    {
        var json = lesson.Json.DeepClone();
        json["metadata"]!.AsObject().Remove(Provenance.Key);
        foreach (var cell in json["cells"]!.AsArray())
        {
            cell!["source"] = Lesson.Text(cell["source"]);
            cell.AsObject().Remove("outputs");
            cell.AsObject().Remove("execution_count");
        }
        return json.ToJsonString();
    }

    private static string Short(string text) => text.Length > 200 ? text[..200] + "…" : text;

    [GeneratedRegex(@"(?<![\w.:])/(home|root|tmp|Users|mnt|var)/|[A-Z]:\\")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"answer\d = null;")]
    private static partial Regex Unanswered();

    [GeneratedRegex("<img\\b[^>]*>")]
    private static partial Regex Image();

    [GeneratedRegex("[A-Za-z0-9+/=]{100,}")]
    private static partial Regex Base64();
}
