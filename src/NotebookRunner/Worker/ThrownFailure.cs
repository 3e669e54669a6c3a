using System.Globalization;
using System.Text.RegularExpressions;

namespace NotebookRunner.Worker;

/// <summary>
/// Explains an exception that a cell's code threw, frame by frame: what is the notebook's own is named by cell and line, what is
/// the runner's is left out.
/// </summary>
/// <param name="cell">The cell's number, as in the names of its submissions.</param>
/// <param name="submissions">Which lines of their cells the session's submissions came from.</param>
/// <param name="paths">Cuts machine paths.</param>
internal sealed partial class ThrownFailure(int cell, Submissions submissions, MachinePaths paths)
{
    private readonly List<string> _text = [], _traceback = [];
    private bool _inTrace;
    private int? _line; // of the cell, the first that the trace names

    /// <param name="exception">The exception.</param>
    /// <param name="source">The cell's text.</param>
    internal CellFailure Explain(Exception exception, string source)
    {
        var (all, message) = TextsOf(exception);
        foreach (var part in paths.Cut(all).ReplaceLineEndings("\n").Split('\n'))
            if (Frame().Match(part) is { Success: true } frame)
                AddFrame(frame);
            else
                AddWords(part);
        return new(string.Join('\n', _text).TrimEnd(), _traceback,
            new(exception.GetType().FullName!, paths.Cut(message), _line, null, CellFailure.SourceLine(source, _line)));
    }

    private static (string All, string Message) TextsOf(Exception exception)
    {
        try
        {
            return (exception.ToString() ?? "", exception.Message ?? "");
        }
        catch (Exception) // an exception of the notebook's, whose own text throws
        {
            return (exception.GetType().FullName!, exception.GetType().FullName!);
        }
    }

    private void AddWords(string part)
    {
        if (part.Contains("--- End of stack trace from previous location ---", StringComparison.Ordinal))
            return;
        if (!_inTrace)
            _text.Add(part);
        _traceback.Add(part);
    }

    private void AddFrame(Match frame)
    {
        _inTrace = true;
        var method = frame.Groups["method"].Value;
        if (RunnersOwn().IsMatch(method))
            return;
        var place = PlaceOf(frame);
        _traceback.Add(place is not null && TopLevel().IsMatch(method)
            ? $"   at {place}"
            : $"   at {Submission().Replace(method, "")}{(place is null ? "" : " in " + place)}");
    }

    private string? PlaceOf(Match frame)
    {
        var (file, line) = (frame.Groups["file"].Value, frame.Groups["line"].Value);
        if (!submissions.TryFind(file, out var origin))
            return file.Length > 0 ? $"{Path.GetFileName(file.Replace('\\', '/'))}, line {line}" : null;
        var cellLine = origin.CellLine(int.Parse(line, CultureInfo.InvariantCulture));
        if (origin.IsCell && origin.Number == cell)
            _line ??= cellLine;
        return $"{origin.Name}, line {cellLine}";
    }

    [GeneratedRegex(@"^   at (?<method>.+?)(?: in (?<file>[^)]+):line (?<line>\d+))?$")]
    private static partial Regex Frame();

    [GeneratedRegex(@"^(Microsoft\.CodeAnalysis\.Scripting\.|NotebookRunner\.)")]
    private static partial Regex RunnersOwn();

    [GeneratedRegex(@"^Submission#\d+\.<<Initialize>>d__0\.MoveNext\(\)$")]
    private static partial Regex TopLevel();

    [GeneratedRegex(@"Submission#\d+[.+]")]
    private static partial Regex Submission();
}
