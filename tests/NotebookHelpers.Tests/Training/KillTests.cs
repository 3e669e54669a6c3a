using System.Diagnostics;

namespace NotebookHelpers.Tests.Training;

/// <summary>A training in a process of its own, killed with SIGKILL at random moments.</summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const int Epochs = 100;
    private const int Kills = 30;
    private readonly string _folder = Directory.CreateTempSubdirectory("kill-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_run_killed_at_thirty_random_moments_ends_with_the_same_weights_bit_for_bit()
    {
        using (var untouched = Start("untouched"))
            await Finished(untouched);

        var random = new Random(20);
        var torn = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            using var run = Start("killed");
            await Line(run, "training");
            for (var epochs = random.Next(4); epochs > 0; epochs--)
                await Line(run, "epoch");
            // Every third dies while it writes, as far as its temporary file is seen in time; the others anywhere.
            var moment = DateTime.UtcNow.AddMilliseconds(random.Next(100));
            while (kill % 3 == 0 ? Temporary().Length == 0 : DateTime.UtcNow < moment)
                Thread.SpinWait(20);
            run.Kill();
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);
            torn += Temporary().Length;
        }

        using var last = Start("killed");
        var resumedAt = await Finished(last);
        output.WriteLine($"{Kills} kills, {torn} of them while a checkpoint was being written; the last run went on with epoch {resumedAt}");
        Assert.InRange(resumedAt, 2, Epochs);
        Assert.Equal(File.ReadAllBytes(Weights("untouched")), File.ReadAllBytes(Weights("killed")));
        Assert.Equal(Metrics("untouched"), Metrics("killed"));
        Assert.Empty(Temporary());
    }

    private string[] Temporary() => Directory.GetFiles(_folder, "*.tmp");

    private string Weights(string name) => Path.Combine(_folder, $"{name}.safetensors");

    private IEnumerable<EpochMetrics> Metrics(string name) =>
        TrainingHistory.Load(Weights(name) + ".json").Epochs.Select(epoch => epoch with { Seconds = 0 });

    private Process Start(string name) => Process.Start(new ProcessStartInfo(
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
        [Path.Combine(AppContext.BaseDirectory, "KillableTraining.dll"), Path.Combine(_folder, $"{name}.checkpoint"), Weights(name), $"{Epochs}"])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static async Task<string> Line(Process run, string expected)
    {
        while (await run.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            if (line.StartsWith(expected, StringComparison.Ordinal))
                return line;
        throw new InvalidOperationException($"The training ended before it said \"{expected}\": {await run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
    }

    /// <returns>The first epoch that this process trained.</returns>
    private static async Task<int> Finished(Process run)
    {
        var first = int.Parse((await Line(run, "epoch"))["epoch ".Length..]);
        await Line(run, "finished");
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, run.ExitCode);
        return first;
    }
}
