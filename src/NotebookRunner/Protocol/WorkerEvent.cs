using System.Text.Json.Serialization;

namespace NotebookRunner.Protocol;

/// <summary>What a worker tells its host, one JSON object a line, in order.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(NotebookStarted), "notebook-started")]
[JsonDerivedType(typeof(NotebookRejected), "notebook-rejected")]
[JsonDerivedType(typeof(CellStarted), "cell-started")]
[JsonDerivedType(typeof(OutputProduced), "output")]
[JsonDerivedType(typeof(CellFinished), "cell-finished")]
[JsonDerivedType(typeof(CopyNotSaved), "copy-not-saved")]
[JsonDerivedType(typeof(NotebookFinished), "notebook-finished")]
internal abstract record WorkerEvent;

/// <summary>The notebook was read; it has this many code cells to run.</summary>
internal sealed record NotebookStarted(int CodeCells) : WorkerEvent;

/// <summary>Nothing ran: the file is no notebook, or a parameter has no place in it.</summary>
internal sealed record NotebookRejected(string Message) : WorkerEvent;

/// <summary>
/// A code cell begins. <paramref name="Index"/> counts all cells of the executed copy from 0, <paramref name="Number"/> code
/// cells from 1.
/// </summary>
internal sealed record CellStarted(int Index, int Number, string FirstLine) : WorkerEvent;

/// <summary>The running cell produced output; the preview is its last line, short.</summary>
internal sealed record OutputProduced(int Index, string Preview) : WorkerEvent;

/// <summary>A code cell ended; for a skipped one this is the only event.</summary>
internal sealed record CellFinished(int Index, int Number, CellStatus Status, double Seconds, CellError? Error) : WorkerEvent;

/// <summary>The executed copy cannot be written: before the first cell, and then none runs, or after the last one.</summary>
internal sealed record CopyNotSaved(string Message) : WorkerEvent;

/// <summary>The notebook ended and its executed copy is written, unless <see cref="CopyNotSaved"/> came before.</summary>
/// <param name="Headlines">The figures for the summary table.</param>
/// <param name="Unobserved">The exception of a task that nobody awaited, which fails the notebook; null for none.</param>
internal sealed record NotebookFinished(IReadOnlyList<HeadlineFigure> Headlines, string? Unobserved = null) : WorkerEvent;
