using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// Everything that a training needs to go on after an epoch as if it had never stopped, in one safetensors file: weights
/// (<c>model.…</c>), Adam's averages (<c>optimizer.…</c>), the best epoch's weights (<c>best.…</c>), torch's random state,
/// and as texts the epochs so far, the options and a SHA-256 of the whole.
/// </summary>
internal static class Checkpoint
{
    private const string Format = "convnet-workbook/checkpoint";
    private const int Version = 1;
    private static readonly string NoChecksum = new('0', 64);

    private sealed record State(TrainerOptions Options, string TrainingSet, string? ValidationSet, IReadOnlyList<EpochMetrics> Epochs);

    /// <summary>Writes the state after the latest epoch; an older file is replaced once the new one is whole and on the disk.</summary>
    internal static void Save(string path, nn.Module model, Adam optimizer, WeightSnapshot? best,
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
        foreach (var (name, value) in best?.Values ?? new Dictionary<string, Tensor>())
            tensors[$"best.{name}"] = value;
        tensors["random.torch"] = Generator.Default.get_state();

        var file = SafeTensors.Serialize(tensors, new Dictionary<string, string>
        {
            ["format"] = Format,
            ["version"] = $"{Version}",
            ["state"] = JsonSerializer.Serialize(new State(options, Fingerprint(train), validation is null ? null : Fingerprint(validation), epochs)),
            ["sha256"] = NoChecksum,
        });
        // The checksum covers the file with zeros in the checksum's own place.
        var checksum = Convert.ToHexStringLower(SHA256.HashData(file));
        Encoding.ASCII.GetBytes(checksum, file.AsSpan(file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(NoChecksum)), 64));
        WholeFile.Write(Path.GetFullPath(path), file);
    }

    /// <summary>Puts the state of a file into a model and its optimiser, when all of it fits; otherwise nothing is changed.</summary>
    /// <returns>The finished epochs, and the best one's weights where the run keeps them.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, truncated, something else, or of another version.</exception>
    /// <exception cref="ArgumentException">It belongs to another model, other options or other data.</exception>
    internal static (List<EpochMetrics> Epochs, WeightSnapshot? Best) Load(
        string path, nn.Module model, Adam optimizer, TrainerOptions options, DigitSet train, DigitSet? validation)
    {
        using var scope = NewDisposeScope();
        var file = File.ReadAllBytes(path);
        var (tensors, texts) = SafeTensors.Deserialize(file, path);
        if (texts.GetValueOrDefault("format") != Format)
            throw new InvalidDataException($"{path} is a safetensors file, but no checkpoint of a training: its \"format\" is {Quoted(texts.GetValueOrDefault("format"))}, not \"{Format}\". Name another file; this one was not changed.");
        if (texts.GetValueOrDefault("version") != $"{Version}")
            throw new InvalidDataException($"{path} is a checkpoint of version {texts.GetValueOrDefault("version") ?? "none"}, but this workbook reads version {Version}. Update the workbook, or name another file; this one was not changed.");
        var checksum = texts.GetValueOrDefault("sha256") ?? "";
        var place = checksum.Length == 64 ? file.AsSpan().IndexOf(Encoding.UTF8.GetBytes(checksum)) : -1;
        if (place >= 0)
            Encoding.ASCII.GetBytes(NoChecksum, file.AsSpan(place, 64));
        if (place < 0 || Convert.ToHexStringLower(SHA256.HashData(file)) != checksum)
            throw new InvalidDataException($"{path} is damaged: its content does not have the SHA-256 that it states. Delete it to train from the beginning, or name another file; this one was not changed.");

        var state = JsonSerializer.Deserialize<State>(texts["state"])!;
        // More epochs (where no schedule counts them), another name or place go on with the same training; anything else would be another one.
        var same = state.Options with { Epochs = options.Schedule == LearningRateSchedule.Constant ? options.Epochs : state.Options.Epochs, Name = options.Name, Checkpoint = options.Checkpoint };
        if (same != options)
            throw new ArgumentException($"{path} was made with other options, {same}, than these, {options}. Give the same ones to go on with it, or name another file.", nameof(options));
        foreach (var (what, then, now) in new[] { ("training", state.TrainingSet, Fingerprint(train)), ("validation", state.ValidationSet, validation is null ? null : Fingerprint(validation)) })
            if (then != now)
                throw new ArgumentException($"{path} was made with the {what} set {then ?? "none"}, but this one is {now ?? "none"}. Give the same one to go on with it, or name another file.");

        Dictionary<string, Tensor> Part(string prefix) => tensors.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value);
        SafeTensors.Restore(model, Part("model."), path);
        using var noGradients = no_grad();
        foreach (var (name, adam) in States(model, optimizer))
        {
            adam.step = tensors[$"optimizer.{name}.step"].item<long>();
            adam.exp_avg.copy_(tensors[$"optimizer.{name}.exp_avg"]);
            adam.exp_avg_sq.copy_(tensors[$"optimizer.{name}.exp_avg_sq"]);
        }
        Generator.Default.set_state(tensors["random.torch"]);
        var best = Part("best.");
        return ([.. state.Epochs], best.Count == 0 ? null : WeightSnapshot.Of(best));
    }

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
