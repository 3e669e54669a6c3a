using System.Text.Json.Nodes;
using NotebookRunner.Documents;

namespace NotebookRunner.Host;

/// <summary>What the host itself does to a notebook's executed copy: adds the end of a worker that could not, writes it back.</summary>
internal static class ExecutedCopy
{
    /// <summary>
    /// Adds an error output to the cell that a worker died in (to the first code cell, where it died before any), keeping
    /// the outputs so far. Where the worker wrote no copy yet, the copy is made of the notebook, with no outputs.
    /// </summary>
    internal static void AddError(NotebookJob job, int? cellIndex, CellError error)
    {
        if ((TryRead(job.ExecutedCopy) ?? WithoutOutputs(TryRead(job.Notebook))) is not { } notebook)
            return; // the notebook itself cannot be read: there is nothing to keep
        var cell = cellIndex is { } index && index < notebook.Cells.Count ? notebook.Cells[index] : notebook.Cells.FirstOrDefault(cell => cell.IsCode);
        if (cell is not { IsCode: true })
            return;
        cell.Outputs = [.. cell.Outputs.Select(output => output?.DeepClone()), new JsonObject
        {
            ["ename"] = error.Name,
            ["evalue"] = error.Message,
            ["output_type"] = "error",
            ["traceback"] = new JsonArray(),
        }];
        WholeFile.Write(job.ExecutedCopy, notebook.ToJson());
    }

    /// <summary>Puts the executed copy in the notebook's place, whole or not at all.</summary>
    internal static void WriteBack(NotebookJob job) => WholeFile.Write(job.Notebook, File.ReadAllText(job.ExecutedCopy));

    private static NotebookDocument? TryRead(string path)
    {
        try
        {
            return File.Exists(path) ? NotebookDocument.Read(path) : null;
        }
        catch (NotebookFormatException)
        {
            return null;
        }
    }

    private static NotebookDocument? WithoutOutputs(NotebookDocument? notebook)
    {
        foreach (var cell in notebook?.Cells.Where(cell => cell.IsCode) ?? [])
        {
            cell.Outputs = [];
            cell.ExecutionCount = null;
        }
        return notebook;
    }
}
