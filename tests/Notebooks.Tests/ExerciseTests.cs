using System.Text.RegularExpressions;

namespace Notebooks.Tests;

/// <summary>The exercises accept every right form of an answer, and refuse what a reader is likely to get wrong.</summary>
public sealed partial class ExerciseTests(LessonCopies copies) : IClassFixture<LessonCopies>
{
    public static TheoryData<string, int, string> Answers
    {
        get
        {
            var all = new TheoryData<string, int, string>();
            foreach (var answer in ExerciseAnswer.All)
                all.Add(answer.Lesson, answer.Exercise, answer.Name);
            return all;
        }
    }

    [Theory, MemberData(nameof(Answers))]
    public void An_answer_gets_its_verdict(string lesson, int exercise, string name)
    {
        var answer = ExerciseAnswer.All.Single(one => (one.Lesson, one.Exercise, one.Name) == (lesson, exercise, name));
        var verdict = copies.Verdict(answer);

        Assert.True(
            answer.IsRight ? verdict == "right" : verdict.StartsWith("not yet: ", StringComparison.Ordinal),
            $"{answer.Code}\n{verdict}");
    }

    [Fact]
    public void Every_exercise_has_right_and_wrong_answers()
    {
        (string Lesson, int Exercise)[] ofTheMachine = [("09-four-loops-fast.ipynb", 4)]; // it asks for a time
        var exercises = Lesson.Names.SelectMany(name => Lesson.Named(name).CodeCells
            .SelectMany(cell => Unanswered().Matches(Lesson.Text(cell["source"])))
            .Select(match => (Lesson: name, Exercise: int.Parse(match.Groups["number"].Value)))).ToList();

        Assert.All(ofTheMachine, exercise => Assert.Contains(exercise, exercises));
        Assert.All(exercises.Except(ofTheMachine), exercise =>
        {
            var answers = ExerciseAnswer.All.Where(answer => (answer.Lesson, answer.Exercise) == exercise).ToList();
            Assert.Contains(answers, answer => answer.IsRight);
            Assert.Contains(answers, answer => !answer.IsRight);
        });
        Assert.All(ExerciseAnswer.All, answer => Assert.Contains((answer.Lesson, answer.Exercise), exercises));
    }

    [Theory, InlineData("01-convolution-by-hand.ipynb"), InlineData("02-pooling-by-hand.ipynb")]
    public void Lessons_1_and_2_go_on_where_there_is_no_torch(string lesson) =>
        Assert.DoesNotContain(copies.WhereTorchIsMissing(lesson).Outputs, output => (string?)output["output_type"] == "error");

    [GeneratedRegex(@"answer(?<number>\d) = null;")]
    private static partial Regex Unanswered();
}
