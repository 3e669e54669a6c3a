using System.Text.Json.Nodes;

namespace NotebookRunner.Tests.Host;

/// <summary>A folder for one test, with notebooks in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("notebook-runner-tests-").FullName;

    internal string File(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>A notebook of code cells, with outputs of an earlier run in each.</summary>
    internal string Notebook(string name, params string[] cells)
    {
        var old = new JsonObject { ["name"] = "stdout", ["output_type"] = "stream", ["text"] = "old output\n" };
        return Notebook(name, [.. cells.Select((source, index) => new JsonObject
        {
            ["cell_type"] = "code",
            ["execution_count"] = 7,
            ["id"] = $"cell-{index}",
            ["metadata"] = new JsonObject(),
            ["outputs"] = new JsonArray(old.DeepClone()),
            ["source"] = source,
        })]);
    }

    internal string Notebook(string name, params JsonObject[] cells)
    {
        var path = File(name);
        System.IO.File.WriteAllText(path, new JsonObject
        {
            ["cells"] = new JsonArray([.. cells]),
            ["metadata"] = new JsonObject
            {
                ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" },
            },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        }.ToJsonString());
        return path;
    }

    internal static JsonObject Markdown(string source) => new()
    {
        ["cell_type"] = "markdown",
        ["id"] = Guid.NewGuid().ToString("N")[..8],
        ["metadata"] = new JsonObject(),
        ["source"] = source,
    };

    internal static JsonObject Code(string source, params JsonObject[] outputs) => new()
    {
        ["cell_type"] = "code",
        ["execution_count"] = 1,
        ["id"] = Guid.NewGuid().ToString("N")[..8],
        ["metadata"] = new JsonObject(),
        ["outputs"] = new JsonArray([.. outputs]),
        ["source"] = source,
    };

    /// <summary>The code cell that holds a notebook's parameters.</summary>
    internal static JsonObject Parameters(string source)
    {
        var cell = Code(source);
        cell["metadata"] = new JsonObject { ["tags"] = new JsonArray("parameters") };
        return cell;
    }

    internal static JsonObject Data(string mimeType, string content) => new()
    {
        ["output_type"] = "display_data",
        ["metadata"] = new JsonObject(),
        ["data"] = new JsonObject { [mimeType] = content },
    };

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
