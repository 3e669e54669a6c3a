using System.Text.Json.Nodes;

namespace NotebookRunner.Tests.Host;

/// <summary>Notebooks in a test's folder.</summary>
internal static class FolderNotebooks
{
    /// <summary>Writes a notebook of code cells, with outputs of an earlier run in each.</summary>
    internal static string Notebook(this TemporaryFolder folder, string name, params string[] cells)
    {
        var old = new JsonObject { ["name"] = "stdout", ["output_type"] = "stream", ["text"] = "old output\n" };
        return folder.Notebook(name, [.. cells.Select((source, index) => new JsonObject
        {
            ["cell_type"] = "code",
            ["execution_count"] = 7,
            ["id"] = $"cell-{index}",
            ["metadata"] = new JsonObject(),
            ["outputs"] = new JsonArray(old.DeepClone()),
            ["source"] = source,
        })]);
    }

    /// <summary>Writes a notebook of these cells.</summary>
    internal static string Notebook(this TemporaryFolder folder, string name, params JsonObject[] cells) =>
        NotebookJson.Write(folder.File(name), cells);
}
