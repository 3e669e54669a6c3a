using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookRunner.Documents;

/// <summary>
/// A notebook of nbformat 4 in C#. It is kept as the JSON that was read: unknown members, attachments, ids and metadata
/// survive, and only outputs and execution counts change.
/// </summary>
internal sealed class NotebookDocument
{
    private readonly JsonObject _root;
    private readonly JsonArray _nodes;
    private readonly List<NotebookCell> _cells;

    private NotebookDocument(JsonObject root, JsonArray nodes)
    {
        _root = root;
        _nodes = nodes;
        _cells = [.. nodes.Select(node => new NotebookCell((JsonObject)node!))];
        GiveLines();
        GiveIds();
    }

    /// <summary>The cells in their order.</summary>
    internal IReadOnlyList<NotebookCell> Cells => _cells;

    /// <summary>Reads a notebook.</summary>
    /// <exception cref="NotebookFormatException">The file cannot be read or is no C# notebook.</exception>
    internal static NotebookDocument Read(string path)
    {
        var name = Path.GetFileName(path);
        try
        {
            return Parse(File.ReadAllText(path), name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NotebookFormatException($"{name} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a notebook's text.</summary>
    /// <param name="text">The JSON.</param>
    /// <param name="name">What error messages call the notebook.</param>
    /// <exception cref="NotebookFormatException">The text is no C# notebook.</exception>
    internal static NotebookDocument Parse(string text, string name)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw new NotebookFormatException($"{name} is no notebook: the file is empty.");
        JsonNode? json;
        try
        {
            json = JsonNode.Parse(text, documentOptions: new() { MaxDepth = 512, AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            var place = e.LineNumber is { } line ? $" (line {line + 1})" : "";
            throw new NotebookFormatException(
                $"{name} is no notebook: it is not valid JSON{place}. {Sentence(e.Message)} Open it in an editor and repair it, or take the file from version control.", e);
        }
        if (json is not JsonObject root)
            throw new NotebookFormatException($"{name} is no notebook: a JSON object was expected, {Kind(json)} was found.");
        if (root["nbformat"].AsNumber() is not 4)
            throw new NotebookFormatException(
                $"{name} is no notebook of format 4: its \"nbformat\" is {root["nbformat"]?.ToJsonString() ?? "missing"}. Open it in Jupyter and save it to convert it.");
        if (root["cells"] is not JsonArray cells)
            throw new NotebookFormatException($"{name} has no list of cells: its \"cells\" is {Kind(root["cells"])}.");
        for (var i = 0; i < cells.Count; i++)
            CheckCell(cells[i], $"Cell {i + 1} of {name}");
        CheckLanguage(root, name);
        return new(root, cells);
    }

    /// <summary>Adds a cell in front of the one at <paramref name="index"/>.</summary>
    internal void Insert(int index, JsonObject cell)
    {
        _nodes.Insert(index, cell);
        _cells.Insert(index, new(cell));
        GiveIds();
    }

    /// <summary>Removes a cell.</summary>
    internal void RemoveAt(int index)
    {
        _nodes.RemoveAt(index);
        _cells.RemoveAt(index);
    }

    /// <summary>Takes away what a run left: outputs, counts, and what is recorded of it.</summary>
    internal void ClearOutputs()
    {
        foreach (var cell in _cells.Where(cell => cell is { IsCode: true, IsSkipped: false }))
        {
            cell.Outputs = [];
            cell.ExecutionCount = null;
        }
        if (Metadata is null)
            _root["metadata"] = new JsonObject(); // the format asks for it
        Provenance.Clear(this);
    }

    /// <summary>The notebook's own metadata, read only.</summary>
    internal JsonObject? Metadata => _root["metadata"] as JsonObject;

    /// <summary>Sets one entry of the notebook's metadata, or removes it; the others stay as they are.</summary>
    internal void SetMetadata(string name, JsonNode? value)
    {
        if (value is null)
        {
            Metadata?.Remove(name);
            return;
        }
        if (Metadata is null)
            _root["metadata"] = new JsonObject();
        Metadata!.SetSorted(name, value);
    }

    /// <summary>The file's text, as Jupyter writes it.</summary>
    internal string ToJson() => JupyterJson.Write(_root);

    private static void CheckCell(JsonNode? cell, string name)
    {
        if (cell is not JsonObject)
            throw new NotebookFormatException($"{name} is {Kind(cell)}, not an object.");
        if (cell["cell_type"].AsText() is not ("code" or "markdown" or "raw"))
            throw new NotebookFormatException(
                $"{name} is of no known type: \"cell_type\" is {cell["cell_type"]?.ToJsonString() ?? "missing"}; code, markdown or raw was expected.");
        var source = cell["source"];
        if (source.AsText() is null && !(source is JsonArray lines && lines.All(line => line.AsText() is not null)))
            throw new NotebookFormatException($"{name} has no text: its \"source\" is {Kind(source)}, not a string or a list of strings.");
    }

    private static void CheckLanguage(JsonObject root, string name)
    {
        var metadata = root["metadata"];
        var found = metadata.At("polyglot_notebook", "kernelInfo", "defaultKernelName").AsText()
            ?? metadata.At("kernelspec", "language").AsText()
            ?? metadata.At("kernelspec", "name").AsText()
            ?? metadata.At("language_info", "name").AsText();
        if (found?.ToLowerInvariant() is not (null or "csharp" or "c#" or ".net-csharp" or "polyglot-notebook"))
            throw new NotebookFormatException(
                $"{name} is a notebook for the language '{found}', but this runner executes C# notebooks (kernel .net-csharp).");
    }

    private void GiveLines()
    {
        foreach (var cell in _cells)
            if (cell.Node["source"] is JsonValue)
                cell.Node["source"] = MultilineText.Split(cell.Source);
    }

    // nbformat 4.5 asks for an id in every cell; a missing one is made of the cell's place and text, the same each time.
    private void GiveIds()
    {
        if (_root["nbformat_minor"].AsNumber() is not >= 5)
            return;
        for (var i = 0; i < _cells.Count; i++)
            if (_cells[i].Node["id"].AsText() is null)
                _cells[i].Node["id"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{i}\n{_cells[i].Source}")))[..8];
    }

    private static string Kind(JsonNode? node) => node?.GetValueKind() switch
    {
        null => "missing",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        _ => node.ToJsonString(),
    };

    // System.Text.Json's messages end in the place, which is said already.
    private static string Sentence(string message)
    {
        var end = message.IndexOf(" Path: ", StringComparison.Ordinal) is var path and >= 0 ? path : message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        return end >= 0 ? message[..end] : message;
    }
}
