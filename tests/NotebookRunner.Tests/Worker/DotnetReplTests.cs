namespace NotebookRunner.Tests.Worker;

/// <summary>What the released C# kernel gives for a cell, dotnet-repl gives too, where it is that kernel in another coat.</summary>
[Collection(nameof(ConformanceSessions))]
public sealed class DotnetReplTests(ConformanceSessions sessions)
{
    private static readonly string[] Streams = ["stdout: ", "stderr: "];

    /// <summary>Cells that dotnet-repl cannot be given, and why.</summary>
    private static readonly (Func<string, bool> Is, string Why)[] LeftOut =
    [
        (cell => cell.StartsWith("//cancel", StringComparison.Ordinal), "It waits to be cancelled, which nobody does there."),
        (IsOnlyReferences, "A cell of nothing but #r and #i hangs dotnet-repl."),
    ];

    /// <summary>Two of the sessions: a cell of each kind, and what courses have. This host holds the same kernel.</summary>
    public static TheoryData<string> Names => ["first", "courses"];

    [Theory, MemberData(nameof(Names))]
    public async Task Cells_give_the_same_in_dotnet_repl(string session)
    {
        var whyNot = await ConformanceNotebook.WhyNoDotnetReplAsync();
        Assert.SkipUnless(whyNot is null, $"dotnet-repl cannot be restored here: {whyNot}");
        var rows = ConformanceSessions.Cells[session].Index().Where(row => !LeftOut.Any(kind => kind.Is(row.Item))).ToList();
        using var notebook = new ConformanceNotebook([.. rows.Select(row => row.Item)]);
        var repl = await notebook.DotnetReplAsync();
        Assert.Equal(rows.Count, repl.Count);

        var differ = rows.Zip(repl, (row, shown) => (Source: row.Item, Kernel: sessions.Kernel[session][row.Index], Repl: shown))
            .Where(row => !Same(row.Kernel, row.Repl))
            .Select(row => $"{row.Source}\n  kernel: {string.Join(" | ", row.Kernel)}\n  dotnet-repl: {string.Join(" | ", row.Repl)}");
        Assert.Empty(differ);
    }

    // It writes what a cell said to the console after all else, in one piece, what went to standard error last.
    private static bool Same(IReadOnlyList<string> kernel, IReadOnlyList<string> repl) =>
        Shown(kernel).SequenceEqual(Shown(repl)) && Said(kernel) == Said(repl);

    private static IEnumerable<string> Shown(IEnumerable<string> outputs) =>
        outputs.Where(output => !Streams.Any(stream => output.StartsWith(stream, StringComparison.Ordinal)));

    private static string Said(IReadOnlyList<string> outputs)
    {
        var texts = Streams.Select(stream => string.Concat(
            outputs.Where(output => output.StartsWith(stream, StringComparison.Ordinal)).Select(output => output[stream.Length..])));
        return string.Join(' ', string.Join(' ', texts).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static bool IsOnlyReferences(string source) =>
        source.Split('\n', StringSplitOptions.RemoveEmptyEntries).All(line =>
            line.StartsWith("#r", StringComparison.Ordinal) || line.StartsWith("#i", StringComparison.Ordinal));
}
