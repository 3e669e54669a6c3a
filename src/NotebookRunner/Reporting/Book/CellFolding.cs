using System.Text.Json;
using System.Text.Json.Nodes;
using NotebookRunner.Documents;

namespace NotebookRunner.Reporting.Book;

/// <summary>What of a code cell is folded until a reader asks for it, by the metadata that editors and Jupyter Book honour.</summary>
/// <param name="Source">The code: <c>jupyter.source_hidden</c>, the tag hide-input, or what the next names.</param>
/// <param name="Outputs">The outputs: <c>jupyter.outputs_hidden</c>, <c>collapsed</c>, or the tags hide-output and hide-cell.</param>
/// <param name="Label">What the fold is called: by the tags check, answer and solution.</param>
internal sealed record CellFolding(bool Source, bool Outputs, string Label)
{
    internal static CellFolding Read(JsonObject? metadata)
    {
        var tags = (metadata?["tags"] as JsonArray ?? []).Select(tag => tag.AsText()).OfType<string>().ToHashSet();
        var jupyter = metadata?["jupyter"] as JsonObject;
        return new(
            IsTrue(jupyter?["source_hidden"]) || tags.Overlaps(["hide-input", "hide-cell", "check", "answer", "solution"]),
            IsTrue(jupyter?["outputs_hidden"]) || IsTrue(metadata?["collapsed"]) ||
                tags.Overlaps(["hide-output", "hide-cell", "answer", "solution"]),
            tags.Contains("check") ? "Check" : tags.Overlaps(["answer", "solution"]) ? "Answer" : "Code");
    }

    private static bool IsTrue(JsonNode? value) => value?.GetValueKind() == JsonValueKind.True;
}
