using NotebookHelpers;

namespace Experiments;

/// <summary>How a command's user names a grid.</summary>
internal static class Grids
{
    /// <summary>A grid of the repository by its name, or any by the path of its file.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    internal static ExperimentGrid Find(string name) => File.Exists(name) ? ExperimentGrid.Load(name) : ExperimentGrid.Named(name);
}
