using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// Everything that a training needs to go on after an epoch as if it had never stopped, in one safetensors file: weights
/// (<c>model.…</c>), Adam's averages (<c>optimizer.…</c>), the best epoch's weights (<c>best.…</c>) and the running average of
/// the weights (<c>average.…</c>) where the options ask for them, torch's random state, and as texts the epochs so far, the options and a SHA-256 of the whole. The checkpoint of the epoch before stays beside
/// it (<c>….previous</c>), for the day when a disk damages the newest.
/// </summary>
internal static class Checkpoint
{
    private const string Format = "convnet-workbook/checkpoint";
    private const int Version = 1;
    private static readonly string NoChecksum = new('0', 64);

    private static readonly JsonSerializerOptions Strict = new() { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    private sealed record State(TrainerOptions Options, string TrainingSet, string? ValidationSet, IReadOnlyList<EpochMetrics> Epochs);

    /// <summary>Where the checkpoint of the epoch before is kept.</summary>
    internal static string Previous(string path) => path + ".previous";

    /// <summary>Writes the state after the latest epoch; once it is whole and on the disk it takes the older one's name, and that one is kept beside it.</summary>
    internal static void Save(string path, nn.Module model, Adam optimizer, WeightSnapshot? best, WeightSnapshot? average,
        IReadOnlyList<EpochMetrics> epochs, TrainerOptions options, DigitSet train, DigitSet? validation)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        foreach (var (name, value) in model.state_dict())
            tensors[$"model.{name}"] = value;
        foreach (var (name, state) in States(model, optimizer))
        {
            tensors[$"optimizer.{name}.step"] = tensor(state.step);
            tensors[$"optimizer.{name}.exp_avg"] = state.exp_avg;
            tensors[$"optimizer.{name}.exp_avg_sq"] = state.exp_avg_sq;
        }
        foreach (var (part, weights) in new[] { ("best", best), ("average", average) })
            foreach (var (name, value) in weights?.Values ?? new Dictionary<string, Tensor>())
                tensors[$"{part}.{name}"] = value;
        tensors["random.torch"] = Generator.Default.get_state();

        WholeFile.Write(Path.GetFullPath(path), Sealed(tensors, new Dictionary<string, string>
        {
            ["format"] = Format,
            ["version"] = $"{Version}",
            ["state"] = JsonSerializer.Serialize(new State(options, Fingerprint(train), validation is null ? null : Fingerprint(validation), epochs)),
        }), previous: Path.GetFullPath(Previous(path)));
    }

