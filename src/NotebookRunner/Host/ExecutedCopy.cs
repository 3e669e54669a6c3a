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
    internal static void AddError(string copy, string original, int? cellIndex, CellError error)
    {
        if ((TryRead(copy) ?? WithoutOutputs(TryRead(original))) is not { } notebook)
            return; // the notebook itself cannot be read: there is nothing to keep
        var cell = cellIndex < notebook.Cells.Count
            ? notebook.Cells[cellIndex.Value]
            : notebook.Cells.FirstOrDefault(cell => cell.IsCode);
        if (cell is not { IsCode: true })
            return;
        cell.Outputs = [.. cell.Outputs.Select(output => output?.DeepClone()), new JsonObject
        {
            ["ename"] = error.Name,
            ["evalue"] = error.Message,
            ["output_type"] = "error",
            ["traceback"] = new JsonArray(),
        }];
        WholeFile.Write(copy, notebook.ToJson());
    }

    /// <summary>Puts an executed copy in its notebook's place, whole or not at all; a link to the notebook stays a link.</summary>
    /// <exception cref="IOException">
    /// It cannot be written, or the notebook was changed since it was read: then it stays as it is.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written, for want of a permission.</exception>
    internal static void WriteBack(string copy, string notebook)
    {
        if (WithoutOutputs(TryRead(notebook))?.ToJson() != WithoutOutputs(TryRead(copy))?.ToJson())
            throw new IOException("the notebook was changed while it ran, and keeps that change. Run it again.");
        WholeFile.Write(File.ResolveLinkTarget(notebook, returnFinalTarget: true)?.FullName ?? notebook, File.ReadAllText(copy));
    }

    /// <summary>
    /// Whether a file is an executed copy of a notebook: both have the same code, but for injected parameters. Two notebooks of one
    /// name have their copies in one place.
    /// </summary>
    internal static bool IsOf(string copy, string notebook) =>
        TryRead(copy) is { } executed && TryRead(notebook) is { } original && Code(executed).SequenceEqual(Code(original));

    private static IEnumerable<string> Code(NotebookDocument notebook) =>
        notebook.Cells.Where(cell => cell.IsCode && !cell.Tags.Contains(NotebookParameters.InjectedTag)).Select(cell => cell.Source);

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
        notebook?.ClearOutputs();
        return notebook;
    }
}
