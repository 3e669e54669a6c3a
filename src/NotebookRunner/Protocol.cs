using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using NotebookRunner.Documents;

namespace NotebookRunner;

/// <summary>
/// What the host asks of a worker process: to execute one notebook. The host starts
/// <c>dotnet NotebookRunner.dll worker REQUEST-FILE PIPE-HANDLE</c>; the file holds this record as JSON, the handle is the
/// client end of an anonymous pipe that takes the events. The worker's standard input takes <see cref="WorkerCommand"/>s;
/// its end means that the host is gone, and so the worker goes too. SIGINT, SIGTERM, SIGQUIT and SIGHUP are the host's to handle.
/// </summary>
/// <param name="NotebookPath">The notebook, full path. Its folder is the cells' working directory.</param>
/// <param name="OutputPath">The executed copy, full path (it may be the notebook itself); replaced as a whole after every cell.</param>
/// <param name="Profile">full or quick, also in the worker's WORKBOOK_PROFILE.</param>
/// <param name="Parameters">Values to inject after the cell tagged <c>parameters</c>.</param>
/// <param name="KeepGoing">Whether cells after a failed one run.</param>
internal sealed record WorkerRequest(
    string NotebookPath,
    string OutputPath,
    string Profile,
    IReadOnlyDictionary<string, string> Parameters,
    bool KeepGoing);

/// <summary>The first words of the lines that a host writes to a worker's standard input.</summary>
internal static class WorkerCommand
{
    /// <summary>
    /// <c>cancel NUMBER REASON</c> cancels a cell; it ends as <see cref="CellStatus.Cancelled"/>, with the reason as its
    /// error's message. When another cell runs by the time that the line arrives, nothing happens.
    /// </summary>
    internal const string Cancel = "cancel";

    /// <summary><c>stop REASON</c> cancels the running cell in the same way, whichever it is, and skips the rest.</summary>
    internal const string Stop = "stop";
}

/// <summary>A worker's exit codes; every other one means that it died.</summary>
internal static class WorkerExit
{
    /// <summary>Every cell ended, well or not, and the executed copy is written.</summary>
    internal const int Finished = 0;

    /// <summary>The notebook could not be read or its parameters not be set: <see cref="NotebookRejected"/> says why.</summary>
    internal const int Rejected = 1;
}

/// <summary>What a worker tells its host, one JSON object a line, in order.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(NotebookStarted), "notebook-started")]
[JsonDerivedType(typeof(NotebookRejected), "notebook-rejected")]
[JsonDerivedType(typeof(CellStarted), "cell-started")]
[JsonDerivedType(typeof(OutputProduced), "output")]
[JsonDerivedType(typeof(CellFinished), "cell-finished")]
[JsonDerivedType(typeof(NotebookFinished), "notebook-finished")]
internal abstract record WorkerEvent;

/// <summary>The notebook was read; it has this many code cells to run.</summary>
internal sealed record NotebookStarted(int CodeCells) : WorkerEvent;

/// <summary>Nothing ran: the file is no notebook, or a parameter has no place in it.</summary>
internal sealed record NotebookRejected(string Message) : WorkerEvent;

/// <summary>A code cell begins. <paramref name="Index"/> counts all cells of the executed copy from 0, <paramref name="Number"/> code cells from 1.</summary>
internal sealed record CellStarted(int Index, int Number, string FirstLine) : WorkerEvent;

/// <summary>The running cell produced output; the preview is its last line, short.</summary>
internal sealed record OutputProduced(int Index, string Preview) : WorkerEvent;

/// <summary>A code cell ended; for a skipped one this is the only event.</summary>
internal sealed record CellFinished(int Index, int Number, CellStatus Status, double Seconds, CellError? Error) : WorkerEvent;

/// <summary>The notebook ended and its executed copy is written.</summary>
/// <param name="Headlines">The figures for the summary table.</param>
/// <param name="Unobserved">The exception of a task that nobody awaited, which fails the notebook; null for none.</param>
internal sealed record NotebookFinished(IReadOnlyList<HeadlineFigure> Headlines, string? Unobserved = null) : WorkerEvent;

/// <summary>A figure that a notebook wants in the summary table.</summary>
internal sealed record HeadlineFigure(string Name, string Value)
{
    /// <summary>Whether it names the data set that the others were measured on.</summary>
    internal bool IsData => Name.Equals("Data", StringComparison.OrdinalIgnoreCase);

    /// <summary>The figures in an output's JSON; none when it is not what was expected.</summary>
    internal static IEnumerable<HeadlineFigure> Read(string json)
    {
        JsonNode? read;
        try
        {
            read = JsonNode.Parse(json, new JsonNodeOptions { PropertyNameCaseInsensitive = true });
        }
        catch (JsonException)
        {
            yield break;
        }
        foreach (var figure in read as JsonArray ?? [read?.DeepClone()])
            if (figure.At("name").AsText() is { } name && figure.At("value").AsText() is { } value)
                yield return new(name, value);
    }
}

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
