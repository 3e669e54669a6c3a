using System.Text.Json.Nodes;

namespace NotebookRunner.Documents;

/// <summary>One cell, a view over its JSON: what this class does not name stays as it was found.</summary>
internal sealed class NotebookCell(JsonObject node)
{
    /// <summary>The tag of a cell that is to throw.</summary>
    internal const string RaisesExceptionTag = "raises-exception";

    /// <summary>The cell's JSON.</summary>
    internal JsonObject Node { get; } = node;

    /// <summary>code, markdown, raw, or what a later version of the format brought.</summary>
    internal string? Kind => Node["cell_type"].AsText();

    /// <summary>Whether the cell is executed.</summary>
    internal bool IsCode => Kind == "code";

    /// <summary>Whether this version of the format has such a kind of cell.</summary>
    internal static bool IsKnown(string? kind) => kind is "code" or "markdown" or "raw";

    /// <summary>The text, whether the file holds it as one string or as a list of lines.</summary>
    internal string Source => MultilineText.Join(Node["source"]);

    /// <summary>The tags of the cell's metadata, as papermill and nbclient use them.</summary>
    internal IReadOnlyList<string> Tags =>
        Node.At("metadata", "tags") is JsonArray tags ? [.. tags.Select(tag => tag.AsText()).OfType<string>()] : [];

    /// <summary>Whether the cell is there to show an error: it is right when it throws, as in nbclient.</summary>
    internal bool RaisesException => Tags.Contains(RaisesExceptionTag);

    /// <summary>Whether a run leaves the cell and its outputs alone, as in nbclient.</summary>
    internal bool IsSkipped => Tags.Contains("skip-execution");

    /// <summary>The kernel that the metadata asks for, where it does: as Polyglot Notebooks writes it, now or before.</summary>
    internal string? Language =>
        Node.At("metadata", "polyglot_notebook", "kernelName").AsText() ?? Node.At("metadata", "dotnet_interactive", "language").AsText();

    /// <summary>The outputs, replaced as a whole.</summary>
    internal JsonArray Outputs
    {
        get => Node["outputs"] as JsonArray ?? [];
        set => Node.SetSorted("outputs", value);
    }

    /// <summary>The number that an editor shows in brackets; null for a cell that did not run.</summary>
    internal int? ExecutionCount
    {
        set => Node.SetSorted("execution_count", value is { } count ? JsonValue.Create(count) : null);
    }
}
