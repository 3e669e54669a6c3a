using System.Diagnostics;

namespace NotebookHelpers.Tests.Training;

/// <summary>A training in a process of its own, killed with SIGKILL at random moments.</summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const int Epochs = 80;
    private const int Kills = 30;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    private readonly CancellationTokenSource _limit = new(Limit);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _limit.Cancel(); // ends what still runs
        _limit.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_run_killed_at_thirty_random_moments_ends_with_the_same_weights_bit_for_bit()
    {
        using (var untouched = Start("untouched"))
            await Finished(untouched);

        var seed = Environment.TickCount;
        var random = new Random(seed);
        output.WriteLine($"seed {seed}");
        var (torn, early) = (0, 0);
        for (var kill = 0; kill < Kills; kill++)
        {
            using var run = Start("killed");
            var clock = Stopwatch.StartNew();
            // A third die while they write, as far as the temporary file is seen in time; a third at any moment from the
            // process's start; a third some time after some epochs.
            if (kill % 3 != 1)
            {
                await Line(run, "training");
                for (var epochs = random.Next(4); epochs > 0; epochs--)
                    await Line(run, "epoch");
            }
            var moment = clock.Elapsed + TimeSpan.FromMilliseconds(100 * random.NextDouble() * (kill % 3 == 1 ? 12 : 1));
            while (kill % 3 == 0 ? Temporary(run).Length == 0 && !run.HasExited : clock.Elapsed < moment)
                Thread.SpinWait(20);
            run.Kill();
            var milliseconds = clock.ElapsedMilliseconds;
            await run.WaitForExitAsync(_limit.Token);
            Assert.NotEqual(0, run.ExitCode);   // killed, not finished
            var half = Temporary(run).Length;
            output.WriteLine($"kill {kill + 1}: {milliseconds} ms after its start{(half > 0 ? ", while it wrote a checkpoint" : "")}");
            torn += half;
            early += File.Exists(Checkpoint("killed")) ? 0 : 1;
        }

        using var last = Start("killed");
        var resumedAt = await Finished(last);
        output.WriteLine(
            $"{Kills} kills, {torn} of them while a checkpoint was being written, {early} before there was one; "
            + $"the last run went on with epoch {resumedAt} of {Epochs}");
        Assert.InRange(resumedAt, 2, Epochs);
        Assert.Equal(File.ReadAllBytes(Weights("untouched")), File.ReadAllBytes(Weights("killed")));
        Assert.Equal(Metrics("untouched"), Metrics("killed"));
        Assert.Empty(Temporary());

        // The one of the epoch before is whole too, and leads to the same end.
        File.Move(Checkpoint("killed") + ".previous", Checkpoint("killed"), overwrite: true);
        using var again = Start("killed");
        Assert.Equal(Epochs, await Finished(again));
        Assert.Equal(File.ReadAllBytes(Weights("untouched")), File.ReadAllBytes(Weights("killed")));

        // For data/results, which shows the README what this run saw.
        output.WriteLine(
            "Its weights and metrics are those of the run never stopped, bit for bit; so are they from the checkpoint before the last.");
        File.WriteAllText(Path.Combine(Workbook.Root, "artifacts", "kill-test.txt"), output.Output);
    }

    private string Checkpoint(string name) => _folder.File($"{name}.checkpoint");

    private string[] Temporary(Process? run = null) => Directory.GetFiles(_folder.Path, run is null ? "*.tmp" : $"*.{run.Id}-*.tmp");

    private string Weights(string name) => _folder.File($"{name}.safetensors");

    private IEnumerable<EpochMetrics> Metrics(string name) =>
        TrainingHistory.Load(Weights(name) + ".json").Epochs.Select(epoch => epoch with { Seconds = 0 });

    private Process Start(string name)
    {
        var run = Process.Start(new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "KillableTraining.dll"), Checkpoint(name), Weights(name), $"{Epochs}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _limit.Token.Register(() => End(run));
        return run;
    }

    private static void End(Process run)
    {
        try
        {
            run.Kill();
        }
        catch (InvalidOperationException)
        {
            // it has ended, and been disposed of
        }
    }

    private async Task<string> Line(Process run, string expected)
    {
        while (await run.StandardOutput.ReadLineAsync(_limit.Token) is { } line)
            if (line.StartsWith(expected, StringComparison.Ordinal))
                return line;
        var errors = await run.StandardError.ReadToEndAsync(_limit.Token);
        throw new InvalidOperationException($"The training ended before it said \"{expected}\": {errors}");
    }

    /// <returns>The first epoch that this process trained.</returns>
    private async Task<int> Finished(Process run)
    {
        var first = int.Parse((await Line(run, "epoch"))["epoch ".Length..]);
        await Line(run, "finished");
        await run.WaitForExitAsync(_limit.Token);
        Assert.Equal(0, run.ExitCode);
        return first;
    }
}
