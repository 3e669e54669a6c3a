using System.Diagnostics;
using System.Text.RegularExpressions;
using Experiments;
using YamlDotNet.RepresentationModel;

namespace NotebookHelpers.Tests.Experiments;

/// <summary>
/// The examples for clusters: their YAML is read, held against the rules of its format, and their command lines are run by bash with
/// a program in dotnet's place that writes down what it was asked to do, and are then parsed by the real command.
/// </summary>
public sealed partial class ExamplesTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly string Examples = Path.Combine(Workbook.Root, "src", "Experiments", "examples");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// Kubernetes 1.29: FailIndex needs backoffLimitPerIndex, a pod failure policy needs restartPolicy Never, and a limit for each
    /// index needs completionMode Indexed. No key is one that the API does not have.
    /// </summary>
    [Fact]
    public void The_Kubernetes_job_is_one_that_the_API_takes()
    {
        var job = Yaml("kubernetes.yaml");
        Assert.Equal(("batch/v1", "Job"), (Text(job, "apiVersion"), Text(job, "kind")));
        AssertKeys(job, "", "apiVersion", "kind", "metadata", "spec");
        AssertKeys(job, "spec", "completionMode", "completions", "parallelism", "backoffLimitPerIndex", "podFailurePolicy", "template");
        AssertKeys(job, "spec/template/spec", "restartPolicy", "containers", "volumes");
        AssertKeys(
            job, "spec/template/spec/containers/0", "name", "image", "workingDir", "env", "command", "args", "resources", "volumeMounts");
        Assert.Equal("Indexed", Text(job, "spec/completionMode"));
        Assert.InRange(int.Parse(Text(job, "spec/backoffLimitPerIndex")), 1, 10);
        Assert.Equal("Never", Text(job, "spec/template/spec/restartPolicy"));

        var mounts = Children(job, "spec/template/spec/containers/0/volumeMounts").Select(mount => Text(mount, "name"));
        var volumes = Children(job, "spec/template/spec/volumes").Select(volume => Text(volume, "name"));
        Assert.Equal(volumes.Order(), mounts.Order());
    }

    /// <summary>2 is what the program gives where no repetition helps; any other failure is tried again.</summary>
    [Fact]
    public void Kubernetes_repeats_a_slice_unless_it_ends_with_2()
    {
        var job = Yaml("kubernetes.yaml");
        var rules = Children(job, "spec/podFailurePolicy/rules").ToList();
        var byCode = Assert.Single(rules, rule => Text(rule, "action") == "FailIndex");
        Assert.Equal("In", Text(byCode, "onExitCodes/operator"));
        Assert.Equal(["2"], Children(byCode, "onExitCodes/values").Select(value => $"{value}"));
        Assert.Equal(Text(job, "spec/template/spec/containers/0/name"), Text(byCode, "onExitCodes/containerName"));
        var evicted = Assert.Single(rules, rule => Text(rule, "action") == "Ignore");
        Assert.Equal(["DisruptionTarget"], Children(evicted, "onPodConditions").Select(condition => Text(condition, "type")));
        Assert.Equal(2, RunCommand.Create().Parse(["no-such-grid"]).Invoke());
    }

    /// <summary>The image is the plain runtime of the target framework: the rest is where publish.sh puts it.</summary>
    [Fact]
    public void The_image_is_the_runtime_that_the_program_is_built_for_and_the_rest_is_what_publish_makes()
    {
        var job = Yaml("kubernetes.yaml");
        Assert.Equal(
            $"mcr.microsoft.com/dotnet/runtime:{Environment.Version.ToString(2)}",
            Text(job, "spec/template/spec/containers/0/image"));
        var published = Folders(PublishedFolders(), "publish.sh");
        foreach (var file in new[] { "kubernetes.yaml", "slurm.sh" })
        {
            var used = Folders(UsedFolders(), file);
            Assert.Equal(["grids", "packages", "program"], used.Order());
            Assert.Subset(published, used);
        }

        static HashSet<string> Folders(Regex pattern, string file) =>
            [.. pattern.Matches(File.ReadAllText(Path.Combine(Examples, file))).Select(match => match.Groups[1].Value)];
    }

    [Fact]
    public async Task Every_index_of_the_Kubernetes_job_does_another_slice()
    {
        var job = Yaml("kubernetes.yaml");
        var count = int.Parse(Text(job, "spec/completions"));
        var script = Text(job, "spec/template/spec/containers/0/args/0");
        var asked = new List<string>();
        for (var index = 0; index < count; index++)
            asked.Add(Assert.Single(await Asked(["-c", script], 0, ("JOB_COMPLETION_INDEX", $"{index}"), ("GRID", "ingredients"))));
        AssertSlices(asked, count, "/experiments/program/Experiments.dll");
        Assert.Equal(count, asked.Select(Results).Distinct().Count());
        await Asked(["-c", script], 2, ("JOB_COMPLETION_INDEX", "0"), ("GRID", "ingredients"));   // its exit code is the pod's
    }

    [Fact]
    public async Task Every_task_of_the_Slurm_array_does_another_slice()
    {
        var script = Path.Combine(Examples, "slurm.sh");
        var count = int.Parse(SlurmArray().Match(File.ReadAllText(script)).Groups[1].Value);
        var asked = new List<string>();
        for (var task = 1; task <= count; task++)
            asked.Add(Assert.Single(await Asked([script], 0, ("SLURM_ARRAY_TASK_ID", $"{task}"), ("SLURM_CPUS_PER_TASK", "1"),
                ("SLURM_JOB_NAME", "ingredients"), ("PROGRAM", "/shared"))));
        AssertSlices(asked, count, "/shared/program/Experiments.dll");
        Assert.Equal(count, asked.Select(Results).Distinct().Count());
    }

    /// <summary>The table is made whatever the slices did, and what they had done is kept for the next attempt.</summary>
    [Fact]
    public void The_workflow_reports_always_and_keeps_results_for_a_rerun()
    {
        var workflow = Yaml("github-actions.yml");
        Assert.Equal("slice", Text(workflow, "jobs/report/needs"));
        Assert.Equal("always()", Text(workflow, "jobs/report/if"));
        Assert.Equal("false", Text(workflow, "jobs/slice/strategy/fail-fast"));
        var steps = Children(workflow, "jobs/slice/steps").ToList();
        var run = steps.FindIndex(step => Has(step, "run"));
        var restored = steps.FindIndex(step => Uses(step, "actions/download-artifact@"));
        var kept = steps.FindIndex(step => Uses(step, "actions/upload-artifact@"));
        Assert.True(restored >= 0 && restored < run && run < kept);
        Assert.Equal(("github.run_attempt > 1", "true"), (Text(steps[restored], "if"), Text(steps[restored], "continue-on-error")));
        Assert.Equal(("always()", "true"), (Text(steps[kept], "if"), Text(steps[kept], "with/overwrite")));
        Assert.Equal(Text(steps[restored], "with/name"), Text(steps[kept], "with/name"));
        var report = Children(workflow, "jobs/report/steps").Single(step => Has(step, "with/pattern"));
        Assert.StartsWith(Text(report, "with/pattern").TrimEnd('*'), Text(steps[kept], "with/name"));
        Assert.DoesNotContain(steps.Concat(Children(workflow, "jobs/report/steps")), step => Has(step, "uses") && Has(step, "run"));

        static bool Uses(YamlNode step, string action) =>
            Has(step, "uses") && Text(step, "uses").StartsWith(action, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_machine_of_the_workflow_does_another_slice()
    {
        var workflow = Yaml("github-actions.yml");
        var shards = Children(workflow, "jobs/slice/strategy/matrix/shard").Select(shard => $"{shard}").ToList();
        var script = Children(workflow, "jobs/slice/steps").Single(step => Has(step, "run"));
        var asked = new List<string>();
        foreach (var shard in shards)
            asked.Add(Assert.Single(await Asked(["-c", Text(script, "run").Replace("${{ matrix.shard }}", shard)], 0,
                ("GRID", "ingredients"), ("RESULTS", $"slice-{shard}.jsonl"))));
        AssertSlices(asked, shards.Count, "run -c Release --project src/Experiments --");
    }

    [Fact]
    public async Task Publishing_without_a_folder_says_how_to_use_it() =>
        Assert.Empty(await Asked([Path.Combine(Examples, "publish.sh")], 2));

    [Theory]
    [InlineData("ingredients", "--threads", "0")]
    [InlineData("ingredients", "--shard", "9/8")]
    [InlineData("ingredients", "--shard", "two")]
    [InlineData("no such grid")]
    public void A_wrong_command_line_ends_with_2(params string[] arguments) =>
        Assert.Equal(2, RunCommand.Create().Parse(arguments).Invoke());

    [Fact]
    public void A_report_of_a_file_that_is_missing_ends_with_2() =>
        Assert.Equal(2, ReportCommand.Create().Parse(["ingredients", "--results", _folder.File("none.jsonl")]).Invoke());

    // The program is started with the slices 1/N to N/N, in order, by a command line that it understands.
    private static void AssertSlices(List<string> asked, int count, string program)
    {
        Assert.Equal(
            Enumerable.Range(1, count).Select(number => $"{number}/{count}"),
            asked.Select(line => Shard().Match(line).Groups[1].Value));
        Assert.All(asked, line =>
        {
            Assert.StartsWith($"{program} run ", line);
            Assert.Empty(RunCommand.Create().Parse(line[$"{program} run ".Length..]).Errors);
        });
    }

    /// <summary>Runs bash with a program in dotnet's place; gives the command lines that it was called with.</summary>
    private async Task<string[]> Asked(string[] arguments, int exitCode, params (string Name, string Value)[] environment)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("The examples are for Linux: bash runs them.");
            return [];
        }
        var (program, calls) = (_folder.File("dotnet"), _folder.File("calls"));
        File.WriteAllText(program, $"#!/bin/bash\necho \"$*\" >> '{calls}'\nexit {exitCode}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Delete(calls);
        var start = new ProcessStartInfo("bash", arguments) { WorkingDirectory = _folder.Path };
        start.Environment["PATH"] = $"{_folder.Path}:{start.Environment["PATH"]}";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var ended = await ChildProcess.RunAsync(start, Limit);
        Assert.True(ended.ExitCode == exitCode, $"{string.Join(' ', arguments)} ended with {ended.ExitCode}: {ended.Error}");
        return File.Exists(calls) ? await File.ReadAllLinesAsync(calls) : [];
    }

    private static YamlNode Yaml(string file)
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(Path.Combine(Examples, file));
        stream.Load(reader);
        return Assert.Single(stream.Documents).RootNode;
    }

    private static bool Has(YamlNode node, string path) => Find(node, path) is not null;

    private static string Text(YamlNode node, string path) =>
        Find(node, path) is YamlScalarNode { Value: { } value } ? value : throw new KeyNotFoundException($"There is no text at '{path}'.");

    private static IEnumerable<YamlNode> Children(YamlNode node, string path) => Assert.IsType<YamlSequenceNode>(Find(node, path)).Children;

    private static YamlNode? Find(YamlNode? node, string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries)
        .Aggregate(node, (at, key) => at switch
        {
            YamlMappingNode mapping => mapping.Children.FirstOrDefault(child => $"{child.Key}" == key).Value,
            YamlSequenceNode sequence => sequence.Children.ElementAtOrDefault(int.Parse(key)),
            _ => null,
        });

    private static void AssertKeys(YamlNode node, string path, params string[] known) =>
        Assert.Equal(known.Order(), Assert.IsType<YamlMappingNode>(Find(node, path)).Children.Keys.Select(key => $"{key}").Order());

    private static string Results(string line) => ResultsFileOf().Match(line).Groups[1].Value;

    [GeneratedRegex(@"--shard (\d+/\d+)( |$)")]
    private static partial Regex Shard();

    [GeneratedRegex(@"--results (\S+)")]
    private static partial Regex ResultsFileOf();

    [GeneratedRegex(@"#SBATCH --array=1-(\d+)")]
    private static partial Regex SlurmArray();

    [GeneratedRegex(@"\$folder/(\w+)")]
    private static partial Regex PublishedFolders();

    [GeneratedRegex(@"(?:/experiments|\$PROGRAM)/(program|grids|packages)\b")]
    private static partial Regex UsedFolders();
}
