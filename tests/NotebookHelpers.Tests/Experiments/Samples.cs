namespace NotebookHelpers.Tests.Experiments;

internal static class Samples
{
    internal static ExperimentResult Result(string variant, int seed, double accuracy)
    {
        var network = new LeNetOptions { Dropout = variant.Sum(letter => letter) / 10_000.0 };
        var job = new ExperimentJob(variant, new ExperimentOptions { ImagesSeen = 1, Network = network }, seed);
        return new ExperimentResult(
            job.Id, variant, seed, job.Options, [new EpochMetrics(1, 0.5, 0.9, 0.4, accuracy, 1.5)], 1,
            accuracy, 0.3, 176_286, 2, "MNIST", 1, "a processor, 2 cores", "1.0");
    }
}
