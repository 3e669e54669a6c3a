using System.Diagnostics.CodeAnalysis;

namespace NotebookRunner.Worker;

/// <summary>Where a submission's lines came from.</summary>
/// <param name="Name">What a trace calls the place: "cell 3", or a file's name.</param>
/// <param name="Number">The cell that ran it.</param>
/// <param name="IsCell">Whether the text is the cell's own, not a file's that it imports.</param>
/// <param name="Source">The whole text that the submission was cut from.</param>
/// <param name="Lines">For each line of the submission, its line in <paramref name="Source"/>, from 1.</param>
internal sealed record SubmissionOrigin(string Name, int Number, bool IsCell, string Source, IReadOnlyList<int> Lines)
{
    internal int CellLine(int line) => line >= 1 && line <= Lines.Count ? Lines[line - 1] : Lines is [.., var last] ? last : line;
}

/// <summary>The session's submissions by the file name that their debug information carries.</summary>
internal sealed class Submissions
{
    private readonly Dictionary<string, SubmissionOrigin> _origins = new(StringComparer.Ordinal);

    /// <summary>Gives a submission its file name.</summary>
    internal string Add(SubmissionOrigin origin)
    {
        var name = origin.Name;
        for (var part = 2; !_origins.TryAdd(name, origin); part++)
            name = $"{origin.Name}, part {part}";
        return name;
    }

    internal bool TryFind(string path, [NotNullWhen(true)] out SubmissionOrigin? origin) =>
        _origins.TryGetValue(path, out origin);
}
