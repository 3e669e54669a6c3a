namespace NotebookHelpers;

/// <summary>What a notebook runs on; the first cell shows it.</summary>
public sealed class WorkbookStatus : View
{
    private readonly string? _whyNoTorch;

    internal WorkbookStatus(string profile, int seed, string device, int threads, string torchSharpVersion) =>
        (Profile, Seed, Device, Threads, TorchSharpVersion) = (profile, seed, device, threads, torchSharpVersion);

    internal WorkbookStatus(string profile, int seed, string whyNoTorch)
        : this(profile, seed, "none", threads: 0, torchSharpVersion: "") => _whyNoTorch = whyNoTorch;

    /// <summary>full or quick; see <see cref="Workbook.Profile"/>.</summary>
    public string Profile { get; }

    /// <summary>The seed of torch's generators.</summary>
    public int Seed { get; }

    /// <summary>cpu or cuda; none on a machine that has no libtorch.</summary>
    public string Device { get; }

    /// <summary>How many threads torch computes with; 0 without it.</summary>
    public int Threads { get; }

    /// <summary>The version of the TorchSharp package; empty where it cannot run.</summary>
    public string TorchSharpVersion { get; }

    /// <inheritdoc />
    public override string ToText() =>
        $"{(Profile == "quick" ? "Quick profile: small slices of the data, so the figures below are a first look." : "Full profile.")} " +
        (_whyNoTorch ?? $"TorchSharp {TorchSharpVersion} on {Device}, {Threads} thread{(Threads == 1 ? "" : "s")}, seed {Seed}.");

    /// <inheritdoc />
    public override string ToHtml() => $"<p>{Html.Encode(ToText())}</p>";
}
