using System.Runtime.InteropServices;

namespace NotebookRunner.Host;

/// <summary>Ctrl-C: the first asks the running cell to stop and lets the run end in order, the second ends it at once.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _kill = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <summary>Cancelled by the first Ctrl-C.</summary>
    internal CancellationToken Stop => _stop.Token;

    /// <summary>Cancelled by the second.</summary>
    internal CancellationToken Kill => _kill.Token;

    /// <summary>Takes Ctrl-C, Ctrl-\ and termination by the system away from their default, the process's end.</summary>
    internal static Interrupt FromConsole()
    {
        var interrupt = new Interrupt();
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP })
            interrupt._registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                interrupt.Raise();
            }));
        return interrupt;
    }

    /// <summary>What a Ctrl-C does.</summary>
    internal void Raise()
    {
        if (_stop.IsCancellationRequested)
            _kill.Cancel();
        else
            _stop.Cancel();
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
        _kill.Dispose();
    }
}
