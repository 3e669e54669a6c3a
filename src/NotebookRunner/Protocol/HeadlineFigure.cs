using System.Text.Json;
using System.Text.Json.Nodes;
using NotebookRunner.Documents;

namespace NotebookRunner.Protocol;

/// <summary>A figure that a notebook wants in the summary table.</summary>
internal sealed record HeadlineFigure(string Name, string Value)
{
    /// <summary>Whether it names the data set that the others were measured on.</summary>
    internal bool IsData => Name.Equals("Data", StringComparison.OrdinalIgnoreCase);

    /// <summary>The figures in an output's JSON; none when it is not what was expected.</summary>
    internal static IEnumerable<HeadlineFigure> Read(string json)
    {
        JsonNode? read;
        try
        {
            read = JupyterJsonReader.Read(json);
        }
        catch (JsonException)
        {
            yield break;
        }
        foreach (var figure in read as JsonArray ?? [read?.DeepClone()])
            if (figure.At("name").AsText() is { } name && figure.At("value").AsText() is { } value)
                yield return new(name, value);
    }
}
