namespace NotebookHelpers;

/// <summary>How far the jobs are.</summary>
/// <param name="Job">The job at hand.</param>
/// <param name="Number">Its number among those to do, from 1.</param>
/// <param name="Count">How many were to do.</param>
/// <param name="Training">How far its training is; null before it starts.</param>
/// <param name="Remaining">Time left for all, if it goes on as so far; null before the first report.</param>
/// <param name="Member">Which network of the job's ensemble the training is of, from 0.</param>
public sealed record ExperimentProgress(
    ExperimentJob Job, int Number, int Count, TrainingProgress? Training, TimeSpan? Remaining, int Member = 0);
