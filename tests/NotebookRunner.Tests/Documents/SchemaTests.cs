using System.Text.Json.Nodes;
using CsCheck;
using Json.Schema;
using NotebookRunner.Documents;
using NotebookRunner.Host;
using NotebookRunner.Tests.Host;
using NotebookRunner.Tests.Worker;

namespace NotebookRunner.Tests.Documents;

/// <summary>What the runner writes is nbformat 4.5 by the format's own JSON schema (tests/Reference/nbformat.v4.5.schema.json, see README there).</summary>
public sealed class SchemaTests
{
    // The library begins at draft 6; the schema says draft 4, and uses nothing in which they differ.
    private static readonly JsonSchema Schema = JsonSchema.FromText(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "nbformat.v4.5.schema.json")).Replace("/draft-04/", "/draft-06/", StringComparison.Ordinal));

    public static TheoryData<string> Lessons => [.. Repository.Find(AppContext.BaseDirectory).Lessons().Select(lesson => Path.GetFileName(lesson)!)];

    [Theory, MemberData(nameof(Lessons))]
    public void Every_lesson_is_valid(string lesson) =>
        AssertValid(File.ReadAllText(Repository.Find(AppContext.BaseDirectory).Lessons().Single(path => Path.GetFileName(path) == lesson)));

    [Fact]
    public void The_schema_refuses_what_is_wrong() =>
        Assert.NotEmpty(Errors("""{ "cells": [{ "cell_type": "code", "source": [] }], "metadata": {}, "nbformat": 4, "nbformat_minor": 5 }"""));

    [Fact]
    public async Task Every_kind_of_output_is_valid()
    {
        using var folder = new TemporaryFolder();

        var run = await WorkerHarness.OfAsync(folder,
            "Console.Write(1); Console.Error.Write(2); Console.Write(3);", "display(1, \"text/plain\", \"text/html\");",
            "new { A = 1 }", "display(new { A = 1 }, \"application/json\");", "display(\"AAAA\", \"image/png\");", "((string)null).DisplayAs(\"text/html\");",
            "throw new Exception(\"fails\");", "int x = 1 +;", "HTML(\"<b>b</b>\")", "Console.Write(\"\\u001b[31mred\\u001b[0m \");");

        AssertValid(run.Copy!.ToJsonString());
    }

    [Fact]
    public void Injected_parameters_are_a_valid_cell()
    {
        using var folder = new TemporaryFolder();
        var document = NotebookDocument.Read(folder.Notebook("a.ipynb", TemporaryFolder.Parameters("var n = 1;")));

        NotebookParameters.Apply(document, new Dictionary<string, string> { ["n"] = "2" }, "a.ipynb");

        AssertValid(document.ToJson());
    }

    [Fact]
    public void Any_valid_notebook_survives_a_round_trip_and_stays_valid() => Notebooks.Sample(notebook =>
    {
        var text = JupyterJson.Write(notebook);
        AssertValid(text);
        var written = NotebookDocument.Parse(text, "sample.ipynb").ToJson();
        Assert.Equal(text, written);
        Assert.True(JsonNode.DeepEquals(notebook, JsonNode.Parse(written)));
    }, iter: 200, threads: 1); // the library of schemas is not made for several threads

    // Notebooks with unknown metadata, attachments, ids, raw cells and every kind of output.
    private static Gen<JsonObject> Notebooks
    {
        get
        {
            var word = Gen.Char["abcXYZ09_-"].Array[1, 12].Select(letters => new string(letters));
            var lines = Gen.String.Array[0, 4].Select(parts => MultilineText.Split(string.Join('\n', parts)));
            var metadata = Gen.Dictionary(word, Gen.OneOf<JsonNode>(
                    Gen.Int.Select(n => (JsonNode)JsonValue.Create(n)), Gen.String.Select(text => (JsonNode)JsonValue.Create(text)!),
                    word.Select(name => (JsonNode)new JsonObject { [name] = new JsonArray(1, name, null) })))[0, 3]
                .Select(entries => new JsonObject(entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create("x-" + entry.Key, (JsonNode?)entry.Value))));
            var output = Gen.OneOf<JsonObject>(
                lines.Select(text => new JsonObject { ["name"] = "stdout", ["output_type"] = "stream", ["text"] = text }),
                Gen.Select(lines, metadata, (text, extra) => new JsonObject { ["data"] = new JsonObject { ["text/plain"] = text }, ["metadata"] = extra, ["output_type"] = "display_data" }),
                Gen.String.Select(text => new JsonObject { ["ename"] = "Error", ["evalue"] = text, ["output_type"] = "error", ["traceback"] = new JsonArray(text) }));
            var cell = Gen.OneOf<JsonObject>(
                Gen.Select(lines, metadata, output.Array[0, 3], (text, extra, outputs) => new JsonObject
                {
                    ["cell_type"] = "code",
                    ["execution_count"] = outputs.Length == 0 ? null : 3,
                    ["id"] = "",
                    ["metadata"] = extra,
                    ["outputs"] = new JsonArray([.. outputs]),
                    ["source"] = text,
                }),
                Gen.Select(lines, metadata, word, (text, extra, name) => new JsonObject
                {
                    ["attachments"] = new JsonObject { [name + ".png"] = new JsonObject { ["image/png"] = "AAAA" } },
                    ["cell_type"] = "markdown",
                    ["id"] = "",
                    ["metadata"] = extra,
                    ["source"] = text,
                }),
                Gen.Select(lines, metadata, (text, extra) => new JsonObject { ["cell_type"] = "raw", ["id"] = "", ["metadata"] = extra, ["source"] = text }));
            return Gen.Select(cell.Array[0, 5], metadata, (cells, extra) =>
            {
                for (var i = 0; i < cells.Length; i++)
                    cells[i]["id"] = $"cell-{i}";
                return new JsonObject { ["cells"] = new JsonArray([.. cells]), ["metadata"] = extra, ["nbformat"] = 4, ["nbformat_minor"] = 5 };
            });
        }
    }

    private static void AssertValid(string notebook) => Assert.Empty(Errors(notebook));

    private static IEnumerable<string> Errors(string notebook)
    {
        var results = Schema.Evaluate(JsonNode.Parse(notebook), new() { OutputFormat = OutputFormat.List });
        return results.IsValid ? [] : results.Details.Where(part => part.HasErrors)
            .SelectMany(part => part.Errors!.Select(error => $"{part.InstanceLocation}: {error.Value}")).Take(20);
    }
}
