using System.Text.Json.Nodes;
using NotebookRunner.Tests.Host;

namespace NotebookRunner.Tests.Worker;

/// <summary>Tags mean what they mean in nbclient.</summary>
public sealed class CellTagTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Cell_that_is_to_throw_is_right_when_it_does_and_the_run_goes_on()
    {
        _folder.Notebook("notebook.ipynb",
            Tagged("raises-exception", "throw new Exception(\"shown\");"), Tagged("raises-exception", "int x = \"no int\";"),
            NotebookJson.Code("\"next\""));
        var run = await WorkerHarness.StartAsync(_folder, "notebook.ipynb", change: request => request with { KeepGoing = false });

        Assert.Equal([CellStatus.Succeeded, CellStatus.Succeeded, CellStatus.Succeeded], run.Statuses);
        Assert.All(run.Cells, cell => Assert.Null(cell.Error));
        Assert.Equal(["error: System.Exception: shown"], run.Outputs(0));
        Assert.StartsWith("error: (1,9): error CS0029", run.Outputs(1)[0]);
        Assert.Equal(["text/plain: next"], run.Outputs(2));
    }

    [Fact]
    public async Task Cell_that_is_to_throw_is_wrong_when_it_does_not()
    {
        _folder.Notebook("notebook.ipynb", Tagged("raises-exception", "\"fine\""));
        var run = await WorkerHarness.StartAsync(_folder, "notebook.ipynb");

        Assert.Equal([CellStatus.Failed], run.Statuses);
        Assert.Equal(
            ["text/plain: fine", "error: The cell is tagged 'raises-exception', but it ended without an exception."], run.Outputs(0));
    }

    [Fact]
    public async Task Skipped_cell_keeps_its_outputs_and_counts_as_none()
    {
        var skipped = Tagged("skip-execution", "throw new Exception(\"not run\");");
        skipped["outputs"] = new JsonArray(NotebookJson.Data("text/plain", "as it was"));
        _folder.Notebook("notebook.ipynb", skipped, NotebookJson.Code("\"run\""));
        var run = await WorkerHarness.StartAsync(_folder, "notebook.ipynb");

        Assert.Equal(new NotebookStarted(1), run.Events[0]);
        Assert.Equal([CellStatus.Succeeded], run.Statuses);
        Assert.Equal(["text/plain: as it was"], run.Outputs(0));
        Assert.Equal(["text/plain: run"], run.Outputs(1));
    }

    private static JsonObject Tagged(string tag, string source)
    {
        var cell = NotebookJson.Code(source);
        cell["metadata"] = new JsonObject { ["tags"] = new JsonArray(tag) };
        return cell;
    }
}
