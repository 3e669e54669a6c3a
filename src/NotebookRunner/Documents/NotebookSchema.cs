using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NotebookRunner.Documents;

/// <summary>
/// What nbformat's JSON schema for notebooks of format 4.5 refuses, each with its place. A later minor version may have
/// members and kinds that this one has not, as nbformat allows it.
/// </summary>
internal static partial class NotebookSchema
{
    /// <summary>The minor version that the schema is of.</summary>
    internal const int Minor = 5;

    private delegate IEnumerable<string> Rule(JsonNode? value, string place, bool future);

    private static readonly Rule Text = Is("a string", value => value.AsText() is not null);
    private static readonly Rule Flag = Is("true or false", value => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False);
    private static readonly Rule AnyObject = Is("an object", value => value is JsonObject);
    private static readonly Rule Strings = Is("a list of strings", AreStrings);
    private static readonly Rule Lines = Is("a string or a list of strings", value => value.AsText() is not null || AreStrings(value));
    private static readonly Rule Count = Is("a whole number from 0 on, or null", value => value is null || Whole(value) >= 0);
    private static readonly Rule Bundle = Members(unknown: (name, value, place, future) =>
        future || JsonType().IsMatch(name) ? [] : Lines(value, place, future));

    private static readonly Rule CellId = Is("1 to 64 letters, digits, hyphens and underscores",
        value => value.AsText() is { } id && Identifier().IsMatch(id));

    private static readonly Dictionary<string, Rule> CellMetadata = new()
    {
        ["jupyter"] = AnyObject,
        ["name"] = Is("a name in one line", value => value.AsText() is { } name && OneLine().IsMatch(name)),
        ["tags"] = Is("a list of different strings without commas", value => AreStrings(value) && AreTags((JsonArray)value!)),
    };

    private static readonly Rule RawMetadata = Open(new(CellMetadata) { ["format"] = Text });
    private static readonly Rule MarkdownMetadata = Open(CellMetadata);

    private static readonly Rule CodeMetadata = Open(new(CellMetadata)
    {
        ["collapsed"] = Flag,
        ["execution"] = Members(unknown: (_, value, place, future) => Text(value, place, future)),
        ["scrolled"] = Is("true, false or \"auto\"", value => value.AsText() == "auto" || !Flag(value, "", false).Any()),
    });

    private static readonly Rule OutputRule = ByKind("output_type", later: AnyObject, rules: new()
    {
        ["display_data"] = Closed(new() { ["data"] = Bundle, ["metadata"] = AnyObject }),
        ["error"] = Closed(new() { ["ename"] = Text, ["evalue"] = Text, ["traceback"] = Strings }),
        ["execute_result"] = Closed(new() { ["data"] = Bundle, ["execution_count"] = Count, ["metadata"] = AnyObject }),
        ["stream"] = Closed(new() { ["name"] = Text, ["text"] = Lines }),
    });

    private static readonly Dictionary<string, Rule> Attachments = new()
    {
        ["attachments"] = Members(unknown: (_, value, place, future) => Bundle(value, place, future)),
    };

    private static readonly Rule LaterCell = Members(required: new()
    {
        ["metadata"] = Open(new() { ["name"] = CellMetadata["name"], ["tags"] = CellMetadata["tags"] }),
    }, unknown: Anything);

    private static readonly Rule CellRule = ByKind("cell_type", later: LaterCell, rules: new()
    {
        ["code"] = Closed(new()
        {
            ["execution_count"] = Count,
            ["id"] = CellId,
            ["metadata"] = CodeMetadata,
            ["outputs"] = ListOf("output", OutputRule),
            ["source"] = Lines,
        }),
        ["markdown"] = Closed(new() { ["id"] = CellId, ["metadata"] = MarkdownMetadata, ["source"] = Lines }, Attachments),
        ["raw"] = Closed(new() { ["id"] = CellId, ["metadata"] = RawMetadata, ["source"] = Lines }, Attachments),
    });

    private static readonly Rule Metadata = Open(new()
    {
        ["authors"] = Is("a list", value => value is JsonArray),
        ["kernelspec"] = Members(new() { ["display_name"] = Text, ["name"] = Text }, unknown: Anything),
        ["language_info"] = Members(new() { ["name"] = Text }, new()
        {
            ["codemirror_mode"] = Is("a string or an object", value => value is JsonObject || value.AsText() is not null),
            ["file_extension"] = Text,
            ["mimetype"] = Text,
            ["pygments_lexer"] = Text,
        }, Anything),
        ["orig_nbformat"] = Is("a whole number from 1 on", value => Whole(value) >= 1),
        ["title"] = Text,
    });

