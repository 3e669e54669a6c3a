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
            var character = content[i];
            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' => Escaped(text, character),
                _ when char.IsHighSurrogate(character) && i + 1 < content.Length && char.IsLowSurrogate(content[i + 1]) =>
                    text.Append(character).Append(content[++i]),
                _ when char.IsSurrogate(character) => Escaped(text, character), // half a pair has no UTF-8
                _ => text.Append(character),
            };
        }
        text.Append('"');
    }

    private static StringBuilder Escaped(StringBuilder text, char character) =>
        text.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
}
