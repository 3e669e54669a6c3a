using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NotebookHelpers;
using TorchSharp;

namespace Benchmarks.Training;

/// <summary>
/// How long from starting a process to a test accuracy: runtime, libtorch, data, training, and reading the test set after
/// every epoch. The recipe is a variant of a grid, so it is the same as in an experiment; each seed has a process of its own.
/// </summary>
internal static class TimeToAccuracyCommand
{
    private static readonly double[] Thresholds = [0.99, 0.995];

    /// <summary>What a process tells of one seed. Seconds count from just before it was started.</summary>
    /// <param name="Loaded">When the first epoch could begin: runtime, libtorch and data are there.</param>
    /// <param name="Epochs">After each epoch: seconds, the same without the readings of the test set, and the test accuracy.</param>
    private sealed record Run(double Loaded, IReadOnlyList<Reading> Epochs);

    private sealed record Reading(double Seconds, double Training, double Accuracy);

    internal static Command Create()
    {
        var grid = new Argument<string>("grid")
        {
            Description = "The path of a grid's JSON file, such as src/Experiments/grids/baseline.json.",
        };
        var variant = new Option<string?>("--variant") { Description = "The recipe; the grid's baseline unless given." };
        var seeds = new Option<int>("--seeds") { Description = "Seeds 1 to this, one after the other.", DefaultValueFactory = _ => 5 };
        var threads = new Option<int>("--threads") { Description = "torch's threads.", DefaultValueFactory = _ => 2 };
        var images = new Option<long>("--images")
        {
            Description = "The budget of images seen, for a short try; the variant's own unless given.",
        };
        var command = new Command("time-to-accuracy", "Seconds from a cold start to 99 % and to 99.5 % of the test set.")
        {
            grid, variant, seeds, threads, images,
        };
        command.SetAction(parsed =>
        {
            var document = ExperimentGrid.Load(parsed.GetValue(grid)!);
            var name = parsed.GetValue(variant) ?? document.Baseline;
            var options = document.Jobs.FirstOrDefault(job => job.Variant == name)?.Options
                ?? throw new ArgumentException($"No variant is called '{name}': there are {string.Join(", ", document.Variants)}.");
            if (options.Members > 1)
                throw new ArgumentException($"'{name}' trains {options.Members} networks side by side; the time of one is measured here.");
            var budget = parsed.GetValue(images) is > 0 and var given ? given : options.ImagesSeen;
            options = options with { TestEachEpoch = true, ImagesSeen = budget };
            Measure(name, options, parsed.GetValue(seeds), parsed.GetValue(threads));
            return 0;
        });
        return command;
    }

    /// <summary>The hidden command that each seed's process runs.</summary>
    internal static Command CreateRun()
    {
        var (started, threads) = (new Argument<long>("started"), new Argument<int>("threads"));
        var (seed, options) = (new Argument<int>("seed"), new Argument<string>("options"));
        var command = new Command("time-to-accuracy-run", "One seed, asked by time-to-accuracy.") { started, threads, seed, options };
        command.Hidden = true;
        command.SetAction(parsed => Train(parsed.GetValue(started), parsed.GetValue(threads), new ExperimentJob(
            "asked", ExperimentJson.Read(JsonNode.Parse(parsed.GetValue(options)!)!.AsObject()), parsed.GetValue(seed))));
        return command;
    }

    private static void Measure(string name, ExperimentOptions options, int seeds, int threads)
    {
        Console.WriteLine($"{name}: {options}");
        Console.WriteLine($"{Machine.Describe()}; {threads} torch threads, a process for each seed, .NET's TieredPGO off.");
        Console.WriteLine();
        var runs = Enumerable.Range(1, seeds).Select(seed => Ask(new ExperimentJob(name, options, seed), threads)).ToList();

        Print(new SummaryTable("Seconds from the start of the process, with every reading of the test set (without them)",
            ["seed", "data are loaded", .. Thresholds.Select(threshold => $"{100 * threshold} %"), "at the end", "test accuracy then, %"],
            runs.Select((run, index) => (object[])[
                index + 1, Text(run.Loaded),
                .. Thresholds.Select(threshold => First(run, threshold) is { } first ? Pair(first) : "not reached"),
                Pair(run.Epochs[^1]), (100 * run.Epochs[^1].Accuracy).ToString("F2", CultureInfo.InvariantCulture)])));
        foreach (var threshold in Thresholds)
        {
            var reached = runs.Select(run => First(run, threshold)).OfType<Reading>().ToList();
            var (with, without) = (new Sample(), new Sample());
            reached.ForEach(reading => with.Add(reading.Seconds));
            reached.ForEach(reading => without.Add(reading.Training));
            Console.WriteLine(reached.Count == 0 ? $"{100 * threshold} %: reached by none of {seeds} seeds."
                : $"{100 * threshold} %: reached by {reached.Count} of {seeds} seeds, after {with.ToText("0.0")} s, " +
                    $"median (lowest to highest); without reading the test set {without.ToText("0.0")} s.");
        }
        Console.WriteLine("A threshold counts as passed at the first epoch's end whose test accuracy is at least so high. " +
            "The test set is read for this measurement only: no choice depends on it.");
    }

    private static Run Ask(ExperimentJob job, int threads)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!,
            [.. Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? new[] { Environment.GetCommandLineArgs()[0] } : [],
                "time-to-accuracy-run", $"{DateTime.UtcNow.Ticks}", $"{threads}", $"{job.Seed}", $"{job.Options}"])
        { RedirectStandardOutput = true };
        // The first seconds are not worth measuring what the code does, to compile it better later.
        start.Environment["DOTNET_TieredPGO"] = "0";
        using var process = Process.Start(start)!;
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<Run>(answer)!
            : throw new InvalidOperationException($"The process of seed {job.Seed} ended with {process.ExitCode}; its error is above.");
    }

    private static int Train(long started, int threads, ExperimentJob job)
    {
        double Now() => (DateTime.UtcNow.Ticks - started) / (double)TimeSpan.TicksPerSecond;
        TorchRuntime.Load();
        torch.set_num_threads(threads);
        var loaded = double.NaN;
        var seconds = new List<double>();
        var result = Experiment.Run([job], progress: progress =>
        {
            if (progress.Training is null)
                loaded = Now();
            else if (progress.Training.EpochEnded)
                seconds.Add(Now());
        }).Single();
        var training = loaded;
        Reading[] readings = [.. seconds.Zip(result.Epochs, result.TestAccuracies!)
            .Select(epoch => new Reading(epoch.First, training += epoch.Second.Seconds, epoch.Third))];
        Console.WriteLine(JsonSerializer.Serialize(new Run(loaded, readings)));
        return 0;
    }

    private static Reading? First(Run run, double threshold) => run.Epochs.FirstOrDefault(reading => reading.Accuracy >= threshold);

    private static string Pair(Reading reading) => $"{Text(reading.Seconds)} ({Text(reading.Training)})";

    private static string Text(double seconds) => seconds.ToString("0.0", CultureInfo.InvariantCulture);

    private static void Print(SummaryTable table)
    {
        Console.WriteLine(table.ToText());
        Console.WriteLine();
    }
}
