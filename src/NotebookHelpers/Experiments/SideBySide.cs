using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>Several networks at once: torch computes two small ones with a thread each faster than one after the other with two.</summary>
internal static class SideBySide
{
    /// <summary>Does the tasks 0 to below a count; the first failure stops the others and is thrown.</summary>
    /// <param name="count">How many tasks.</param>
    /// <param name="together">How many at once; they share torch's threads.</param>
    /// <param name="task">One task.</param>
    /// <param name="cancellation">Stops all.</param>
    internal static void Run(int count, int together, Action<int, CancellationToken> task, CancellationToken cancellation)
    {
        if (together == 1)
        {
            for (var number = 0; number < count; number++)
                task(number, cancellation);
            return;
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var (threads, next) = (get_num_threads(), -1);
        ExceptionDispatchInfo? failure = null;
        void Work()
        {
            set_num_threads(threads / together);   // those of this thread
            while (failure is null && Interlocked.Increment(ref next) is var number && number < count)
                try
                {
                    task(number, stop.Token);
                }
                catch (Exception exception)   // thrown again below, where the caller can catch it
                {
                    Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
                    stop.Cancel();
                }
        }
        var workers = Enumerable.Range(0, together).Select(_ => new Thread(Work)).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
        set_num_threads(threads);
        failure?.Throw();
    }
}
