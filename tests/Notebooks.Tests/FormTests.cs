using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Notebooks.Tests;

/// <summary>How a lesson is to be read: in which time, with which cells folded, and without lines that leave the page.</summary>
public sealed partial class FormTests
{
    private const double WordsAMinute = 150, LinesAMinute = 8, FiguresAMinute = 2;
    private const int LongestLine = 100, LongestLesson = 60;

    public static TheoryData<string> Lessons => [.. Lesson.Names];

    [Theory, MemberData(nameof(Lessons))]
    public void Lines_of_cells_stay_on_the_page(string name) =>
        Assert.All(Lesson.Named(name).CodeCells, cell =>
            Assert.All(Lesson.Text(cell["source"]).Split('\n'), line => Assert.True(line.Length <= LongestLine, line)));

    [Theory, MemberData(nameof(Lessons))]
    public void Cells_that_check_and_judge_are_folded_and_the_cell_for_answers_is_not(string name)
    {
        var cells = Lesson.Named(name).CodeCells.ToList();

        Assert.All(["check", "answer"], tag =>
        {
            var cell = Assert.Single(cells, cell => Lesson.HasTag(cell, tag));
            Assert.True((bool?)cell["metadata"]!["jupyter"]?["source_hidden"]);
        });
        Assert.Null(cells.Single(Lesson.TakesAnswers)["metadata"]!["jupyter"]);
    }

    [Theory, MemberData(nameof(Lessons))]
    public void Time_to_read_is_honest_and_no_more_than_an_hour(string name)
    {
        var lesson = Lesson.Named(name);
        var time = Minutes().Match(Lesson.Text(lesson.Cells.First()["source"])).Groups["minutes"].Value;
        var said = int.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
        var needed = Reading(lesson);

        Assert.InRange(needed, said - 5, said + 5);
        Assert.InRange(said, 1, LongestLesson);
    }

    /// <summary>Minutes for the prose up to the exercises, for the code that is not folded, and for the pictures.</summary>
    private static double Reading(Lesson lesson)
    {
        double minutes = 0;
        foreach (var cell in lesson.Cells)
        {
            var text = Lesson.Text(cell["source"]);
            if ((string?)cell["cell_type"] == "markdown")
                minutes += Word().Count(text.Split("## Exercises")[0]) / WordsAMinute;
            else if (!Lesson.HasTag(cell, "check") && !Lesson.HasTag(cell, "answer"))
                minutes += text.Split('\n').Count(line => Code().IsMatch(line)) / LinesAMinute
                    + cell["outputs"]!.AsArray().Count(IsPicture) / FiguresAMinute;
        }
        return minutes;
    }

    private static bool IsPicture(JsonNode? output) =>
        output!["data"]?["image/svg+xml"] is not null || output["data"]?["image/png"] is not null;

    [GeneratedRegex(@"\*\*Time:\*\* about (?<minutes>\d+) minutes to read")]
    private static partial Regex Minutes();

    [GeneratedRegex(@"\w+([.'’·,×-]\w+)*")]
    private static partial Regex Word();

    /// <summary>A line that says something: more than brackets, and no directive.</summary>
    [GeneratedRegex(@"^(?!#r|using |.*answer\d = null).*\w")]
    private static partial Regex Code();
}
