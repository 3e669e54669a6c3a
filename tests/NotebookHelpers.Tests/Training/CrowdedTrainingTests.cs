using System.Diagnostics;

namespace NotebookHelpers.Tests.Training;

/// <summary>
/// Trainings that share the processors with others and whose collector runs all the time: it may end no number that torch still reads.
/// Where one is not held, about one in ten of these ends with "Scalar.h".
/// </summary>
public sealed class CrowdedTrainingTests : IDisposable
{
    private const int Trainings = 12, Epochs = 150;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_training_ends()
    {
        var names = Enumerable.Range(1, Trainings).Select(number => $"{number}");
        var ended = await Task.WhenAll(names.Select(name => ChildProcess.RunAsync(Training(name), Limit)));
        Assert.All(ended, training => Assert.True(training.ExitCode == 0, training.Error));
        Assert.All(ended, training => Assert.EndsWith("finished", training.Output.TrimEnd()));
    }

    private ProcessStartInfo Training(string name)
    {
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "KillableTraining.dll"), _folder.File(name + ".checkpoint"),
            _folder.File(name + ".safetensors"), $"{Epochs}"];
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments);
        start.Environment["DOTNET_GCgen0size"] = "0x10000";
        return start;
    }
}
