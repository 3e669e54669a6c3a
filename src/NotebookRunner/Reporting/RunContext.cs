using NotebookRunner.Host;

namespace NotebookRunner.Reporting;

/// <summary>Where a run was started, when and how, for what is said about it.</summary>
internal sealed record RunContext(
    Repository Repository, string CurrentFolder, string Profile, string OutputFolder, DateTimeOffset Started);
