using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// Weights in the safetensors format (github.com/huggingface/safetensors), which Python's tools read and which runs no
/// code when loaded: eight bytes with the length of a JSON header, the header (for each tensor its dtype, shape and place,
/// and texts under <c>__metadata__</c>), then the values, little-endian, row by row.
/// </summary>
public static class SafeTensors
{
    private const int MaximumHeader = 100_000_000;   // the format's own limit
    private const int MaximumRank = 64;
    private const string Metadata = "__metadata__";

    private static readonly (string Name, ScalarType Type, int Size)[] Types =
    [
        ("F32", ScalarType.Float32, 4), ("F64", ScalarType.Float64, 8), ("F16", ScalarType.Float16, 2), ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8), ("I32", ScalarType.Int32, 4), ("I16", ScalarType.Int16, 2), ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1), ("BOOL", ScalarType.Bool, 1),
    ];

    /// <summary>Writes a model's parameters and running averages, under the names that torch gives them, such as conv1.weight.</summary>
    /// <param name="path">The file; an older one is replaced once the new one is whole.</param>
    /// <param name="model">Any module.</param>
    /// <exception cref="IOException">The file cannot be written; an older one is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of a permission.</exception>
    public static void Save(string path, nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        WholeFile.Write(Path.GetFullPath(path), Serialize(model.state_dict(), new Dictionary<string, string> { ["format"] = "pt" }));
    }

    /// <summary>Gives a model the weights of a file, from here or from Python.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">A module with the same names, shapes and dtypes; it is changed only when all fit.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or is no safetensors file.</exception>
    /// <exception cref="ArgumentException">The weights are those of another model.</exception>
    public static void Load(string path, nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        Restore(model, Deserialize(File.ReadAllBytes(path), path).Tensors, path);
    }

    internal static void Restore(nn.Module model, IReadOnlyDictionary<string, Tensor> values, string path)
    {
        Check(model, values, path);
        using var noGradients = no_grad();
        foreach (var (name, target) in model.state_dict())
            target.copy_(values[name]);
    }

    /// <exception cref="ArgumentException">These are not a model's names, shapes and dtypes.</exception>
    internal static void Check(nn.Module model, IReadOnlyDictionary<string, Tensor> values, string path)
    {
        var targets = model.state_dict();
        var wrong = targets.Keys.Except(values.Keys).Select(name => $"{name} is missing")
            .Concat(values.Keys.Except(targets.Keys).Select(name => $"{name} is not in the model"))
            .Concat(targets.Where(target => values.TryGetValue(target.Key, out var value) && !Same(value, target.Value))
                .Select(target => $"{target.Key} is {Described(values[target.Key])} in the file and {Described(target.Value)} in the model"))
            .ToArray();
        if (wrong.Length > 0)
            throw new ArgumentException(
                $"{path} holds the weights of another model: {string.Join("; ", wrong.Take(3))}{(wrong.Length > 3 ? $" and {wrong.Length - 3} more" : "")}. Build the model with the options it was saved with.",
                nameof(model));
    }

    internal static byte[] Serialize(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var header = new JsonObject { [Metadata] = new JsonObject(metadata.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))) };
        var end = 0L;
        foreach (var (name, tensor) in tensors)
        {
            var start = end;
            end += tensor.numel() * tensor.element_size();
            header[name] = new JsonObject
            {
                ["dtype"] = Types.Single(type => type.Type == tensor.dtype).Name,
                ["shape"] = new JsonArray([.. tensor.shape.Select(side => (JsonNode)side)]),
                ["data_offsets"] = new JsonArray(start, end),
            };
        }

        // Spaces after the JSON put the values at a multiple of eight, as the reference implementation does.
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        var length = (json.Length + 7) / 8 * 8;
        var file = new byte[8 + length + end];
        BinaryPrimitives.WriteInt64LittleEndian(file, length);
        file.AsSpan(8, length).Fill((byte)' ');
        json.CopyTo(file.AsSpan(8));
        var rest = file.AsSpan(8 + length);
        foreach (var tensor in tensors.Values)
        {
            var bytes = tensor.detach().cpu().contiguous().bytes;
            bytes.CopyTo(rest);
            rest = rest[bytes.Length..];
        }
        return file;
    }

    /// <summary>The tensors belong to the caller's dispose scope.</summary>
    internal static (IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Texts) Deserialize(byte[] file, string path)
    {
        try
        {
            if (file.Length < 8)
                throw new InvalidDataException($"it has {file.Length} bytes, less than the eight of a header's length");
            var length = BinaryPrimitives.ReadInt64LittleEndian(file);
            if (length is < 2 or > MaximumHeader || length > file.Length - 8)
                throw new InvalidDataException($"its first eight bytes announce a header of {length} bytes, and {file.Length - 8} follow: it is truncated or something else");
            using var header = JsonDocument.Parse(file.AsMemory(8, (int)length));
            var values = file.AsMemory(8 + (int)length);
            var texts = new Dictionary<string, string>();
            var places = new List<(string Name, ScalarType Type, long[] Shape, long Start, long End)>();
            foreach (var entry in header.RootElement.EnumerateObject())
                if (entry.Name == Metadata)
                    foreach (var text in entry.Value.EnumerateObject())
                        texts[text.Name] = text.Value.GetString() ?? "";
                else
                    places.Add(Place(entry));

            var expected = 0L;
            foreach (var (name, _, _, start, end) in places.OrderBy(place => place.Start).ThenBy(place => place.End))
                expected = start == expected ? end : throw new InvalidDataException($"the values of {name} begin at byte {start}, expected {expected}");
            if (expected != values.Length)
                throw new InvalidDataException($"its header describes {expected:N0} bytes of values, and {values.Length:N0} follow: it is truncated or something was added");
            if (places.GroupBy(place => place.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
                throw new InvalidDataException($"its header describes {twice.Key} twice");

            return (places.ToDictionary(place => place.Name, place =>
            {
                var tensor = empty(place.Shape, dtype: place.Type, device: CPU);
                if (place.End > place.Start)
                    values.Span[(int)place.Start..(int)place.End].CopyTo(tensor.bytes);
                return tensor;
            }), texts);
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException or InvalidOperationException or FormatException or KeyNotFoundException or OverflowException)
        {
            throw new InvalidDataException($"{path} is not a whole safetensors file: {exception.Message.TrimEnd('.')}. Nothing was changed.", exception);
        }
    }

    private static (string Name, ScalarType Type, long[] Shape, long Start, long End) Place(JsonProperty entry)
    {
        var dtype = entry.Value.GetProperty("dtype").GetString();
        var type = Types.FirstOrDefault(type => type.Name == dtype);
        if (type.Name is null)
            throw new InvalidDataException($"{entry.Name} has the dtype {dtype}, expected one of {string.Join(", ", Types.Select(known => known.Name))}");
        var shape = entry.Value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt64()).ToArray();
        var offsets = entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        if (offsets is not [var start, var end] || start < 0 || end < start || shape.Length > MaximumRank || shape.Any(side => side < 0)
            || shape.Aggregate((Int128)type.Size, (size, side) => checked(size * side)) != end - start
            // torch counts the steps between rows of an empty tensor too.
            || shape.Aggregate((Int128)1, (size, side) => checked(size * Math.Max(1, side))) > int.MaxValue)
            throw new InvalidDataException($"{entry.Name} of shape ({string.Join(", ", shape)}) and dtype {dtype} does not fit its place, bytes [{string.Join(", ", offsets)}]");
        return (entry.Name, type.Type, shape, start, end);
    }

    private static bool Same(Tensor one, Tensor other) => one.dtype == other.dtype && one.shape.AsSpan().SequenceEqual(other.shape);

    private static string Described(Tensor tensor) => $"{tensor.dtype} ({string.Join(", ", tensor.shape)})";
}
