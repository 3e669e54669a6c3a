using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookRunner.Hosting;

/// <summary>What the host itself does to a notebook's executed copy: adds the end of a worker that could not, writes it back.</summary>
internal static class ExecutedCopy
{
    // As Jupyter writes: one space of indentation, characters as they are, a newline at the end.
    private static readonly JsonSerializerOptions AsJupyter = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// Adds an error output to the cell that a worker died in (to the first code cell, where it died before any), keeping
    /// the outputs so far. Where the worker wrote no copy yet, the copy is made of the notebook, with no outputs.
    /// </summary>
    internal static void AddError(NotebookJob job, int? cellIndex, CellError error)
    {
        var notebook = Read(job.ExecutedCopy) ?? WithoutOutputs(Read(job.Notebook));
        if (notebook?["cells"] is not JsonArray cells)
            return; // the notebook itself cannot be read: there is nothing to keep
        var cell = cellIndex is { } index && index < cells.Count ? cells[index] : cells.FirstOrDefault(IsCode);
        if (cell is null || !IsCode(cell))
            return;
        if (cell["outputs"] is not JsonArray outputs)
            cell["outputs"] = outputs = [];
        outputs.Add(new JsonObject
        {
            ["ename"] = error.Name,
            ["evalue"] = error.Message,
            ["output_type"] = "error",
            ["traceback"] = new JsonArray(),
        });
        Replace(job.ExecutedCopy, notebook.ToJsonString(AsJupyter) + "\n");
    }

    /// <summary>Puts the executed copy in the notebook's place, whole or not at all.</summary>
    internal static bool WriteBack(NotebookJob job)
    {
        Replace(job.Notebook, File.ReadAllText(job.ExecutedCopy));
        return true;
    }

    private static void Replace(string path, string text)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            File.WriteAllText(temporary, text);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static JsonNode? Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonNode? WithoutOutputs(JsonNode? notebook)
    {
        foreach (var cell in (notebook?["cells"] as JsonArray ?? []).Where(IsCode))
        {
            cell!["outputs"] = new JsonArray();
            cell["execution_count"] = null;
        }
        return notebook;
    }

    private static bool IsCode(JsonNode? cell) => (string?)cell?["cell_type"] == "code";
}
