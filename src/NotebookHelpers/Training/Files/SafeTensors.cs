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
    /// <summary>Writes a model's parameters and running averages, under the names that torch gives them, such as conv1.weight.</summary>
    /// <param name="path">The file; an older one is replaced once the new one is whole.</param>
    /// <param name="model">Any module.</param>
    /// <exception cref="IOException">The file cannot be written; an older one is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of a permission.</exception>
    /// <exception cref="ArgumentException">A weight is of a type that cannot be saved, such as complex numbers.</exception>
    public static void Save(string path, nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        WholeFile.Write(Path.GetFullPath(path), Serialize(model.state_dict(), new Dictionary<string, string> { ["format"] = "pt" }));
    }

    /// <summary>
    /// Gives a model the weights of a file, from here or from Python. Values of another type of number, such as F16 or F64 for a
    /// model of 32-bit floats, are cast as PyTorch's <c>load_state_dict</c> casts them, and a line on the console says so.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="model">A module with the same names and shapes; it is changed only when all fit.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, is no safetensors file, or has a type that this library has not.
    /// </exception>
    /// <exception cref="ArgumentException">The weights are those of another model.</exception>
    public static void Load(string path, nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (Load(path, model, PlainFile.ReadAllBytes(path)) is { } cast)
            Console.WriteLine(cast);
    }

    /// <returns>What was cast, as a sentence; null when nothing was.</returns>
    internal static string? Load(string path, nn.Module model, byte[] file)
    {
        using var scope = NewDisposeScope();
        var values = Deserialize(file, path).Tensors;
        Check(model, values, path, sameTypes: false);
        var casts = model.state_dict().Where(target => values[target.Key].dtype != target.Value.dtype)
            .GroupBy(target => (From: values[target.Key].dtype, To: target.Value.dtype))
            .Select(group => $"{group.Count()} from {group.Key.From} to {group.Key.To}")
            .ToList();
        Restore(model, values);
        return casts.Count == 0
            ? null
            : $"{path}: of {values.Count} tensors, {string.Join(" and ", casts)} were cast, as load_state_dict does.";
    }

    /// <summary>Copies values that were checked.</summary>
    internal static void Restore(nn.Module model, IReadOnlyDictionary<string, Tensor> values)
    {
        using var noGradients = no_grad();
        foreach (var (name, target) in model.state_dict())
            target.copy_(values[name]);
    }

    /// <exception cref="ArgumentException">
    /// These are not a model's names and shapes, or not its types where they must be the same.
    /// </exception>
    internal static void Check(nn.Module model, IReadOnlyDictionary<string, Tensor> values, string source, bool sameTypes)
    {
        var targets = model.state_dict();
        bool Fits(Tensor value, Tensor target) =>
            value.shape.AsSpan().SequenceEqual(target.shape) && (!sameTypes || value.dtype == target.dtype);
        string[] missing = [.. targets.Keys.Except(values.Keys).Select(name => $"{name} is missing")];
        string[] extra = [.. values.Keys.Except(targets.Keys).Select(name => $"{name} is not in the model")];
        string[] wrong =
        [
            // One of each kind first: names that differ in a prefix are seen to do so.
            .. missing.Take(1), .. extra, .. missing.Skip(1),
            .. targets.Where(target => values.TryGetValue(target.Key, out var value) && !Fits(value, target.Value)).Select(target =>
                $"{target.Key} is {Described(values[target.Key])} there and {Described(target.Value)} in the model"),
        ];
        if (wrong.Length > 0)
            throw new ArgumentException(
                $"{source} holds the weights of another model: {string.Join("; ", wrong.Take(3))}"
                + $"{(wrong.Length > 3 ? $" and {wrong.Length - 3} more" : "")}. Build the model with the options of that one.",
                nameof(model));
    }

    internal static byte[] Serialize(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var texts = metadata.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value));
        var header = new JsonObject { [SafeTensorsHeader.Metadata] = new JsonObject(texts) };
        var end = 0L;
        foreach (var (name, tensor) in tensors)
        {
            var start = end;
            end += tensor.numel() * tensor.element_size();
            header[name] = new JsonObject
            {
                ["dtype"] = SafeTensorsType.NameOf(tensor.dtype),
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
    /// <exception cref="InvalidDataException">The file is no whole safetensors file, or has a type that this library has not.</exception>
    internal static (IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Texts) Deserialize(
        byte[] file, string path)
    {
        try
        {
            var header = SafeTensorsHeader.Parse(file);
            return (header.Entries.ToDictionary(entry => entry.Name, entry => Values(entry, file.AsSpan(header.Length))), header.Texts);
        }
        catch (SafeTensorsException exception)
        {
            var problem = exception.Fault switch
            {
                SafeTensorsFault.UnsupportedType => $"cannot be loaded: {exception.Message}",
                _ when OtherFile.Recognize(file) is { } other => $"is not a whole safetensors file: it is {other}",
                _ => $"is not a whole safetensors file: {exception.Message}. Get it again from where it comes",
            };
            throw new InvalidDataException($"{path} {problem}. Nothing was changed.", exception);
        }
    }

    private static Tensor Values(SafeTensorsHeader.Entry entry, ReadOnlySpan<byte> values)
    {
        var tensor = empty(entry.Shape, dtype: entry.Type.Type, device: CPU);
        if (entry.End > entry.Start)
            values[(int)entry.Start..(int)entry.End].CopyTo(tensor.bytes);
        return tensor;
    }

    private static string Described(Tensor tensor) => $"{tensor.dtype} ({string.Join(", ", tensor.shape)})";
}
