using System.Buffers.Binary;
using System.Text.Json;

namespace NotebookHelpers;

/// <summary>
/// What the header of a safetensors file says, checked: which tensors there are and where their values lie. No tensor is made.
/// </summary>
/// <param name="Entries">The tensors, in the header's order.</param>
/// <param name="Texts">The texts under <c>__metadata__</c>.</param>
/// <param name="Length">Where the values begin in the file.</param>
internal sealed record SafeTensorsHeader(
    IReadOnlyList<SafeTensorsHeader.Entry> Entries, IReadOnlyDictionary<string, string> Texts, int Length)
{
    internal const string Metadata = "__metadata__";
    private const int MaximumJson = 100_000_000;   // the format's own limit
    private const int MaximumRank = 64;            // torch's
    private const string ExpectedEntry = "expected {\"dtype\": \"F32\", \"shape\": [2, 3], \"data_offsets\": [0, 24]}";
    private const int LongestQuote = 80;

    /// <summary>One tensor; its values are the bytes from Start to before End, counted from the header's end.</summary>
    internal sealed record Entry(string Name, SafeTensorsType Type, long[] Shape, long Start, long End);

    /// <summary>Reads and checks a header.</summary>
    /// <exception cref="SafeTensorsException">The file is no whole safetensors file, or has a type that this library has not.</exception>
    internal static SafeTensorsHeader Parse(ReadOnlyMemory<byte> file)
    {
        var length = 8 + JsonLength(file.Span);
        try
        {
            using var json = JsonDocument.Parse(file[8..length]);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw Invalid($"its header is {Quoted(json.RootElement)}, expected an object of tensors by their names");
            var properties = json.RootElement.EnumerateObject().ToList();
            var texts = properties.Where(property => property.Name == Metadata).SelectMany(property => TextsOf(property.Value)).ToList();
            var entries = properties.Where(property => property.Name != Metadata).Select(EntryOf).ToList();
            CheckNames(entries);
            CheckPlaces(entries, file.Length - length);
            CheckTypes(entries);
            return new SafeTensorsHeader(entries, texts.DistinctBy(text => text.Key).ToDictionary(), length);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Invalid($"its header is no JSON: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    private static SafeTensorsException Invalid(string message, Exception? inner = null) =>
        new(SafeTensorsFault.InvalidHeader, message, inner);

    private static string Quoted(JsonElement element) =>
        element.GetRawText() is { Length: > LongestQuote } text ? text[..LongestQuote] + "…" : element.GetRawText();

    private static int JsonLength(ReadOnlySpan<byte> file)
    {
        if (file.Length < 8)
            throw new SafeTensorsException(SafeTensorsFault.HeaderTooSmall,
                $"it has {file.Length} bytes, less than the eight of a header's length");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (length > MaximumJson)
            throw new SafeTensorsException(SafeTensorsFault.HeaderTooLarge,
                FormattableString.Invariant($"its first eight bytes announce a header of {length} bytes, and {MaximumJson:N0} are ")
                + "the most: it is something else");
        if (length > (ulong)file.Length - 8)
            throw new SafeTensorsException(SafeTensorsFault.HeaderBeyondFile,
                $"its first eight bytes announce a header of {length} bytes, and {file.Length - 8} follow: "
                + "it is truncated or something else");
        return (int)length;
    }

    private static IEnumerable<KeyValuePair<string, string>> TextsOf(JsonElement metadata)
    {
        if (metadata.ValueKind == JsonValueKind.Null)
            return [];
        var isOfTexts = metadata.ValueKind == JsonValueKind.Object && metadata.EnumerateObject().All(text =>
            text.Value.ValueKind is JsonValueKind.String or JsonValueKind.Null);
        return isOfTexts
            ? metadata.EnumerateObject().Select(text => KeyValuePair.Create(text.Name, text.Value.GetString() ?? ""))
            : throw Invalid($"its {Metadata} is {Quoted(metadata)}, expected texts by their names");
    }

    private static Entry EntryOf(JsonProperty property)
    {
        try
        {
            return CheckedEntry(property);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw Invalid($"its header describes {property.Name} as {Quoted(property.Value)}, {ExpectedEntry}", exception);
        }
    }

    private static Entry CheckedEntry(JsonProperty property)
    {
        var name = property.Value.GetProperty("dtype").GetString();
        var known = SafeTensorsType.All;
        var type = known.FirstOrDefault(type => type.Name == name) ?? throw new SafeTensorsException(
            SafeTensorsFault.UnknownType,
            $"{property.Name} has the dtype {name}, expected one of {string.Join(", ", known.Select(one => one.Name))}");
        var shape = property.Value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt64()).ToArray();
        var offsets = property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        if (offsets is not [>= 0 and var start, var end] || end < start || BytesOf(property.Name, shape, type) != (UInt128)(end - start))
            throw new SafeTensorsException(SafeTensorsFault.SizeMismatch,
                $"{property.Name} of shape ({string.Join(", ", shape)}) and dtype {name} does not fit its place, "
                + $"bytes [{string.Join(", ", offsets)}]");
        return new Entry(property.Name, type, shape, start, end);
    }

    private static UInt128 BytesOf(string name, long[] shape, SafeTensorsType type)
    {
        try
        {
            // torch counts the steps between rows of an empty tensor too, and this library holds no more than an array can.
            var steps = shape.Aggregate(UInt128.One, (size, side) => checked(size * (UInt128)Math.Max(1, side)));
            if (shape.Length > MaximumRank || steps > int.MaxValue)
                throw new OverflowException();
            var bits = shape.Aggregate((UInt128)type.Bits, (size, side) => checked(size * (UInt128)side));
            return bits % 8 == 0 ? bits / 8 : throw new OverflowException();
        }
        catch (OverflowException exception)
        {
            throw new SafeTensorsException(SafeTensorsFault.Overflow,
                $"{name} has the shape ({string.Join(", ", shape)}), which is none that can be held", exception);
        }
    }

    private static void CheckNames(IEnumerable<Entry> entries)
    {
        if (entries.GroupBy(entry => entry.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new SafeTensorsException(SafeTensorsFault.DuplicateName, $"its header describes {twice.Key} twice");
    }

    private static void CheckPlaces(IEnumerable<Entry> entries, long values)
    {
        var expected = 0L;
        foreach (var entry in entries.OrderBy(entry => entry.Start).ThenBy(entry => entry.End))
            expected = entry.Start == expected
                ? entry.End
                : throw new SafeTensorsException(SafeTensorsFault.InvalidOffset,
                    $"the values of {entry.Name} begin at byte {entry.Start}, expected {expected}");
        if (expected != values)
            throw new SafeTensorsException(SafeTensorsFault.IncompleteBuffer,
                FormattableString.Invariant($"its header describes {expected:N0} bytes of values, and {values:N0} follow: ")
                + "it is truncated or something was added");
    }

    private static void CheckTypes(IEnumerable<Entry> entries)
    {
        if (entries.FirstOrDefault(entry => entry.Type.Type is null) is { } foreign)
            throw new SafeTensorsException(SafeTensorsFault.UnsupportedType,
                $"{foreign.Name} has the dtype {foreign.Type.Name} ({foreign.Type.Words}), a type that this library has not. "
                + "Save the weights in another one, such as F32, where they come from");
    }
}
