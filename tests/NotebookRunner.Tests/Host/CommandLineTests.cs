using NotebookRunner.Commands;
using NotebookRunner.Host;
using NotebookRunner.Reporting;

namespace NotebookRunner.Tests.Host;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--profile slow", "'slow'")]
    [InlineData("run --timeout never", "'never'")]
    [InlineData("run --timeout 0", "above 0")]
    [InlineData("-p epochs", "NAME=VALUE")]
    [InlineData("-p =3", "NAME=VALUE")]
    [InlineData("no-such-notebook.ipynb", "neither a notebook")]
    [InlineData("--frobnicate", "'--frobnicate'")]
    [InlineData("run --keep-going", "'--keep-going'")]
    [InlineData("--in-place -p a=1", "exclude each other")]
    [InlineData("list too many", "too")]
    [InlineData("book --committed=perhaps", "perhaps")]
    public async Task Bad_usage_says_what_is_wrong_and_exits_with_1(string arguments, string words)
    {
        var (exitCode, output, error) = await Invoke(arguments.Split(' '));

        Assert.Equal(ExitCodes.Usage, exitCode);
        Assert.Contains(words, error);
        Assert.Empty(output);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("run --help")]
    [InlineData("book -h")]
    [InlineData("list --help")]
    public async Task Help_has_examples(string arguments)
    {
        var (exitCode, output, error) = await Invoke(arguments.Split(' '));

        Assert.Equal(ExitCodes.Success, exitCode);
        Assert.Contains("Example", output);
        Assert.Empty(error);
    }

    [Fact]
    public async Task A_copy_may_not_land_on_its_notebook()
    {
        using var folder = new TemporaryFolder();
        var notebook = folder.Notebook("a.ipynb", "1");
        var before = File.ReadAllBytes(notebook);

        var (exitCode, _, error) = await Invoke(notebook, "--output", folder.Path);

        Assert.Equal(ExitCodes.Usage, exitCode);
        Assert.Contains("--in-place", error);
        Assert.Equal(before, File.ReadAllBytes(notebook));
    }

    [Fact]
    public async Task Nor_on_another_notebook_of_the_run()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("a"));
        Directory.CreateDirectory(folder.File("b"));
        var first = folder.Notebook(Path.Combine("a", "lesson.ipynb"), "1");
        var second = folder.Notebook(Path.Combine("b", "lesson.ipynb"), "2");
        var before = File.ReadAllBytes(second);

        var (exitCode, _, _) = await Invoke(first, second, "--output", folder.File("b"), "--no-book");

        Assert.Equal(ExitCodes.Usage, exitCode);
        Assert.Equal(before, File.ReadAllBytes(second));
    }

    [Fact]
    public async Task Nor_on_its_notebook_by_a_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links ask for rights on Windows.");
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("notebooks"));
        Directory.CreateSymbolicLink(folder.File("link"), folder.File("notebooks"));
        var notebook = folder.Notebook(Path.Combine("notebooks", "a.ipynb"), "1");
        var before = File.ReadAllBytes(notebook);

        var (exitCode, _, _) = await Invoke(notebook, "--output", folder.File("link"), "--no-book");

        Assert.Equal(ExitCodes.Usage, exitCode);
        Assert.Equal(before, File.ReadAllBytes(notebook));
        Assert.Single(Directory.GetFiles(folder.File("notebooks")));
    }

    [Fact]
    public async Task A_failed_notebook_is_told_in_plain_lines_with_the_command_to_run_it_again()
    {
        using var folder = new TemporaryFolder();
        var notebook = folder.Notebook("a lesson.ipynb", "var x = 1;\nthrow new Exception(\"it is [wrong]\");");

        var (exitCode, output, _) = await Invoke(
            "run", notebook, "--output", folder.File("out"), "--no-book", "--trx", folder.File("results", "r.trx"));

        Assert.Equal(ExitCodes.Failure, exitCode);
        Assert.Contains("cell 1/1 FAILED", output);
        Assert.Contains("Cell 1, line 2", output);
        Assert.Contains("    2 | throw new Exception(\"it is [wrong]\");", output);
        Assert.Contains("it is [wrong]", output);
        Assert.Contains($"-- \"{Repository.Display(notebook, Environment.CurrentDirectory)}\"", output);
        Assert.Contains("0 of 1 notebook succeeded", output);
        Assert.DoesNotContain("\u001b", output);
        Assert.True(File.Exists(folder.File("results", "r.trx")));
        Assert.True(File.Exists(folder.File("out", "a lesson.ipynb")));
    }

    [Fact]
    public async Task Results_that_cannot_be_written_fail_a_run_that_succeeded()
    {
        using var folder = new TemporaryFolder();
        var notebook = folder.Notebook("a.ipynb", "1");

        var (exitCode, output, _) = await Invoke(
            "run", notebook, "--output", folder.File("out"), "--no-book", "--trx", folder.File(new string('r', 300)));

        Assert.Equal(ExitCodes.Failure, exitCode);
        Assert.Contains("1 of 1 notebook succeeded", output);
        Assert.Contains("The results (--trx) are not written", output);
    }

    [Fact]
    public async Task Results_replace_older_results_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var notebook = folder.Notebook("a.ipynb", "1");
        var before = File.ReadAllBytes(notebook);
        string[] run = ["run", notebook, "--output", folder.File("out"), "--no-book", "--trx"];

        var (exitCode, output, error) = await Invoke([.. run, notebook]);

        Assert.Equal((ExitCodes.Usage, ""), (exitCode, output));
        Assert.Contains("holds something else", error);
        Assert.Equal(before, File.ReadAllBytes(notebook));
        File.WriteAllText(folder.File("r.trx"), "");
        for (var round = 0; round < 2; round++)
            Assert.Equal(ExitCodes.Success, (await Invoke([.. run, folder.File("r.trx")])).ExitCode);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_said_before_anything_runs()
    {
        using var folder = new TemporaryFolder();
        var notebook = folder.Notebook("a.ipynb", "1");
        string[] run = ["run", notebook, "--no-book"];
        foreach (var (arguments, expected) in new (string[], string)[]
        {
            ([.. run, "--output", ""], "--output is empty"),
            ([.. run, "--output", Path.Combine(notebook, "in", "it")], $"but {notebook} is a file"),
            ([.. run, "--trx", Path.Combine(notebook, "in", "r.trx")], $"but {notebook} is a file"),
            (["book", notebook, "--output", Path.Combine(notebook, "in")], $"but {notebook} is a file"),
        })
        {
            var (exitCode, output, error) = await Invoke(arguments);
            Assert.Equal((ExitCodes.Usage, ""), (exitCode, output));
            Assert.Contains(expected, error);
        }
    }

    [Theory, InlineData("named pipe"), InlineData("socket"), InlineData("device")]
    public async Task What_is_no_file_and_no_folder_is_not_written_to(string kind)
    {
        using var folder = new TemporaryFolder();
        var notebook = folder.Notebook("a.ipynb", "1");
        var path = folder.File("thing");
        using var thing = new NotAFile(kind, path);

        foreach (var arguments in new[] { new[] { "run", "--no-book", "--trx" }, ["run", "--no-book", "--output"], ["book", "--output"] })
        {
            var (exitCode, _, error) = await Invoke([.. arguments, path, notebook]).WaitAsync(TimeSpan.FromMinutes(2));

            Assert.Equal(ExitCodes.Usage, exitCode);
            Assert.Contains(arguments[^1], error);
            Assert.Contains("a pipe or a device", error);
        }
        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task What_nobody_thought_of_in_a_check_is_said_of_each_notebook()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("Workbook.slnx"), "<Solution />");
        File.WriteAllText(folder.File("Directory.Packages.props"), "<Project");
        folder.Notebook("a.ipynb", "1");
        folder.Notebook("b.ipynb", "2");
        var start = new System.Diagnostics.ProcessStartInfo("dotnet",
            [typeof(CommandLine).Assembly.Location, "check", "a.ipynb", "b.ipynb"])
        {
            WorkingDirectory = folder.Path,
        };

        var run = await ChildProcess.RunAsync(start, TimeSpan.FromMinutes(5));

        Assert.Equal((ExitCodes.Usage, ""), (run.ExitCode, run.Error));
        foreach (var name in new[] { "a", "b" })
            Assert.Matches($@"(?m)^{name}\.ipynb:\r?\n  - it cannot be checked: ", run.Output);
    }

    [Fact]
    public void A_result_that_cannot_be_shown_is_a_failure_and_hides_no_other()
    {
        NotebookJob Job(string name) => new($"/r/{name}.ipynb", name, $"/r/out/{name}.ipynb");
        var context = new RunContext(new Repository("/r"), "/r", "quick", "/r/out", DateTimeOffset.UnixEpoch);
        var result = new ExecutionResult(
        [
            new(Job("a"), NotebookStatus.Succeeded) { Cells = null! }, // as good as any other fault
            new(Job("b"), NotebookStatus.Succeeded),
        ], TimeSpan.Zero);

        var shown = RunCommand.Showable(result, context);

        Assert.Equal([NotebookStatus.Failed, NotebookStatus.Succeeded], shown.Notebooks.Select(notebook => notebook.Status));
        using var output = new StringWriter();
        Summary.Write(Consoles.For(output), shown, context, null);
        Assert.Contains("It cannot be shown: ", output.ToString());
        Assert.Contains("1 of 2 notebooks succeeded", output.ToString());
    }

    [Theory, InlineData("NotebookRunner", "größer × 3 → ∞ 😀"), InlineData("Experiments", "variants × seeds")]
    public async Task Redirected_output_is_UTF_8_whatever_the_system_says(string program, string words)
    {
        using var folder = new TemporaryFolder();
        var notebook = folder.Notebook("a.ipynb", $"throw new Exception(\"{words}\");");
        var start = new System.Diagnostics.ProcessStartInfo("dotnet", program == "Experiments"
            ? [ExperimentsProgram, "--help"]
            : [typeof(CommandLine).Assembly.Location, "run", notebook, "--output", folder.File("out"), "--no-book"])
        {
            WorkingDirectory = folder.Path,
            StandardOutputEncoding = System.Text.Encoding.Latin1, // each byte a character
        };
        start.Environment["LC_ALL"] = start.Environment["LANG"] = "de_DE.ISO-8859-1";

        var run = await ChildProcess.RunAsync(start, TimeSpan.FromMinutes(5));

        var bytes = System.Text.Encoding.Latin1.GetBytes(run.Output);
        Assert.Contains(words, new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes));
        Assert.NotEqual(0xEF, bytes[0]); // no byte order mark
    }

    private static string ExperimentsProgram => Path.Combine(
        RepositoryRoot.Above(AppContext.BaseDirectory)!, "src", "Experiments", "bin",
        new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "Experiments.dll");

    private static async Task<(int ExitCode, string Output, string Error)> Invoke(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.InvokeAsync(arguments, output, error);
        return (exitCode, output.ToString(), error.ToString());
    }
}