    /// <summary>A file with these contents and their checksum, which covers the file with zeros in the checksum's own place.</summary>
    internal static byte[] Sealed(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> texts)
    {
        // The checksum comes first: no text can be taken for its place.
        var file = SafeTensors.Serialize(tensors, new Dictionary<string, string>(texts.Prepend(KeyValuePair.Create("sha256", NoChecksum))));
        var checksum = Convert.ToHexStringLower(SHA256.HashData(file));
        Encoding.ASCII.GetBytes(checksum, file.AsSpan(file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(NoChecksum)), 64));
        return file;
    }

    /// <summary>Puts the state of a file into a model and its optimiser, when all of it fits; otherwise nothing is changed.</summary>
    /// <returns>The finished epochs, and the best one's weights and the average where the run keeps them.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, truncated, something else, or of another version.</exception>
    /// <exception cref="ArgumentException">It belongs to another model, other options or other data.</exception>
    internal static (List<EpochMetrics> Epochs, WeightSnapshot? Best, WeightSnapshot? Average) Load(
        string path, nn.Module model, Adam optimizer, TrainerOptions options, DigitSet train, DigitSet? validation)
    {
        using var scope = NewDisposeScope();
        var file = File.ReadAllBytes(path);
        var (tensors, texts) = Parsed(file, path);
        if (texts.GetValueOrDefault("format") != Format)
            throw new InvalidDataException($"{path} is a safetensors file, but no checkpoint of a training: its \"format\" is {Quoted(texts.GetValueOrDefault("format"))}, not \"{Format}\". Name another file; this one was not changed.");
        if (texts.GetValueOrDefault("version") != $"{Version}")
            throw new InvalidDataException($"{path} is a checkpoint of version {texts.GetValueOrDefault("version") ?? "none"}, but this workbook reads version {Version}. Update the workbook, or name another file; this one was not changed.");
        var checksum = texts.GetValueOrDefault("sha256") ?? "";
        var place = checksum.Length == 64 ? file.AsSpan().IndexOf(Encoding.UTF8.GetBytes(checksum)) : -1;
        if (place >= 0)
            Encoding.ASCII.GetBytes(NoChecksum, file.AsSpan(place, 64));
        if (place < 0 || Convert.ToHexStringLower(SHA256.HashData(file)) != checksum)
            throw Damaged(path, "its content does not have the SHA-256 that it states");

        var state = StateOf(texts, path);
        // More epochs (where no schedule counts them), another name or place go on with the same training; anything else would be another one.
        var same = state.Options with { Epochs = options.Schedule == LearningRateSchedule.Constant ? options.Epochs : state.Options.Epochs, Name = options.Name, Checkpoint = options.Checkpoint };
        if (same != options)
            throw new ArgumentException($"{path} was made with other options, {same}, than these, {options}. Give the same ones to go on with it, or name another file.", nameof(options));
        foreach (var (what, then, now) in new[] { ("training", state.TrainingSet, Fingerprint(train)), ("validation", state.ValidationSet, validation is null ? null : Fingerprint(validation)) })
            if (then != now)
                throw new ArgumentException($"{path} was made with the {what} set {then ?? "none"}, but this one is {now ?? "none"}. Give the same one to go on with it, or name another file.");

        Dictionary<string, Tensor> Part(string prefix) => tensors.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value);
        var (weights, best, average, random) = (Part("model."), Part("best."), Part("average."), Generator.Default.get_state());
        SafeTensors.Check(model, weights, path);
        if (options.KeepBest)
            SafeTensors.Check(model, best, path);
        if (options.WeightAveraging > 0)
            SafeTensors.Check(model, average, path);
        void Need(string name, ScalarType type, params ReadOnlySpan<long> shape)
        {
            if (!tensors.TryGetValue(name, out var found) || found.dtype != type || !found.shape.AsSpan().SequenceEqual(shape))
                throw Damaged(path, $"expected {name}, {type} ({string.Join(", ", shape.ToArray())}), found {(found is null ? "nothing" : $"{found.dtype} ({string.Join(", ", found.shape)})")}");
        }
        var states = States(model, optimizer).ToList();
        foreach (var (name, adam) in states)
        {
            Need($"optimizer.{name}.step", ScalarType.Int64);
            Need($"optimizer.{name}.exp_avg", adam.exp_avg.dtype, adam.exp_avg.shape);
            Need($"optimizer.{name}.exp_avg_sq", adam.exp_avg_sq.dtype, adam.exp_avg_sq.shape);
        }
        Need("random.torch", random.dtype, random.shape);

        if (!IsRandomState(tensors["random.torch"].bytes))
            throw Damaged(path, "its random.torch is no state of torch's random generator");

        SafeTensors.Restore(model, weights, path);
        using var noGradients = no_grad();
        foreach (var (name, adam) in states)
        {
            adam.step = tensors[$"optimizer.{name}.step"].item<long>();
            adam.exp_avg.copy_(tensors[$"optimizer.{name}.exp_avg"]);
            adam.exp_avg_sq.copy_(tensors[$"optimizer.{name}.exp_avg_sq"]);
        }
        Generator.Default.set_state(tensors["random.torch"]);
        return ([.. state.Epochs], options.KeepBest ? WeightSnapshot.Of(best) : null, options.WeightAveraging > 0 ? WeightSnapshot.Of(average) : null);
    }

    private static (IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Texts) Parsed(byte[] file, string path)
    {
        try
        {
            return SafeTensors.Deserialize(file, path);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{exception.Message} {WayBack(path)}", exception);
        }
    }

    private static State StateOf(IReadOnlyDictionary<string, string> texts, string path)
    {
        try
        {
            var state = JsonSerializer.Deserialize<State>(texts.GetValueOrDefault("state") ?? "null", Strict);
            if (state is null or { Epochs: [] })
                throw Damaged(path, "it does not say which epochs are done");
            _ = new TrainingHistory(state.Options.Name, state.Epochs, cancelled: false);   // numbered from 1
            return state;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw Damaged(path, $"what it says of its training cannot be read ({exception.Message.TrimEnd('.')})", exception);
        }
    }

    private static InvalidDataException Damaged(string path, string why, Exception? inner = null) => new(
        $"{path} is damaged: {why}. {WayBack(path)} This file was not changed.", inner);

    // What to do where a checkpoint cannot be used.
    private static string WayBack(string path) => File.Exists(Previous(path))
        ? $"{Path.GetFileName(Previous(path))} beside it is the checkpoint of the epoch before: give it this name to go on from there."
        : "Delete it to train from the beginning, or name another file.";

    // torch ends the process over a state that is none. Its own conditions for the Mersenne twister (after an 8-byte seed:
    // how many of the 624 words are left, whether it was seeded, which is next), so that it is never asked.
    private static bool IsRandomState(ReadOnlySpan<byte> state) =>
        BinaryPrimitives.ReadInt32LittleEndian(state[8..]) is > 0 and <= 624 && BinaryPrimitives.ReadInt32LittleEndian(state[12..]) != 0
        && BinaryPrimitives.ReadUInt64LittleEndian(state[16..]) <= 624;

    private static IEnumerable<(string Name, Adam.State State)> States(nn.Module model, Adam optimizer) =>
        model.named_parameters().Zip(optimizer.state_dict().State, (parameter, state) => (parameter.name, (Adam.State)state));

    // Names and counts to read, labels to tell an augmented or reshuffled set from its like.
    private static string Fingerprint(DigitSet set)
    {
        var labels = new byte[set.Count];
        for (var index = 0; index < labels.Length; index++)
            labels[index] = (byte)set.Label(index);
        return $"{set.Name} {set.Split}, {set.Count} images, labels {Convert.ToHexStringLower(SHA256.HashData(labels))[..12]}";
    }

    private static string Quoted(string? text) => text is null ? "missing" : $"\"{text}\"";
}
