namespace NotebookRunner.Host;

/// <summary>What became of a run.</summary>
internal sealed record ExecutionResult(IReadOnlyList<NotebookResult> Notebooks, TimeSpan Elapsed)
{
    /// <summary>0 when every cell of every notebook succeeded, 1 when a notebook could not be read, 2 for anything else.</summary>
    internal int ExitCode =>
        Notebooks.Any(notebook => notebook.Status == NotebookStatus.Rejected) ? ExitCodes.Usage
        : Notebooks.All(notebook => notebook.Status == NotebookStatus.Succeeded) ? ExitCodes.Success
        : ExitCodes.Failure;

    /// <summary>Whether one of these notebooks was among those asked for.</summary>
    internal bool Ran(IReadOnlyList<string> notebooks) =>
        Notebooks.Any(notebook => notebooks.Contains(notebook.Job.Notebook, Repository.SamePath));
}
