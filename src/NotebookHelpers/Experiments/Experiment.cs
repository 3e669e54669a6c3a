using System.Diagnostics;
using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>Does the jobs of a grid.</summary>
public static class Experiment
{
    /// <summary>
    /// Does those of the jobs that the results file does not have, and appends each as it ends. The same job on the same
    /// machine with the same number of threads gives the same metrics.
    /// </summary>
    /// <param name="jobs">A grid's jobs, or a slice of them.</param>
    /// <param name="results">The results file; null keeps nothing.</param>
    /// <param name="progress">Told how far it is: before each job, and whenever its training reports (see <see cref="Trainer.Fit"/>).</param>
    /// <param name="load">Loads a data set by its name; <see cref="Load"/> unless given.</param>
    /// <param name="cancellation">Stops between two batches, as interrupting the cell does; the job at hand is not kept.</param>
    /// <returns>The results of all the jobs that are done, in the order of <paramref name="jobs"/>.</returns>
    /// <exception cref="ArgumentException">A job's images do not fit its data set or its budget.</exception>
    /// <exception cref="ArithmeticException">The losses of some jobs were no longer finite, in training or on the test set; the others are done.</exception>
    /// <exception cref="IOException">
    /// The results file cannot be written: said before the first job where that can be known. A disk that is full at a
    /// job's end stops no job; the lines are written after a later one, or this is thrown at the end.
    /// </exception>
    public static IReadOnlyList<ExperimentResult> Run(
        IEnumerable<ExperimentJob> jobs, string? results = null, Action<ExperimentProgress>? progress = null,
        Func<string?, DigitData>? load = null, CancellationToken cancellation = default)
    {
        var all = jobs.ToList();
        var done = (results is null ? [] : ResultsFile.Read(results)).ToDictionary(result => result.Id);
        var missing = all.Where(job => !done.ContainsKey(job.Id)).ToList();
        if (results is not null && missing.Count > 0)
            ResultsFile.Prepare(results);
        var sets = new Dictionary<string, DigitData>();
        var (unwritten, diverged) = (new Queue<ExperimentResult>(), new List<string>());
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(cancellation, Workbook.Cancellation);
        var (clock, seen, budget) = (Stopwatch.StartNew(), 0L, missing.Sum(job => job.Options.ImagesSeen));
        foreach (var (job, number) in missing.Select((job, index) => (job, index + 1)))
        {
            void Report(TrainingProgress? training, double ofJob)
            {
                var share = (seen + ofJob * job.Options.ImagesSeen) / budget;
                progress?.Invoke(new ExperimentProgress(job, number, missing.Count, training,
                    share > 0 ? clock.Elapsed * (1 / share - 1) : null));
            }
            try
            {
                if (!sets.TryGetValue(job.Options.Data ?? "", out var data))
                    sets[job.Options.Data ?? ""] = data = load is null ? Load(job.Options.Data, interrupt.Token) : load(job.Options.Data);
                Report(null, 0);
                var result = One(job, data, Report, interrupt.Token);
                done[job.Id] = result;
                unwritten.Enqueue(result);
            }
            catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
            {
                Console.Error.WriteLine($"Stopped in job {number} of {missing.Count}, {job.Variant} with seed {job.Seed}, which is not kept. "
                    + (results is null ? "Without a results file the next run begins anew." : $"{results} has the {number - 1 - unwritten.Count - diverged.Count} before it: run the same again to go on."));
                break;
            }
            catch (ArithmeticException exception)
            {
                diverged.Add($"{job.Variant}, seed {job.Seed}: {exception.Message}");
            }
            if (results is not null)
                Write(results, unwritten);
            seen += job.Options.ImagesSeen;
        }
        if (results is not null && Write(results, unwritten) is { } problem)
            throw new IOException($"{unwritten.Count} finished job{(unwritten.Count == 1 ? " is" : "s are")} not in {results}, which is otherwise as it was: {problem.Message} Make room, then run the same again: what is missing is done again.", problem);
        if (diverged.Count > 0)
            throw new ArithmeticException($"{diverged.Count} of {missing.Count} jobs have no result: {string.Join(' ', diverged)}");
        return [.. all.Where(job => done.ContainsKey(job.Id)).Select(job => done[job.Id])];
    }

    // Hours of training are worth more than a moment without room on the disk: it says so, and the next job's end tries again.
    private static Exception? Write(string results, Queue<ExperimentResult> unwritten)
    {
        try
        {
            while (unwritten.TryPeek(out var result))
            {
                ResultsFile.Append(results, result);
                unwritten.Dequeue();
            }
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{results} cannot be written: {exception.Message} The jobs go on; make room, and the lines are written after the next one.");
            return exception;
        }
    }

    /// <summary>Loads a data set as <see cref="Mnist"/> does; Fashion-MNIST from the folder that WORKBOOK_FASHION_DATA names, if it is set.</summary>
    /// <param name="name">The name; null: MNIST.</param>
    /// <param name="cancellation">Stops a download.</param>
    public static DigitData Load(string? name, CancellationToken cancellation = default) => Mnist.Load(
        name, folder: name == "fashion-mnist" && Environment.GetEnvironmentVariable("WORKBOOK_FASHION_DATA") is { Length: > 0 } folder ? folder : null, cancellation: cancellation);

