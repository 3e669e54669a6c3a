using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using NotebookHelpers;

namespace Benchmarks.Training;

/// <summary>
/// How many jobs of a grid a machine does in a minute, by how many processes share them and how many threads each has. The processes
/// are the experiments' own program, a slice each, as a scheduler would start them.
/// </summary>
internal static class JobsCommand
{
    private static readonly (int Processes, int Threads)[] Ways = [(1, 1), (2, 1), (4, 1), (8, 1), (1, 2), (2, 2)];
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>What one way took: from the start of the first process to the end of the last one.</summary>
    private sealed record Measured(int Processes, int Threads, double Seconds, double JobsAMinute, long PeakBytes);

    internal static Command Create()
    {
        var grid = new Argument<string>("grid")
        {
            Description = "The path of a grid's JSON file whose jobs take equally long, such as src/Experiments/grids/jobs.json.",
        };
        var command = new Command("jobs", "Jobs a minute, by how many processes share them and how many threads each has.") { grid };
        command.SetAction(parsed => Measure(Path.GetFullPath(parsed.GetValue(grid)!)));
        return command;
    }

    private static int Measure(string path)
    {
        var grid = ExperimentGrid.Load(path);
        Console.WriteLine($"{grid.Jobs.Count} jobs each time: {grid.Jobs[0].Options}");
        Console.WriteLine($"{Machine.Describe()}; seconds from the start of the processes to the end of the last one.");
        Console.WriteLine();
        var measured = Ways.Select(way => Measure(grid, path, way.Processes, way.Threads)).ToList();
        Console.WriteLine(new SummaryTable("Jobs side by side",
            ["processes", "threads each", "seconds", "jobs a minute", "peak memory of a process, MB"],
            measured.Select(way => new object[]
            {
                way.Processes, way.Threads, Text(way.Seconds, "0.0"), Text(way.JobsAMinute, "0.0"), Text(way.PeakBytes / 1e6, "0"),
            })).ToText());
        Console.WriteLine();
        var best = measured.MaxBy(way => way.JobsAMinute)!;
        Console.WriteLine($"Most jobs a minute: {Counted(best.Processes, "process", "processes")} with "
            + $"{Counted(best.Threads, "thread", "threads")} each.");
        return 0;
    }

    private static Measured Measure(ExperimentGrid grid, string path, int processes, int threads)
    {
        var folder = Directory.CreateTempSubdirectory("jobs-");
        var clock = Stopwatch.StartNew();
        var slices = Enumerable.Range(1, processes)
            .Select(number => Start(path, $"{number}/{processes}", threads, Path.Combine(folder.FullName, $"{number}.jsonl"))).ToList();
        try
        {
            var peak = PeakUntilAllEnd(slices, clock);
            var seconds = clock.Elapsed.TotalSeconds;
            if (slices.FirstOrDefault(slice => slice.ExitCode != 0) is { } failed)
                throw new InvalidOperationException($"A process ended with {failed.ExitCode}; its error is above.");
            var done = folder.EnumerateFiles("*.jsonl").Sum(file => ResultsFile.Read(file.FullName).Count);
            return done == grid.Jobs.Count
                ? new(processes, threads, seconds, 60 * done / seconds, peak)
                : throw new InvalidOperationException($"{processes} processes did {done} of {grid.Jobs.Count} jobs.");
        }
        finally
        {
            slices.ForEach(End);
            folder.Delete(recursive: true);
        }
    }

    private static Process Start(string grid, string slice, int threads, string results)
    {
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "Experiments.dll"), "run", grid, "--shard", slice, "--threads", $"{threads}",
                "--results", results])
        { RedirectStandardOutput = true };
        start.Environment["OMP_NUM_THREADS"] = $"{threads}";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };   // read, so that the process can go on
        process.BeginOutputReadLine();
        return process;
    }

    // The largest peak of any process, looked at now and then while it lives.
    private static long PeakUntilAllEnd(List<Process> slices, Stopwatch clock)
    {
        var peak = 0L;
        foreach (var slice in slices)
            while (!slice.WaitForExit(TimeSpan.FromMilliseconds(50)))
            {
                if (clock.Elapsed > Limit)
                    throw new TimeoutException($"{slices.Count} processes did not end within {Limit.TotalMinutes} minutes.");
                peak = Math.Max(peak, slices.Max(Peak));
            }
        return peak;
    }

    private static long Peak(Process process)
    {
        try
        {
            process.Refresh();
            return process.HasExited ? 0 : process.PeakWorkingSet64;
        }
        catch (InvalidOperationException)   // it has ended just now
        {
            return 0;
        }
    }

    private static void End(Process slice)
    {
        if (!slice.HasExited)
            slice.Kill(entireProcessTree: true);
        slice.Dispose();
    }

    private static string Counted(int count, string one, string more) => $"{count} {(count == 1 ? one : more)}";

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
