using System.Text.Json.Nodes;
using NotebookRunner.Host;

namespace Notebooks.Tests;

/// <summary>A notebook file as the tests read it.</summary>
internal sealed class Lesson(string path)
{
    internal static string Root { get; } = Repository.Find(AppContext.BaseDirectory).Root;

    internal static IEnumerable<string> Names =>
        Directory.EnumerateFiles(System.IO.Path.Combine(Root, "notebooks"), "*.ipynb").Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal)!;

    internal string Path { get; } = path;

    internal JsonNode Json { get; } = JsonNode.Parse(File.ReadAllText(path))!;

    internal IEnumerable<JsonNode> Cells => Json["cells"]!.AsArray()!;

    internal IEnumerable<JsonNode> CodeCells => Cells.Where(cell => (string?)cell["cell_type"] == "code");

    internal IEnumerable<JsonNode> Outputs => CodeCells.SelectMany(cell => cell["outputs"]!.AsArray())!;

    internal static Lesson Named(string name) => new(System.IO.Path.Combine(Root, "notebooks", name));

    internal static bool HasTag(JsonNode cell, string tag) =>
        cell["metadata"]?["tags"]?.AsArray().Any(given => (string?)given == tag) == true;

    /// <summary>A text of the file format: one string, or its lines.</summary>
    internal static string Text(JsonNode? node) =>
        node is JsonArray lines ? string.Concat(lines.Select(line => (string?)line)) : node?.ToString() ?? "";
}
