using System.Collections.Concurrent;
using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookRunner.Worker;

/// <summary>
/// One execution of one cell. Output belongs to the cell whose code, or whose tasks and threads, produce it; what comes
/// after the cell's end is lost, as in the kernel.
/// </summary>
internal sealed class CellContext : IDisposable
{
    // Flows into the tasks and threads that the cell starts. A thread that came from elsewhere counts for the running cell.
    private static readonly AsyncLocal<CellContext?> Flowing = new();
    private static volatile CellContext? _running;

    private readonly CancellationTokenSource _cancellation = new();
    private readonly ConcurrentDictionary<string, CellOutputs> _displays;

    /// <summary>Begins a cell; it is the current one until it is disposed.</summary>
    /// <param name="number">The cell's number.</param>
    /// <param name="outputs">Takes what the cell produces.</param>
    /// <param name="displays">Where each display of the session stands.</param>
    internal CellContext(int number, CellOutputs outputs, ConcurrentDictionary<string, CellOutputs> displays)
    {
        Number = number;
        Outputs = outputs;
        _displays = displays;
        Flowing.Value = _running = this;
    }

    /// <summary>The cell that the calling code belongs to, unless it has ended.</summary>
    internal static CellContext? Current => (Flowing.Value ?? _running) is { HasEnded: false } run ? run : null;

    /// <summary>The cell's number.</summary>
    internal int Number { get; }

    /// <summary>What the cell produced.</summary>
    internal CellOutputs Outputs { get; }

    /// <summary>Cancelled when the cell is to stop.</summary>
    internal CancellationToken Cancellation => _cancellation.Token;

    /// <summary>Why the cell was cancelled; null when it was not.</summary>
    internal string? CancelReason { get; private set; }

    /// <summary>Whether the cell is over.</summary>
    internal bool HasEnded { get; private set; }

    /// <summary>Asks the cell to stop.</summary>
    internal void Cancel(string reason)
    {
        CancelReason ??= reason;
        // Callbacks may run code of the cell: not on the caller's thread.
        _ = _cancellation.CancelAsync();
    }

    /// <summary>Shows a value.</summary>
    internal void Display(string id, IReadOnlyList<FormattedValue> values)
    {
        _displays[id] = Outputs;
        Outputs.Display(id, values);
    }

    /// <summary>Changes a display of this cell or of an earlier one.</summary>
    internal void Update(string id, IReadOnlyList<FormattedValue> values)
    {
        if (_displays.TryGetValue(id, out var outputs))
            outputs.Update(id, values);
    }

    /// <summary>Ends the cell: what its threads still produce is lost.</summary>
    public void Dispose()
    {
        HasEnded = true;
        if (_running == this)
            _running = null;
        Flowing.Value = null;
    }
}
