using System.Diagnostics;

namespace NotebookHelpers;

/// <summary>The jobs of one call of <see cref="Experiment.Run"/> at work.</summary>
internal sealed class ExperimentRun(
    IReadOnlyList<ExperimentJob> jobs, string? results, Action<ExperimentProgress>? progress,
    Func<string, DigitData> load, CancellationToken cancellation)
{
    private readonly Dictionary<string, ExperimentResult> _done = [];
    private readonly Dictionary<string, DigitData> _sets = [];
    private readonly Queue<ExperimentResult> _unwritten = [];
    private readonly List<(ExperimentJob Job, Exception Why)> _failed = [];
    private readonly List<ExperimentJob> _elsewhere = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private IReadOnlyList<ExperimentJob> _missing = [];
    private Exception? _ofTheCaller;
    private long _seen, _budget;

    internal IReadOnlyList<ExperimentResult> Run()
    {
        LookUp(again: false);
        _missing = [.. jobs.Where(job => !_done.ContainsKey(job.Id))];
        _budget = _missing.Sum(job => job.Options.ImagesSeen);
        if (results is not null && _missing.Count > 0)
            ResultsFile.Prepare(results);
        try
        {
            LoadAndCheck();
            DoAll();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            SayStopped();
        }
        catch
        {
            Write();   // what is finished, before whatever went wrong is told
            throw;
        }
        Finish();
        return [.. jobs.Where(job => _done.ContainsKey(job.Id)).Select(job => _done[job.Id])];
    }

    // A line of another data set is no result of the job, and is left where it is.
    private void LookUp(bool again)
    {
        if (results is null)
            return;
        Action<string> say = again ? _ => { } : Console.Error.WriteLine;
        foreach (var result in ResultsFile.Read(results, say))
            if (result.DataSet == NameOf(result.Options))
                _done[result.Id] = result;
    }

    private string NameOf(ExperimentOptions options) => _sets.GetValueOrDefault(options.Data)?.Name ?? options.DataName;

    private void LoadAndCheck()
    {
        foreach (var job in _missing)
        {
            var data = Loaded(job, job.Options.Data);
            if (job.Options.TestElsewhere)
                Loaded(job, OtherDigits.Strangers);
            try
            {
                JobData.Of(job.Options, job.Seed, data);
            }
            catch (ArgumentException exception)
            {
                throw new ArgumentException(
                    $"The variant '{job.Variant}' cannot be done, and no job was started: {exception.Message}", exception);
            }
        }
    }

    private DigitData Loaded(ExperimentJob job, string set)
    {
        if (_sets.TryGetValue(set, out var loaded))
            return loaded;
        var (data, name) = (load(set), ExperimentOptions.NameOf(set));
        return results is null || data.Name == name ? _sets[set] = data : throw new ArgumentException(
            $"The variant '{job.Variant}' needs {name}, but what was loaded is '{data.Name}': "
            + "results of the one are none of the other, and no job was started. Set WORKBOOK_DATA to the folder of the data set, "
            + "put its files into the workbook's data folder, or let it be downloaded.");
    }

    private void DoAll()
    {
        using var claims = results is null ? null : new JobClaims(results);
        foreach (var (job, number) in _missing.Select((job, index) => (job, index + 1)))
        {
            using var claim = claims?.Take(job);
            if (claims is not null && claim is null)
                _elsewhere.Add(job);
            else
                Do(job, number);
            _seen += job.Options.ImagesSeen;
        }
    }

    private void Do(ExperimentJob job, int number)
    {
        LookUp(again: true);   // another process may have done it meanwhile
        if (_done.ContainsKey(job.Id))
            return;
        try
        {
            Report(job, number, 0, null, 0);
            void Note(int member, TrainingProgress training, double share) => Report(job, number, member, training, share);
            var strangers = job.Options.TestElsewhere ? _sets[OtherDigits.Strangers] : null;
            var result = JobTraining.Run(job, _sets[job.Options.Data], strangers, Note, cancellation);
            _done[job.Id] = result;
            _unwritten.Enqueue(result);
        }
        catch (Exception exception) when (_ofTheCaller is null && !cancellation.IsCancellationRequested)
        {
            Console.Error.WriteLine($"{job.Variant}, seed {job.Seed}, has failed; the other jobs go on: {exception.Message}");
            _failed.Add((job, exception));
        }
        Write();
    }

    private void Report(ExperimentJob job, int number, int member, TrainingProgress? training, double ofJob)
    {
        var share = (_seen + ofJob * job.Options.ImagesSeen) / _budget;
        try
        {
            TimeSpan? left = share > 0 ? _clock.Elapsed * (1 / share - 1) : null;
            progress?.Invoke(new(job, number, _missing.Count, training, left, member));
        }
        catch (Exception exception)
        {
            _ofTheCaller = exception;
            throw;
        }
    }

    // Hours of training are worth more than a moment without room on the disk: it says so, and the next job's end tries again.
    private Exception? Write()
    {
        try
        {
            while (results is not null && _unwritten.TryPeek(out var result))
            {
                ResultsFile.Append(results, result);
                _unwritten.Dequeue();
            }
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(
                $"{results} cannot be written: {exception.Message} "
                + "The jobs go on; make room, and the lines are written after the next one.");
            return exception;
        }
    }

    private void SayStopped() => Console.Error.WriteLine(
        $"Stopped after {_missing.Count(job => _done.ContainsKey(job.Id))} of {_missing.Count} jobs; of the one at hand nothing is kept. "
        + (results is null
            ? "Without a results file the next run begins anew."
            : $"Run the same again to go on: {results} has what is done."));

    private void Finish()
    {
        var unwritten = Write();
        LookUp(again: true);
        if (unwritten is { } problem)
            throw new IOException(
                $"{_unwritten.Count} finished job{(_unwritten.Count == 1 ? " is" : "s are")} not in {results}, "
                + $"which is otherwise as it was: {problem.Message} Make room, then run the same again: what is missing is done again.",
                problem);
        if (_elsewhere.Count(job => !_done.ContainsKey(job.Id)) is > 0 and var count)
            Console.Error.WriteLine($"{count} of the jobs are at work in another process that writes {results}.");
        if (_failed.Count == 0)
            return;
        var message = $"{_failed.Count} of {_missing.Count} jobs have no result: "
            + string.Join(' ', _failed.Select(one => $"{one.Job.Variant}, seed {one.Job.Seed}: {one.Why.Message}"));
        throw _failed.All(one => one.Why is ArithmeticException)
            ? new ArithmeticException(message)
            : new InvalidOperationException(message, _failed[0].Why);
    }
}
