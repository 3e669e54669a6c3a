using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookRunner.Worker;

/// <summary>
/// One execution of one cell, with the kernel's own context of it. Output belongs to the cell whose code, or whose tasks
/// and threads, produce it; what comes after the cell's end is lost, as in the kernel.
/// </summary>
internal sealed class CellContext : IDisposable, IObserver<KernelEvent>
{
    // Flows into the tasks and threads that the cell starts. A thread that came from elsewhere counts for the running cell.
    private static readonly AsyncLocal<CellContext?> Flowing = new();
    private static volatile CellContext? _running;

    private readonly KernelInvocationContext _kernel;
    private readonly IDisposable _subscription;
    private readonly ConcurrentDictionary<string, CellOutputs> _displays;

    /// <summary>Begins a cell; it is the current one until it is disposed.</summary>
    /// <param name="number">The cell's number.</param>
    /// <param name="source">The cell's text.</param>
    /// <param name="kernel">The kernel that code in the cell finds.</param>
    /// <param name="outputs">Takes what the cell produces.</param>
    /// <param name="displays">Where each display of the session stands.</param>
    internal CellContext(
        int number, string source, Kernel kernel, CellOutputs outputs, ConcurrentDictionary<string, CellOutputs> displays)
    {
        Number = number;
        Outputs = outputs;
        _displays = displays;
        _kernel = BeginInKernel(source, kernel);
        Cancellation = _kernel.CancellationToken;
        _subscription = _kernel.KernelEvents.Subscribe(this);
        Flowing.Value = _running = this;
    }

    /// <summary>The cell that the calling code belongs to, unless it has ended.</summary>
    internal static CellContext? Current => (Flowing.Value ?? _running) is { HasEnded: false } run ? run : null;

    /// <summary>The cell's number.</summary>
    internal int Number { get; }

    /// <summary>What the cell produced.</summary>
    internal CellOutputs Outputs { get; }

    /// <summary>Cancelled when the cell is to stop.</summary>
    internal CancellationToken Cancellation { get; }

    /// <summary>Why the cell was cancelled; null when it was not.</summary>
    internal string? CancelReason { get; private set; }

    /// <summary>Whether the cell is over.</summary>
    internal bool HasEnded { get; private set; }

    /// <summary>Asks the cell to stop.</summary>
    internal void Cancel(string reason)
    {
        CancelReason ??= reason;
        // Callbacks may run code of the cell: not on the caller's thread.
        _ = Task.Run(() =>
        {
            try
            {
                TryCancel(_kernel);
            }
            catch (ObjectDisposedException)
            {
                // the cell ended just now
            }
        });
    }

    /// <summary>Shows a value.</summary>
    internal void Display(string id, IReadOnlyCollection<FormattedValue> values)
    {
        _displays[id] = Outputs;
        Outputs.Display(id, [.. values]);
    }

    /// <summary>Changes a display of this cell or of an earlier one; one that nobody knows is shown, as an editor does.</summary>
    internal void Update(string id, IReadOnlyCollection<FormattedValue> values)
    {
        if (_displays.TryGetValue(id, out var outputs))
            outputs.Update(id, [.. values]);
        else
            Display(id, values);
    }

    /// <summary>Ends the cell: what its threads still produce is lost.</summary>
    public void Dispose()
    {
        _kernel.Dispose(); // an extension may have asked to be told, and show something now
        _subscription.Dispose();
        HasEnded = true;
        if (_running == this)
            _running = null;
        Flowing.Value = null;
    }

    void IObserver<KernelEvent>.OnNext(KernelEvent happened)
    {
        switch (happened)
        {
            case DisplayedValueUpdated updated:
                Update(updated.ValueId, updated.FormattedValues);
                break;
            case StandardOutputValueProduced or StandardErrorValueProduced:
                var stream = happened is StandardOutputValueProduced ? "stdout" : "stderr";
                foreach (var text in ((DisplayEvent)happened).FormattedValues)
                    Outputs.Write(stream, text.Value);
                break;
            case ErrorProduced error:
                Outputs.Fail(CellFailure.Of(error.Message));
                break;
            case DisplayEvent shown:
                Display(shown.ValueId ?? Guid.NewGuid().ToString(), shown.FormattedValues);
                break;
        }
    }

    void IObserver<KernelEvent>.OnError(Exception error)
    {
    }

    void IObserver<KernelEvent>.OnCompleted()
    {
    }

    private static KernelInvocationContext BeginInKernel(string source, Kernel kernel)
    {
        // The kernel's context takes the console and keeps every line until the cell's end: the session's own console stays.
        var (output, error) = (Console.Out, Console.Error);
        var context = KernelInvocationContext.GetOrCreateAmbientContext(new SubmitCode(source, kernel.Name));
        Console.SetOut(output);
        Console.SetError(error);
        SetHandlingKernel(context, kernel);
        return context;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_HandlingKernel")]
    private static extern void SetHandlingKernel(KernelInvocationContext context, Kernel kernel);

    // Cancels the token and no more: what a cell still shows while it stops is kept.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "TryCancel")]
    private static extern void TryCancel(KernelInvocationContext context);
}
