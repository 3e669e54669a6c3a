namespace NotebookRunner.Commands;

/// <summary>One line of the doctor's: what was looked at and what was found.</summary>
/// <param name="Subject">What was looked at.</param>
/// <param name="Found">What was found.</param>
/// <param name="ToDo">What to do about it; null when it works.</param>
/// <param name="IsNeeded">Whether the lessons need it; what only some readers use is not.</param>
/// <param name="Fix">Does it, where the doctor can.</param>
internal sealed record DoctorFinding(string Subject, string Found, string? ToDo = null, bool IsNeeded = true, Action? Fix = null)
{
    /// <summary>Whether something is wrong.</summary>
    internal bool IsWrong => ToDo is not null && IsNeeded;

    /// <summary>As the reader sees it.</summary>
    public override string ToString() =>
        $"{(ToDo is null ? "ok   " : IsNeeded ? "to do" : "–    ")}  {Subject}: {Found}{(ToDo is null ? "" : $" {ToDo}")}";
}
