using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// Writes a training's curves as TensorBoard event files, for readers who have it: give <see cref="Report"/> to
/// <see cref="Trainer.Fit"/> as its progress, then run <c>tensorboard --logdir</c> on the folder.
/// </summary>
public sealed class TensorBoardLog
{
    private readonly TorchSharp.Modules.SummaryWriter _writer;

    /// <summary>Begins an event file.</summary>
    /// <param name="folder">Its folder, made if need be; one a training.</param>
    public TensorBoardLog(string folder) => _writer = utils.tensorboard.SummaryWriter(Path.GetFullPath(folder), createRunName: false);

    /// <summary>Adds the metrics of an epoch that has just ended; other reports are passed over.</summary>
    public void Report(TrainingProgress progress)
    {
        if (!progress.EpochEnded)
            return;
        var epoch = progress.History.Epochs[^1];
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
