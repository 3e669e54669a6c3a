using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace NotebookRunner.Documents;

/// <summary>
/// Writes JSON byte for byte as Jupyter does (Python's <c>json.dumps(indent=1, ensure_ascii=False)</c>), so that a rerun
/// differs from the file only in what changed. System.Text.Json's own writer escapes characters outside the basic plane.
/// </summary>
internal static class JupyterJson
{
    /// <summary>The text, lines ended by LF, with a final newline.</summary>
    internal static string Write(JsonNode node)
    {
        var text = new StringBuilder();
        Append(text, node, depth: 0);
        return text.Append('\n').ToString();
    }

    private static void Append(StringBuilder text, JsonNode? node, int depth)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject { Count: 0 }:
                text.Append("{}");
                break;
            case JsonArray { Count: 0 }:
                text.Append("[]");
                break;
            case JsonObject members:
                var separator = "{";
                foreach (var (name, value) in members)
                {
                    NewLine(text.Append(separator), depth + 1);
                    AppendString(text, name);
                    Append(text.Append(": "), value, depth + 1);
                    separator = ",";
                }
                NewLine(text, depth).Append('}');
                break;
            case JsonArray items:
                separator = "[";
                foreach (var item in items)
                {
                    NewLine(text.Append(separator), depth + 1);
                    Append(text, item, depth + 1);
                    separator = ",";
                }
                NewLine(text, depth).Append(']');
                break;
            case JsonValue value when value.TryGetValue<string>(out var content):
                AppendString(text, content);
                break;
            default: // a number keeps the digits that it was written with
                text.Append(node.ToJsonString());
                break;
        }
    }

    private static StringBuilder NewLine(StringBuilder text, int depth) => text.Append('\n').Append(' ', depth);

    private static void AppendString(StringBuilder text, string content)
    {
        text.Append('"');
        for (var i = 0; i < content.Length; i++)
        {
            if (char.IsSurrogatePair(content, i))
                text.Append(content[i++]).Append(content[i]);
            else
                AppendCharacter(text, content[i]);
        }
        text.Append('"');
    }

    private static void AppendCharacter(StringBuilder text, char character)
    {
        if (Escape(character) is { } escape)
            text.Append('\\').Append(escape);
        else
            text.Append(character);
    }

    /// <summary>What stands behind the backslash; half of a surrogate pair has no UTF-8.</summary>
    private static string? Escape(char character) => character switch
    {
        '"' or '\\' => character.ToString(),
        '\n' => "n",
        '\r' => "r",
        '\t' => "t",
        '\b' => "b",
        '\f' => "f",
        < ' ' => Number(character),
        _ => char.IsSurrogate(character) ? Number(character) : null,
    };

    private static string Number(char character) => "u" + ((int)character).ToString("x4", CultureInfo.InvariantCulture);
}
