namespace NotebookRunner.Worker;

/// <summary>A cell cannot go on for a reason that is the notebook's: a bad directive, a package that is not there.</summary>
/// <param name="message">The message, as the kernel words it where it has one.</param>
/// <param name="line">The directive's line, from 1 within the cell.</param>
internal sealed class CellException(string message, int? line = null) : Exception(message)
{
    internal int? Line { get; } = line;
}
