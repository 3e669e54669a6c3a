using System.CommandLine;
using Experiments;
using NotebookHelpers;
using TorchSharp;

var grid = new Argument<string>("grid") { Description = "A grid's name (see list), or the path of a grid's JSON file." };
var shard = new Option<string>("--shard") { Description = "The slice K/N of the jobs, K from 1 to N.", DefaultValueFactory = _ => "1/1" };
var threads = new Option<int>("--threads") { Description = "torch's threads; results are the same only for the same number.", DefaultValueFactory = _ => 1 };
var results = new Option<string?>("--results") { Description = "The results file; data/results/GRID.jsonl unless given. Jobs that it has are not done again." };
var tensorboard = new Option<string?>("--tensorboard") { Description = "A folder for TensorBoard's event files, a folder a job inside." };

var run = new Command("run", "Does the jobs of a grid that its results file does not have yet.") { grid, shard, threads, results, tensorboard };
var list = new Command("list", "Lists the grids, and how many of their jobs are done.");
var reported = new Argument<string?>("grid") { Description = "A grid's name, or the path of a grid's JSON file.", Arity = ArgumentArity.ZeroOrOne };
var readme = new Option<bool>("--readme") { Description = "Writes the results of data/results into README.md, docs/ and data/results/README.md." };
var report = new Command("report", "Writes a grid's table, as Markdown.") { reported, results, readme };
run.SetAction(parsed => Guarded(() =>
{
    var chosen = Find(parsed.GetValue(grid)!);
    if (parsed.GetValue(shard)!.Split('/') is not [var first, var second] || !int.TryParse(first, out var number) || !int.TryParse(second, out var count) || number < 1 || number > count)
        throw new ArgumentException($"--shard is K/N with K from 1 to N, such as 2/8, but got '{parsed.GetValue(shard)}'.");
    TorchRuntime.Load();
    torch.set_num_threads(parsed.GetValue(threads));
    var jobs = chosen.Shard(number, count).ToList();
    using var stop = new CancellationTokenSource();
    Console.CancelKeyPress += (_, pressed) =>
    {
        pressed.Cancel = true;
        stop.Cancel();
    };
    Console.WriteLine($"{chosen.Name}, slice {number} of {count}: {jobs.Count} jobs.");
    TensorBoardLog? log = null;
    void Report(ExperimentProgress progress)
    {
        Show(progress);
        if (parsed.GetValue(tensorboard) is not { } folder)
            return;
        if (progress.Training is { } training)
            log?.Report(training);
        else
            log = new TensorBoardLog(Path.Combine(folder, chosen.Name, progress.Job.Id));
    }
    var done = Experiment.Run(jobs, ResultsOf(chosen, parsed.GetValue(results)), Report, cancellation: stop.Token);
    Console.WriteLine($"{chosen.Name}, slice {number} of {count}: {done.Count} of {jobs.Count} jobs are done{(done.Count < jobs.Count ? "; the same command goes on with the rest" : "")}.");
    return done.Count == jobs.Count ? 0 : 1;
}));
list.SetAction(_ => Guarded(() =>
{
    foreach (var path in Grids().Order(StringComparer.Ordinal))
    {
        var one = ExperimentGrid.Load(path);
        Console.WriteLine($"{one.Name,-12} {one.Variants.Count} variants × {one.Seeds.Count} seeds, {one.Of(ResultsFile.Read(ResultsOf(one, null))).Count} of {one.Jobs.Count} jobs done");
    }
    return 0;
}));
report.SetAction(parsed => Guarded(() =>
{
    if (parsed.GetValue(readme))
    {
        foreach (var (file, text) in new ResultsSection(Workbook.Root).Files())
        {
            File.WriteAllText(Path.Combine(Workbook.Root, file), text);
            Console.WriteLine($"{file} is written.");
        }
        return 0;
    }
    var chosen = Find(parsed.GetValue(reported) ?? throw new ArgumentException("Name a grid, or give --readme."));
    var read = chosen.Of(ResultsFile.Read(ResultsOf(chosen, parsed.GetValue(results))));
    Console.WriteLine(Comparison.Of(read, chosen.Baseline).ToMarkdown());
    return 0;
}));
return new RootCommand("Experiments: variants × seeds, each job done once.") { run, list, report }.Parse(args).Invoke();

static string Folder() => Path.Combine(Workbook.Root, "src", "Experiments", "grids");
static IEnumerable<string> Grids() => Directory.EnumerateFiles(Folder(), "*.json");
static string ResultsOf(ExperimentGrid grid, string? given) => given ?? Path.Combine(Workbook.DataFolder, "results", grid.Name + ".jsonl");

static ExperimentGrid Find(string name)
{
    var path = File.Exists(name) ? name : Path.Combine(Folder(), name + ".json");
    return File.Exists(path)
        ? ExperimentGrid.Load(path)
        : throw new ArgumentException($"There is no grid '{name}': known are {string.Join(", ", Grids().Select(Path.GetFileNameWithoutExtension).Order())}, or give a file's path.");
}

static void Show(ExperimentProgress progress)
{
    if (progress.Training is { EpochEnded: false })
        return;
    var left = progress.Remaining is { } remaining ? $", {remaining:h\\:mm\\:ss} left" : "";
    var state = progress.Training is { } training ? $"epoch {training.Epoch} of {training.Epochs}" : "starts";
    Console.WriteLine($"[{progress.Number}/{progress.Count}{left}] {progress.Job.Variant}, seed {progress.Job.Seed}: {state}");
}

static int Guarded(Func<int> action)
{
    try
    {
        return action();
    }
    catch (Exception exception) when (exception is ArgumentException or IOException or InvalidDataException or UnauthorizedAccessException or ArithmeticException)
    {
        Console.Error.WriteLine(exception.Message);
        return 2;
    }
}
