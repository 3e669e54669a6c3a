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
        return Parse(ReadText(path, name), name);
    }

    /// <summary>Reads a notebook's file: UTF-8, or what its byte order mark says.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">What error messages call the notebook.</param>
    /// <exception cref="NotebookFormatException">It cannot be read, is no text, or is no ordinary file.</exception>
    internal static string ReadText(string path, string name)
    {
        try
        {
            var text = PlainFile.ReadAllText(path);
            return text.Contains('\0') ? throw NotText(name) : text; // as UTF-16 without its mark has it; JSON never
        }
        catch (DecoderFallbackException e)
        {
            throw NotText(name, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
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
        var root = ReadJson(text, name);
        if (root["nbformat"].AsNumber() is not 4)
            throw new NotebookFormatException(
                $"{name} is no notebook of format 4: its \"nbformat\" is {root["nbformat"]?.ToJsonString() ?? "missing"}. " +
                "Open it in Jupyter and save it to convert it.");
        if (root["cells"] is not JsonArray cells)
            throw new NotebookFormatException($"{name} has no list of cells: its \"cells\" is {Kind(root["cells"])}.");
        var future = root["nbformat_minor"].AsNumber() > NotebookSchema.Minor;
        for (var i = 0; i < cells.Count; i++)
            CheckCell(cells[i], future, $"Cell {i + 1} of {name}");
        CheckLanguage(root, name);
        return new(root, cells);
    }

    /// <summary>Reads a notebook's JSON as it stands, with nothing added.</summary>
    /// <exception cref="NotebookFormatException">It is no JSON object.</exception>
    internal static JsonObject ReadJson(string text, string name)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw new NotebookFormatException($"{name} is no notebook: the file is empty.");
        JsonNode? json;
        try
        {
            json = JupyterJsonReader.Read(text);
        }
        catch (JsonException e)
        {
            var place = e.LineNumber is { } line ? $" (line {line + 1})" : "";
            throw new NotebookFormatException(
                $"{name} is no notebook: it is not valid JSON{place}. {Sentence(e.Message)} " +
                "Open it in an editor and repair it, or take the file from version control.", e);
        }
        return json as JsonObject
            ?? throw new NotebookFormatException($"{name} is no notebook: a JSON object was expected, {Kind(json)} was found.");
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

    private static NotebookFormatException NotText(string name, Exception? inner = null) =>
        new($"{name} is no notebook: it is not UTF-8 text. Save it in that encoding, or take it from version control.", inner);

    private static void CheckCell(JsonNode? cell, bool future, string name)
    {
        if (cell is not JsonObject)
            throw new NotebookFormatException($"{name} is {Kind(cell)}, not an object.");
        if (!NotebookCell.IsKnown(cell["cell_type"].AsText()))
        {
            if (future)
                return; // a kind that a later version of the format brought: it is kept as it is
            throw new NotebookFormatException(
                $"{name} is of no known type: \"cell_type\" is {cell["cell_type"]?.ToJsonString() ?? "missing"}; " +
                "code, markdown or raw was expected.");
        }
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
        foreach (var cell in _cells.Where(cell => NotebookCell.IsKnown(cell.Kind)))
            if (cell.Node["source"] is JsonValue)
                cell.Node["source"] = MultilineText.Split(cell.Source);
    }

    // nbformat 4.5 asks for an id in every cell; a missing one is made of the cell's place and text, the same each time.
    private void GiveIds()
    {
        if (_root["nbformat_minor"].AsNumber() is not >= NotebookSchema.Minor)
            return;
        for (var i = 0; i < _cells.Count; i++)
            if (_cells[i].Node["id"].AsText() is null && NotebookCell.IsKnown(_cells[i].Kind))
                _cells[i].Node.SetSorted("id", IdOf(i, _cells[i].Source));
    }

    private static string IdOf(int place, string source) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{place}\n{source}")))[..8];

    private static string Kind(JsonNode? node) => node?.GetValueKind() switch
    {
        null => "missing or null",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        _ => node.ToJsonString(),
    };

    // System.Text.Json's messages end in the place, which is said already.
    private static string Sentence(string message)
    {
        var end = message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        return end >= 0 ? message[..end] : message;
    }
}
