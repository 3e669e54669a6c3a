using System.Globalization;

namespace NotebookHelpers;

/// <summary>How far a download is.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Host">The mirror it comes from.</param>
/// <param name="Received">Bytes so far.</param>
/// <param name="Total">Bytes in all, where the mirror says.</param>
public sealed record DownloadProgress(string File, string Host, long Received, long? Total)
{
    /// <summary>One line for a console.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"Downloading {File} from {Host}: {Received / 1e6:0.0}{(Total is { } total ? $" of {total / 1e6:0.0}" : "")} MB");
}
