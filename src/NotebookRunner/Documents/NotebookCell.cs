using System.Text.Json.Nodes;

namespace NotebookRunner.Documents;

/// <summary>One cell, a view over its JSON: what this class does not name stays as it was found.</summary>
internal sealed class NotebookCell(JsonObject node)
{
    /// <summary>The cell's JSON.</summary>
    internal JsonObject Node { get; } = node;

    /// <summary>Whether the cell is executed.</summary>
    internal bool IsCode => Node["cell_type"].AsText() == "code";

    /// <summary>The text, whether the file holds it as one string or as a list of lines.</summary>
    internal string Source => MultilineText.Join(Node["source"]);

    /// <summary>The tags of the cell's metadata, as papermill and nbclient use them.</summary>
    internal IReadOnlyList<string> Tags =>
        Node.At("metadata", "tags") is JsonArray tags ? [.. tags.Select(tag => tag.AsText()).OfType<string>()] : [];

    /// <summary>The kernel that the metadata asks for, where it does: as Polyglot Notebooks writes it, now or before.</summary>
    internal string? Language =>
        Node.At("metadata", "polyglot_notebook", "kernelName").AsText() ?? Node.At("metadata", "dotnet_interactive", "language").AsText();

    /// <summary>The outputs, replaced as a whole.</summary>
    internal JsonArray Outputs
    {
        get => Node["outputs"] as JsonArray ?? [];
        set => Set("outputs", value);
    }

    /// <summary>The number that an editor shows in brackets; null for a cell that did not run.</summary>
    internal int? ExecutionCount
    {
        set => Set("execution_count", value is { } count ? JsonValue.Create(count) : null);
    }

    private void Set(string name, JsonNode? value)
    {
        if (Node.ContainsKey(name))
        {
            Node[name] = value;
            return;
        }
        // Jupyter sorts a cell's members; a new one goes where it would be, the others keep their order.
        var index = 0;
        foreach (var (other, _) in Node)
        {
            if (string.CompareOrdinal(other, name) > 0)
                break;
            index++;
        }
        Node.Insert(index, name, value);
    }
}
