using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NotebookRunner.Documents;
using NotebookRunner.Tests.Host;

namespace NotebookRunner.Tests.Worker;

/// <summary>One notebook in a worker process that the test itself starts, and what came of it.</summary>
internal sealed partial class WorkerHarness
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private WorkerHarness(int exitCode, IReadOnlyList<WorkerEvent> events, JsonNode? copy) =>
        (ExitCode, Events, Copy) = (exitCode, events, copy);

    internal int ExitCode { get; }

    internal IReadOnlyList<WorkerEvent> Events { get; }

    /// <summary>The executed copy; null where none was written.</summary>
    internal JsonNode? Copy { get; }

    internal IReadOnlyList<CellFinished> Cells => [.. Events.OfType<CellFinished>()];

    internal IEnumerable<CellStatus> Statuses => Cells.Select(cell => cell.Status);

    /// <summary>Executes a notebook.</summary>
    /// <param name="folder">Where it lies.</param>
    /// <param name="name">Its file name.</param>
    /// <param name="react">Sees each event and may answer with a command for the worker; an empty one closes their pipe.</param>
    /// <param name="change">Changes the request.</param>
    /// <param name="environment">Variables for the process; null removes one.</param>
    internal static async Task<WorkerHarness> StartAsync(
        TemporaryFolder folder,
        string name,
        Func<WorkerEvent, string?>? react = null,
        Func<WorkerRequest, WorkerRequest>? change = null,
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        var output = folder.File("executed", Path.GetFileName(name));
        var request = new WorkerRequest(folder.File(name), output, "quick", new Dictionary<string, string>(), KeepGoing: true);
        await using var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
        await using var commandPipe = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.Inheritable);
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                typeof(WorkerEvent).Assembly.Location, "worker", pipe.GetClientHandleAsString(), commandPipe.GetClientHandleAsString(),
            },
            RedirectStandardInput = true,
        };
        foreach (var (variable, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[variable] = value;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        pipe.DisposeLocalCopyOfClientHandle();
        commandPipe.DisposeLocalCopyOfClientHandle();
        try
        {
            Send(JsonSerializer.Serialize(change?.Invoke(request) ?? request));
            var events = new List<WorkerEvent>();
            using var reader = new StreamReader(pipe);
            while (await reader.ReadLineAsync(limit.Token) is { } line)
            {
                events.Add(JsonSerializer.Deserialize<WorkerEvent>(line)!);
                switch (react?.Invoke(events[^1]))
                {
                    case null:
                        break;
                    case "":
                        await commandPipe.DisposeAsync();
                        break;
                    case var command:
                        Send(command);
                        break;
                }
            }
            await process.WaitForExitAsync(limit.Token);
            var copy = File.Exists(output) ? JsonNode.Parse(await File.ReadAllTextAsync(output)) : null;
            return new(process.ExitCode, events, copy);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        void Send(string line) => commandPipe.Write(Encoding.UTF8.GetBytes(line + "\n"));
    }

    /// <summary>Executes cells as one notebook.</summary>
    internal static Task<WorkerHarness> OfAsync(TemporaryFolder folder, params string[] cells)
    {
        folder.Notebook("notebook.ipynb", cells);
        return StartAsync(folder, "notebook.ipynb");
    }

    /// <summary>A cell's outputs, from 0, in short: <c>text/plain: 1</c>, <c>stdout: a</c>, <c>error: message</c>.</summary>
    internal IReadOnlyList<string> Outputs(int cell) => Outputs(Copy!["cells"]![cell]!);

    /// <summary>The outputs of a cell of any notebook, in short.</summary>
    internal static IReadOnlyList<string> Outputs(JsonNode cell) => [.. cell["outputs"]!.AsArray().SelectMany(Short)];

    /// <summary>A cell's error's traceback.</summary>
    internal string Traceback(int cell) => string.Join('\n', Copy!["cells"]![cell]!["outputs"]!.AsArray()
        .Single(output => (string?)output!["output_type"] == "error")!["traceback"]!.AsArray().Select(line => (string?)line));

    private static IEnumerable<string> Short(JsonNode? output) => (string?)output!["output_type"] switch
    {
        "stream" => [$"{output["name"]}: {MultilineText.Join(output["text"])}"],
        "error" => [$"error: {output["evalue"]}"],
        _ => output["data"]!.AsObject().Select(data => $"{data.Key}: {Content(data.Key, data.Value)}"),
    };

    private static string Content(string mimeType, JsonNode? value) => mimeType.EndsWith("json", StringComparison.Ordinal)
        ? value!.ToJsonString(AsWritten)
        : Style().Replace(MultilineText.Join(value), "");

    private static readonly JsonSerializerOptions AsWritten = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [GeneratedRegex("<style>.*?</style>", RegexOptions.Singleline)]
    internal static partial Regex Style();
}
