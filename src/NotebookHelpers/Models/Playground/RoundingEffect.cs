namespace NotebookHelpers;

/// <summary>What rounding a network's weights does to its answers.</summary>
/// <param name="LargestChange">The largest change of a logit, as a part of the largest logit's size.</param>
/// <param name="ChangedAnswers">How many digits are read as another class.</param>
public sealed record RoundingEffect(double LargestChange, int ChangedAnswers);
