using System.ComponentModel;
using System.Diagnostics;

namespace NotebookRunner;

/// <summary>Processes that a cell left behind.</summary>
internal static class Processes
{
    /// <summary>Ends a process; false when it has ended by itself, or is another user's.</summary>
    internal static bool TryKill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }
}
