using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using NotebookHelpers;
using TorchSharp;

namespace Benchmarks.Training;

/// <summary>A side in its process: it answers one line (what to measure) with one line of JSON.</summary>
internal sealed class SideProcess : IDisposable
{
    private readonly Process _process;

    internal SideProcess(string side, string folder, int threads, int steps)
    {
        _process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!,
            [.. Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? new[] { Environment.GetCommandLineArgs()[0] } : [],
                "training-side", side, folder, $"{threads}", $"{steps}"])
        { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    internal T Ask<T>(string what)
    {
        _process.StandardInput.WriteLine(what);
        var answer = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"The measuring process ended while asked for '{what}'; its error is above.");
        return JsonSerializer.Deserialize<T>(answer)!;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Where the gzipped files are, beside the plain ones.</summary>
    internal static string Gzipped(string folder) => Path.Combine(folder, "gzipped");

    /// <summary>The hidden command that such a process runs.</summary>
    internal static Command Create()
    {
        var side = new Argument<string>("side");
        var folder = new Argument<string>("folder");
        var threads = new Argument<int>("threads");
        var steps = new Argument<int>("steps");
        var command = new Command("training-side", "One side of the training benchmark, asked by it.") { side, folder, threads, steps };
        command.Hidden = true;
        command.SetAction(parsed =>
            Answer(parsed.GetValue(side)!, parsed.GetValue(folder)!, parsed.GetValue(threads), parsed.GetValue(steps)));
        return command;
    }

    private static int Answer(string name, string folder, int threads, int steps)
    {
        TorchRuntime.Load();
        torch.set_num_threads(threads);
        var data = Mnist.Load(folder: Gzipped(folder));
        Side side = name == "plain" ? new PlainSide(data, steps) : new OurSide(data, steps);
        while (Console.ReadLine() is { } line)
        {
            object answer = line.Split(' ') switch
            {
                ["phases"] => side.Phases(),
                ["profile", var network] => side.Profile(ProfileCommand.Networks[network]),
                ["step"] => side.Step(),
                ["evaluate"] => side.Evaluate(),
                ["augmented"] => ((OurSide)side).Augmented(),
                ["load"] => side.LoadSeconds(folder),
                ["peak"] => Peak(),
                ["memory", var epochs] => ((OurSide)side).Memory(int.Parse(epochs)),
                ["losses", var count, var seed] => Losses(side, int.Parse(count), int.Parse(seed)),
                ["growth", var batch, var on] => ((OurSide)side).Growth(int.Parse(batch), int.Parse(on)),
                ["floor"] => Floor.Measure(),
                ["accuracy", var seed] => Accuracy(side, int.Parse(seed)),
                _ => throw new ArgumentException($"Asked for '{line}', which is no measurement."),
            };
            Console.WriteLine(JsonSerializer.Serialize(answer));
        }
        return 0;
    }

    private static double Peak()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1e6;
    }

    private static List<double> Losses(Side side, int steps, int seed)
    {
        torch.manual_seed(seed);
        using var model = side.Model();
        return side is OurSide ours ? ours.Losses(model, seed, steps) : side.Train(model, seed, steps);
    }

    private static double Accuracy(Side side, int seed)
    {
        torch.manual_seed(seed);
        using var model = side.Model();
        side.Train(model, seed, null);
        return side.Accuracy(model);
    }
}
