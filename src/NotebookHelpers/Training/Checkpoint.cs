using System.Security.Cryptography;
using System.Text.Json;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// Everything that a training needs to go on after an epoch as if it had never stopped, in one safetensors file: weights
/// (<c>model.…</c>), Adam's averages (<c>optimizer.…</c>), the best epoch's weights (<c>best.…</c>) and the running average of
/// the weights (<c>average.…</c>) where the options ask for them, and as texts the epochs so far, the options and a SHA-256 of the
/// whole. Random numbers need no state: each epoch's begin from the seed and its number. The checkpoint of the epoch before stays
/// beside it (<c>….previous</c>), for the day when a disk damages the newest.
/// </summary>
internal static class Checkpoint
{
    private const string Format = "convnet-workbook/checkpoint", Version = "1";

    private static readonly JsonSerializerOptions Strict = new()
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>What a training has reached after an epoch.</summary>
    /// <param name="Epochs">The finished epochs.</param>
    /// <param name="Best">The best one's weights, where the options keep them.</param>
    /// <param name="Average">The weights' average, where the options keep one.</param>
    internal sealed record Reached(List<EpochMetrics> Epochs, WeightSnapshot? Best, WeightSnapshot? Average);

    private sealed record State(TrainerOptions Options, string TrainingSet, string? ValidationSet, IReadOnlyList<EpochMetrics> Epochs);

    /// <summary>Where the checkpoint of the epoch before is kept.</summary>
    internal static string Previous(string path) => path + ".previous";

    /// <summary>
    /// Writes the state after the latest epoch; once it is whole and on the disk it takes the older one's name, and that one is kept
    /// beside it.
    /// </summary>
    internal static void Save(
        string path, nn.Module model, Adam optimizer, Reached reached, TrainerOptions options, DigitSet train, DigitSet? validation)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        void Add(string part, IEnumerable<KeyValuePair<string, Tensor>>? values)
        {
            foreach (var (name, value) in values ?? [])
                tensors[$"{part}.{name}"] = value;
        }
        Add("model", model.state_dict());
        Add("best", reached.Best?.Values);
        Add("average", reached.Average?.Values);
        foreach (var (name, state) in States(model, optimizer))
            Add($"optimizer.{name}", [new("step", tensor(state.step)), new("exp_avg", state.exp_avg), new("exp_avg_sq", state.exp_avg_sq)]);

