using NotebookHelpers;

namespace Experiments;

/// <summary>Says on the console how far the jobs are, and keeps their curves for TensorBoard.</summary>
/// <param name="folder">For TensorBoard's files, a folder a job inside; null for none.</param>
internal sealed class JobLog(string? folder)
{
    private TensorBoardLog? _curves;

    internal void Report(ExperimentProgress progress)
    {
        if (progress.Training is null or { EpochEnded: true })
            Say(progress);
        if (folder is null)
            return;
        if (progress.Training is { } training)
            _curves?.Report(training);
        else
            _curves = new TensorBoardLog(Path.Combine(folder, progress.Job.Id));
    }

    private static void Say(ExperimentProgress progress)
    {
        var left = progress.Remaining is { } remaining ? $", {remaining:h\\:mm\\:ss} left" : "";
        var state = progress.Training is { } training ? $"epoch {training.Epoch} of {training.Epochs}" : "starts";
        Console.WriteLine($"[{progress.Number}/{progress.Count}{left}] {progress.Job.Variant}, seed {progress.Job.Seed}: {state}");
    }
}
