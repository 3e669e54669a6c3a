using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using NotebookRunner.Documents;

namespace NotebookRunner.Tests.Documents;

public sealed class NotebookDocumentTests
{
    // As Jupyter writes it, with members that this runner knows nothing of.
    private const string AsJupyter = """
        {
         "cells": [
          {
           "attachments": {
            "digit.png": {
             "image/png": "iVBORw0KGgo="
            }
           },
           "cell_type": "markdown",
           "id": "intro",
           "metadata": {
            "editable": false,
            "future": [
             1e5,
             0.10,
             -0,
             null,
             {},
             []
            ]
           },
           "source": [
            "# Ünïcödé 😀 <b>&amp;</b> 'quotes' \"double\" \\ back\n",
            "tab\t nel\u0001"
           ]
          },
          {
           "cell_type": "code",
           "execution_count": 3,
           "id": "code-1",
           "metadata": {
            "tags": [
             "parameters"
            ],
            "vscode": {
             "languageId": "polyglot-notebook"
            }
           },
           "outputs": [],
           "source": [
            "1 + 1"
           ]
          },
          {
           "cell_type": "raw",
           "id": "raw",
           "metadata": {},
           "source": []
          }
         ],
         "metadata": {
          "kernelspec": {
           "display_name": ".NET (C#)",
           "language": "C#",
           "name": ".net-csharp"
          },
          "language_info": {
           "name": "csharp"
          },
          "unknown": {
           "deep": true
          }
         },
         "nbformat": 4,
         "nbformat_minor": 5
        }

        """;

    [Fact]
    public void What_Jupyter_wrote_is_written_back_byte_for_byte() =>
        Assert.Equal(AsJupyter, NotebookDocument.Parse(AsJupyter, "a.ipynb").ToJson());

    [Fact]
    public void Only_outputs_and_counts_change()
    {
        var document = NotebookDocument.Parse(AsJupyter, "a.ipynb");
        var cell = document.Cells[1];
        cell.ExecutionCount = 1;
        cell.Outputs = [new JsonObject { ["name"] = "stdout", ["output_type"] = "stream", ["text"] = MultilineText.Split("a\nb") }];

        var expected = AsJupyter.Replace("\"execution_count\": 3", "\"execution_count\": 1").Replace(
            "\"outputs\": []",
            """
            "outputs": [
                {
                 "name": "stdout",
                 "output_type": "stream",
                 "text": [
                  "a\n",
                  "b"
                 ]
                }
               ]
            """);
        Assert.Equal(expected, document.ToJson());
    }

    [Fact]
    public void Cells_are_read()
    {
        var cells = NotebookDocument.Parse(AsJupyter, "a.ipynb").Cells;

        Assert.Equal([false, true, false], cells.Select(cell => cell.IsCode));
        Assert.Equal("1 + 1", cells[1].Source);
        Assert.Equal(["parameters"], cells[1].Tags);
        Assert.Null(cells[1].Language);
        Assert.Contains("double\" \\ back\ntab\t", cells[0].Source);
    }

    [Fact]
    public void Source_in_one_string_becomes_a_list_of_lines_and_missing_members_of_a_code_cell_take_their_place()
    {
        var document = NotebookDocument.Parse(
            """
            {"cells":[{"cell_type":"code","id":"a","metadata":{},"source":"one\ntwo\n"}],
             "metadata":{},"nbformat":4,"nbformat_minor":5}
            """, "a.ipynb");
        document.Cells[0].Outputs = [];
        document.Cells[0].ExecutionCount = null;

        Assert.Equal(
            ["cell_type", "execution_count", "id", "metadata", "outputs", "source"], document.Cells[0].Node.Select(member => member.Key));
        Assert.Equal("one\ntwo\n", document.Cells[0].Source);
        Assert.Equal("""["one\n","two\n"]""", document.Cells[0].Node["source"]!.ToJsonString());
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(4, false)]
    public void Missing_ids_are_given_where_the_format_asks_for_them_the_same_each_time(int minor, bool given)
    {
        var json =
            $$"""
            {"cells":[{"cell_type":"markdown","metadata":{},"source":"a"},{"cell_type":"markdown","metadata":{},"source":"a"}],
             "metadata":{},"nbformat":4,"nbformat_minor":{{minor}}}
            """;
        var first = NotebookDocument.Parse(json, "a.ipynb");

        Assert.Equal(first.ToJson(), NotebookDocument.Parse(json, "a.ipynb").ToJson());
        Assert.All(first.Cells, cell => Assert.Equal(given, cell.Node.ContainsKey("id")));
        if (!given)
            return;
        Assert.NotEqual((string?)first.Cells[0].Node["id"], (string?)first.Cells[1].Node["id"]);
        Assert.All(first.Cells, cell => Assert.Equal(["cell_type", "id", "metadata", "source"], cell.Node.Select(member => member.Key)));
    }

