using System.Net.Sockets;

namespace ConvNetWorkbook.Tests;

/// <summary>Something that has a path and is no file: whoever opens it to read may wait for ever. It is gone when disposed.</summary>
internal sealed class NotAFile : IDisposable
{
    private readonly string _path;
    private readonly Socket? _socket;

    /// <summary>Puts one there, or skips the test on Windows, which has none among its files.</summary>
    /// <param name="kind">named pipe, socket or device.</param>
    /// <param name="path">Where.</param>
    internal NotAFile(string kind, string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes, sockets and devices among its files.");
        _path = path;
        switch (kind)
        {
            case "named pipe":
                Assert.Equal(0, ChildProcess.RunAsync(new("mkfifo", [path]), TimeSpan.FromMinutes(1)).GetAwaiter().GetResult().ExitCode);
                break;
            case "socket":
                _socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                _socket.Bind(new UnixDomainSocketEndPoint(path));
                break;
            case "device":
                File.CreateSymbolicLink(path, "/dev/zero");
                break;
            default:
                throw new ArgumentException(kind, nameof(kind));
        }
    }

    /// <summary>Does what must not wait, and gives the error that it ends in.</summary>
    internal static T Refused<T>(Action read)
        where T : Exception
    {
        var reading = Task.Run(read);
        Assert.True(Task.WaitAny([reading], TimeSpan.FromMinutes(1)) == 0, "It waits.");
        return Assert.IsType<T>(reading.Exception?.InnerException);
    }

    public void Dispose()
    {
        _socket?.Dispose();
        File.Delete(_path);
    }
}
