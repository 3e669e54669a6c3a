using Microsoft.CodeAnalysis.Scripting;

namespace NotebookRunner.Worker;

/// <summary>Why a cell failed, as the notebook file and as the host tell it.</summary>
/// <param name="Text">The error output's evalue: the kernel's words up to its trace.</param>
/// <param name="Traceback">The error output's traceback: the cell's own lines named, no machine's paths.</param>
/// <param name="Error">The short form.</param>
internal sealed record CellFailure(string Text, IReadOnlyList<string> Traceback, CellError Error)
{
    // The kernel's words; why is in the traceback.
    private const string KernelCancelled = "Command cancelled.";

    /// <summary>A failure that is told in words alone.</summary>
    internal static CellFailure Of(string text) => new(text, text.Split('\n'), new("Error", text, null, null, null));

    /// <summary>A cell that was cancelled.</summary>
    internal static CellFailure Cancelled(string reason) =>
        new(KernelCancelled, [KernelCancelled, reason], new("OperationCanceledException", reason, null, null, null));

    /// <summary>Explains an exception that ended a cell.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="cell">The cell's number, as in the names of its submissions.</param>
    /// <param name="source">The cell's text.</param>
    /// <param name="submissions">Which lines of their cells the session's submissions came from.</param>
    /// <param name="paths">Cuts machine paths.</param>
    internal static CellFailure From(
        Exception exception, int cell, string source, Submissions submissions, MachinePaths paths) => exception switch
        {
            CompilationErrorException compilation => CompilationFailure.Explain(compilation, submissions, paths),
            CellException { Line: var line } own => From(own, line, source, paths),
            _ => new ThrownFailure(cell, submissions, paths).Explain(exception, source),
        };

    /// <summary>A line of a text, from 1, without the spaces at its end; null when there is none.</summary>
    internal static string? SourceLine(string source, int? line) =>
        line is { } number ? source.Split('\n').ElementAtOrDefault(number - 1)?.TrimEnd() : null;

    private static CellFailure From(CellException exception, int? line, string source, MachinePaths paths)
    {
        var text = paths.Cut(exception.Message);
        return new(text, text.Split('\n'), new("Error", text, line, line is null ? null : 1, SourceLine(source, line)));
    }
}
