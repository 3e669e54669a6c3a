using System.CommandLine;
using System.Globalization;
using NotebookHelpers;

namespace Benchmarks.Training;

/// <summary>Ours beside the plain loop: the same network, data, order and thread number, measured in turns.</summary>
internal static class TrainingCommand
{
    private const int MemoryEpochs = 30;

    internal static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often each side is measured.", DefaultValueFactory = _ => 7 };
        var steps = new Option<int>("--steps") { Description = "Steps of 128 images in one measurement.", DefaultValueFactory = _ => 100 };
        var threads = new Option<int>("--threads") { Description = "torch's threads.", DefaultValueFactory = _ => 2 };
        var seeds = new Option<int>("--seeds")
        {
            Description = "Seeds for the accuracy after one whole epoch; 0: leave it out.",
            DefaultValueFactory = _ => 3,
        };
        var command = new Command("training", "Speed of training, evaluation and loading, beside the plain loop of TorchSharp's examples.")
        {
            rounds, steps, threads, seeds,
        };
        command.SetAction(parsed => Run(parsed.GetValue(rounds), parsed.GetValue(steps), parsed.GetValue(threads), parsed.GetValue(seeds)));
        return command;
    }

    private static int Run(int rounds, int steps, int threads, int seeds)
    {
        TorchRuntime.Load();
        var data = Mnist.Load();
        Console.WriteLine($"{data}");
        Console.WriteLine($"{Machine.Describe()}; {threads} torch threads, {rounds} rounds in turns, medians (lowest to highest).");
        Console.WriteLine();
        using var files = new MeasuredFiles(data);
        using var plain = new SideProcess("plain", files.Folder, threads, steps);
        using var ours = new SideProcess("ours", files.Folder, threads, steps);
        Measure(plain, ours, rounds, seeds);
        using var other = new SideProcess("plain", files.Folder, threads == 1 ? 2 : 1, steps);
        CompareLosses(plain, ours, other, Math.Min(50, Side.FullBatches(data)));
        PrintGrowth(ours, rounds);
        return 0;
    }

    private static void Measure(SideProcess plain, SideProcess ours, int rounds, int seeds)
    {
        SideProcess[] sides = [plain, ours];
        var rates = new Dictionary<string, (Sample Plain, Sample Ours)>();
        var (loading, augmented, unchanged) = ((Plain: new Sample(), Ours: new Sample()), new Sample(), new Sample());
        for (var round = 0; round <= rounds; round++)   // the first one warms up
            foreach (var what in new[] { "phases", "step", "evaluate" })
                foreach (var side in round % 2 == 0 ? sides : sides.Reverse())
                    foreach (var (phase, rate) in side.Ask<Dictionary<string, double>>(what))
                    {
                        rates.TryAdd(phase, (new(), new()));
                        if (round > 0)
                            (side == plain ? rates[phase].Plain : rates[phase].Ours).Add(rate);
                    }
        double peakPlain = plain.Ask<double>("peak"), peakOurs = ours.Ask<double>("peak");

        for (var round = 0; round <= rounds; round++)
        {
            double there = plain.Ask<double>("load"), here = ours.Ask<double>("load");
            var both = ours.Ask<Dictionary<string, double>>("augmented");
            if (round == 0)
                continue;
            loading.Plain.Add(there);
            loading.Ours.Add(here);
            augmented.Add(both["augmented"]);
            unchanged.Add(both["plain"]);
        }

        Print(new SummaryTable("Images per second", ["", "plain loop", "ours", "ratio"],
            rates.Select(row => new object[]
            {
                row.Key, row.Value.Plain.ToText("N0"), row.Value.Ours.ToText("N0"), Ratio(row.Value.Ours.Median / row.Value.Plain.Median),
            })));
        Print(new SummaryTable("Loading, seconds",
            ["the examples' loader: training set, uncompressed", "ours: both sets, gzipped, verified", "ours / the examples'"],
            [[loading.Plain.ToText("0.000"), loading.Ours.ToText("0.000"), Ratio(loading.Ours.Median / loading.Plain.Median)]]));
        Print(new SummaryTable("Training on shifted images, images per second (ours)",
            ["as they are", "shifted", "more time per image (%)"],
            [[unchanged.ToText("N0"), augmented.ToText("N0"), Change(unchanged.Median / augmented.Median)]]));
        Print(new SummaryTable("Peak memory of training and evaluation, MB",
            ["plain loop", "ours"], [[$"{peakPlain:0}", $"{peakOurs:0}"]]));

        var memory = ours.Ask<List<double>>($"memory {MemoryEpochs}");
        Print(new SummaryTable("Memory in use, MB (ours, batch normalisation, dropout, shifts)",
            ["after epoch 2", $"after epoch {MemoryEpochs}", "change (%)"],
            [[$"{memory[1]:0.0}", $"{memory[^1]:0.0}", Change(memory[^1] / memory[1])]]));

        PrintFloor(ours.Ask<Floor>("floor"), rates["whole training"].Ours.Median);
        if (seeds == 0)
            return;
        Print(new SummaryTable("Test accuracy after one epoch", ["seed", "plain loop", "ours"], Enumerable.Range(1, seeds).Select(seed =>
            new object[] { seed, $"{plain.Ask<double>($"accuracy {seed}"):0.0000}", $"{ours.Ask<double>($"accuracy {seed}"):0.0000}" })));
    }

    private static void PrintFloor(Floor floor, double reached)
    {
        var (arithmetic, memory) = floor.ImagesPerSecond(Side.BatchSize);
        Print(new SummaryTable(
            "The floor: images per second that the machine would allow",
            ["bound by", "measured peak", "images per second", "ours reaches (%)"],
        [
            Row("multiply-adds, every product of a dense step", $"{floor.MultiplyAdds / 1e9:0} G a second", arithmetic),
            Row("bytes: weights, gradients, Adam's averages, pixels", $"{floor.Bytes / 1e9:0.0} GB a second", memory),
        ]));

        object[] Row(string bound, string peak, double images) => [bound, peak, $"{images:N0}", $"{100 * reached / images:0}"];
    }

    // Rounding differs between any two ways to sum. It stays near 1e-7 until two values under a pooling window change their order
    // by it; so the plain loop on another number of threads is the measure of what can be asked.
    private static void CompareLosses(SideProcess plain, SideProcess ours, SideProcess other, int steps) => Print(new SummaryTable(
        $"Losses of the first {steps} steps, largest difference from the plain loop's",
        ["seed", "first", "last", "ours", "the plain loop on another number of threads"],
        new[] { Side.Seed, 1, 2, 3, 4 }.Select(seed =>
        {
            List<double> Losses(SideProcess side) => side.Ask<List<double>>($"losses {steps} {seed}");
            var expected = Losses(plain);
            string Apart(SideProcess side) =>
                expected.Zip(Losses(side), (a, b) => Math.Abs(a - b)).Max().ToString("0.0e+0", CultureInfo.InvariantCulture);
            return new object[] { seed, $"{expected[0]:0.0000}", $"{expected[^1]:0.0000}", Apart(ours), Apart(other) };
        })));

    private static void PrintGrowth(SideProcess ours, int rounds)
    {
        int[] threads = [.. Enumerable.Range(0, 8).Select(power => 1 << power).TakeWhile(count => count <= Environment.ProcessorCount)];
        Print(new SummaryTable(
            "Whole training, images per second (ours), by batch and torch's threads", ["batch", .. threads.Select(count => $"{count}")],
            new[] { 32, 64, 128, 256, 512, 1024 }.Select(batch => (object[])[batch, .. threads.Select(count =>
            {
                var sample = new Sample();
                for (var round = 0; round < rounds; round++)
                    sample.Add(ours.Ask<double>($"growth {batch} {count}"));
                return sample.ToText("N0");
            })])));
    }

    /// <summary>A ratio as the per cent by which it differs from 1.</summary>
    private static string Change(double ratio) => (100 * (ratio - 1)).ToString("0.0", CultureInfo.InvariantCulture);

    private static string Ratio(double value) => value.ToString("0.00", CultureInfo.InvariantCulture) + "×";

    private static void Print(SummaryTable table)
    {
        Console.WriteLine(table.ToText());
        Console.WriteLine();
    }
}
