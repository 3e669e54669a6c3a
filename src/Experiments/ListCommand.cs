using System.CommandLine;
using NotebookHelpers;

namespace Experiments;

/// <summary>Lists the grids, and how many of their jobs are done.</summary>
internal static class ListCommand
{
    internal static Command Create()
    {
        var command = new Command("list", "Lists the grids, and how many of their jobs are done.");
        command.SetAction(_ => Guarded.Run(List));
        return command;
    }

    private static int List()
    {
        foreach (var grid in ExperimentGrid.Paths.Select(ExperimentGrid.Load))
        {
            var done = grid.Results().Count;
            Console.WriteLine(
                $"{grid.Name,-12} {grid.Variants.Count} variants × {grid.Seeds.Count} seeds, {done} of {grid.Jobs.Count} jobs done");
        }
        return 0;
    }
}
