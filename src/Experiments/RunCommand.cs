using System.CommandLine;
using System.Runtime.InteropServices;
using NotebookHelpers;
using TorchSharp;

namespace Experiments;

/// <summary>Does the jobs of a grid, or a slice of them, that the results file does not have yet.</summary>
internal static class RunCommand
{
    internal static Command Create()
    {
        var grid = new Argument<string>("grid") { Description = "A grid's name (see list), or the path of a grid's JSON file." };
        var shard = new Option<string>("--shard")
        {
            Description = "The slice K/N of the jobs, K from 1 to N.",
            DefaultValueFactory = _ => "1/1",
        };
        var threads = new Option<int>("--threads")
        {
            Description = "torch's threads; results are the same only for the same number.",
            DefaultValueFactory = _ => 1,
        };
        var results = new Option<string?>("--results")
        {
            Description = "The results file; data/results/GRID.jsonl unless given. Jobs that it has are not done again.",
        };
        var tensorboard = new Option<string?>("--tensorboard")
        {
            Description = "A folder for TensorBoard's event files, a folder a job inside.",
        };
        var command = new Command("run", "Does the jobs of a grid that its results file does not have yet.")
        {
            grid, shard, threads, results, tensorboard,
        };
        command.SetAction(parsed => Guarded.Run(() => Run(
            Grids.Find(parsed.GetValue(grid)!), Shard(parsed.GetValue(shard)!), parsed.GetValue(threads), parsed.GetValue(results),
            parsed.GetValue(tensorboard))));
        return command;
    }

    private static int Run(ExperimentGrid grid, (int Number, int Count) shard, int threads, string? results, string? tensorboard)
    {
        if (threads is < 1 or > 1024)
            throw new ArgumentException($"--threads is how many threads torch may use, from 1 to 1024, but got {threads}.");
        TorchRuntime.Load();
        torch.set_num_threads(threads);
        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var jobs = grid.Shard(shard.Number, shard.Count).ToList();
        var slice = $"{grid.Name}, slice {shard.Number} of {shard.Count}";
        Console.WriteLine($"{slice}: {jobs.Count} jobs.");
        var log = new JobLog(tensorboard is null ? null : Path.Combine(tensorboard, grid.Name));
        var done = Experiment.Run(jobs, results ?? grid.ResultsPath, log.Report, cancellation: stop.Token);
        var rest = done.Count < jobs.Count ? "; the same command goes on with the rest" : "";
        Console.WriteLine($"{slice}: {done.Count} of {jobs.Count} jobs are done{rest}.");
        return done.Count == jobs.Count ? 0 : 1;
    }

    private static (int Number, int Count) Shard(string text) =>
        text.Split('/') is [var first, var second] && int.TryParse(first, out var number) && int.TryParse(second, out var count)
            && number >= 1 && number <= count
            ? (number, count)
            : throw new ArgumentException($"--shard is K/N with K from 1 to N, such as 2/8, but got '{text}'.");
}
