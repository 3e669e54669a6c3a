using System.Text;
using System.Text.Json.Nodes;
using NotebookRunner.Documents;

namespace NotebookRunner.Tests.Documents;

/// <summary>Damages notebooks as bad disks, merges, editors and other programs do: in their bytes or in their JSON.</summary>
internal sealed class Mutator(int seed, int deepest = 120)
{
    private static readonly string[] OddBytes =
    [
        "\\ud83d", "\\udc00\\ud800", "\\u0000", "\uFEFF", "NaN", "-Infinity", "<<<<<<< HEAD\n", "{\"a\":", "[[[[", "]", "\"", "\\",
        "\0", "1e999", ",", "\r\n", "nbformat\": 3", "\\x",
    ];

    private static readonly string[] OddNames =
    [
        "cell_type", "source", "outputs", "metadata", "id", "data", "text", "output_type", "tags", "attachments", "nbformat", "kernelspec",
        "execution_count", "name", "", "\ud83d", "\0", "image/png", "application/json", "convnet_workbook", "traceback",
    ];

    private readonly Random _random = new(seed);

    /// <summary>A notebook's file after one to three accidents, one in two of them to its bytes.</summary>
    internal byte[] Damaged(JsonObject notebook)
    {
        if (_random.Next(2) == 0)
            return Encoding.UTF8.GetBytes(JupyterJson.Write(DamagedTree(notebook)));
        var bytes = Encoding.UTF8.GetBytes(JupyterJson.Write(notebook)).ToList();
        for (var accidents = _random.Next(1, 4); accidents > 0; accidents--)
            DamageBytes(bytes);
        return [.. bytes];
    }

    /// <summary>A copy with one to three nodes replaced, removed, renamed, repeated or exchanged.</summary>
    internal JsonObject DamagedTree(JsonObject notebook)
    {
        var copy = (JsonObject)notebook.DeepClone();
        for (var accidents = _random.Next(1, 4); accidents > 0; accidents--)
            DamageNode(copy);
        return copy;
    }

    private void DamageBytes(List<byte> bytes)
    {
        var at = _random.Next(bytes.Count + 1);
        var length = Math.Min(_random.Next(1, 1 << _random.Next(1, 10)), bytes.Count - at);
        switch (_random.Next(6))
        {
            case 0 when at < bytes.Count:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 1:
                bytes.RemoveRange(at, length);
                break;
            case 2:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 3 when _random.Next(4) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 4:
                bytes.InsertRange(at, Enumerable.Repeat((byte)'[', _random.Next(2) == 0 ? 3 : 2000));
                break;
            default:
                bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pick(OddBytes)));
                break;
        }
    }

    private void DamageNode(JsonObject root)
    {
        var places = Descendants(root).Where(node => node is JsonObject { Count: > 0 } or JsonArray { Count: > 0 }).ToList();
        if (places.Count == 0)
            root["cells"] = OddValue();
        else if (Pick(places) is JsonObject members)
            DamageMember(members, Pick([.. members.Select(member => member.Key)]));
        else
            DamageItem((JsonArray)Pick(places.Where(node => node is JsonArray).DefaultIfEmpty(new JsonArray(1)).ToList()));
    }

    private void DamageMember(JsonObject members, string name)
    {
        switch (_random.Next(4))
        {
            case 0:
                members.Remove(name);
                break;
            case 1:
                var value = members[name]?.DeepClone();
                members.Remove(name);
                members[Pick(OddNames)] = value;
                break;
            case 2:
                members[Pick(OddNames)] = OddValue();
                break;
            default:
                members[name] = OddValue();
                break;
        }
    }

    private void DamageItem(JsonArray items)
    {
        var at = _random.Next(items.Count);
        switch (_random.Next(3))
        {
            case 0:
                items.RemoveAt(at);
                break;
            case 1:
                items.Insert(at, items[at]?.DeepClone());
                break;
            default:
                items[at] = OddValue();
                break;
        }
    }

    private JsonNode? OddValue() => _random.Next(14) switch
    {
        0 => null,
        1 => true,
        2 => 0,
        3 => -1,
        4 => JsonNode.Parse("12345678901234567890"),
        5 => "",
        6 => "half \ud83d a pair \udc00",
        7 => "\0\u0001\u001b[31m[red]<script>alert(1)</script>",
        8 => new JsonObject(),
        9 => new JsonArray(),
        10 => new JsonArray("a", 1, null),
        11 => new JsonObject { ["text/plain"] = new JsonArray("a", 2), [Pick(OddNames)] = new JsonObject() },
        12 => Pick(OddNames),
        _ => Nested(_random.Next(1, deepest)),
    };

    private static JsonNode Nested(int depth)
    {
        JsonNode nested = "deep";
        while (depth-- > 0)
            nested = depth % 2 == 0 ? new JsonArray(nested) : new JsonObject { ["a"] = nested };
        return nested;
    }

    private static IEnumerable<JsonNode> Descendants(JsonNode node) => node switch
    {
        JsonObject members => members.Select(member => member.Value).OfType<JsonNode>().SelectMany(Descendants).Prepend(node),
        JsonArray items => items.OfType<JsonNode>().SelectMany(Descendants).Prepend(node),
        _ => [node],
    };

    private T Pick<T>(IReadOnlyList<T> all) => all[_random.Next(all.Count)];
}
