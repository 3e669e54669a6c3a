using NotebookRunner.Documents;
using NotebookRunner.Worker;

namespace NotebookRunner.Tests.Worker;

public sealed class CellOutputsTests
{
    private readonly CellOutputs _outputs = new();

    [Fact]
    public void Neighbouring_writes_to_a_stream_are_one_output()
    {
        _outputs.Write("stdout", "a");
        _outputs.Write("stdout", "b\nc");
        _outputs.Write("stderr", "e\n");
        _outputs.Write("stdout", "d");

        Assert.Equal(
            [
                """{"name":"stdout","output_type":"stream","text":["ab\n","c"]}""",
                """{"name":"stderr","output_type":"stream","text":["e\n"]}""",
                """{"name":"stdout","output_type":"stream","text":["d"]}""",
            ],
            _outputs.ToJson().Select(output => output!.ToJsonString()));
        Assert.Equal("d", _outputs.Preview());
    }

    [Fact]
    public void Update_changes_a_display_where_it_stands()
    {
        _outputs.Display("1", [new("text/plain", "first")]);
        _outputs.Write("stdout", "then");

        Assert.True(_outputs.Update("1", [new("text/plain", "second")]));
        Assert.False(_outputs.Update("2", [new("text/plain", "none")]));

        Assert.Equal("""["second"]""", _outputs.ToJson()[0]!["data"]!["text/plain"]!.ToJsonString());
        Assert.Equal(2, _outputs.ToJson().Count);
        Assert.Equal("second", _outputs.Preview());
    }

    [Theory]
    [InlineData("text/html", "<b>\n</b>", """["<b>\n","</b>"]""")]
    [InlineData("image/svg+xml", "<svg/>", """["<svg/>"]""")]
    [InlineData("image/png", "iVBORw0KGgo=", "\"iVBORw0KGgo=\"")]
    [InlineData("application/json", "{\"a\":1.50}", """{"a":1.50}""")]
    [InlineData("application/vnd.x+json", "[1,2]", "[1,2]")]
    [InlineData("application/json", "{broken", "\"{broken\"")]
    [InlineData("application/json", "{\"a\":{\"b\":1,\"b\":2}}", """
        "{\"a\":{\"b\":1,\"b\":2}}"
        """)]
    [InlineData("application/json", "[1] 2", "\"[1] 2\"")]
    [InlineData("application/json", null, "\"\"")]
    public void Data_is_kept_as_nbformat_has_it(string mimeType, string? value, string json)
    {
        _outputs.Display("1", [new(mimeType, value!)]);
        var asWritten = new System.Text.Json.JsonSerializerOptions
        {
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        Assert.Equal(json, _outputs.ToJson()[0]!["data"]![mimeType]!.ToJsonString(asWritten));
    }

    [Theory]
    [InlineData("\"\\ud83d\"", "\"\\ud83d\"")]
    [InlineData("{\"\\udc00\":[\"a\\ud83d\\ude00\"]}", "{\n \"\\udc00\": [\n  \"a\ud83d\ude00\"\n ]\n}")]
    public void Half_a_surrogate_pair_in_JSON_is_kept(string value, string written)
    {
        _outputs.Display("1", [new("application/json", value)]);
        Assert.Equal(written + "\n", JupyterJson.Write(_outputs.ToJson()[0]!["data"]!["application/json"]!));
    }

    [Fact]
    public void Bundle_is_sorted_as_Jupyter_sorts_it()
    {
        _outputs.Display("1", [new("text/plain", "t"), new("image/png", "AA=="), new("text/html", "h")]);
        Assert.Equal(["image/png", "text/html", "text/plain"], _outputs.ToJson()[0]!["data"]!.AsObject().Select(member => member.Key));
    }

    [Fact]
    public void Console_output_is_cut_at_its_limit_and_says_so()
    {
        var line = new string('x', 999) + "\n";
        for (var i = 0; i < 1100; i++)
            _outputs.Write("stdout", line);
        _outputs.Write("stderr", "lost");
        _outputs.Display("1", [new("text/plain", "still shown")]);

        var json = _outputs.ToJson();
        Assert.Equal(3, json.Count);
        Assert.Equal(CellOutputs.ConsoleLimit, json[0]!["text"]!.AsArray().Sum(text => ((string)text!).Length));
        Assert.Contains("left out", json[1]!["text"]!.ToJsonString());
    }

    [Fact]
    public void Terminal_colours_are_kept_as_in_the_kernel_and_no_preview_shows_them()
    {
        _outputs.Write("stdout", "\u001b[3");
        _outputs.Write("stdout", "1mred\u001b[0m plain");
        Assert.Equal("\u001b[31mred\u001b[0m plain", (string?)_outputs.ToJson()[0]!["text"]![0]);
        Assert.Equal("red plain", _outputs.Preview());
    }

    [Fact]
    public void Headlines_are_collected_from_their_mime_type()
    {
        const string Mime = "application/vnd.convnet-workbook.headline+json";
        _outputs.Display("1", [new("text/html", "x"), new(Mime, """{"name":"Accuracy","value":"99 %"}""")]);
        _outputs.Display("2", [new(Mime, """[{"Name":"A","Value":"1"},{"name":"B","value":"2"},{"name":"C"}]""")]);
        _outputs.Display("3", [new(Mime, "broken")]);
        _outputs.Display("4", [new(Mime, null!)]); // what a cell may show too

        Assert.Equal([new("Accuracy", "99 %"), new("A", "1"), new("B", "2")], _outputs.Headlines());
    }

    [Theory]
    [InlineData("<style>.a{}</style><div>Sum: <b>3</b> &lt; 4</div>", "Sum: 3 < 4")]
    [InlineData("<svg><text>axis</text></svg>", null)]
    public void Preview_of_html_is_its_text(string html, string? preview)
    {
        _outputs.Display("1", [new("text/html", html)]);
        Assert.Equal(preview, _outputs.Preview());
    }

    [Fact]
    public void Change_is_told_once()
    {
        Assert.False(_outputs.TakeChanged());
        _outputs.Write("stdout", "a");
        Assert.True(_outputs.TakeChanged());
        Assert.False(_outputs.TakeChanged());
    }
}