        var now = new State(options, Fingerprint(train), FingerprintOrNull(validation), reached.Epochs);
        var texts = new Dictionary<string, string>
        {
            ["format"] = Format,
            ["version"] = Version,
            ["state"] = JsonSerializer.Serialize(now),
        };
        WholeFile.Write(Path.GetFullPath(path), SealedFile.Seal(tensors, texts), previous: Path.GetFullPath(Previous(path)));
    }

    /// <summary>Puts the state of a file into a model and its optimiser, when all of it fits; otherwise nothing is changed.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, truncated, something else, or of another version.</exception>
    /// <exception cref="ArgumentException">It belongs to another model, other options or other data.</exception>
    internal static Reached Load(
        string path, nn.Module model, Adam optimizer, TrainerOptions options, DigitSet train, DigitSet? validation)
    {
        using var scope = NewDisposeScope();
        var (tensors, texts) = Read(path);
        var state = StateOf(texts, path);
        CheckOptions(state, options, path);
        CheckData("training", state.TrainingSet, Fingerprint(train), path);
        CheckData("validation", state.ValidationSet, FingerprintOrNull(validation), path);
        CheckWeights(tensors, model, options, path);
        CheckOptimizer(tensors, model, optimizer, path);

        SafeTensors.Restore(model, Part(tensors, "model"));
        RestoreOptimizer(tensors, model, optimizer);
        return new Reached(
            [.. state.Epochs],
            options.KeepBest ? WeightSnapshot.Of(Part(tensors, "best")) : null,
            options.WeightAveraging > 0 ? WeightSnapshot.Of(Part(tensors, "average")) : null);
    }

    private static (IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Texts) Read(string path)
    {
        var file = PlainFile.ReadAllBytes(path);
        var (tensors, texts) = Parsed(file, path);
        var (format, version) = (texts.GetValueOrDefault("format"), texts.GetValueOrDefault("version"));
        if (format != Format)
            throw new InvalidDataException(
                $"{path} is a safetensors file, but no checkpoint of a training: its \"format\" is "
                + $"{(format is null ? "missing" : $"\"{format}\"")}, not \"{Format}\". Name another file; this one was not changed.");
        if (version != Version)
            throw new InvalidDataException(
                $"{path} is a checkpoint of version {version ?? "none"}, but this workbook reads version {Version}. "
                + "Update the workbook, or name another file; this one was not changed.");
        return SealedFile.IsWhole(file, texts)
            ? (tensors, texts)
            : throw Damaged(path, "its content does not have the SHA-256 that it states");
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

    private static void CheckOptions(State state, TrainerOptions options, string path)
    {
        if (state.Epochs.Count > options.Epochs)
            throw new ArgumentException(
                $"{path} has {state.Epochs.Count} finished epochs, more than the {options.Epochs} that were asked for. "
                + "Raise Epochs, or name another file.",
                nameof(options));
        // More epochs (where no schedule counts them), another name or place go on with the same training.
        var same = state.Options with
        {
            Epochs = options.Schedule == LearningRateSchedule.Constant ? options.Epochs : state.Options.Epochs,
            Name = options.Name,
            Checkpoint = options.Checkpoint,
        };
        if (same != options)
            throw new ArgumentException(
                $"{path} was made with other options, {same}, than these, {options}. "
                + "Give the same ones to go on with it, or name another file.",
                nameof(options));
    }

    private static void CheckData(string what, string? then, string? now, string path)
    {
        if (then != now)
            throw new ArgumentException(
                $"{path} was made with the {what} set {then ?? "none"}, but this one is {now ?? "none"}. "
                + "Give the same one to go on with it, or name another file.");
    }

    private static void CheckWeights(IReadOnlyDictionary<string, Tensor> tensors, nn.Module model, TrainerOptions options, string path)
    {
        SafeTensors.Check(model, Part(tensors, "model"), path, sameTypes: true);
        if (options.KeepBest)
            SafeTensors.Check(model, Part(tensors, "best"), path, sameTypes: true);
        if (options.WeightAveraging > 0)
            SafeTensors.Check(model, Part(tensors, "average"), path, sameTypes: true);
    }

    private static void CheckOptimizer(IReadOnlyDictionary<string, Tensor> tensors, nn.Module model, Adam optimizer, string path)
    {
        foreach (var (name, state) in States(model, optimizer))
        {
            Expect(tensors, $"optimizer.{name}.step", ScalarType.Int64, [], path);
            Expect(tensors, $"optimizer.{name}.exp_avg", state.exp_avg.dtype, state.exp_avg.shape, path);
            Expect(tensors, $"optimizer.{name}.exp_avg_sq", state.exp_avg_sq.dtype, state.exp_avg_sq.shape, path);
        }
    }

    private static void Expect(IReadOnlyDictionary<string, Tensor> tensors, string name, ScalarType type, long[] shape, string path)
    {
        var found = tensors.GetValueOrDefault(name);
        if (found is null || found.dtype != type || !found.shape.AsSpan().SequenceEqual(shape))
            throw Damaged(path, $"expected {name}, {type} ({string.Join(", ", shape)}), "
                + $"found {(found is null ? "nothing" : $"{found.dtype} ({string.Join(", ", found.shape)})")}");
    }

    private static void RestoreOptimizer(IReadOnlyDictionary<string, Tensor> tensors, nn.Module model, Adam optimizer)
    {
        using var noGradients = no_grad();
        foreach (var (name, state) in States(model, optimizer))
        {
            state.step = tensors[$"optimizer.{name}.step"].item<long>();
            state.exp_avg.copy_(tensors[$"optimizer.{name}.exp_avg"]);
            state.exp_avg_sq.copy_(tensors[$"optimizer.{name}.exp_avg_sq"]);
        }
    }

    private static Dictionary<string, Tensor> Part(IReadOnlyDictionary<string, Tensor> tensors, string part) => tensors
        .Where(entry => entry.Key.StartsWith(part + ".", StringComparison.Ordinal))
        .ToDictionary(entry => entry.Key[(part.Length + 1)..], entry => entry.Value);

    private static InvalidDataException Damaged(string path, string why, Exception? inner = null) => new(
        $"{path} is damaged: {why}. {WayBack(path)} This file was not changed.", inner);

    // What to do where a checkpoint cannot be used.
    private static string WayBack(string path) => File.Exists(Previous(path))
        ? $"{Path.GetFileName(Previous(path))} beside it is the checkpoint of the epoch before: give it this name to go on from there."
        : "Delete it to train from the beginning, or name another file.";

    private static IEnumerable<(string Name, Adam.State State)> States(nn.Module model, Adam optimizer) =>
        model.named_parameters().Zip(optimizer.state_dict().State, (parameter, state) => (parameter.name, (Adam.State)state));

    private static string? FingerprintOrNull(DigitSet? set) => set is null ? null : Fingerprint(set);

    // Names and counts to read, labels to tell a reshuffled set from its like, and how its images are changed.
    private static string Fingerprint(DigitSet set)
    {
        var labels = new byte[set.Count];
        for (var index = 0; index < labels.Length; index++)
            labels[index] = (byte)set.Label(index);
        var changes = set.IsAugmented ? $", augmented by {string.Join(", ", set.Augmentations)}" : "";
        return $"{set.Name} {set.Split}, {set.Count} images, labels {Convert.ToHexStringLower(SHA256.HashData(labels))[..12]}{changes}";
    }
}
