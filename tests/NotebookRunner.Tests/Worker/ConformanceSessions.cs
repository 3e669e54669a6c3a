using System.Text.Json.Nodes;

namespace NotebookRunner.Tests.Worker;

/// <summary>All cells of the list, each session's on the released kernel and on a session of ours, side by side.</summary>
public sealed class ConformanceSessions : IAsyncLifetime
{
    /// <summary>The sessions by name.</summary>
    internal static IReadOnlyDictionary<string, IReadOnlyList<string>> Cells { get; } =
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "kernel-conformance.json")))!["sessions"]!.AsArray()
            .ToDictionary(
                session => (string)session!["name"]!,
                session => (IReadOnlyList<string>)[.. session!["cells"]!.AsArray().Select(cell => (string)cell!)]);

    internal Dictionary<string, IReadOnlyList<IReadOnlyList<string>>> Kernel { get; } = [];

    internal Dictionary<string, IReadOnlyList<IReadOnlyList<string>>> Ours { get; } = [];

    public async ValueTask InitializeAsync()
    {
        foreach (var (name, cells) in Cells)
        {
            using var onKernel = new ConformanceNotebook(cells);
            using var onOurs = new ConformanceNotebook(cells);
            var kernel = onKernel.ReleasedKernelAsync();
            Ours[name] = await onOurs.OursAsync(cells.Count);
            Kernel[name] = await kernel;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>The sessions run once for all classes that look at them.</summary>
[CollectionDefinition(nameof(ConformanceSessions))]
public sealed class ConformanceCollection : ICollectionFixture<ConformanceSessions>;
