using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using System.Text;
using System.Text.Json;

namespace NotebookRunner.Host;

/// <summary>A process that executes one notebook: its events, its commands, its end. Disposing it leaves no process behind.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly LeftProcesses _left;
    private readonly AnonymousPipeServerStream _pipe, _commands;
    private readonly StreamReader _events;
    private readonly Ends _stray = new(32_000);
    private readonly Task _drained;

    private WorkerProcess(
        Process process, LeftProcesses left, AnonymousPipeServerStream pipe, AnonymousPipeServerStream commands)
    {
        _commands = commands;
        _left = left;
        _process = process;
        _pipe = pipe;
        _events = new StreamReader(pipe, Encoding.UTF8);
        Exited = process.WaitForExitAsync();
        _drained = Task.WhenAll(Drain(process.StandardOutput), Drain(process.StandardError));
    }

    /// <summary>Completes when the process has ended.</summary>
    internal Task Exited { get; }

    internal int ExitCode => _process.ExitCode;

    /// <summary>The memory that the process holds now, in bytes; 0 when it has ended.</summary>
    internal long Memory
    {
        get
        {
            try
            {
                _process.Refresh();
                return _process.WorkingSet64;
            }
            catch (InvalidOperationException)
            {
                return 0;
            }
        }
    }

    /// <summary>Starts a worker of this same assembly.</summary>
    /// <param name="request">What it is to do.</param>
    /// <param name="memoryLimit">
    /// The most bytes that its managed heap may take; a cell that asks for more gets an OutOfMemoryException.
    /// </param>
    internal static WorkerProcess Start(WorkerRequest request, long? memoryLimit)
    {
        var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
        // Not on standard input: what a cell starts inherits that, and would read the commands or wait for them.
        var commands = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.Inheritable);
        var left = new LeftProcesses();
        try
        {
            var start = new ProcessStartInfo(DotnetHost.Path)
            {
                ArgumentList =
                {
                    typeof(WorkerProcess).Assembly.Location, "worker", pipe.GetClientHandleAsString(), commands.GetClientHandleAsString(),
                },
                WorkingDirectory = Path.GetDirectoryName(request.NotebookPath)!,
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
                StandardErrorEncoding = Encoding.UTF8,
            };
            start.Environment["WORKBOOK_PROFILE"] = request.Profile;
            left.Mark(start);
            if (memoryLimit is { } bytes)
                start.Environment["DOTNET_GCHeapHardLimit"] = bytes.ToString("x", CultureInfo.InvariantCulture);
            var process = Process.Start(start) ?? throw new InvalidOperationException("The worker process did not start.");
            process.StandardInput.Close();
            pipe.DisposeLocalCopyOfClientHandle();
            commands.DisposeLocalCopyOfClientHandle();
            left.Watch(process);
            var worker = new WorkerProcess(process, left, pipe, commands);
            worker.Send(JsonSerializer.Serialize(request));
            return worker;
        }
        catch
        {
            left.Dispose();
            pipe.Dispose();
            commands.Dispose();
            throw;
        }
    }

    /// <summary>The next event, or null when there will be none; a line that is no event is passed over.</summary>
    internal async Task<WorkerEvent?> NextAsync()
    {
        while (await _events.ReadLineAsync() is { } line)
        {
            try
            {
                if (JsonSerializer.Deserialize<WorkerEvent>(line) is { } read)
                    return read;
            }
            catch (JsonException)
            {
                // half a line, from a worker that died while it wrote
            }
        }
        return null;
    }

    /// <summary>Writes a line to the worker: a <see cref="WorkerCommand"/>. One that is gone does not hear it.</summary>
    internal void Send(string command)
    {
        try
        {
            _commands.Write(Encoding.UTF8.GetBytes(command + "\n"));
        }
        catch (IOException)
        {
        }
    }

    /// <summary>
    /// Waits for the process's end, and brings it about when it takes longer: all is written, or the pipe is closed, and
    /// whatever a cell left running must not hold the run up.
    /// </summary>
    internal async Task EndAsync(TimeSpan grace)
    {
        await Task.WhenAny(Exited, Task.Delay(grace));
        if (Exited.IsCompleted)
            return;
        Kill();
        await Exited;
    }

    /// <summary>Ends the process and those that it started.</summary>
    internal void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // it, or one of those that it started, has ended by itself
        }
    }

    /// <summary>The last of what was written past the cells' streams: the runtime's words on a crash, native libraries' warnings.</summary>
    internal async Task<string> StrayOutputAsync()
    {
        await Task.WhenAny(_drained, Task.Delay(TimeSpan.FromSeconds(1)));
        return _stray.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        if (!Exited.IsCompleted)
        {
            Kill();
            await Exited;
        }
        _left.Dispose();
        TemporaryFiles.RemoveOf(_process.Id);
        await Task.WhenAny(_drained, Task.Delay(TimeSpan.FromSeconds(1)));
        _events.Dispose();
        await _pipe.DisposeAsync();
        await _commands.DisposeAsync();
        _process.Dispose();
    }

    private async Task Drain(StreamReader reader)
    {
        var buffer = new char[4096];
        try
        {
            while (await reader.ReadAsync(buffer) is var read and > 0)
                _stray.Append(buffer.AsSpan(0, read));
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    /// <summary>The beginning of a text, which says what happened, and its end; what is between goes where it is long.</summary>
    private sealed class Ends(int limit)
    {
        private readonly StringBuilder _text = new();

        internal void Append(ReadOnlySpan<char> more)
        {
            lock (_text)
            {
                _text.Append(more);
                if (_text.Length > 3 * limit)
                    _text.Remove(limit, _text.Length - 2 * limit).Insert(limit, "\n…\n");
            }
        }

        public override string ToString()
        {
            lock (_text)
                return _text.ToString();
        }
    }
}
