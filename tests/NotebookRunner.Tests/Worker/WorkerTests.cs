using System.Text.Json.Nodes;
using NotebookRunner.Tests.Host;

namespace NotebookRunner.Tests.Worker;

/// <summary>The worker's side of the protocol.</summary>
public sealed class WorkerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Events_tell_the_run_in_order()
    {
        var run = await WorkerHarness.OfAsync(_folder, "Console.WriteLine(\"one\\ntwo\");", "\n  // first\nthrow new Exception(\"no\");");

        Assert.Equal(0, run.ExitCode);
        Assert.Collection(run.Events,
            started => Assert.Equal(new NotebookStarted(2), started),
            cell => Assert.Equal(new CellStarted(0, 1, "Console.WriteLine(\"one\\ntwo\");"), cell),
            output => Assert.Equal(new OutputProduced(0, "two"), output),
            happened =>
            {
                var cell = Assert.IsType<CellFinished>(happened);
                Assert.Equal((0, 1, CellStatus.Succeeded), (cell.Index, cell.Number, cell.Status));
            },
            cell => Assert.Equal(new CellStarted(1, 2, "// first"), cell),
            cell => Assert.Equal(
                new CellError("System.Exception", "no", 3, null, "throw new Exception(\"no\");"), ((CellFinished)cell).Error),
            end => Assert.Empty(((NotebookFinished)end).Headlines));
    }

    [Fact]
    public async Task First_failure_ends_a_run_that_is_not_to_go_on()
    {
        _folder.Notebook("notebook.ipynb", "1", "throw new Exception(\"no\");", "3");
        var run = await WorkerHarness.StartAsync(_folder, "notebook.ipynb", change: request => request with { KeepGoing = false });

        Assert.Equal([CellStatus.Succeeded, CellStatus.Failed, CellStatus.Skipped], run.Statuses);
        Assert.Empty(run.Outputs(2)); // the old output is not passed off as new
    }

    [Fact]
    public async Task Cancelled_cell_that_watches_its_token_keeps_what_it_assigned()
    {
        _folder.Notebook("notebook.ipynb",
            "var token = Microsoft.DotNet.Interactive.KernelInvocationContext.Current.CancellationToken;\n"
            + "var assigned = \"kept\";\nConsole.WriteLine(\"waiting\");\nawait Task.Delay(-1, token);",
            "assigned");
        var run = await WorkerHarness.StartAsync(_folder, "notebook.ipynb", When("waiting", "cancel 1 It took too long."));

        Assert.Equal([CellStatus.Cancelled, CellStatus.Succeeded], run.Statuses);
        Assert.Equal("It took too long.", run.Cells[0].Error!.Message);
        Assert.Equal(["stdout: waiting\n", "error: Command cancelled."], run.Outputs(0));
        Assert.Equal(["text/plain: kept"], run.Outputs(1));
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("await Task.Delay(-1);")]
    public async Task Cancelled_cell_that_does_not_stop_is_left_behind(string forever)
    {
        _folder.Notebook("notebook.ipynb", $"Console.WriteLine(\"begun\");\n{forever}", "\"next\"");
        var run = await WorkerHarness.StartAsync(_folder, "notebook.ipynb", When("begun", "cancel 1 Too long."));

        Assert.Equal([CellStatus.Cancelled, CellStatus.Succeeded], run.Statuses);
        Assert.Equal(["text/plain: next"], run.Outputs(1));
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task Cancellation_that_comes_after_its_cell_leaves_the_next_one_alone()
    {
        _folder.Notebook("notebook.ipynb", "1",
            "var token = Microsoft.DotNet.Interactive.KernelInvocationContext.Current.CancellationToken;\n"
            + "Console.WriteLine(\"begun\");\nawait Task.Delay(-1, token);");
        var run = await WorkerHarness.StartAsync(_folder, "notebook.ipynb", When("begun", "cancel 1 Too late.\ncancel 2 In time."));

        Assert.Equal([CellStatus.Succeeded, CellStatus.Cancelled], run.Statuses);
        Assert.Equal("In time.", run.Cells[1].Error!.Message);
    }

    [Fact]
    public async Task Stop_skips_the_rest_and_writes_what_there_is()
    {
        _folder.Notebook("notebook.ipynb",
            "Console.WriteLine(\"begun\");\n"
            + "await Task.Delay(-1, Microsoft.DotNet.Interactive.KernelInvocationContext.Current.CancellationToken);",
            "2", "3");
        var run = await WorkerHarness.StartAsync(_folder, "notebook.ipynb", When("begun", "stop Interrupted."));

        Assert.Equal([CellStatus.Cancelled, CellStatus.Skipped, CellStatus.Skipped], run.Statuses);
        Assert.Equal(["stdout: begun\n", "error: Command cancelled."], run.Outputs(0));
        Assert.IsType<NotebookFinished>(run.Events[^1]);
    }

    [Fact]
    public async Task Worker_whose_host_is_gone_ends_and_writes_what_there_is()
    {
        _folder.Notebook("notebook.ipynb", "Console.WriteLine(\"begun\");\nwhile (true) { }");
        var run = await WorkerHarness.StartAsync(_folder, "notebook.ipynb", When("begun", ""));

        Assert.Equal(["stdout: begun\n"], run.Outputs(0));
        Assert.DoesNotContain(run.Events, happened => happened is NotebookFinished);
    }

    [Fact]
    public async Task Cell_that_exits_the_process_leaves_its_outputs()
    {
        var run = await WorkerHarness.OfAsync(_folder, "\"first\"", "Console.WriteLine(\"last words\");\nEnvironment.Exit(7);");

        Assert.Equal(7, run.ExitCode);
        Assert.Equal(["text/plain: first"], run.Outputs(0));
        Assert.Equal(["stdout: last words\n"], run.Outputs(1));
    }

    [Fact]
    public async Task Uncaught_exception_on_a_thread_fails_the_cell_and_the_rest_goes_on()
    {
        var run = await WorkerHarness.OfAsync(_folder,
            "var t = new System.Threading.Thread(() => throw new InvalidOperationException(\"in the background\"));\n" +
            "t.Start();\nt.Join();",
            // It waits until the error is seen in the executed copy, which is written now and then.
            "async void Forget() { await Task.Delay(1); throw new Exception(\"forgotten\"); }\nForget();\n" +
            "bool IsSeen(string copy) => System.IO.File.Exists(copy)\n" +
            "    && System.IO.File.ReadAllText(copy).Contains(\"System.Exception: \" + \"forgotten\");\n" +
            "while (!IsSeen(\"executed/notebook.ipynb\")) await Task.Delay(50);",
            "\"alive\"");

        Assert.Equal([CellStatus.Failed, CellStatus.Failed, CellStatus.Succeeded], run.Statuses);
        Assert.Equal(
            ["error: Nothing caught an exception on a thread that a cell started: "
             + "System.InvalidOperationException: in the background"],
            run.Outputs(0));
        Assert.Contains("forgotten", run.Cells[1].Error!.Message);
        Assert.Equal(["text/plain: alive"], run.Outputs(2));
    }

    [Fact]
    public async Task Parameters_are_injected_and_used()
    {
        var defaults = NotebookJson.Code("var epochs = 20;");
        defaults["metadata"]!["tags"] = new JsonArray("parameters");
        _folder.Notebook("notebook.ipynb", defaults, NotebookJson.Code("epochs.ToString()"));
        var run = await WorkerHarness.StartAsync(_folder, "notebook.ipynb",
            change: request => request with { Parameters = new Dictionary<string, string> { ["epochs"] = "3" } });

        Assert.Equal(new NotebookStarted(3), run.Events[0]);
        Assert.Equal(["text/plain: 3"], run.Outputs(2));
    }

    [Theory]
    [InlineData("{", "not valid JSON")]
    [InlineData(
        """{"nbformat":4,"nbformat_minor":5,"cells":[],"metadata":{"kernelspec":{"name":"python3","language":"python"}}}""",
        "'python'")]
    [InlineData("""{"nbformat":4,"nbformat_minor":5,"cells":[],"metadata":{}}""", "takes no parameters")]
    public async Task Unusable_notebook_is_rejected_and_nothing_is_written(string text, string reason)
    {
        File.WriteAllText(_folder.File("bad.ipynb"), text);
        var run = await WorkerHarness.StartAsync(_folder, "bad.ipynb",
            change: request => request with { Parameters = new Dictionary<string, string> { ["a"] = "1" } });

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(reason, Assert.IsType<NotebookRejected>(Assert.Single(run.Events)).Message);
        Assert.Null(run.Copy);
    }

    [Fact]
    public async Task What_nobody_thought_of_while_preparing_rejects_the_notebook_in_words()
    {
        var defaults = NotebookJson.Code("string name = \"a\";");
        defaults["metadata"]!["tags"] = new JsonArray("parameters");
        _folder.Notebook("notebook.ipynb", defaults);
        var run = await WorkerHarness.StartAsync(_folder, "notebook.ipynb",
            change: request => request with { Parameters = new Dictionary<string, string> { ["name"] = null! } });

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("notebook.ipynb cannot be prepared: ", Assert.IsType<NotebookRejected>(Assert.Single(run.Events)).Message);
    }

    [Fact]
    public async Task Cells_for_other_kernels_are_shown_or_refused()
    {
        var html = NotebookJson.Code("<b>b</b>");
        html["metadata"]!["polyglot_notebook"] = new JsonObject { ["kernelName"] = "html" };
        var fsharp = NotebookJson.Code("let x = 1");
        fsharp["metadata"]!["dotnet_interactive"] = new JsonObject { ["language"] = "fsharp" };
        _folder.Notebook("notebook.ipynb", html, fsharp);
        var run = await WorkerHarness.StartAsync(_folder, "notebook.ipynb");

        Assert.Equal(["text/html: <b>b</b>"], run.Outputs(0));
        Assert.StartsWith("error: This runner executes C# cells, but this cell is for the kernel 'fsharp'.", Assert.Single(run.Outputs(1)));
    }

    [Fact]
    public async Task A_kind_of_cell_that_a_later_version_brought_is_run_around_and_kept()
    {
        var video = (JsonObject)JsonNode.Parse(
            """
            {
              "cell_type": "video", "execution_count": 3, "frames": [ 1, 2.50, null ], "id": "video", "metadata": { "codec": "é" },
              "outputs": [ { "output_type": "sound" } ], "source": "throw new Exception();"
            }
            """)!;
        var notebook = _folder.Notebook("notebook.ipynb", NotebookJson.Code("var x = 20;"), video, NotebookJson.Code("x.ToString()"));
        var json = JsonNode.Parse(File.ReadAllText(notebook))!;
        json["nbformat_minor"] = 6;
        File.WriteAllText(notebook, json.ToJsonString());

        var run = await WorkerHarness.StartAsync(_folder, "notebook.ipynb");

        Assert.Equal([CellStatus.Succeeded, CellStatus.Succeeded], run.Statuses);
        Assert.Equal(["text/plain: 20"], run.Outputs(2));
        Assert.True(JsonNode.DeepEquals(json["cells"]![1], run.Copy!["cells"]![1]), run.Copy["cells"]![1]!.ToJsonString());
        Assert.Equal(6, (int)run.Copy["nbformat_minor"]!);
    }

    [Fact]
    public async Task Rerun_changes_nothing_but_outputs()
    {
        var cells = new[] { "var x = 1;", "x", "Console.WriteLine(\"é 😀\");" };
        var first = await WorkerHarness.OfAsync(_folder, cells);
        var text = File.ReadAllText(_folder.File("executed", "notebook.ipynb"));
        File.WriteAllText(_folder.File("notebook.ipynb"), text);
        await WorkerHarness.StartAsync(_folder, "notebook.ipynb");

        Assert.Equal(0, first.ExitCode);
        Assert.Equal(text, File.ReadAllText(_folder.File("executed", "notebook.ipynb")));
        Assert.Equal([_folder.File("executed", "notebook.ipynb")], Directory.GetFiles(_folder.File("executed")));
    }

    /// <summary>Answers the output that shows this text with a line for the worker.</summary>
    private static Func<WorkerEvent, string?> When(string shown, string line) =>
        happened => happened is OutputProduced output && output.Preview == shown ? line : null;
}
