using System.ComponentModel;
using NotebookHelpers.Tests.Training;

namespace NotebookHelpers.Tests.Experiments;

/// <summary>The example for Slurm on a real cluster, where one answers: Debian's slurm-wlm on one machine is enough.</summary>
[Collection(TorchAlone.Name)]
public sealed class SlurmTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_array_of_slices_gives_what_one_process_gives()
    {
        // A node that does not answer is "idle*".
        if ((await Run("sinfo", ["--noheader", "--format=%t"]))?.Split('\n').Intersect(["idle", "mix"]).Any() != true)
            Assert.Skip("No Slurm cluster answers with a free node: tools/with-slurm.sh starts one where slurm-wlm is installed.");
        var grid = Prepare();
        string[] submission =
        [
            "--wait", "--parsable", "--job-name=tiny", "--mem=1G", $"--chdir={_folder.Path}", "--output=%a.log",
            $"--export=ALL,PROGRAM={_folder.Path},WORKBOOK_DATA={_folder.File("sets")}",
            Path.Combine(Workbook.Root, "src", "Experiments", "examples", "slurm.sh"),
        ];

        var first = await Run("sbatch", submission);
        var lines = Lines();
        var second = await Run("sbatch", submission);   // submitted again: nothing is missing, nothing is done

        Assert.True(
            first is not null && second is not null,
            string.Join('\n', Directory.GetFiles(_folder.Path, "*.log").Select(File.ReadAllText)));
        Assert.Equal(lines, Lines());
        var results = grid.Of(Directory.GetFiles(_folder.Path, "tiny-*.jsonl").SelectMany(ResultsFile.Read));
        var alone = Experiment.Run(grid.Jobs, load: name => Mnist.Load(folder: _folder.File("sets", name)));
        Assert.Equal(
            alone.Select(one => (one.Id, one.TestAccuracy, one.TestLoss)),
            results.Select(one => (one.Id, one.TestAccuracy, one.TestLoss)));
    }

    private string[] Lines() => [.. Directory.GetFiles(_folder.Path, "tiny-*.jsonl").SelectMany(File.ReadLines).Order()];

    private ExperimentGrid Prepare()
    {
        Directory.CreateSymbolicLink(_folder.File("program"), AppContext.BaseDirectory);
        LittleSet.Write(_folder.File("sets"));
        var path = Path.Combine(Directory.CreateDirectory(_folder.File("grids")).FullName, "tiny.json");
        File.WriteAllText(path, """
            {
              "name": "tiny", "baseline": "plain", "seeds": [1, 2, 3, 4],
              "common": { "data": "little", "trainImages": 200, "validationImages": 100, "imagesSeen": 400 },
              "variants": { "plain": {}, "ReLU": { "activation": "relu" } }
            }
            """);
        return ExperimentGrid.Load(path);
    }

    /// <returns>What it printed; null when there is no such program, or it failed.</returns>
    private static async Task<string?> Run(string program, string[] arguments)
    {
        try
        {
            var ended = await ChildProcess.RunAsync(new(program, arguments), Limit);
            return ended.ExitCode == 0 ? ended.Output : null;
        }
        catch (Exception e) when (e is Win32Exception or TimeoutException)
        {
            return null;
        }
    }
}
