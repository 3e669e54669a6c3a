using System.Text.Json.Nodes;
using CsCheck;
using Json.Schema;
using NotebookRunner.Documents;
using NotebookRunner.Host;
using NotebookRunner.Tests.Host;
using NotebookRunner.Tests.Worker;

namespace NotebookRunner.Tests.Documents;

/// <summary>
/// What the runner writes is nbformat 4.5 by the format's own JSON schema (tests/Reference/nbformat.v4.5.schema.json, see README there).
/// </summary>
public sealed class SchemaTests
{
    // The library begins at draft 6; the schema says draft 4, and uses nothing in which they differ.
    private static readonly string SchemaText = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "nbformat.v4.5.schema.json"))
        .Replace("/draft-04/", "/draft-06/", StringComparison.Ordinal);

    private static readonly JsonSchema Schema = JsonSchema.FromText(SchemaText), LaterSchema = JsonSchema.FromText(Relaxed(SchemaText));

    public static TheoryData<string> Lessons =>
        [.. Repository.Find(AppContext.BaseDirectory).Lessons().Select(lesson => Path.GetFileName(lesson)!)];

    [Theory, MemberData(nameof(Lessons))]
    public void Every_lesson_is_valid(string lesson) =>
        AssertValid(File.ReadAllText(Repository.Find(AppContext.BaseDirectory).Lessons().Single(path => Path.GetFileName(path) == lesson)));

    [Fact]
    public void The_schema_refuses_what_is_wrong() =>
        Assert.NotEmpty(Errors(
            """{ "cells": [{ "cell_type": "code", "source": [] }], "metadata": {}, "nbformat": 4, "nbformat_minor": 5 }"""));

    [Theory]
    [InlineData(5)]
    [InlineData(6)] // a later version, of which nbformat asks less
    public void Check_refuses_what_the_schema_refuses_and_nothing_else(int minor)
    {
        const int Seed = 20261126;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        var sample = SampleNotebook.Rich();
        sample["nbformat_minor"] = minor;
        if (minor > 5)
            sample["cells"]![3]!["cell_type"] = "video";
        var schema = minor == 5 ? Schema : LaterSchema;
        Assert.Empty(NotebookSchema.Refused(sample));
        Assert.Empty(Errors(sample.ToJsonString(), schema));
        var mutator = new Mutator(Seed, deepest: 15); // the library of schemas has a limit of 64
        var refused = 0;
        for (var i = 0; i < 3_000; i++)
        {
            var notebook = mutator.DamagedTree(sample);
            if (!JsonNode.DeepEquals(notebook["nbformat_minor"], minor))
                continue; // another version, of which this schema says nothing
            var findings = NotebookSchema.Refused(notebook).ToList();
            var errors = Errors(notebook.ToJsonString(), schema).ToList();
            Assert.True(findings.Count == 0 == (errors.Count == 0),
                $"{i}: check says [{string.Join("; ", findings)}], the schema says [{string.Join("; ", errors)}] "
                + $"of {notebook.ToJsonString()}");
            refused += errors.Count > 0 ? 1 : 0;
        }
        Assert.InRange(refused, 300, 2_700); // both ways are taken
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a\n")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123x")]
    public void Ids_that_the_format_refuses_are_named(string id)
    {
        var notebook = SampleNotebook.Rich();
        notebook["cells"]![1]!["id"] = id;
        Assert.Contains("the \"id\" of cell 2 is", Assert.Single(NotebookSchema.Refused(notebook)));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("-_9Z")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void Ids_that_the_format_takes_are_good(string id)
    {
        var notebook = SampleNotebook.Rich();
        notebook["cells"]![1]!["id"] = id;
        Assert.Empty(NotebookSchema.Refused(notebook));
    }

    [Fact] // the schema's "^.+$" is ECMAScript's, whose $ is the text's end; the library of schemas takes it as .NET's
    public void A_name_that_ends_in_a_line_end_is_refused()
    {
        var notebook = SampleNotebook.Rich();
        notebook["cells"]![3]!["metadata"]!["name"] = "raw\n";
        Assert.Contains("a name in one line was expected", Assert.Single(NotebookSchema.Refused(notebook)));
    }

    [Fact]
    public void A_missing_minor_version_is_named()
    {
        var notebook = SampleNotebook.Rich();
        notebook.Remove("nbformat_minor");
        Assert.Equal(["the notebook has no \"nbformat_minor\""], NotebookSchema.Refused(notebook));
    }

    [Fact]
    public void A_later_minor_version_may_have_more()
    {
        var notebook = SampleNotebook.Rich();
        notebook["nbformat_minor"] = 6;
        notebook["later"] = 1;
        notebook["cells"]!.AsArray().Add(new JsonObject { ["cell_type"] = "video", ["metadata"] = new JsonObject(), ["frames"] = 7 });
        notebook["cells"]![2]!["outputs"]!.AsArray().Add(new JsonObject { ["output_type"] = "sound" });
        Assert.Empty(NotebookSchema.Refused(notebook));

        notebook["nbformat_minor"] = 5;
        Assert.Equal(3, NotebookSchema.Refused(notebook).Count());
    }

    [Fact]
    public async Task Every_kind_of_output_is_valid()
    {
        using var folder = new TemporaryFolder();

        var run = await WorkerHarness.OfAsync(folder,
            "Console.Write(1); Console.Error.Write(2); Console.Write(3);", "display(1, \"text/plain\", \"text/html\");",
            "new { A = 1 }", "display(new { A = 1 }, \"application/json\");", "display(\"AAAA\", \"image/png\");",
            "((string)null).DisplayAs(\"text/html\");",
            "throw new Exception(\"fails\");", "int x = 1 +;", "HTML(\"<b>b</b>\")", "Console.Write(\"\\u001b[31mred\\u001b[0m \");");

        AssertValid(run.Copy!.ToJsonString());
    }

    [Fact]
    public void Injected_parameters_are_a_valid_cell()
    {
        using var folder = new TemporaryFolder();
        var document = NotebookDocument.Read(folder.Notebook("a.ipynb", NotebookJson.Parameters("var n = 1;")));

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
                .Select(entries => new JsonObject(entries.OrderBy(entry => entry.Key, StringComparer.Ordinal)
                    .Select(entry => KeyValuePair.Create("x-" + entry.Key, (JsonNode?)entry.Value))));
            var output = Gen.OneOf<JsonObject>(
                lines.Select(text => new JsonObject { ["name"] = "stdout", ["output_type"] = "stream", ["text"] = text }),
                Gen.Select(lines, metadata, (text, extra) => new JsonObject
                {
                    ["data"] = new JsonObject { ["text/plain"] = text },
                    ["metadata"] = extra,
                    ["output_type"] = "display_data",
                }),
                Gen.String.Select(text => new JsonObject
                {
                    ["ename"] = "Error",
                    ["evalue"] = text,
                    ["output_type"] = "error",
                    ["traceback"] = new JsonArray(text),
                }));
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
                Gen.Select(lines, metadata, (text, extra) => new JsonObject
                {
                    ["cell_type"] = "raw",
                    ["id"] = "",
                    ["metadata"] = extra,
                    ["source"] = text,
                }));
            return Gen.Select(cell.Array[0, 5], metadata, (cells, extra) =>
            {
                for (var i = 0; i < cells.Length; i++)
                    cells[i]["id"] = $"cell-{i}";
                return new JsonObject
                {
                    ["cells"] = new JsonArray([.. cells]),
                    ["metadata"] = extra,
                    ["nbformat"] = 4,
                    ["nbformat_minor"] = 5,
                };
            });
        }
    }

    private static void AssertValid(string notebook) => Assert.Empty(Errors(notebook));

    // What nbformat itself asks of a notebook whose minor version is above its own.
    private static string Relaxed(string schema)
    {
        var relaxed = JsonNode.Parse(schema)!;
        AllowMore(relaxed);
        foreach (var kind in new[] { "cell", "output" })
            relaxed["definitions"]![kind]!["oneOf"]!.AsArray().Add(new JsonObject { ["$ref"] = $"#/definitions/unrecognized_{kind}" });
        return relaxed.ToJsonString();
    }

    private static void AllowMore(JsonNode? node)
    {
        if (node is JsonObject { Count: > 0 } members)
        {
            if (members.ContainsKey("additionalProperties"))
                members["additionalProperties"] = true;
            foreach (var (_, value) in members)
                AllowMore(value);
        }
    }

    private static IEnumerable<string> Errors(string notebook, JsonSchema? schema = null)
    {
        var results = (schema ?? Schema).Evaluate(JupyterJsonReader.Read(notebook), new() { OutputFormat = OutputFormat.List });
        return results.IsValid ? [] : results.Details.Where(part => part.HasErrors)
            .SelectMany(part => part.Errors!.Select(error => $"{part.InstanceLocation}: {error.Value}")).Take(20);
    }
}
