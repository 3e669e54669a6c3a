using System.Text.Json;
using System.Text.Json.Nodes;
using NotebookRunner.Documents;
using NotebookRunner.Host;

namespace NotebookRunner.Reporting.Book;

/// <summary>A notebook and the file whose outputs the book shows: its executed copy, or the notebook itself.</summary>
internal sealed record BookSource(string Notebook, string Executed);

/// <summary>One notebook as the book needs it: its cells and its name, nothing of how it is edited.</summary>
/// <param name="Name">Its file's name, without the ending.</param>
/// <param name="Folder">Where the file lies.</param>
/// <param name="Cells">All cells.</param>
/// <param name="Run">The run that made the outputs, in a reader's words; empty when the file does not say.</param>
internal sealed record Chapter(string Name, string Folder, IReadOnlyList<Cell> Cells, string Run)
{
    /// <summary>The name of its page; the writer of the book gives another where two chapters would share one.</summary>
    internal string Page { get; init; } = Name + ".html";

    internal int CodeCells => Numbered().Count();

    /// <summary>The cells of code that are not empty, as the page numbers them, from 1.</summary>
    internal IEnumerable<(int Number, Cell Cell)> Numbered() =>
        Cells.Where(cell => cell.Kind == CellKind.Code && !string.IsNullOrWhiteSpace(cell.Source))
            .Select((cell, place) => (place + 1, cell));

    /// <summary>The first heading, else the file's name.</summary>
    internal string Title { get; } = Prose.Title(FirstProse(Cells)) ?? Name;

    /// <summary>What the lesson begins with, as plain text.</summary>
    internal string Lead { get; } = Prose.Lead(FirstProse(Cells)) ?? "";

    /// <summary>The figures that the lesson is about, where the run offers such.</summary>
    internal IEnumerable<HeadlineFigure> Headlines => Cells.SelectMany(cell => cell.Outputs.OfType<DataOutput>())
        .SelectMany(output => HeadlineFigure.Read(output.Data.GetValueOrDefault(HeadlineContract.MimeType, "")))
        .Where(figure => !figure.IsData);

    /// <summary>Whether a cell's output is an error.</summary>
    internal bool Failed => Cells.Any(cell => cell.Outputs.Any(output => output is ErrorOutput));

    private static string FirstProse(IReadOnlyList<Cell> cells) =>
        cells.FirstOrDefault(cell => cell.Kind == CellKind.Markdown)?.Source ?? "";

    /// <summary>Reads the executed file.</summary>
    /// <exception cref="UsageException">It is no notebook.</exception>
    internal static Chapter Read(BookSource source)
    {
        try
        {
            var document = NotebookDocument.Read(source.Executed);
            return new Chapter(
                Path.GetFileNameWithoutExtension(source.Notebook),
                Path.GetDirectoryName(source.Notebook)!,
                [.. document.Cells.Select(ReadCell)],
                DescribeRun(document.Metadata?[Provenance.Key] as JsonObject));
        }
        catch (NotebookFormatException exception)
        {
            throw new UsageException(exception.Message);
        }
    }

    private static string DescribeRun(JsonObject? run)
    {
        string?[] parts =
        [
            run?["profile"].AsText() is { } profile ? $"{profile} profile" : null,
            run?["data"].AsText(),
            run?["seed"]?.GetValueKind() == JsonValueKind.Number ? $"seed {run["seed"]}" : null,
        ];
        return string.Join(", ", parts.OfType<string>());
    }

    private static Cell ReadCell(NotebookCell cell) => new(
        cell.IsCode ? CellKind.Code : cell.Node["cell_type"].AsText() == "markdown" ? CellKind.Markdown : CellKind.Raw,
        cell.Source,
        [.. cell.Outputs.OfType<JsonObject>().Select(ReadOutput)],
        Attachments(cell.Node["attachments"] as JsonObject),
        CellFolding.Read(cell.Node["metadata"] as JsonObject),
        ExerciseAnswer.Of(cell.Node["metadata"]));

    private static Output ReadOutput(JsonObject output) => output["output_type"].AsText() switch
    {
        "stream" => new StreamOutput(output["name"].AsText() == "stderr", Text(output["text"])),
        "error" => new ErrorOutput(Text(output["ename"]), Text(output["evalue"]),
            output["traceback"] is JsonArray trace ? string.Join("\n", trace.Select(Text)) : Text(output["traceback"])),
        _ when output["data"] is JsonObject data => new DataOutput(
            data.Where(entry => entry.Value is not null).ToDictionary(entry => entry.Key, entry => Text(entry.Value))),
        "display_data" or "execute_result" => new DataOutput(new Dictionary<string, string>()),
        var other => new UnknownOutput(other ?? "none"),
    };

    /// <summary>The pictures that a cell holds, as addresses; what else it holds is none.</summary>
    private static Dictionary<string, string> Attachments(JsonObject? attachments) => (
        from file in attachments ?? []
        let picture = (file.Value as JsonObject ?? []).FirstOrDefault(form => form.Key.StartsWith("image/", StringComparison.Ordinal))
        where picture.Key is not null
        select (file.Key, Address: $"data:{picture.Key};base64,{Text(picture.Value)}"))
        .ToDictionary(file => file.Key, file => file.Address);

    /// <summary>nbformat's texts are a string or an array of lines; JSON of other shapes is shown as it is.</summary>
    private static string Text(JsonNode? node) => node switch
    {
        null => "",
        JsonArray lines when lines.All(line => line?.GetValueKind() == JsonValueKind.String) =>
            string.Concat(lines.Select(line => line!.GetValue<string>())),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => node.ToJsonString(),
    };
}

internal enum CellKind
{
    Markdown,
    Code,
    Raw,
}

internal sealed record Cell(
    CellKind Kind, string Source, IReadOnlyList<Output> Outputs, IReadOnlyDictionary<string, string> Attachments, CellFolding Folding,
    IReadOnlyList<ExerciseAnswer> Answers);

internal abstract record Output;

internal sealed record StreamOutput(bool IsError, string Text) : Output;

internal sealed record ErrorOutput(string Name, string Message, string Traceback) : Output;

internal sealed record DataOutput(IReadOnlyDictionary<string, string> Data) : Output;

internal sealed record UnknownOutput(string Type) : Output;
