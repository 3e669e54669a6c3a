using System.Text.Json.Nodes;
using NotebookRunner.Host;

namespace Notebooks.Tests;

/// <summary>A notebook file as the tests read it.</summary>
internal sealed class Lesson(string path)
{
    internal static string Root { get; } = Repository.Find(AppContext.BaseDirectory).Root;

    internal static IEnumerable<string> Names =>
        Directory.EnumerateFiles(System.IO.Path.Combine(Root, "notebooks"), "*.ipynb")
            .Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal)!;

    internal string Path { get; } = path;

    internal JsonNode Json { get; } = JsonNode.Parse(File.ReadAllText(path))!;

    internal IEnumerable<JsonNode> Cells => Json["cells"]!.AsArray()!;

    internal IEnumerable<JsonNode> CodeCells => Cells.Where(cell => (string?)cell["cell_type"] == "code");

    /// <summary>The texts of the Markdown cells.</summary>
    internal IEnumerable<string> Prose =>
        Cells.Where(cell => (string?)cell["cell_type"] == "markdown").Select(cell => Text(cell["source"]));

    internal IEnumerable<JsonNode> Outputs => CodeCells.SelectMany(cell => cell["outputs"]!.AsArray())!;

    internal static Lesson Named(string name) => new(System.IO.Path.Combine(Root, "notebooks", name));

    internal static bool HasTag(JsonNode cell, string tag) =>
        cell["metadata"]?["tags"]?.AsArray().Any(given => (string?)given == tag) == true;

    /// <summary>A text of the file format: one string, or its lines.</summary>
    internal static string Text(JsonNode? node) =>
        node is JsonArray lines ? string.Concat(lines.Select(line => (string?)line)) : node?.ToString() ?? "";
    /// <summary>An output as text, a stream too.</summary>
    internal static string TextOf(JsonNode output) => Text(output["data"]?["text/plain"] ?? output["text"]);

    /// <summary>The words of a line, however many spaces keep its columns apart.</summary>
    internal static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether this is the cell in which a reader writes answers.</summary>
    internal static bool TakesAnswers(JsonNode cell) =>
        (string?)cell["cell_type"] == "code" && Text(cell["source"]).Contains("answer1 = null;", StringComparison.Ordinal);
}
