namespace NotebookHelpers.Tests.Display;

public sealed class ExercisesTests
{
    [Theory]
    [InlineData(null, true, "not answered yet")]
    [InlineData(3, true, "right")]
    [InlineData(3, false, "not yet: look again")]
    public void An_answer_is_missing_right_or_not_yet(int? answer, bool isRight, string verdict) =>
        Assert.Equal(verdict, Exercises.Verdict(answer, () => isRight));

    [Fact]
    public void No_answer_is_not_asked() =>
        Assert.Equal("not answered yet", Exercises.Verdict(null, () => throw new InvalidOperationException()));

    [Fact]
    public void An_answer_that_throws_is_not_yet_right_and_says_why()
    {
        Func<int, int> answer = index => Array.Empty<int>()[index];

        Assert.Equal("not yet: it ends in IndexOutOfRangeException: Index was outside the bounds of the array.",
            Exercises.Verdict(answer, () => answer(1) == 0));
        Assert.Equal("not yet: it ends in ArgumentException: first line",
            Exercises.Verdict(answer, () => throw new ArgumentException("first line\r\nsecond line")));
    }
}