    private static readonly Rule Notebook = Closed(new()
    {
        ["cells"] = ListOf("cell", CellRule),
        ["metadata"] = Metadata,
        ["nbformat"] = Is("4", value => Whole(value) == 4),
        ["nbformat_minor"] = Is("5, in which cells have ids", value => Whole(value) >= Minor),
    });

    /// <summary>All that the schema refuses; nothing for a valid notebook.</summary>
    /// <param name="notebook">The JSON as it stands in the file.</param>
    internal static IEnumerable<string> Refused(JsonObject notebook) =>
        Notebook(notebook, "the notebook", Whole(notebook["nbformat_minor"]) > Minor);

    private static Rule Is(string expected, Predicate<JsonNode?> good) => (value, place, _) =>
        good(value) ? [] : [$"{place} is {Shown(value)}, but {expected} was expected"];

    private static Rule ListOf(string item, Rule rule) => (value, place, future) => value is JsonArray items
        ? items.SelectMany((each, index) => rule(each, $"{item} {index + 1} of {place}".Replace(" of the notebook", ""), future))
        : [$"{place} is {Shown(value)}, but a list was expected"];

    /// <summary>An object with these members and, in this version, no others.</summary>
    private static Rule Closed(Dictionary<string, Rule> required, Dictionary<string, Rule>? optional = null) =>
        Members(required, optional, (name, _, place, future) => future ? [] : [$"{place} is no member that the format has: take it away"]);

    /// <summary>An object with any members; these have rules.</summary>
    private static Rule Open(Dictionary<string, Rule> optional) => Members(optional: optional, unknown: Anything);

    private static Rule Members(Dictionary<string, Rule>? required = null, Dictionary<string, Rule>? optional = null,
        Func<string, JsonNode?, string, bool, IEnumerable<string>>? unknown = null) => (value, place, future) =>
    {
        if (value is not JsonObject members)
            return [$"{place} is {Shown(value)}, but an object was expected"];
        var missing = required?.Keys.Where(name => !members.ContainsKey(name)) ?? [];
        return
        [
            .. missing.Select(name => $"{place} has no \"{name}\""),
            .. members.SelectMany(member =>
                required?.GetValueOrDefault(member.Key) is { } must ? must(member.Value, Place(member.Key, place), future)
                : optional?.GetValueOrDefault(member.Key) is { } may ? may(member.Value, Place(member.Key, place), future)
                : unknown!(member.Key, member.Value, Place(member.Key, place), future)),
        ];
    };

    /// <summary>An object whose rule is chosen by one of its members; a later version has kinds that this one does not know.</summary>
    private static Rule ByKind(string name, Rule later, Dictionary<string, Rule> rules) => (value, place, future) =>
    {
        if (value is not JsonObject members)
            return [$"{place} is {Shown(value)}, but an object was expected"];
        if (members[name].AsText() is { } kind && rules.TryGetValue(kind, out var rule))
            return rule(Without(members, name), place, future);
        return future && members.ContainsKey(name)
            ? later(value, place, future)
            : [$"the \"{name}\" of {place} is {Shown(members[name])}, but {string.Join(", ", rules.Keys)} were expected"];
    };

    private static JsonObject Without(JsonObject members, string name)
    {
        var others = (JsonObject)members.DeepClone();
        others.Remove(name);
        return others;
    }

    private static IEnumerable<string> Anything(string name, JsonNode? value, string place, bool future) => [];

    private static string Place(string name, string place) =>
        place == "the notebook" && name == "cells" ? place : $"the \"{name}\" of {place}";

    private static bool AreStrings(JsonNode? value) => value is JsonArray items && items.All(item => item.AsText() is not null);

    private static bool AreTags(JsonArray tags)
    {
        var texts = tags.Select(tag => tag.AsText()!).ToList();
        return texts.Distinct().Count() == texts.Count && texts.All(text => text.Length > 0 && !text.Contains(','));
    }

    private static decimal? Whole(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.Number && value.ToJsonString() is var digits && Digits().IsMatch(digits)
            ? decimal.TryParse(digits, out var number) ? number : decimal.MaxValue
            : null;

    private static string Shown(JsonNode? value) => value switch
    {
        JsonObject => "an object",
        JsonArray => "a list",
        null => "null",
        _ when value.ToJsonString() is { Length: > 60 } longer => longer[..60] + "…",
        _ => value.ToJsonString(),
    };

    [GeneratedRegex(@"\A[a-zA-Z0-9_-]{1,64}\z")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\A.+\z")]
    private static partial Regex OneLine();

    [GeneratedRegex(@"^application/(.*\+)?json$")]
    private static partial Regex JsonType();

    [GeneratedRegex(@"\A-?\d+\z")]
    private static partial Regex Digits();
}
