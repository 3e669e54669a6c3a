namespace NotebookHelpers;

/// <summary>Where data come from, and what tests put in its place.</summary>
internal sealed record DataSources
{
    internal string? WorkbookData { get; init; } = Environment.GetEnvironmentVariable("WORKBOOK_DATA");
    internal Func<string> DataFolder { get; init; } = () => Workbook.DataFolder;
    internal bool Offline { get; init; } = Environment.GetEnvironmentVariable("WORKBOOK_OFFLINE") is not (null or "" or "0" or "false");
    internal IReadOnlyList<KnownSet> Known { get; init; } = KnownSet.All;
    internal Func<HttpMessageHandler> Handler { get; init; } = () => new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) };
    internal TimeProvider Clock { get; init; } = TimeProvider.System;
    internal Action<DownloadProgress>? Progress { get; init; }

    /// <summary>The longest time without a byte, and the longest for one file, before the next mirror is tried.</summary>
    internal TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(10);
    internal TimeSpan FileLimit { get; init; } = TimeSpan.FromMinutes(3);
}
