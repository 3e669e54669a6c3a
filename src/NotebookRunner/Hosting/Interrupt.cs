using System.Runtime.InteropServices;

namespace NotebookRunner.Hosting;

/// <summary>Ctrl-C: the first asks the running cell to stop and lets the run end in order, the second ends it at once.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource kill = new();
    private readonly List<PosixSignalRegistration> registrations = [];

    /// <summary>Cancelled by the first Ctrl-C.</summary>
    internal CancellationToken Stop => stop.Token;

    /// <summary>Cancelled by the second.</summary>
    internal CancellationToken Kill => kill.Token;

    /// <summary>Takes Ctrl-C, Ctrl-\ and termination by the system away from their default, the process's end.</summary>
    internal static Interrupt FromConsole()
    {
        var interrupt = new Interrupt();
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP })
            interrupt.registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                interrupt.Raise();
            }));
        return interrupt;
    }

    /// <summary>What a Ctrl-C does.</summary>
    internal void Raise()
    {
        if (stop.IsCancellationRequested)
            kill.Cancel();
        else
            stop.Cancel();
    }

    public void Dispose()
    {
        foreach (var registration in registrations)
            registration.Dispose();
        stop.Dispose();
        kill.Dispose();
    }
}
