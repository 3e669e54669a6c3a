using System.Diagnostics;
using System.Globalization;

namespace NotebookHelpers.Tests.Experiments;

/// <summary>The benchmark of jobs side by side does all jobs in every way and says so; what it measures is not looked at.</summary>
public sealed class JobsSideBySideTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_way_does_all_jobs()
    {
        LittleSet.Write(_folder.Path);

        var ended = await Measured("little");

        Assert.True(ended.ExitCode == 0, ended.Error);
        var rows = ended.Output.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(row => row.Length == 5 && row.All(cell => cell.All(letter => char.IsAsciiDigit(letter) || letter == '.')))
            .Select(row => row.Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray()).ToList();
        Assert.Equal([(1, 1), (2, 1), (4, 1), (8, 1), (1, 2), (2, 2)], rows.Select(row => ((int)row[0], (int)row[1])));
        Assert.All(rows, row => Assert.InRange(row[3] * row[2] / 60, 2.5, 3.5));   // jobs a minute × minutes: three jobs, but for rounding
        Assert.All(rows, row => Assert.InRange(row[4], 50, 2000));
    }

    [Fact]
    public async Task A_set_that_is_not_there_ends_it()
    {
        var ended = await Measured("none");

        Assert.NotEqual(0, ended.ExitCode);
        Assert.Contains("has no train-images-idx3-ubyte", ended.Error);
    }

    private Task<ChildProcess.Ended> Measured(string set)
    {
        var grid = _folder.File("tiny.json");
        File.WriteAllText(grid, $$"""
            {
              "name": "tiny", "baseline": "plain", "seeds": [1, 2, 3],
              "common": { "data": "{{set}}", "trainImages": 200, "imagesSeen": 200 }, "variants": { "plain": {} }
            }
            """);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Benchmarks.dll"), "jobs", grid]);
        start.Environment["WORKBOOK_DATA"] = _folder.Path;
        return ChildProcess.RunAsync(start, Limit);
    }
}
