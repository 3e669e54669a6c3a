using System.Runtime.InteropServices;

namespace NotebookHelpers;

/// <summary>
/// Keeps freed memory for the next step. glibc gives every large block back to the system as it is freed and has it cleared
/// anew when it is asked for; a training asks for the same blocks at every step, and would spend a sixth of its time on that.
/// It also gives threads arenas of their own, and what is free in one is of no use to another; with a single arena the fifth
/// lesson's quick run peaked at 618 MB in place of 662.
/// </summary>
internal static class FreedMemory
{
    // malloc.h's names; 32 MB is the highest threshold that glibc takes on 64 bits.
    private const int TrimThreshold = -1, MmapThreshold = -3, ArenaMax = -8;
    private const int LargestBlock = 32 << 20, KeptAtTheTop = 128 << 20;

    private static readonly Lazy<bool> Kept = new(Set);

    /// <summary>
    /// Has the process keep blocks of up to 32 MB when they are freed, and threads that begin to allocate later share one arena;
    /// elsewhere than on Linux with glibc it does nothing.
    /// </summary>
    internal static void Keep() => _ = Kept.Value;

    /// <summary>
    /// Gives the system back what is free now: over many steps free blocks scatter between used ones, and what the process
    /// holds would grow slowly.
    /// </summary>
    internal static void Release()
    {
        if (Kept.IsValueCreated && Kept.Value)
            _ = malloc_trim(0);
    }

    private static bool Set()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            return mallopt(MmapThreshold, LargestBlock) != 0 && mallopt(TrimThreshold, KeptAtTheTop) != 0 && mallopt(ArenaMax, 1) != 0;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;   // another C library, such as musl
        }
    }

    [DllImport("libc.so.6")]
    private static extern int mallopt(int parameter, int value);

    [DllImport("libc.so.6")]
    private static extern int malloc_trim(nuint kept);
}
