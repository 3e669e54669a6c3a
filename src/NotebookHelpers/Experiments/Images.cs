namespace NotebookHelpers;

/// <summary>How an experiment makes more training images of those it has.</summary>
public enum Images
{
    /// <summary>As they are.</summary>
    Original,

    /// <summary>With <see cref="Augmentation.Shifts"/>: five times as many.</summary>
    Shifts,

    /// <summary>With the horizontal flip alone: twice as many.</summary>
    Flip,

    /// <summary>With <see cref="Augmentation.ShiftsAndFlip"/>: six times as many, as in the article.</summary>
    ShiftsAndFlip,
}
