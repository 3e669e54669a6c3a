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
    private TimeSpan _start, _epoch;

    public void Dispose()
    {
        _limit.Cancel(); // ends what still runs
        _limit.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_run_killed_at_thirty_random_moments_ends_with_the_same_weights_bit_for_bit()
    {
        await MeasureUntouched();
        var seed = Environment.TickCount;
        var random = new Random(seed);
        output.WriteLine($"seed {seed}");
        var (torn, early) = (0, 0);
        for (var kill = 0; kill < Kills;)
        {
            using var run = Start("killed");
            var clock = Stopwatch.StartNew();
            await WaitForItsMoment(run, kill % 3, clock, random);
            run.Kill();
            var milliseconds = clock.ElapsedMilliseconds;
            await run.WaitForExitAsync(_limit.Token);
            if (run.ExitCode == 0)
            {
                BeginAnew();
                continue;
            }
            kill++;
            var half = Temporary(run).Length;
            output.WriteLine($"kill {kill}: {milliseconds} ms after its start{(half > 0 ? ", while it wrote a checkpoint" : "")}");
            torn += half;
            early += File.Exists(Checkpoint("killed")) ? 0 : 1;
        }

        var isResumed = File.Exists(Checkpoint("killed"));
        using var last = Start("killed");
        var resumedAt = await Finished(last);
        output.WriteLine(
            $"{Kills} kills, {torn} of them while a checkpoint was being written, {early} before there was one; "
            + $"the last run went on with epoch {resumedAt} of {Epochs}");
        Assert.InRange(resumedAt, isResumed ? 2 : 1, Epochs + 1);
        AssertAsUntouched();
        Assert.Empty(Temporary());

        // The one of the epoch before is whole too, and leads to the same end.
        File.Move(Checkpoint("killed") + ".previous", Checkpoint("killed"), overwrite: true);
        using var again = Start("killed");
        Assert.Equal(Epochs, await Finished(again));
        AssertAsUntouched();

        // For data/results, which shows the README what this run saw.
        output.WriteLine(
            "Its weights and metrics are those of the run never stopped, bit for bit; so are they from the checkpoint before the last.");
        File.WriteAllText(Path.Combine(Workbook.Root, "artifacts", "kill-test.txt"), output.Output);
    }

    /// <summary>Trains without a stop, and sees how long it takes here to start and to train an epoch.</summary>
    private async Task MeasureUntouched()
    {
        using var untouched = Start("untouched");
        var clock = Stopwatch.StartNew();
        await Line(untouched, "training");
        _start = clock.Elapsed;
        await Finished(untouched);
        _epoch = (clock.Elapsed - _start) / Epochs;
    }

    /// <summary>
    /// A third die while they write, as far as the temporary file is seen in time; a third at any moment from the process's start;
    /// a third some time after some steps.
    /// </summary>
    private async Task WaitForItsMoment(Process run, int third, Stopwatch clock, Random random)
    {
        if (third != 1)
        {
            await Line(run, "training");
            for (var steps = random.Next(4); steps > 0; steps--)
                await Line(run, "epoch");
        }
        var moment = clock.Elapsed + random.NextDouble() * (third == 1 ? _start + 2 * _epoch : _epoch);
        while (!run.HasExited && (third == 0 ? Temporary(run).Length == 0 : clock.Elapsed < moment))
            Thread.SpinWait(20);
    }

    /// <summary>On a busy machine a run may end before its kill. What it made is right too, and the kills go on with a new one.</summary>
    private void BeginAnew()
    {
        AssertAsUntouched();
        output.WriteLine("a run ended before it was killed; the next one begins anew");
        foreach (var file in Directory.GetFiles(_folder.Path, "killed.*"))
            File.Delete(file);
    }

    private void AssertAsUntouched()
    {
        Assert.Equal(File.ReadAllBytes(Weights("untouched")), File.ReadAllBytes(Weights("killed")));
        Assert.Equal(Metrics("untouched"), Metrics("killed"));
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

    /// <returns>The next line that begins so; null where the training finished without another one.</returns>
    private async Task<string?> Line(Process run, string expected)
    {
        while (await run.StandardOutput.ReadLineAsync(_limit.Token) is { } line)
            if (line.StartsWith(expected, StringComparison.Ordinal))
                return line;
        await run.WaitForExitAsync(_limit.Token);
        return run.ExitCode == 0 ? null : throw new InvalidOperationException(
            $"The training ended before it said \"{expected}\": {await run.StandardError.ReadToEndAsync(_limit.Token)}");
    }

    /// <returns>The first epoch that this process trained; one above all where its checkpoint had them all.</returns>
    private async Task<int> Finished(Process run)
    {
        var first = await Line(run, "epoch");
        await Line(run, "finished");
        await run.WaitForExitAsync(_limit.Token);
        Assert.Equal(0, run.ExitCode);
        return first is null ? Epochs + 1 : int.Parse(first["epoch ".Length..]);
    }
}
