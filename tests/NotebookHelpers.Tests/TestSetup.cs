using System.Runtime.CompilerServices;
using System.Text.Json;
using TorchSharp;

namespace NotebookHelpers.Tests;

internal static class TestSetup
{
    [ModuleInitializer]
    internal static void LoadTorch()
    {
        TorchRuntime.Load();
        // The test projects run at the same time: two pools of spinning OpenMP threads on two cores slow each other many times.
        torch.set_num_threads(1);
    }
}

/// <summary>Expected values from an independent implementation (tests/Reference/reference.json).</summary>
internal static class Reference
{
    private static readonly JsonDocument Document =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "reference.json")));

    internal static JsonElement Get(string path) =>
        path.Split('.').Aggregate(Document.RootElement, (element, name) => element.GetProperty(name));

    internal static double[,] Matrix(string path)
    {
        var rows = Get(path).Deserialize<double[][]>()!;
        var matrix = new double[rows.Length, rows[0].Length];
        for (var row = 0; row < rows.Length; row++)
            for (var column = 0; column < rows[0].Length; column++)
                matrix[row, column] = rows[row][column];
        return matrix;
    }
}
