using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace NotebookHelpers;

/// <summary>
/// Experiments' options as JSON of one level: those of the experiment, of its network and of its training side by side, what is at
/// its default left out. Grids and results files have this form, and jobs their ids from it.
/// </summary>
internal static class ExperimentJson
{
    private const string Network = "network";

    /// <summary>JSON as grids and results have it, for everything but the options.</summary>
    internal static JsonSerializerOptions Plain { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The same with the options, read strictly: nothing is missing, nothing is null.</summary>
    internal static JsonSerializerOptions Reading { get; } = new(Plain)
    {
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Converters = { new Converter() },
    };

    /// <summary>The same for writing; what is 0 is written, and only what is null left out, where it is no option.</summary>
    internal static JsonSerializerOptions Writing { get; } = new(Plain)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new Converter() },
    };

    private static readonly (string Name, NetworkOptions Usual)[] Networks =
        [("leNet", new LeNetOptions()), ("leNet5", new LeNet5Options()), ("deep", new DeepNetworkOptions())];

    // The order in which the first ids were computed; an option that is not here comes last, by its name.
    private static readonly string[] Order =
    [
        "data", "trainImages", "validationImages", "imagesSeen", "images", "network", "activation", "activateMaps", "filters1",
        "filters2", "units1", "kernel", "batchNormalization", "dropout", "outputReadsFc1", "seluOnLogits", "schedule",
        "labelSmoothing", "distortion", "weightAveraging", "mixedPrecision", "members", "averageShifts", "batchSize",
        "learningRate", "testEachEpoch",
    ];

    private static readonly string[] Decided = ["name", "epochs", "seed", "keepBest", "checkpoint"];

    /// <summary>The options that are not at their defaults.</summary>
    internal static JsonObject Write(ExperimentOptions options)
    {
        var network = Networks.Single(known => known.Usual.GetType() == options.Network.GetType());
        var changed = Changed(options, new ExperimentOptions())
            .Concat(Changed(options.Network, network.Usual))
            .Concat(Changed(options.Training, new TrainerOptions()));
        if (network != Networks[0])
            changed = changed.Append(KeyValuePair.Create<string, JsonNode?>(Network, network.Name));
        return new JsonObject(changed
            .OrderBy(option => (uint)Array.IndexOf(Order, option.Key))
            .ThenBy(option => option.Key, StringComparer.Ordinal));
    }

    /// <summary>Reads options.</summary>
    /// <exception cref="JsonException">An option does not exist, or has a value that it cannot have; the message names it.</exception>
    internal static ExperimentOptions Read(JsonObject json)
    {
        if (json.FirstOrDefault(option => option.Value is null).Key is { } empty)
            throw new JsonException($"{empty} is null: give it a value, or leave it out.");
        var (name, usual) = NetworkOf(json[Network]);
        var rest = json.Where(option => option.Key != Network).ToList();
        var ofNetwork = Take(rest, NamesOf(usual.GetType()));
        var ofTraining = Take(rest, [.. NamesOf(typeof(TrainerOptions)).Except(Decided)]);
        var own = Take(rest, NamesOf(typeof(ExperimentOptions)));
        if (rest.Count > 0)
            throw new JsonException(WhyNone([.. rest.Select(option => option.Key)], name));
        return Value<ExperimentOptions>(own) with
        {
            Network = (NetworkOptions)Value(ofNetwork, usual.GetType()),
            Training = Value<TrainerOptions>(ofTraining),
        };
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Changed(object value, object usual)
    {
        var usually = JsonSerializer.SerializeToNode(usual, usual.GetType(), Plain)!.AsObject();
        var always = value.GetType().GetProperties().Where(IsAlwaysWritten).Select(property => NameOf(property.Name)).ToHashSet();
        return JsonSerializer.SerializeToNode(value, value.GetType(), Plain)!.AsObject()
            .Where(option => always.Contains(option.Key) || !JsonNode.DeepEquals(option.Value, usually[option.Key]))
            .Select(option => KeyValuePair.Create(option.Key, option.Value?.DeepClone()));
    }

    private static bool IsAlwaysWritten(PropertyInfo property) =>
        property.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition == JsonIgnoreCondition.Never;

    private static bool IsNeverWritten(PropertyInfo property) =>
        property.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition == JsonIgnoreCondition.Always;

    private static (string Name, NetworkOptions Usual) NetworkOf(JsonNode? value)
    {
        if (value is null)
            return Networks[0];
        var name = value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
        var known = Networks.FirstOrDefault(known => known.Name == name);
        return known.Usual is not null
            ? known
            : throw new JsonException(
                $"{Network} is {value.ToJsonString(Plain)}, expected one of {string.Join(", ", Networks.Select(one => one.Name))}.");
    }

    private static List<KeyValuePair<string, JsonNode?>> Take(List<KeyValuePair<string, JsonNode?>> from, string[] names)
    {
        var taken = from.Where(option => names.Contains(option.Key)).ToList();
        from.RemoveAll(option => names.Contains(option.Key));
        return taken;
    }

    private static string WhyNone(string[] names, string network)
    {
        var decided = names.Intersect(Decided).ToArray();
        if (decided.Length > 0)
            return $"{string.Join(", ", decided)} cannot be set: the experiment decides it by its seed, budget and validation images.";
        var elsewhere = names.Where(name => Networks.Any(known => NamesOf(known.Usual.GetType()).Contains(name))).ToArray();
        return elsewhere.Length > 0
            ? $"it sets {string.Join(", ", elsewhere)}, which the network {network} does not have: leave it out, or take another network."
            : $"there is no option {string.Join(", ", names)}.";
    }

    private static T Value<T>(List<KeyValuePair<string, JsonNode?>> options) => (T)Value(options, typeof(T));

    // One by one first, so that a value of the wrong kind is named.
    private static object Value(List<KeyValuePair<string, JsonNode?>> options, Type type)
    {
        foreach (var (name, value) in options)
            try
            {
                Parse([KeyValuePair.Create(name, value)]);
            }
            catch (JsonException)
            {
                var property = type.GetProperties().Single(property => NameOf(property.Name) == name);
                throw new JsonException($"{name} is {value!.ToJsonString(Plain)}, expected {Words(property.PropertyType)}.");
            }
            catch (ArgumentException exception)
            {
                throw new JsonException($"{name}: {exception.Message.Split('\n')[0]}", exception);
            }
        return Parse(options);

        object Parse(IEnumerable<KeyValuePair<string, JsonNode?>> some) =>
            new JsonObject(some.Select(option => KeyValuePair.Create(option.Key, option.Value?.DeepClone()))).Deserialize(type, Plain)!;
    }

    private static string Words(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        { IsEnum: true } named => $"one of {string.Join(", ", Enum.GetNames(named).Select(NameOf))}",
        var kind when kind == typeof(bool) => "true or false",
        var kind when kind == typeof(int) || kind == typeof(long) => "a whole number",
        var kind when kind == typeof(double) => "a number",
        var kind when kind == typeof(string) => "a text",
        var kind => $"an object with {string.Join(", ", NamesOf(kind))}",
    };

    private static string[] NamesOf(Type type) => [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.SetMethod is not null && !IsNeverWritten(property))
        .Select(property => NameOf(property.Name))];

    private static string NameOf(string property) => JsonNamingPolicy.CamelCase.ConvertName(property);

    private sealed class Converter : JsonConverter<ExperimentOptions>
    {
        public override ExperimentOptions Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            ExperimentJson.Read(JsonSerializer.Deserialize<JsonObject>(ref reader, Plain)!);

        public override void Write(Utf8JsonWriter writer, ExperimentOptions value, JsonSerializerOptions options) =>
            ExperimentJson.Write(value).WriteTo(writer, Plain);
    }
}
