namespace NotebookHelpers;

/// <summary>What a notebook runs on; the first cell shows it.</summary>
public sealed class WorkbookStatus : View
{
    internal WorkbookStatus(string profile, int seed, string device, int threads, string torchSharpVersion) =>
        (Profile, Seed, Device, Threads, TorchSharpVersion) = (profile, seed, device, threads, torchSharpVersion);

    /// <summary>full or quick; see <see cref="Workbook.Profile"/>.</summary>
    public string Profile { get; }

    /// <summary>The seed of torch's generators.</summary>
    public int Seed { get; }

    /// <summary>cpu or cuda.</summary>
    public string Device { get; }

    /// <summary>How many threads torch computes with.</summary>
    public int Threads { get; }

    /// <summary>The version of the TorchSharp package.</summary>
    public string TorchSharpVersion { get; }

    /// <inheritdoc />
    public override string ToText() =>
        $"{(Profile == "quick" ? "Quick profile: small slices of the data, so the figures below are a first look." : "Full profile.")} " +
        $"TorchSharp {TorchSharpVersion} on {Device}, {Threads} thread{(Threads == 1 ? "" : "s")}, seed {Seed}.";

    /// <inheritdoc />
    public override string ToHtml() => $"<p>{Html.Encode(ToText())}</p>";
}
