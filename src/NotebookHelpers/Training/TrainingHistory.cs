using System.Globalization;
using System.Text.Json;

namespace NotebookHelpers;

/// <summary>The epochs of one training, a plain value that saves to and loads from JSON.</summary>
public sealed class TrainingHistory : View
{
    private const string Format = "convnet-workbook/training-history";
    private const int Version = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        WriteIndented = true,
    };

    private sealed record Document(string Format, int Version, string Name, bool Cancelled, IReadOnlyList<EpochMetrics> Epochs);

    /// <summary>Makes a history.</summary>
    /// <param name="name">What it is called in figures.</param>
    /// <param name="epochs">The finished epochs, numbered from 1.</param>
    /// <param name="cancelled">Whether the training was stopped before its last epoch.</param>
    /// <exception cref="ArgumentException">The epochs are not numbered 1, 2, 3 …</exception>
    public TrainingHistory(string name, IEnumerable<EpochMetrics> epochs, bool cancelled)
    {
        (Name, Epochs, Cancelled) = (name, [.. epochs], cancelled);
        for (var index = 0; index < Epochs.Count; index++)
            if (Epochs[index]?.Epoch != index + 1)
                throw new ArgumentException(
                    $"Expected epoch {index + 1} at position {index + 1}, found {Epochs[index]?.Epoch.ToString() ?? "nothing"}.",
                    nameof(epochs));
    }

    /// <summary>What the training is called.</summary>
    public string Name { get; }

    /// <summary>The finished epochs, in order.</summary>
    public IReadOnlyList<EpochMetrics> Epochs { get; }

    /// <summary>Whether the training was stopped before its last epoch.</summary>
    public bool Cancelled { get; }

    /// <summary>The epoch of the highest validation accuracy, the earliest of equals; null without validation.</summary>
    public EpochMetrics? Best => Epochs.Where(epoch => epoch.ValidationAccuracy is not null).MaxBy(epoch => epoch.ValidationAccuracy);

    /// <summary>Writes the history as JSON, to a temporary name first, so that the file is never half a history.</summary>
    /// <param name="path">The file; its folder is made if need be, an older file is replaced.</param>
    /// <exception cref="IOException">It cannot be written; an older file is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of a permission.</exception>
    public void Save(string path) => WholeFile.Write(
        Path.GetFullPath(path), JsonSerializer.SerializeToUtf8Bytes(new Document(Format, Version, Name, Cancelled, Epochs), Json));

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, is something else, or is from a newer workbook.</exception>
    public static TrainingHistory Load(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(PlainFile.ReadAllText(path));
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out var format)
                || format.ValueKind != JsonValueKind.String || format.GetString() != Format)
                throw new InvalidDataException($"{path} is JSON, but not a training history: its \"format\" is not \"{Format}\".");
            if (!root.TryGetProperty("version", out var version) || !version.TryGetInt32(out var number) || number != Version)
                throw new InvalidDataException(
                    $"{path} is a training history of version {(version.ValueKind == JsonValueKind.Undefined ? "none" : version)}, "
                    + $"but this workbook reads version {Version}. Update the workbook, or train again.");
            var document = root.Deserialize<Document>(Json)!;
            return new TrainingHistory(document.Name, document.Epochs, document.Cancelled);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException(
                $"{path} is not a whole training history: {exception.Message} Delete it and train again.", exception);
        }
    }

    /// <inheritdoc />
    public override string ToHtml() => Table().ToHtml();

    /// <inheritdoc />
    public override string ToText() => Table().ToText();

    private SummaryTable Table()
    {
        var title = $"{Name}: {Epochs.Count} epoch{(Epochs.Count == 1 ? "" : "s")}";
        if (Cancelled)
            title += ", then stopped (run it again to go on from here, if TrainerOptions.Checkpoint names a file; else it begins anew)";
        if (Best is { } best)
            title += $", best validation accuracy {Four(best.ValidationAccuracy)} after epoch {best.Epoch}";
        return new SummaryTable(
            title,
            ["epoch", "training loss", "training accuracy", "validation loss", "validation accuracy", "seconds"],
            Epochs.Select(epoch => new object?[]
            {
                epoch.Epoch, Four(epoch.TrainLoss), Four(epoch.TrainAccuracy), Four(epoch.ValidationLoss), Four(epoch.ValidationAccuracy),
                epoch.Seconds.ToString("0.0", CultureInfo.InvariantCulture),
            }));
    }

    private static string? Four(double? value) => value?.ToString("0.0000", CultureInfo.InvariantCulture);
}
