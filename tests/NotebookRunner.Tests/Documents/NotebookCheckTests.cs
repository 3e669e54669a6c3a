using System.Text.Json.Nodes;
using NotebookRunner.Documents;
using NotebookRunner.Tests.Host;

namespace NotebookRunner.Tests.Documents;

public sealed class NotebookCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_notebook_recorded_by_a_full_run_is_good() => Assert.Empty(Findings(_ => { }));

    [Theory]
    [InlineData("cells.0.source", "[\"1 + 2\"]", "stale")]
    [InlineData("metadata.convnet_workbook", "null", "does not say")]
    [InlineData("metadata.convnet_workbook.profile", "\"quick\"", "quick profile")]
    [InlineData("metadata.convnet_workbook.data", "\"These are 5,000 sample digits, not MNIST.\"", "sample digits")]
    [InlineData("metadata.language_info", "{\"name\": \"csharp\", \"file_extension\": \".cs\"}", "language_info")]
    [InlineData("metadata.language_info", "{\"name\": \"csharp\"}", "language_info")]
    [InlineData("cells.0.metadata", "{\"vscode\": {\"languageId\": \"polyglot-notebook\"}}", "vscode.languageId")]
    [InlineData("cells.0.execution_count", "7", "top to bottom")]
    [InlineData(
        "cells.0.outputs", "[{\"ename\": \"Exception\", \"evalue\": \"oh\", \"output_type\": \"error\", \"traceback\": []}]",
        "failed with Exception")]
    [InlineData("cells.0.outputs", "[{\"name\": \"stdout\", \"output_type\": \"stream\", \"text\": [\"in /home/me/x\"]}]", "/home/me/x")]
    [InlineData("cells.1.id", "\"a\"", "the id a")]
    public void What_is_wrong_is_said(string place, string value, string words)
    {
        var findings = Findings(json =>
        {
            var path = place.Split('.');
            JsonNode node = json;
            foreach (var step in path[..^1])
                node = int.TryParse(step, out var index) ? node[index]! : node[step]!;
            node[path[^1]] = JsonNode.Parse(value);
        });
        Assert.Contains(findings, finding => finding.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void Tagged_cells_may_show_an_error_or_not_have_run() => Assert.DoesNotContain(Findings(json =>
    {
        json["cells"]![0]!["metadata"]!["tags"] = new JsonArray("raises-exception");
        json["cells"]![0]!["outputs"] = JsonNode.Parse("""[{"ename": "E", "evalue": "oh", "output_type": "error", "traceback": []}]""");
        var skipped = json["cells"]![0]!.DeepClone();
        (skipped["id"], skipped["metadata"]!["tags"], skipped["execution_count"]) = ("c", new JsonArray("skip-execution"), null);
        skipped["outputs"] = new JsonArray();
        json["cells"]!.AsArray().Add(skipped);
    }), finding =>
        finding.Contains("failed with", StringComparison.Ordinal) || finding.Contains("top to bottom", StringComparison.Ordinal));

    [Theory]
    [InlineData("#r \"nuget: Known, 1.2.3\"", null)]
    [InlineData("#r \"nuget: Known, 1.2.4\"", "the repository uses 1.2.3")]
    [InlineData("#r \"nuget: Unknown, 1.0.0\"", "does not name")]
    public void Package_versions_are_the_repositorys(string code, string? words)
    {
        var findings = Findings(_ => { }, code);
        if (words is null)
            Assert.Empty(findings);
        else
            Assert.Contains(words, Assert.Single(findings));
    }

    [Theory]
    [InlineData("{ \"1\": { \"answer\": 1152 }, \"2\": { \"answer\": [-0.04, 2], \"within\": 0.001 } }", null)]
    [InlineData("{ \"3\": { \"answer\": \"no\", \"choices\": [\"yes\", \"no\"] } }", null)]
    [InlineData("{ \"3\": { \"answer\": \"maybe\", \"choices\": [\"yes\", \"no\"] } }", "the answer to exercise 3 is")]
    [InlineData("{ \"3\": { \"answer\": \"yes\", \"choices\": [\"yes\", \"no\"] } }", "has \"yes\", but its solution does not")]
    [InlineData("{ \"1\": { \"answer\": 1153 } }", "exercise 1 has 1153, but its solution does not")]
    [InlineData("{ \"2\": { \"answer\": [0.04, 3] } }", "exercise 2 has 3, but its solution does not")]
    [InlineData("{ \"4\": { \"answer\": 1 } }", "no exercise begins with **4.**")]
    [InlineData("{ \"1\": 1152 }", "the answer to exercise 1 is 1152")]
    [InlineData("{ \"1\": { \"answer\": [] } }", "the answer to exercise 1 is")]
    [InlineData("{ \"1\": { \"answer\": 1152, \"within\": 0 } }", "the answer to exercise 1 is")]
    [InlineData("{ \"1\": null }", "the answer to exercise 1 is null")]
    [InlineData("[1152]", "stands in a markdown cell as [1152]")]
    public void Answers_are_those_of_the_solutions(string answers, string? words)
    {
        var findings = Findings(json =>
        {
            json["cells"]![1]!["metadata"] = new JsonObject { ["answers"] = JsonNode.Parse(answers) };
            json["cells"]![1]!["source"] = JsonNode.Parse("""
                [
                  "**1.** How many?\n", "\n", "It is $1{,}152$.\n", "\n",
                  "**2.** Two?\n", "\n", "−0.04 (or 1/25), and 2.\n", "\n",
                  "**3.** Does it?\n", "\n", "No."
                ]
                """);
        });
        if (words is null)
            Assert.Empty(findings);
        else
            Assert.Contains(words, Assert.Single(findings));
    }

    [Fact]
    public void Another_indentation_and_a_huge_file_are_found()
    {
        var path = _folder.File("wide.ipynb");
        File.WriteAllText(path, Good("1 + 1").ToJsonString());
        Assert.Contains(Check(path), finding => finding.Contains("as Jupyter writes", StringComparison.Ordinal));
        var large = new JsonObject
        {
            ["name"] = "stdout",
            ["output_type"] = "stream",
            ["text"] = new JsonArray(new string('x', 1_600_000)),
        };
        Assert.Contains(
            Findings(json => json["cells"]![0]!["outputs"] = new JsonArray(large)),
            finding => finding.Contains("more than 1,500,000", StringComparison.Ordinal));
    }

    [Fact]
    public void The_hash_is_of_the_codes_text_and_order_alone()
    {
        string Hash(params string[] sources) =>
            Provenance.HashOf(NotebookDocument.Read(_folder.Notebook($"{Guid.NewGuid():N}.ipynb", sources)));

        Assert.Equal(Hash("a", "b"), Hash("a", "b"));
        Assert.Equal(Hash("a\nb"), Hash("a\r\nb"));
        Assert.Equal(5, new[] { Hash("a", "b"), Hash("b", "a"), Hash("ab"), Hash("a", "b", ""), Hash("a ", "b") }.Distinct().Count());
    }

    private IReadOnlyList<string> Findings(Action<JsonNode> change, string code = "1 + 1")
    {
        var json = Good(code);
        change(json);
        var path = _folder.File("lesson.ipynb");
        File.WriteAllText(path, JupyterJson.Write(json));
        return Check(path);
    }

    private IReadOnlyList<string> Check(string path)
    {
        var packages = _folder.File("Directory.Packages.props");
        File.WriteAllText(packages, "<Project><ItemGroup><PackageVersion Include=\"Known\" Version=\"[1.2.3]\" /></ItemGroup></Project>");
        return NotebookCheck.Of(path, packages);
    }

    private JsonNode Good(string code)
    {
        var json = JsonNode.Parse(
            """
            {
              "cells": [
                { "cell_type": "code", "execution_count": 1, "id": "a", "metadata": {}, "outputs": [], "source": [] },
                { "cell_type": "markdown", "id": "b", "metadata": {}, "source": [] }
              ],
              "metadata": {
                "convnet_workbook": { "data": "MNIST", "profile": "full", "seed": 42, "source_sha256": "" },
                "kernelspec": { "display_name": ".NET (C#)", "language": "C#", "name": ".net-csharp" },
                "language_info": { "name": "polyglot-notebook", "pygments_lexer": "csharp" },
                "polyglot_notebook": { "kernelInfo": { "defaultKernelName": "csharp", "items": [ { "aliases": [], "name": "csharp" } ] } }
              },
              "nbformat": 4,
              "nbformat_minor": 5
            }
            """)!;
        json["cells"]![0]!["source"] = new JsonArray(code);
        json["metadata"]!["convnet_workbook"]!["source_sha256"] = Provenance.HashOf(NotebookDocument.Parse(json.ToJsonString(), "good"));
        return json;
    }
}
