using System.Text.Json.Serialization;

namespace NotebookRunner;

/// <summary>What the host asks of a worker process: to execute one notebook.</summary>
internal sealed record WorkerRequest(
    string NotebookPath,
    string OutputPath,
    string Profile,
    IReadOnlyDictionary<string, string> Parameters,
    bool KeepGoing);

/// <summary>What a worker tells its host, one JSON object a line, in order.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(NotebookStarted), "notebook-started")]
[JsonDerivedType(typeof(CellStarted), "cell-started")]
[JsonDerivedType(typeof(OutputProduced), "output")]
[JsonDerivedType(typeof(CellFinished), "cell-finished")]
[JsonDerivedType(typeof(NotebookFinished), "notebook-finished")]
internal abstract record WorkerEvent;

/// <summary>The notebook was read; it has this many code cells to run.</summary>
internal sealed record NotebookStarted(int CodeCells) : WorkerEvent;

/// <summary>A code cell begins. <paramref name="Index"/> counts all cells of the file from 0, <paramref name="Number"/> code cells from 1.</summary>
internal sealed record CellStarted(int Index, int Number, string FirstLine) : WorkerEvent;

/// <summary>The running cell produced output; the preview is its last line, short.</summary>
internal sealed record OutputProduced(int Index, string Preview) : WorkerEvent;

/// <summary>A code cell ended.</summary>
internal sealed record CellFinished(int Index, int Number, CellStatus Status, double Seconds, CellError? Error) : WorkerEvent;

/// <summary>The notebook ended and its executed copy is written.</summary>
internal sealed record NotebookFinished(IReadOnlyList<HeadlineFigure> Headlines) : WorkerEvent;

/// <summary>A figure that a notebook wants in the summary table.</summary>
internal sealed record HeadlineFigure(string Name, string Value);

/// <summary>How a cell ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CellStatus>))]
internal enum CellStatus
{
    Succeeded,
    Failed,
    Cancelled,
    Skipped,
}

/// <summary>Why a cell failed; line and column count from 1 within the cell, where they are known.</summary>
internal sealed record CellError(string Name, string Message, int? Line, int? Column, string? SourceLine);
