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
            observer.NotebookStarting(job, results.Count + 1, jobs.Count);
            var result = await ExecuteAsync(job, folder, request, observer, interrupt);
            results.Add(result);
            observer.NotebookFinished(result);
        }
        return new ExecutionResult(results, clock.Elapsed);
    }

    private static string? WhyNot(ExecutionRequest request, List<NotebookResult> results, Interrupt interrupt) =>
        interrupt.Stop.IsCancellationRequested ? "The run was interrupted before its turn."
        : request.FailFast && results.Any(result => result.Status != NotebookStatus.Succeeded) ? "An earlier notebook failed (--fail-fast)."
        : null;

    private static async Task<NotebookResult> ExecuteAsync(
        NotebookJob job, RunFolder folder, ExecutionRequest request, IProgressObserver observer, Interrupt interrupt)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            return await new HostedNotebook(job, folder, request, observer, interrupt).RunAsync();
        }
        catch (Exception e)
        {
            // Whatever it is, it is one notebook's trouble, not the others'.
            return new NotebookResult(job, NotebookStatus.Failed)
            {
                Elapsed = clock.Elapsed,
                Message = $"It cannot be run: {FileTrouble.Words(e)}",
            };
        }
    }
}
