using System.IO.Pipes;
using System.Text;
using System.Text.Json;

namespace NotebookRunner.Worker;

/// <summary>The pipe on which the host hears what happens.</summary>
internal sealed class EventPipe(string handle) : IAsyncDisposable
{
    private readonly StreamWriter _writer =
        new(new AnonymousPipeClientStream(PipeDirection.Out, handle), new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };

    /// <summary>Tells the host; one that is gone does not hear it, and the pipe for commands says so too.</summary>
    internal void Tell(WorkerEvent happened)
    {
        try
        {
            lock (_writer)
                _writer.WriteLine(JsonSerializer.Serialize(happened));
        }
        catch (IOException)
        {
        }
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();
}
