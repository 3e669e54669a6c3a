using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookRunner.Documents;

/// <summary>
/// Reads JSON as Jupyter and VS Code do: half of a surrogate pair in a string (<c>"\ud83d"</c> alone) is kept, where
/// System.Text.Json's own reader gives up. Numbers keep the digits that they were written with.
/// </summary>
internal static class JupyterJsonReader
{
    private const int Depth = 512;

    /// <summary>The JSON as nodes; null for the JSON null.</summary>
    /// <exception cref="JsonException">It is no JSON, is nested more than 512 deep, or an object has two members of one name.</exception>
    internal static JsonNode? Read(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { MaxDepth = Depth });
        reader.Read();
        var read = Value(ref reader);
        reader.Read(); // complains of what follows
        return read;
    }

    private static JsonNode? Value(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => Members(ref reader),
        JsonTokenType.StartArray => Items(ref reader),
        JsonTokenType.String => JsonValue.Create(Text(ref reader)),
        JsonTokenType.Null => null,
        _ => JsonValue.Create(JsonElement.ParseValue(ref reader)),
    };

    private static JsonObject Members(ref Utf8JsonReader reader)
    {
        var members = new JsonObject();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = Text(ref reader);
            reader.Read();
            if (!members.TryAdd(name, Value(ref reader)))
                throw new JsonException($"Two members of one object have the name \"{name}\".");
        }
        return members;
    }

    private static JsonArray Items(ref Utf8JsonReader reader)
    {
        var items = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(Value(ref reader));
        return items;
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        var text = Encoding.UTF8.GetString(reader.ValueSpan);
        return reader.ValueIsEscaped ? Unescaped(text) : text;
    }

    // The reader has seen that every escape is one.
    private static string Unescaped(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i]);
                continue;
            }
            result.Append(text[++i] switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => (char)int.Parse(text.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                var itself => itself,
            });
            if (text[i] == 'u')
                i += 4;
        }
        return result.ToString();
    }
}
