using System.ComponentModel;
using System.Diagnostics;

namespace NotebookRunner.Host;

/// <summary>Executes notebooks one after the other, each in a process of its own.</summary>
internal static class NotebookSequence
{
    /// <summary>The results, in order, one for each notebook asked for, even when the run ends early.</summary>
    internal static async Task<ExecutionResult> ExecuteAsync(ExecutionRequest request, IProgressObserver observer, Interrupt interrupt)
    {
        var clock = Stopwatch.StartNew();
        var jobs = request.Jobs();
        var results = new List<NotebookResult>();
        foreach (var job in jobs)
        {
            if (interrupt.Stop.IsCancellationRequested ||
                (request.FailFast && results.Any(result => result.Status != NotebookStatus.Succeeded)))
            {
                results.Add(new NotebookResult(job, NotebookStatus.NotRun)
                {
                    Message = interrupt.Stop.IsCancellationRequested
                        ? "The run was interrupted before its turn."
                        : "An earlier notebook failed (--fail-fast).",
                });
                continue;
            }
            observer.NotebookStarting(job, results.Count + 1, jobs.Count);
            var result = await ExecuteAsync(job, request, observer, interrupt);
            results.Add(result);
            observer.NotebookFinished(result);
        }
        return new ExecutionResult(results, clock.Elapsed);
    }

    private static async Task<NotebookResult> ExecuteAsync(NotebookJob job, ExecutionRequest request, IProgressObserver observer, Interrupt interrupt)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            return await new HostedNotebook(job, request, observer, interrupt).RunAsync();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception)
        {
            // A file that is in use, a full disk: one notebook's trouble, not the others'.
            return new NotebookResult(job, NotebookStatus.Failed) { Elapsed = clock.Elapsed, Message = $"It cannot be run: {e.Message}" };
        }
    }
}

/// <summary>What became of a run.</summary>
internal sealed record ExecutionResult(IReadOnlyList<NotebookResult> Notebooks, TimeSpan Elapsed)
{
    /// <summary>0 when every cell of every notebook succeeded, 1 when a notebook could not be read, 2 when a cell failed or the run was interrupted.</summary>
    internal int ExitCode =>
        Notebooks.Any(notebook => notebook.Status == NotebookStatus.Rejected) ? ExitCodes.Usage
        : Notebooks.All(notebook => notebook.Status == NotebookStatus.Succeeded) ? ExitCodes.Success
        : ExitCodes.Failure;
}

/// <summary>The runner's exit codes.</summary>
internal static class ExitCodes
{
    internal const int Success = 0;
    internal const int Usage = 1;
    internal const int Failure = 2;
}
