using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.PackageManagement;

namespace ReleasedKernel;

/// <summary>The released kernel, put together as its own tool does for an editor, as far as its packages go.</summary>
internal static class Session
{
    /// <summary>No cell of a test takes longer; one that does is cancelled and says so.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The kernels of C# and HTML under one roof.</summary>
    internal static CompositeKernel CreateKernel()
    {
        var kernel = new CompositeKernel { DefaultKernelName = "csharp" };
        var csharp = new CSharpKernel()
            .UseNugetDirective((session, packages) =>
            {
                session.AddAssemblyReferences(packages.SelectMany(package => package.AssemblyPaths));
                return Task.CompletedTask;
            })
            .UseKernelHelpers().UseWho().UseValueSharing();
        kernel.Add(csharp, ["c#", "C#"]);
        kernel.Add(new HtmlKernel());
        kernel.UseImportMagicCommand();
        Formatter.DefaultMimeType = HtmlFormatter.MimeType;
        Formatter.SetPreferredMimeTypesFor(typeof(string), PlainTextFormatter.MimeType);
        return kernel;
    }

    /// <summary>What a cell gave, event by event. A cell that begins with <c>//cancel</c> is cancelled at its first output.</summary>
    internal static async Task<JsonArray> RunAsync(CompositeKernel kernel, string source)
    {
        var events = new JsonArray();
        using var cancellation = new CancellationTokenSource(Limit);
        var (shown, ended) = (NewSignal(), NewSignal());
        using var subscription = kernel.KernelEvents.Subscribe(new Observer(happened =>
        {
            lock (events)
                if (Short(happened) is { } output)
                {
                    events.Add(output);
                    shown.TrySetResult();
                }
            if (happened is CommandFailed { Command: SubmitCode } or CommandSucceeded { Command: SubmitCode })
                ended.TrySetResult();
        }));
        var run = Task.Run(() => kernel.SendAsync(new SubmitCode(source), cancellation.Token));
        if (source.StartsWith("//cancel", StringComparison.Ordinal))
            await CancelAsync(kernel, shown.Task, ended.Task);
        if (await Task.WhenAny(run, Task.Delay(Limit + Patience)) == run)
            await run;
        lock (events)
            return (JsonArray)events.DeepClone();
    }

    /// <summary>
    /// Cancels the running cell, as an editor does: from outside, since a command that is sent from where the cell's events are
    /// seen belongs to the cell. Then waits, as a cancelled cell's task ends before the kernel says so.
    /// </summary>
    private static async Task CancelAsync(CompositeKernel kernel, Task shown, Task ended)
    {
        await Task.WhenAny(shown, Task.Delay(Limit));
        await kernel.SendAsync(new Cancel());
        await Task.WhenAny(ended, Task.Delay(Limit));
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static JsonObject? Short(KernelEvent happened) => happened switch
    {
        DisplayedValueUpdated updated => Values("update", updated),
        StandardOutputValueProduced text => Text("stdout", string.Concat(text.FormattedValues.Select(value => value.Value))),
        StandardErrorValueProduced text => Text("stderr", string.Concat(text.FormattedValues.Select(value => value.Value))),
        ErrorProduced error => Text("error", error.Message),
        DisplayEvent display => Values("display", display),
        CommandFailed { Command: SubmitCode } failed => Text("error", failed.Message),
        _ => null,
    };

    private static JsonObject Text(string kind, string? text) => new() { ["kind"] = kind, ["text"] = text };

    private static JsonObject Values(string kind, DisplayEvent shown) => new()
    {
        ["kind"] = kind,
        ["id"] = shown.ValueId,
        ["data"] = new JsonObject(shown.FormattedValues.DistinctBy(value => value.MimeType)
            .Select(value => KeyValuePair.Create(value.MimeType, (JsonNode?)value.Value))),
    };

    private sealed class Observer(Action<KernelEvent> see) : IObserver<KernelEvent>
    {
        public void OnNext(KernelEvent value) => see(value);

        public void OnError(Exception error)
        {
        }

        public void OnCompleted()
        {
        }
    }
}
