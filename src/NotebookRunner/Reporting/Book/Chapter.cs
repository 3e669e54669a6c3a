using System.Text.Json;
using System.Text.Json.Nodes;
using NotebookRunner.Documents;
using NotebookRunner.Hosting;

namespace NotebookRunner.Reporting.Book;

/// <summary>A notebook and the file whose outputs the book shows: its executed copy, or the notebook itself.</summary>
internal sealed record BookSource(string Notebook, string Executed);

/// <summary>One notebook as the book needs it: its cells and its name, nothing of how it is edited.</summary>
internal sealed record Chapter(string Name, string Folder, IReadOnlyList<Cell> Cells)
{
    /// <summary>The name of its page.</summary>
    internal string Page => Name + ".html";

    internal int CodeCells => Cells.Count(cell => cell.Kind == CellKind.Code && !string.IsNullOrWhiteSpace(cell.Source));

    /// <summary>The first heading, else the file's name.</summary>
    internal string Title => Prose.Title(FirstProse) ?? Name;

    /// <summary>What the lesson begins with, as plain text.</summary>
    internal string Lead => Prose.Lead(FirstProse) ?? "";

    /// <summary>Whether a cell's output is an error.</summary>
    internal bool Failed => Cells.Any(cell => cell.Outputs.Any(output => output is ErrorOutput));

    private string FirstProse => Cells.FirstOrDefault(cell => cell.Kind == CellKind.Markdown)?.Source ?? "";

    /// <summary>Reads the executed file.</summary>
    /// <exception cref="UsageException">It is no notebook.</exception>
    internal static Chapter Read(BookSource source)
    {
        try
        {
            return new Chapter(
                Path.GetFileNameWithoutExtension(source.Notebook),
                Path.GetDirectoryName(source.Notebook)!,
                [.. NotebookDocument.Read(source.Executed).Cells.Select(ReadCell)]);
        }
        catch (NotebookFormatException exception)
        {
            throw new UsageException(exception.Message);
        }
    }

    private static Cell ReadCell(NotebookCell cell) => new(
        cell.IsCode ? CellKind.Code : cell.Node["cell_type"].AsText() == "markdown" ? CellKind.Markdown : CellKind.Raw,
        cell.Source,
        [.. cell.Outputs.OfType<JsonObject>().Select(ReadOutput)],
        Attachments(cell.Node["attachments"] as JsonObject));

    private static Output ReadOutput(JsonObject output) => output["output_type"].AsText() switch
    {
        "stream" => new StreamOutput(output["name"].AsText() == "stderr", Text(output["text"])),
        "error" => new ErrorOutput(Text(output["ename"]), Text(output["evalue"]),
            string.Join("\n", (output["traceback"] as JsonArray ?? []).Select(Text))),
        _ => new DataOutput((output["data"] as JsonObject ?? []).ToDictionary(entry => entry.Key, entry => Text(entry.Value))),
    };

    private static Dictionary<string, string> Attachments(JsonObject? attachments) => (attachments ?? [])
        .Where(file => file.Value is JsonObject { Count: > 0 })
        .ToDictionary(file => file.Key, file =>
        {
            var (mime, content) = ((JsonObject)file.Value!).First();
            return $"data:{mime};base64,{Text(content)}";
        });

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
    CellKind Kind, string Source, IReadOnlyList<Output> Outputs, IReadOnlyDictionary<string, string> Attachments);

internal abstract record Output;

internal sealed record StreamOutput(bool IsError, string Text) : Output;

internal sealed record ErrorOutput(string Name, string Message, string Traceback) : Output;

internal sealed record DataOutput(IReadOnlyDictionary<string, string> Data) : Output;
