namespace NotebookHelpers;

/// <summary>How the learning rate changes, step by step, over a training.</summary>
public enum LearningRateSchedule
{
    /// <summary>It stays as it is.</summary>
    Constant,

    /// <summary>
    /// From <see cref="TrainerOptions.LearningRate"/> down to 0 along half a cosine (Loshchilov and Hutter 2017, without
    /// restarts).
    /// </summary>
    Cosine,

    /// <summary>
    /// Up, along a cosine, from 1/25 of <see cref="TrainerOptions.LearningRate"/> to the whole of it in the first 30 % of the
    /// steps, then down to nearly 0 (Smith and Topin 2018; the fractions are those of torch's OneCycleLR).
    /// </summary>
    OneCycle,
}
