namespace NotebookHelpers;

/// <summary>What one epoch gave. Losses are mean cross-entropies in nats, accuracies fractions from 0 to 1.</summary>
/// <param name="Epoch">The epoch's number: how many passes over the training set are complete, from 1.</param>
/// <param name="TrainLoss">Mean loss over the epoch's batches, each measured before its step, in training mode.</param>
/// <param name="TrainAccuracy">Accuracy over the same batches.</param>
/// <param name="ValidationLoss">Mean loss on the validation set after the epoch; null without one.</param>
/// <param name="ValidationAccuracy">Accuracy on it; null without one.</param>
/// <param name="Seconds">Wall time of the epoch, validation included.</param>
public sealed record EpochMetrics(
    int Epoch, double TrainLoss, double TrainAccuracy,
    double? ValidationLoss = null, double? ValidationAccuracy = null, double Seconds = 0);
