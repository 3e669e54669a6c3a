using System.Diagnostics;

namespace NotebookRunner.Host;

/// <summary>Executes notebooks one after the other, each in a process of its own.</summary>
internal static class NotebookSequence
{
    /// <summary>The results, in order, one for each notebook asked for, even when the run ends early.</summary>
    internal static async Task<ExecutionResult> ExecuteAsync(ExecutionRequest request, IProgressObserver observer, Interrupt interrupt)
    {
        var clock = Stopwatch.StartNew();
        TemporaryFiles.RemoveAbandoned();
        LeftProcesses.EndAbandoned();
        using var folder = new RunFolder(request.OutputFolder);
        var jobs = request.Jobs();
        var results = new List<NotebookResult>();
        foreach (var job in jobs)
        {
            if (WhyNot(request, results, interrupt) is { } reason)
            {
                results.Add(new NotebookResult(job, NotebookStatus.NotRun) { Message = reason });
                continue;
            }
            results.Add(await GuardedAsync(job, observer, () =>
            {
                observer.NotebookStarting(job, results.Count + 1, jobs.Count);
                return new HostedNotebook(job, folder, request, observer, interrupt).RunAsync();
            }));
        }
        return new ExecutionResult(results, clock.Elapsed);
    }

    private static string? WhyNot(ExecutionRequest request, List<NotebookResult> results, Interrupt interrupt) =>
        interrupt.Stop.IsCancellationRequested ? "The run was interrupted before its turn."
        : request.FailFast && results.Any(result => result.Status != NotebookStatus.Succeeded) ? "An earlier notebook failed (--fail-fast)."
        : null;

    /// <summary>Whatever goes wrong in running or in showing a notebook is its own trouble, not the others'.</summary>
    private static async Task<NotebookResult> GuardedAsync(NotebookJob job, IProgressObserver observer, Func<Task<NotebookResult>> run)
    {
        var clock = Stopwatch.StartNew();
        NotebookResult? result = null;
        try
        {
            result = await run();
            observer.NotebookFinished(result);
            return result;
        }
        catch (Exception e)
        {
            return result?.Failed($"It cannot be shown: {FileTrouble.Words(e)}")
                ?? new NotebookResult(job, NotebookStatus.Failed)
                {
                    Elapsed = clock.Elapsed,
                    Message = $"It cannot be run: {FileTrouble.Words(e)}",
                };
        }
    }
}
