using System.Buffers;
using System.Text.Json.Nodes;

namespace NotebookRunner.Documents;

/// <summary>Reads JSON of unknown shape: what is not there, or is something else, is null.</summary>
internal static class JsonReading
{
    /// <summary>The member at the end of a path of names.</summary>
    internal static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
            node = (node as JsonObject)?[name];
        return node;
    }

    /// <summary>A string's text.</summary>
    internal static string? AsText(this JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A whole number.</summary>
    internal static int? AsNumber(this JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;
}

/// <summary>Changes JSON where Jupyter would.</summary>
internal static class JsonWriting
{
    /// <summary>Sets a member. Jupyter sorts members by name; a new one goes where it would be, the others keep their order.</summary>
    internal static void SetSorted(this JsonObject node, string name, JsonNode? value)
    {
        if (node.ContainsKey(name))
        {
            node[name] = value;
            return;
        }
        var index = 0;
        foreach (var (other, _) in node)
        {
            if (string.CompareOrdinal(other, name) > 0)
                break;
            index++;
        }
        node.Insert(index, name, value);
    }
}

/// <summary>nbformat's multiline strings: one string, or a list of lines that each keep their newline.</summary>
internal static class MultilineText
{
    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\n\r\v\f\u001c\u001d\u001e\u0085\u2028\u2029");

    internal static string Join(JsonNode? node) =>
        node is JsonArray lines ? string.Concat(lines.Select(line => line.AsText())) : node.AsText() ?? "";

    /// <summary>Splits as Jupyter does (Python's <c>splitlines</c>, whose line ends are more than \n).</summary>
    internal static JsonArray Split(string text)
    {
        var lines = new JsonArray();
        for (var start = 0; start < text.Length;)
        {
            var end = text.AsSpan(start).IndexOfAny(LineEnds);
            end = end < 0 ? text.Length : start + end + 1;
            if (end < text.Length && text[end - 1] == '\r' && text[end] == '\n')
                end++;
            lines.Add((JsonNode)text[start..end]);
            start = end;
        }
        return lines;
    }
}
