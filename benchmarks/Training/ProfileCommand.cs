using System.CommandLine;
using System.Globalization;
using NotebookHelpers;

namespace Benchmarks.Training;

/// <summary>Where the time of a training step goes, layer by layer: torch's layers one by one, and ours.</summary>
internal static class ProfileCommand
{
    /// <summary>The networks that are profiled, by the names that the measuring processes are asked with.</summary>
    internal static IReadOnlyDictionary<string, LeNetOptions> Networks { get; } = new Dictionary<string, LeNetOptions>
    {
        ["corrected"] = LeNetOptions.Corrected,
        ["regularised"] = new() { BatchNormalization = true, Dropout = 0.5 },
    };

    internal static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often each side is measured.", DefaultValueFactory = _ => 7 };
        var steps = new Option<int>("--steps") { Description = "Steps of 128 images in one measurement.", DefaultValueFactory = _ => 50 };
        var command = new Command("profile", "Microseconds an image of each part of a training step, torch's layers beside ours.")
        {
            rounds, steps,
        };
        command.SetAction(parsed => Run(parsed.GetValue(rounds), parsed.GetValue(steps)));
        return command;
    }

    private static int Run(int rounds, int steps)
    {
        TorchRuntime.Load();
        Console.WriteLine($"{Machine.Describe()}; {rounds} rounds in turns, medians.");
        Console.WriteLine();
        using var files = new MeasuredFiles(Mnist.Load());
        foreach (var network in Networks.Keys)
            foreach (var threads in new[] { 1, 2 })
                Print(network, threads, Measure(files, network, threads, rounds, steps));
        return 0;
    }

    private static IEnumerable<object[]> Measure(MeasuredFiles files, string network, int threads, int rounds, int steps)
    {
        using var plain = new SideProcess("plain", files.Folder, threads, steps);
        using var ours = new SideProcess("ours", files.Folder, threads, steps);
        var (before, after) = (new List<List<StepPart>>(), new List<List<StepPart>>());
        for (var round = 0; round <= rounds; round++)   // the first one warms up
        {
            var (one, other) = (plain.Ask<List<StepPart>>($"profile {network}"), ours.Ask<List<StepPart>>($"profile {network}"));
            if (round == 0)
                continue;
            before.Add(one);
            after.Add(other);
        }
        return Rows(Medians(before), Medians(after));
    }

    private static List<StepPart> Medians(List<List<StepPart>> rounds)
    {
        return [.. rounds[0].Select((part, index) => part with
        {
            Forward = Median(index, one => one.Forward), Backward = Median(index, one => one.Backward),
        })];

        double Median(int index, Func<StepPart, double> value)
        {
            var sample = new Sample();
            rounds.ForEach(parts => sample.Add(value(parts[index])));
            return sample.Median;
        }
    }

    // Layers that run together here are as many parts there.
    private static IEnumerable<object[]> Rows(List<StepPart> before, List<StepPart> after)
    {
        var taken = 0;
        foreach (var part in after)
        {
            var same = before.GetRange(taken, Math.Max(1, part.Layers));
            taken += same.Count;
            yield return Row(part.Name, same.Sum(one => one.Forward), part.Forward, same.Sum(one => one.Backward), part.Backward);
        }
        yield return Row("sum", before.Sum(part => part.Forward), after.Sum(part => part.Forward),
            before.Sum(part => part.Backward), after.Sum(part => part.Backward));
    }

    private static object[] Row(string name, double forward, double forwardOurs, double backward, double backwardOurs)
    {
        return [name, Text(forward), Text(forwardOurs), Text(backward), Text(backwardOurs)];

        static string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
    }

    private static void Print(string network, int threads, IEnumerable<object[]> rows)
    {
        Console.WriteLine(new SummaryTable($"A step of the {network} LeNet on {threads} thread{(threads == 1 ? "" : "s")}, µs an image",
            ["", "forward, torch", "ours", "backward, torch", "ours"], rows).ToText());
        Console.WriteLine();
    }
}