    private static ExperimentResult One(ExperimentJob job, DigitData data, Action<TrainingProgress, double> progress, CancellationToken cancellation)
    {
        var (options, clock) = (job.Options, Stopwatch.StartNew());
        if (options.ValidationImages < 0 || options.ValidationImages + Math.Max(1, options.TrainImages) > data.Train.Count)
            throw new ArgumentException($"{job.Variant}: {options.TrainImages} training and {options.ValidationImages} validation images do not fit {data.Name}, which has {data.Train.Count} for both.");
        (var rest, DigitSet? validation) = options.ValidationImages == 0 ? (data.Train, null) : data.Train.Validation(options.ValidationImages, job.Seed);
        var train = (options.TrainImages == 0 || options.TrainImages == rest.Count ? rest : rest.Validation(rest.Count - options.TrainImages, job.Seed).Train).Augmented(options.Augmentations);
        var members = Math.Max(1, options.Members);
        if (options.ImagesSeen < 1 || options.ImagesSeen % ((long)train.Count * members) != 0)
            throw new ArgumentException($"{job.Variant}: a budget of {options.ImagesSeen} images is no whole number of epochs of {train.Count} images{(members > 1 ? $" for each of {members} networks" : "")}.");

        var models = new List<nn.Module<Tensor, Tensor>>();
        try
        {
            for (var member = 0; member < members; member++)
            {
                manual_seed(SeedOf(member));
                models.Add(options.Model());
            }
            var tests = models.ConvertAll(_ => options.TestEachEpoch ? new List<double>() : null);
            var (histories, fractions, reporting) = (new TrainingHistory[members], new double[members], new Lock());
            void Train(int member, CancellationToken stop)
            {
                var trainer = new Trainer(models[member], options.Trainer(job.Variant, (int)(options.ImagesSeen / members / train.Count), SeedOf(member)));
                histories[member] = trainer.Fit(train, validation, report =>
                {
                    if (report.EpochEnded)
                        tests[member]?.Add(Evaluation.Of(models[member], data.Test, cancellation: stop).Accuracy);
                    lock (reporting)
                    {
                        fractions[member] = report.Fraction;
                        progress(report, fractions.Average());
                    }
                }, stop);
                if (histories[member].Cancelled)
                    throw new OperationCanceledException(stop);
            }
            SideBySide(members, options.Dropout > 0 ? 1 : Math.Min(members, get_num_threads()), Train, cancellation);
            // The ensemble owns nothing but its members, which end below.
            var asked = members > 1 || options.AverageShifts ? new Ensemble(models, options.AverageShifts) : models[0];
            var test = Evaluation.Of(asked, data.Test, cancellation: cancellation);
            // Without validation the trainer has not seen what its last step did; and JSON has no such number.
            if (!double.IsFinite(test.Loss))
                throw new ArithmeticException(FormattableString.Invariant($"The loss on the test set is {test.Loss}: training has diverged in its last steps. Expected a finite number. Try a smaller learning rate."));
            return new ExperimentResult(job.Id, job.Variant, job.Seed, options, [.. histories.SelectMany(history => history.Epochs)],
                histories[^1].Best?.Epoch ?? histories[^1].Epochs[^1].Epoch, test.Accuracy, test.Loss,
                models.SelectMany(model => model.parameters()).Where(parameter => parameter.requires_grad).Sum(parameter => parameter.NumberOfElements),
                Math.Round(clock.Elapsed.TotalSeconds, 2), data.Name, get_num_threads(), Machine, Code, options.TestEachEpoch ? [.. tests.SelectMany(test => test!)] : null);
        }
        finally
        {
            models.ForEach(model => model.Dispose());
        }
        int SeedOf(int member) => job.Seed + 1000 * member;
    }

    // torch computes two small networks with a thread each faster than one after the other with two.
    private static void SideBySide(int count, int together, Action<int, CancellationToken> train, CancellationToken cancellation)
    {
        if (together == 1)
        {
            for (var member = 0; member < count; member++)
                train(member, cancellation);
            return;
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var (threads, next) = (get_num_threads(), -1);
        ExceptionDispatchInfo? failure = null;
        void Work()
        {
            set_num_threads(threads / together);   // those of this thread
            while (failure is null && Interlocked.Increment(ref next) is var member && member < count)
                try
                {
                    train(member, stop.Token);
                }
                catch (Exception exception)   // thrown again below, where the caller can catch it
                {
                    Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
                    stop.Cancel();
                }
        }
        var workers = Enumerable.Range(0, together).Select(_ => new Thread(Work)).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
        set_num_threads(threads);
        failure?.Throw();
    }

    /// <summary>The processor's name and its cores; no name of the machine.</summary>
    internal static string Machine { get; } = $"{Processor()}, {Environment.ProcessorCount} core{(Environment.ProcessorCount == 1 ? "" : "s")}";

    private static string Code { get; } =
        typeof(Experiment).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static string Processor()
    {
        const string Linux = "/proc/cpuinfo";
        return (File.Exists(Linux) ? File.ReadLines(Linux).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() : null)
            ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}

/// <summary>How far the jobs are.</summary>
/// <param name="Job">The job at hand.</param>
/// <param name="Number">Its number among those to do, from 1.</param>
/// <param name="Count">How many were to do.</param>
/// <param name="Training">How far its training is; null before it starts.</param>
/// <param name="Remaining">Time left for all, if it goes on as so far; null before the first report.</param>
public sealed record ExperimentProgress(ExperimentJob Job, int Number, int Count, TrainingProgress? Training, TimeSpan? Remaining);
