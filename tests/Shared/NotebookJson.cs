using System.Text.Json.Nodes;

namespace ConvNetWorkbook.Tests;

/// <summary>Notebooks that a test writes, and their cells.</summary>
internal static class NotebookJson
{
    /// <summary>Writes a notebook for the C# kernel.</summary>
    /// <returns>Its path.</returns>
    internal static string Write(string path, params JsonObject[] cells)
    {
        var kernel = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" };
        File.WriteAllText(path, new JsonObject
        {
            ["cells"] = new JsonArray([.. cells]),
            ["metadata"] = new JsonObject { ["kernelspec"] = kernel },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        }.ToJsonString());
        return path;
    }

    internal static JsonObject Markdown(string source) => new()
    {
        ["cell_type"] = "markdown",
        ["id"] = NewId(),
        ["metadata"] = new JsonObject(),
        ["source"] = source,
    };

    internal static JsonObject Code(string source, params JsonObject[] outputs) => new()
    {
        ["cell_type"] = "code",
        ["execution_count"] = 1,
        ["id"] = NewId(),
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

    /// <summary>An output of one type.</summary>
    internal static JsonObject Data(string mimeType, string content) => new()
    {
        ["output_type"] = "display_data",
        ["metadata"] = new JsonObject(),
        ["data"] = new JsonObject { [mimeType] = content },
    };

    private static string NewId() => Guid.NewGuid().ToString("N")[..8];
}
