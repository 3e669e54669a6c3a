using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace NotebookRunner.Worker;

/// <summary>A cell cannot go on for a reason that is the notebook's: a bad directive, a package that is not there.</summary>
/// <param name="message">The message, as the kernel words it where it has one.</param>
/// <param name="line">The directive's line, from 1 within the cell.</param>
internal sealed class CellException(string message, int? line = null) : Exception(message)
{
    internal int? Line { get; } = line;
}

/// <summary>Why a cell failed, as the notebook file and as the host tell it.</summary>
/// <param name="Text">The error output's evalue: the kernel's words up to its trace.</param>
/// <param name="Traceback">The error output's traceback: the cell's own lines named, no machine's paths.</param>
/// <param name="Error">The short form.</param>
internal sealed partial record CellFailure(string Text, IReadOnlyList<string> Traceback, CellError Error)
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
            CompilationErrorException compilation => From(compilation, source, submissions, paths),
            CellException { Line: var line } own => From(own, line, source, paths),
            _ => FromThrown(exception, cell, source, submissions, paths),
        };

    private static CellFailure From(CellException exception, int? line, string source, MachinePaths paths)
    {
        var text = paths.Cut(exception.Message);
        return new(text, text.Split('\n'), new("Error", text, line, line is null ? null : 1, SourceLine(source, line)));
    }

    private static CellFailure From(
        CompilationErrorException exception, string source, Submissions submissions, MachinePaths paths)
    {
        var texts = new List<string>();
        var traceback = new List<string>();
        CellError? first = null;
        foreach (var diagnostic in exception.Diagnostics)
        {
            var message = paths.Cut(diagnostic.GetMessage(CultureInfo.InvariantCulture));
            var says = $"{(diagnostic.Severity == DiagnosticSeverity.Error ? "error" : "warning")} {diagnostic.Id}: {message}";
            if (!diagnostic.Location.IsInSource)
            {
                texts.Add(says);
                traceback.Add(says);
                first ??= new(diagnostic.Id, message, null, null, null);
                continue;
            }
            var span = diagnostic.Location.GetMappedLineSpan();
            var (line, column) = (span.StartLinePosition.Line + 1, span.StartLinePosition.Character + 1);
            var isCell = submissions.TryFind(span.Path, out var origin);
            // The kernel counts lines without the directives that it took out; a reader counts the cell's.
            texts.Add($"{(isCell ? "" : paths.Cut(span.Path))}({line},{column}): {says}");
            var shownLine = isCell ? origin!.CellLine(line) : line;
            var shown = isCell
                ? origin!.Source.Split('\n').ElementAtOrDefault(shownLine - 1)
                : diagnostic.Location.SourceTree?.GetText() is { } file && line <= file.Lines.Count // a #line may say anything
                    ? file.Lines[line - 1].ToString()
                    : null;
            traceback.Add($"{(isCell && origin!.IsCell ? "" : paths.Cut(span.Path))}({shownLine},{column}): {says}");
            if (shown is not null)
            {
                traceback.Add($"    {shown.TrimEnd()}");
                traceback.Add($"    {Indent(shown, column - 1)}^");
            }
            first ??= isCell && origin!.IsCell
                ? new(diagnostic.Id, message, shownLine, column, shown?.TrimEnd())
                : new(diagnostic.Id, $"{paths.Cut(span.Path)}({shownLine},{column}): {message}", null, null, null);
        }
        return new(string.Join('\n', texts), traceback, first ?? new("Error", exception.Message, null, null, null));
    }

    private static CellFailure FromThrown(
        Exception exception, int cell, string source, Submissions submissions, MachinePaths paths)
    {
        string all, message;
        try
        {
            (all, message) = (exception.ToString() ?? "", exception.Message ?? "");
        }
        catch (Exception) // an exception of the notebook's, whose own text throws
        {
            all = message = exception.GetType().FullName!;
        }
        var text = new List<string>();
        var traceback = new List<string>();
        int? line = null;
        var inTrace = false;
        foreach (var part in paths.Cut(all).ReplaceLineEndings("\n").Split('\n'))
        {
            if (Frame().Match(part) is not { Success: true } frame)
            {
                if (part.Contains("--- End of stack trace from previous location ---", StringComparison.Ordinal))
                    continue;
                if (!inTrace)
                    text.Add(part);
                traceback.Add(part);
                continue;
            }
            inTrace = true;
            var method = frame.Groups["method"].Value;
            if (RunnersOwn().IsMatch(method))
                continue;
            var place = "";
            var file = frame.Groups["file"].Value;
            if (submissions.TryFind(file, out var origin))
            {
                var cellLine = origin.CellLine(int.Parse(frame.Groups["line"].Value, CultureInfo.InvariantCulture));
                place = $"{origin.Name}, line {cellLine}";
                if (origin.IsCell && origin.Number == cell)
                    line ??= cellLine;
            }
            else if (frame.Groups["file"].Success)
            {
                place = $"{Path.GetFileName(file.Replace('\\', '/'))}, line {frame.Groups["line"].Value}";
            }
            traceback.Add(TopLevel().IsMatch(method) && place.Length > 0
                ? $"   at {place}"
                : $"   at {Submission().Replace(method, "")}{(place.Length > 0 ? " in " + place : "")}");
        }
        return new(string.Join('\n', text).TrimEnd(), traceback,
            new(exception.GetType().FullName!, paths.Cut(message), line, null, SourceLine(source, line)));
    }

    private static string? SourceLine(string source, int? line) =>
        line is { } number ? source.Split('\n').ElementAtOrDefault(number - 1)?.TrimEnd() : null;

    // Tabs stay, so that the caret stands under its character.
    private static string Indent(string line, int column) =>
        string.Concat(line.Take(column).Select(character => character == '\t' ? '\t' : ' ')).PadRight(column);

    [GeneratedRegex(@"^   at (?<method>.+?)(?: in (?<file>[^)]+):line (?<line>\d+))?$")]
    private static partial Regex Frame();

    [GeneratedRegex(@"^(Microsoft\.CodeAnalysis\.Scripting\.|NotebookRunner\.)")]
    private static partial Regex RunnersOwn();

    [GeneratedRegex(@"^Submission#\d+\.<<Initialize>>d__0\.MoveNext\(\)$")]
    private static partial Regex TopLevel();

    [GeneratedRegex(@"Submission#\d+[.+]")]
    private static partial Regex Submission();
}
