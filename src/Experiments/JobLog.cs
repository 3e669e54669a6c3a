using NotebookHelpers;

namespace Experiments;

/// <summary>Says on the console how far the jobs are, and keeps their curves for TensorBoard.</summary>
/// <param name="folder">For TensorBoard's files, a folder a job inside, and in that one a network of an ensemble; null for none.</param>
internal sealed class JobLog(string? folder)
{
    private readonly Dictionary<int, TensorBoardLog> _curves = [];

    internal void Report(ExperimentProgress progress)
    {
        if (progress.Training is null or { EpochEnded: true })
            Say(progress);
        if (folder is null)
            return;
        if (progress.Training is not { } training)
            _curves.Clear();
        else if (training.EpochEnded)
            Curves(folder, progress).Report(training);
    }

    // Curves of several networks in one file would be drawn as one.
    private TensorBoardLog Curves(string root, ExperimentProgress progress)
    {
        var (job, member) = (progress.Job, progress.Member);
        if (!_curves.TryGetValue(member, out var curves))
            _curves[member] = curves = new TensorBoardLog(
                job.Options.Members > 1 ? Path.Combine(root, job.Id, $"{member}") : Path.Combine(root, job.Id));
        return curves;
    }

    private static void Say(ExperimentProgress progress)
    {
        var left = progress.Remaining is { } remaining ? $", {Duration.Of(remaining)} left" : "";
        var state = progress.Training is { } training ? $"epoch {training.Epoch} of {training.Epochs}" : "starts";
        Console.WriteLine($"[{progress.Number}/{progress.Count}{left}] {progress.Job.Variant}, seed {progress.Job.Seed}: {state}");
    }
}
