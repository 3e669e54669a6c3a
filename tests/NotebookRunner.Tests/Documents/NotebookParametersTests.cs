using System.Text.Json.Nodes;
using NotebookRunner.Documents;

namespace NotebookRunner.Tests.Documents;

public sealed class NotebookParametersTests
{
    private const string Defaults = """
        // what a reader may change
        var epochs = 20;
        double rate = 1e-3, decay = 0;
        string name = "mnist";
        bool augment = false;
        var big = 5L;
        var ratio = -0.5f;
        const int Seed = 42;
        var images = Workbook.Choose(full: 4_000, quick: 1_000);
        int[] sizes = { 1, 2 };
        int? limit = null;
        int Helper(int local) { var inner = local; return inner; }
        """;

    [Theory]
    [InlineData("epochs", "3", "epochs = 3;")]
    [InlineData("epochs", "-3", "epochs = -3;")]
    [InlineData("rate", "0.05", "rate = 0.05d;")]
    [InlineData("decay", "1", "decay = 1d;")]
    [InlineData("name", "a \"b\"\n", "name = \"a \\\"b\\\"\\n\";")]
    [InlineData("augment", "True", "augment = true;")]
    [InlineData("big", "9999999999", "big = 9999999999;")]
    [InlineData("ratio", "1.5", "ratio = 1.5f;")]
    [InlineData("Seed", "7", "const int Seed = 7;")]
    [InlineData("images", "500", "images = 500;")]
    [InlineData("sizes", "[3, 4]", "sizes = [3, 4];")]
    [InlineData("limit", "null", "limit = null;")]
    [InlineData("limit", "7", "limit = 7;")]
    public void Value_is_typed_by_the_variable_that_it_sets(string name, string value, string statement)
    {
        var document = Document(("parameters", Defaults), (null, "epochs"));

        NotebookParameters.Apply(document, new Dictionary<string, string> { [name] = value }, "a.ipynb");

        Assert.Equal(3, document.Cells.Count);
        Assert.Equal(["injected-parameters"], document.Cells[1].Tags);
        Assert.Equal($"// Parameters\n{statement}", document.Cells[1].Source);
        Assert.NotNull((string?)document.Cells[1].Node["id"]);
        Assert.Equal("csharp", (string?)document.Cells[1].Node["metadata"]!["polyglot_notebook"]!["kernelName"]);
    }

    [Theory]
    [InlineData("epochs", "many", "'epochs' is of type int")]
    [InlineData("epochs", "1.5", "'epochs' is of type int")]
    [InlineData("images", "few", "'images' is of type int")]
    [InlineData("rate", "fast", "'rate' is of type double")]
    [InlineData("augment", "1", "'augment' is of type bool")]
    [InlineData("epochs", "null", "'epochs' is of type int")]
    [InlineData("sizes", "[3,", "'sizes' is of type int[]")]
    [InlineData("epoch", "3", "no parameter 'epoch'; it has int epochs, double rate, double decay, string name")]
    [InlineData("inner", "3", "no parameter 'inner'")]
    public void What_does_not_fit_is_refused(string name, string value, string reason) =>
        Assert.Contains(reason, Assert.Throws<NotebookFormatException>(() => NotebookParameters.Apply(
            Document(("parameters", Defaults)), new Dictionary<string, string> { [name] = value }, "a.ipynb")).Message);

    [Fact]
    public void Notebook_without_the_tag_takes_none() =>
        Assert.Contains("no code cell tagged 'parameters'", Assert.Throws<NotebookFormatException>(() => NotebookParameters.Apply(
            Document((null, "1")), new Dictionary<string, string> { ["a"] = "1" }, "a.ipynb")).Message);

    [Fact]
    public void Earlier_injected_cell_is_replaced()
    {
        var document = Document((null, "0"), ("parameters", Defaults), ("injected-parameters", "epochs = 99;"), (null, "epochs"));

        NotebookParameters.Apply(document, new Dictionary<string, string> { ["epochs"] = "1", ["rate"] = "2" }, "a.ipynb");

        Assert.Equal(["0", Defaults, "// Parameters\nepochs = 1;\nrate = 2d;", "epochs"], document.Cells.Select(cell => cell.Source));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cell_with_both_tags_holds_the_defaults_and_stays(bool again)
    {
        var document = Document((null, "0"), ("parameters", Defaults), (null, "epochs"));
        document.Cells[1].Node["metadata"]!["tags"] = new JsonArray("injected-parameters", "parameters");

        for (var round = again ? 0 : 1; round < 2; round++)
            NotebookParameters.Apply(document, new Dictionary<string, string> { ["epochs"] = $"{round}" }, "a.ipynb");

        Assert.Equal(["0", Defaults, "// Parameters\nepochs = 1;", "epochs"], document.Cells.Select(cell => cell.Source));
    }

    [Fact]
    public void No_parameters_change_nothing()
    {
        var document = Document((null, "0"));
        var before = document.ToJson();
        NotebookParameters.Apply(document, new Dictionary<string, string>(), "a.ipynb");
        Assert.Equal(before, document.ToJson());
    }

    private static NotebookDocument Document(params (string? Tag, string Source)[] cells) => NotebookDocument.Parse(
        new JsonObject
        {
            ["cells"] = new JsonArray([.. cells.Select(cell =>
            {
                var metadata = new JsonObject { ["polyglot_notebook"] = new JsonObject { ["kernelName"] = "csharp" } };
                if (cell.Tag is not null)
                    metadata["tags"] = new JsonArray(cell.Tag);
                return new JsonObject
                {
                    ["cell_type"] = "code",
                    ["metadata"] = metadata,
                    ["outputs"] = new JsonArray(),
                    ["source"] = cell.Source,
                };
            })]),
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        }.ToJsonString(), "a.ipynb");
}
