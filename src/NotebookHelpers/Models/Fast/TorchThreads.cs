using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace NotebookHelpers;

/// <summary>
/// Runs pieces of work on torch's own threads. Between two operators these wait in a busy loop, so that threads of .NET's would
/// have to fight them for the processors. On Linux torch's threads are those of OpenMP's library (libgomp), which takes a
/// function from anyone; elsewhere the calling thread does it all.
/// </summary>
internal static class TorchThreads
{
    private delegate void Region(nint data);

    private delegate void Parallel(Region region, nint data, uint threads, uint flags);

    private static readonly Lazy<Parallel?> OpenMP = new(Find);
    private static readonly Region TakePieces = data => ((Work)GCHandle.FromIntPtr(data).Target!).Take();

    /// <summary>Calls an action once for each piece, on as many threads as torch uses; returns when all are done.</summary>
    /// <param name="pieces">How many there are.</param>
    /// <param name="action">Gets the piece's number. Pieces must not depend on each other.</param>
    internal static void Run(int pieces, Action<int> action)
    {
        var threads = Math.Min(pieces, torch.get_num_threads());
        var work = new Work(pieces, action);
        if (threads <= 1 || OpenMP.Value is not { } parallel)
        {
            work.Take();
        }
        else
        {
            var handle = GCHandle.Alloc(work);
            parallel(TakePieces, GCHandle.ToIntPtr(handle), (uint)threads, 0);
            handle.Free();
        }
        work.Problem?.Throw();
    }

    private static Parallel? Find()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        using var process = Process.GetCurrentProcess();
        // torch brings a copy of its own, with a hash in its name; the system's may be loaded as well.
        var library = process.Modules.Cast<ProcessModule>()
            .FirstOrDefault(module => module.ModuleName.StartsWith("libgomp-", StringComparison.Ordinal))?.FileName;
        return library is not null
            && NativeLibrary.TryLoad(library, out var loaded) && NativeLibrary.TryGetExport(loaded, "GOMP_parallel", out var function)
            ? Marshal.GetDelegateForFunctionPointer<Parallel>(function)
            : null;
    }

    private sealed class Work(int pieces, Action<int> action)
    {
        private int _taken = -1;

        internal ExceptionDispatchInfo? Problem { get; private set; }

        // No exception may leave a function that native code has called.
        internal void Take()
        {
            try
            {
                for (int piece; (piece = Interlocked.Increment(ref _taken)) < pieces;)
                    action(piece);
            }
            catch (Exception exception)
            {
                Problem = ExceptionDispatchInfo.Capture(exception);
            }
        }
    }
}
