namespace NotebookHelpers;

/// <summary>Does the jobs of a grid.</summary>
public static class Experiment
{
    /// <summary>
    /// Does those of the jobs that the results file does not have, and appends each as it ends. The same job on the same
    /// machine with the same number of threads gives the same metrics. Several processes may share a results file: each job is
    /// done by one of them. A job that fails lets the others be done, and is told at the end.
    /// </summary>
    /// <param name="jobs">A grid's jobs, or a slice of them.</param>
    /// <param name="results">The results file; null keeps nothing, and the sample digits may then stand in for a data set.</param>
    /// <param name="progress">
    /// Told how far it is: before each job, and whenever its training reports (see <see cref="Trainer.Fit"/>).
    /// </param>
    /// <param name="load">
    /// Loads a data set by its name; unless given, as <see cref="Mnist"/> does, Fashion-MNIST from the folder that WORKBOOK_FASHION_DATA
    /// names, if it is set.
    /// </param>
    /// <param name="cancellation">Stops between two batches, as interrupting the cell does; the job at hand is not kept.</param>
    /// <returns>The results of all the jobs that are done, in the order of <paramref name="jobs"/>.</returns>
    /// <exception cref="ArgumentException">
    /// A job's images do not fit its data set or its budget, or there is only a stand-in for the set; no job was started.
    /// </exception>
    /// <exception cref="ArithmeticException">
    /// The losses of some jobs were no longer finite, in training or on the test set; the others are done.
    /// </exception>
    /// <exception cref="InvalidOperationException">Some jobs failed in another way; the others are done.</exception>
    /// <exception cref="InvalidDataException">A line of the results file, or a data set, is damaged.</exception>
    /// <exception cref="UnauthorizedAccessException">The results file cannot be read or written, for want of a permission.</exception>
    /// <exception cref="IOException">
    /// The results file cannot be written: said before the first job where that can be known. A disk that is full at a
    /// job's end stops no job; the lines are written after a later one, or this is thrown at the end.
    /// </exception>
    public static IReadOnlyList<ExperimentResult> Run(
        IEnumerable<ExperimentJob> jobs, string? results = null, Action<ExperimentProgress>? progress = null,
        Func<string, DigitData>? load = null, CancellationToken cancellation = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, Workbook.Cancellation);
        return new ExperimentRun([.. jobs], results, progress, load ?? (name => Load(name, stop.Token)), stop.Token).Run();
    }

    private static DigitData Load(string name, CancellationToken cancellation) => Mnist.Load(
        name, folder: name == KnownSet.FashionMnist.Key ? FashionFolder : null, cancellation: cancellation);

    private static string? FashionFolder =>
        Environment.GetEnvironmentVariable("WORKBOOK_FASHION_DATA") is { Length: > 0 } folder ? folder : null;
}