    [Fact]
    public void Byte_order_mark_is_passed_over_and_not_written()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, AsJupyter, Encoding.UTF8);
            WholeFile.Write(file, NotebookDocument.Read(file).ToJson());
            Assert.Equal((byte)'{', File.ReadAllBytes(file)[0]);
            Assert.Equal(AsJupyter, File.ReadAllText(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("  \n", "empty")]
    [InlineData("{\n \"cells\": [\n", "not valid JSON (line 3)")]
    [InlineData("<<<<<<< HEAD\n{}", "not valid JSON (line 1)")]
    [InlineData("""{"cells":[],"cells":[],"nbformat":4}""", "not valid JSON")]
    [InlineData("[1]", "a list")]
    [InlineData("null", "missing")]
    [InlineData("{}", "\"nbformat\" is missing")]
    [InlineData("""{"worksheets":[],"nbformat":3}""", "\"nbformat\" is 3")]
    [InlineData("""{"nbformat":4,"metadata":{}}""", "no list of cells")]
    [InlineData("""{"nbformat":4,"cells":{}}""", "no list of cells")]
    [InlineData("""{"nbformat":4,"cells":null}""", "its \"cells\" is missing or null")]
    [InlineData("""{"nbformat":4,"cells":[7]}""", "Cell 1 of a.ipynb is 7")]
    [InlineData("""{"nbformat":4,"cells":[{"cell_type":"heading","source":""}]}""", "no known type")]
    [InlineData("""{"nbformat":4,"cells":[{"cell_type":"code","source":[1]}]}""", "no text")]
    [InlineData("""{"nbformat":4,"cells":[],"metadata":{"kernelspec":{"name":"python3","language":"python"}}}""", "'python'")]
    [InlineData("""{"nbformat":4,"cells":[],"metadata":{"polyglot_notebook":{"kernelInfo":{"defaultKernelName":"fsharp"}}}}""", "'fsharp'")]
    [InlineData("""{"nbformat":4,"cells":[],"metadata":{"language_info":{"name":"F#"}}}""", "'F#'")]
    public void What_is_no_csharp_notebook_is_refused_with_the_reason(string json, string reason)
    {
        var error = Assert.Throws<NotebookFormatException>(() => NotebookDocument.Parse(json, "a.ipynb"));
        Assert.Contains(reason, error.Message);
        Assert.Contains("a.ipynb", error.Message);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"kernelspec":{"name":".net-csharp","display_name":"x"}}""")]
    [InlineData("""{"kernelspec":{"name":"x","language":"C#"}}""")]
    [InlineData("""{"language_info":{"name":"polyglot-notebook"}}""")]
    [InlineData("""{"kernelspec":"odd","polyglot_notebook":7}""")]
    public void Every_spelling_of_a_csharp_notebook_is_read(string metadata) =>
        Assert.Empty(NotebookDocument.Parse($$"""{"nbformat":4,"nbformat_minor":2,"cells":[],"metadata":{{metadata}}}""", "a.ipynb").Cells);

    [Theory]
    [InlineData("cells.1.source.0", "text \\ud83d alone")]
    [InlineData("cells.0.metadata.editable", "\\udc00\\ud83d the wrong way round")]
    [InlineData("metadata.unknown", "\\ud83d\\ud83d\\ude00")]
    public void Half_of_a_surrogate_pair_is_kept(string place, string escaped)
    {
        var json = JsonNode.Parse(AsJupyter)!;
        var steps = place.Split('.');
        var node = steps[..^1].Aggregate(json, (at, step) => int.TryParse(step, out var index) ? at[index]! : at[step]!);
        if (node is JsonArray items)
            items[int.Parse(steps[^1])] = "REPLACED";
        else
            node[steps[^1]] = new JsonObject { ["REPLACED"] = "REPLACED" };
        var text = JupyterJson.Write(json).Replace("REPLACED", escaped);

        var written = NotebookDocument.Parse(text, "a.ipynb").ToJson();

        Assert.Equal(text.Replace("\\ud83d\\ude00", "😀"), written);
        Assert.Equal(written, NotebookDocument.Parse(written, "a.ipynb").ToJson());
    }

    [Fact]
    public void Any_json_is_read_as_the_base_library_reads_it() => Gen.String.Sample(text =>
    {
        var written = JsonSerializer.Serialize(new { a = text, b = new object?[] { 1.50, -0.0, null, true, text, new { } } });
        return JsonNode.DeepEquals(JsonNode.Parse(written), JupyterJsonReader.Read(written));
    });

    [Theory]
    [InlineData("{} {}")]
    [InlineData("[1,]")]
    [InlineData("\"\\x\"")]
    [InlineData("\"\\u12\"")]
    [InlineData("NaN")]
    [InlineData("")]
    public void What_is_no_json_is_refused(string text) => Assert.ThrowsAny<JsonException>(() => JupyterJsonReader.Read(text));

    [Fact]
    public void What_a_later_minor_version_brought_is_kept_as_it_is()
    {
        var later = AsJupyter
            .Replace("\"nbformat_minor\": 5", "\"nbformat_minor\": 6")
            .Replace("\"cell_type\": \"raw\",", "\"cell_type\": \"video\",\n   \"frames\": 3,");

        var document = NotebookDocument.Parse(later, "a.ipynb");

        Assert.Equal(later, document.ToJson());
        Assert.Equal([false, true, false], document.Cells.Select(cell => cell.IsCode));
    }

    public static TheoryData<byte[]> OtherEncodings => new()
    {
        new byte[] { (byte)'{', (byte)'"', 0xE4, (byte)'"', (byte)'}' },
        Encoding.Unicode.GetBytes(AsJupyter),
        new byte[] { (byte)'P', (byte)'K', 3, 4, 20, 0, 0, 0 },
    };

    [Theory, MemberData(nameof(OtherEncodings))]
    public void Text_that_is_not_utf8_is_refused_and_not_altered(byte[] content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.ipynb"), content);
        Assert.Contains("not UTF-8", Assert.Throws<NotebookFormatException>(() => NotebookDocument.Read(folder.File("a.ipynb"))).Message);
    }

    [Fact]
    public void Text_of_another_encoding_is_read_by_its_mark()
    {
        using var folder = new TemporaryFolder();
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32 })
        {
            File.WriteAllText(folder.File("a.ipynb"), AsJupyter, encoding);
            Assert.Equal(AsJupyter, NotebookDocument.Read(folder.File("a.ipynb")).ToJson());
        }
    }

    [Theory]
    [InlineData("named pipe", false)]
    [InlineData("named pipe", true)]
    [InlineData("socket", false)]
    [InlineData("socket", true)]
    [InlineData("device", false)]
    [InlineData("device", true)]
    public void Pipes_sockets_and_devices_are_refused_at_once(string kind, bool linked)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("thing.ipynb");
        using var thing = new NotAFile(kind, path);
        if (linked)
            path = File.CreateSymbolicLink(folder.File("link.ipynb"), path).FullName;

        Assert.Contains(kind, NotAFile.Refused<NotebookFormatException>(() => NotebookDocument.Read(path)).Message);
    }

    [Fact]
    public void Missing_file_is_refused_with_its_name() =>
        Assert.Contains("none.ipynb", Assert.Throws<NotebookFormatException>(
            () => NotebookDocument.Read(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"), "none.ipynb"))).Message);

    [Fact]
    public void Any_text_survives_as_json() =>
        Gen.String.Sample(text =>
        {
            var written = JupyterJson.Write(new JsonObject { ["text"] = text, [text + "key"] = 1 });
            return (string?)JsonNode.Parse(written)!["text"] == text
                && !written.Contains('\r') && written.EndsWith("}\n", StringComparison.Ordinal);
        });

    [Fact]
    public void Split_and_join_are_inverse() =>
        Gen.String[Gen.Char["ab\n\r\v\u0085\u2028"], 0, 20].Sample(text =>
        {
            var lines = MultilineText.Split(text);
            return MultilineText.Join(lines) == text && lines.All(line => ((string)line!).Length > 0);
        });

    [Fact]
    public void Lines_end_where_Python_ends_them() =>
        Assert.Equal(["a\r\n", "b\r", "c\v", "\n", "d\u2028", "e"], MultilineText.Split("a\r\nb\rc\v\nd\u2028e").Deserialize<string[]>()!);
}
