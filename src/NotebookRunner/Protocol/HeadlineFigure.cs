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
            if (Text(figure, "name") is { } name && Text(figure, "value") is { } value)
                yield return new(name, value);
    }

    // Serializers write a property's name as it is in C#, or with a small letter.
    private static string? Text(JsonNode? figure, string name) =>
        figure.At(name).AsText() ?? figure.At(char.ToUpperInvariant(name[0]) + name[1..]).AsText();
}
