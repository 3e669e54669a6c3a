using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// Writes a training's curves as TensorBoard event files, for readers who have it: give <see cref="Report"/> to
/// <see cref="Trainer.Fit"/> as its progress, then run <c>tensorboard --logdir</c> on the folder.
/// </summary>
public sealed class TensorBoardLog
{
    private readonly string _folder;
    private TorchSharp.Modules.SummaryWriter? _writer;
    private bool _hasSaid;

    /// <summary>Names the place of an event file, which the first epoch begins.</summary>
    /// <param name="folder">Its folder, made if need be; one a training.</param>
    public TensorBoardLog(string folder) => _folder = Path.GetFullPath(folder);

    /// <summary>
    /// Adds the metrics of an epoch that has just ended; other reports are passed over. Where they cannot be written (a full disk, a
    /// folder without permission), a line on the console says so once, and the training goes on.
    /// </summary>
    public void Report(TrainingProgress progress)
    {
        if (!progress.EpochEnded)
            return;
        try
        {
            Add(progress.History.Epochs[^1]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!_hasSaid)
                Console.Error.WriteLine(
                    $"The curves for TensorBoard cannot be written to {_folder}: {exception.Message} The training goes on without them.");
            _hasSaid = true;
        }
    }

    private void Add(EpochMetrics epoch)
    {
        _writer ??= utils.tensorboard.SummaryWriter(_folder, createRunName: false);
        Add("loss/training", epoch.TrainLoss);
        Add("accuracy/training", epoch.TrainAccuracy);
        Add("loss/validation", epoch.ValidationLoss);
        Add("accuracy/validation", epoch.ValidationAccuracy);

        void Add(string name, double? value)
        {
            if (value is { } known)
                _writer.add_scalar(name, (float)known, epoch.Epoch);
        }
    }
}
