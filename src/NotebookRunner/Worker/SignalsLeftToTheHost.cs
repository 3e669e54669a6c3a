using System.Runtime.InteropServices;

namespace NotebookRunner.Worker;

/// <summary>
/// Passes over a terminal's signals while it lives: they reach every process of its group, and what they mean is the host's to say.
/// </summary>
internal sealed class SignalsLeftToTheHost : IDisposable
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP];

    private readonly PosixSignalRegistration[] _registrations =
        [.. Signals.Select(signal => PosixSignalRegistration.Create(signal, received => received.Cancel = true))];

    public void Dispose() => Array.ForEach(_registrations, registration => registration.Dispose());
}
