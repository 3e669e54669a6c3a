using NotebookHelpers;

namespace Experiments;

/// <summary>The repository's grids, and where their results are.</summary>
internal static class Grids
{
    private static string Folder => Path.Combine(Workbook.Root, "src", "Experiments", "grids");

    internal static IEnumerable<string> Paths => Directory.EnumerateFiles(Folder, "*.json").Order(StringComparer.Ordinal);

    /// <summary>A grid by its name, or by the path of its file.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal static ExperimentGrid Find(string name)
    {
        var path = File.Exists(name) ? name : Path.Combine(Folder, name + ".json");
        return File.Exists(path) ? ExperimentGrid.Load(path) : throw new ArgumentException(
            $"There is no grid '{name}': known are {string.Join(", ", Paths.Select(Path.GetFileNameWithoutExtension))}, "
            + "or give a file's path.");
    }

    internal static string ResultsOf(ExperimentGrid grid) => Path.Combine(Workbook.DataFolder, "results", grid.Name + ".jsonl");
}
