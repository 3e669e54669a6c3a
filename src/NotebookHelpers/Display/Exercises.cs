namespace NotebookHelpers;

/// <summary>What a lesson's answer cell says of its reader's answers.</summary>
public static class Exercises
{
    /// <summary>
    /// Judges one answer. An answer that is code may throw: that is a verdict too, and the next exercise is judged all the same.
    /// </summary>
    /// <param name="answer">What the reader put in place of null; null as long as there is no answer.</param>
    /// <param name="isRight">Whether the answer is right; asked only when there is one.</param>
    /// <returns>"not answered yet", "right", or "not yet: " and what to do or the exception's name and message.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="isRight"/> is null.</exception>
    public static string Verdict(object? answer, Func<bool> isRight)
    {
        ArgumentNullException.ThrowIfNull(isRight);
        if (answer is null)
            return "not answered yet";
        try
        {
            return isRight() ? "right" : "not yet: look again";
        }
        catch (Exception problem)
        {
            return $"not yet: it ends in {problem.GetType().Name}: {problem.Message.Split('\n')[0].TrimEnd()}";
        }
    }
}
