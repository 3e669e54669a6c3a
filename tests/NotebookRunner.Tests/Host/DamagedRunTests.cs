using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NotebookRunner.Commands;
using NotebookRunner.Host;
using NotebookRunner.Tests.Documents;

namespace NotebookRunner.Tests.Host;

/// <summary>The whole command over damaged notebooks, each in a process of its own; <see cref="MutationTests"/> has many more.</summary>
public sealed partial class DamagedRunTests : IDisposable
{
    private const int Count = 40, Seed = 20261127;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Damaged_notebooks_are_run_or_refused_and_none_ends_the_command()
    {
        var (mutator, sample) = (new Mutator(Seed), SampleNotebook.Rich());
        sample["cells"] = new JsonArray();
        Directory.CreateDirectory(_folder.File("damaged"));
        for (var i = 0; i < Count; i++)
            File.WriteAllBytes(_folder.File("damaged", $"{i:00}.ipynb"), mutator.Damaged(sample));
        using var output = new StringWriter();
        using var error = new StringWriter();

        var exitCode = await CommandLine.InvokeAsync(
            ["run", _folder.File("damaged"), "--output", _folder.File("out"), "--no-book", "--trx", _folder.File("r.trx")], output, error);

        Assert.Equal((ExitCodes.Usage, ""), (exitCode, error.ToString()));
        var text = output.ToString();
        Assert.All(Enumerable.Range(0, Count), i => Assert.Contains($"[{i + 1}/{Count}] {i:00}", text));
        Assert.DoesNotContain("It cannot be", text);
        var succeeded = int.Parse(Verdict().Match(text).Groups["succeeded"].Value, CultureInfo.InvariantCulture);
        Assert.InRange(succeeded, 5, Count - 5); // both ways are taken
    }

    [GeneratedRegex(@"(?<succeeded>\d+) of \d+ notebooks succeeded")]
    private static partial Regex Verdict();
}
