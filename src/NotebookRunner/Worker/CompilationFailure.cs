using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace NotebookRunner.Worker;

/// <summary>What the compiler found wrong with a cell, each finding with its line and a caret under its place.</summary>
internal static class CompilationFailure
{
    internal static CellFailure Explain(CompilationErrorException exception, Submissions submissions, MachinePaths paths)
    {
        List<Finding> findings = [.. exception.Diagnostics.Select(diagnostic => Find(diagnostic, submissions, paths))];
        return new(
            string.Join('\n', findings.Select(finding => finding.Text)),
            [.. findings.SelectMany(finding => finding.Traceback)],
            findings.FirstOrDefault()?.Error ?? new("Error", exception.Message, null, null, null));
    }

    private sealed record Finding(string Text, IReadOnlyList<string> Traceback, CellError Error);

    private static Finding Find(Diagnostic diagnostic, Submissions submissions, MachinePaths paths)
    {
        var message = paths.Cut(diagnostic.GetMessage(CultureInfo.InvariantCulture));
        var says = $"{(diagnostic.Severity == DiagnosticSeverity.Error ? "error" : "warning")} {diagnostic.Id}: {message}";
        if (!diagnostic.Location.IsInSource)
            return new(says, [says], new(diagnostic.Id, message, null, null, null));

        var span = diagnostic.Location.GetMappedLineSpan();
        var (line, column) = (span.StartLinePosition.Line + 1, span.StartLinePosition.Character + 1);
        var origin = submissions.TryFind(span.Path, out var found) ? found : null;
        var (file, ownLine) = (paths.Cut(span.Path), origin?.CellLine(line) ?? line);
        var code = origin is null ? LineOfFile(diagnostic, line) : origin.Source.Split('\n').ElementAtOrDefault(ownLine - 1);
        var place = $"{(origin is { IsCell: true } ? "" : file)}({ownLine},{column})";
        return new(
            // The kernel counts lines without the directives that it took out; a reader counts the cell's.
            $"{(origin is null ? file : "")}({line},{column}): {says}",
            [$"{place}: {says}", .. Quoted(code, column)],
            origin is { IsCell: true }
                ? new(diagnostic.Id, message, ownLine, column, code?.TrimEnd())
                : new(diagnostic.Id, $"{place}: {message}", null, null, null));
    }

    // A #line may say anything.
    private static string? LineOfFile(Diagnostic diagnostic, int line) =>
        diagnostic.Location.SourceTree?.GetText() is { } file && line <= file.Lines.Count ? file.Lines[line - 1].ToString() : null;

    private static string[] Quoted(string? code, int column) =>
        code is null ? [] : [$"    {code.TrimEnd()}", $"    {Indent(code, column - 1)}^"];

    // Tabs stay, so that the caret stands under its character.
    private static string Indent(string line, int column) =>
        string.Concat(line.Take(column).Select(character => character == '\t' ? '\t' : ' ')).PadRight(column);
}
