namespace NotebookHelpers;

/// <summary>What the seeds show about a variant beside the baseline.</summary>
public enum Verdict
{
    /// <summary>The interval of the differences lies above 0.</summary>
    Better,

    /// <summary>It lies below 0.</summary>
    Worse,

    /// <summary>It contains 0. There may be a difference, smaller than these seeds can show.</summary>
    NoDifferenceShown,

    /// <summary>There are so few pairs of seeds that even the clearest result would be no proof (see <see cref="Judgement"/>).</summary>
    TooFewSeeds,
}
