using System.Globalization;
using System.Runtime.InteropServices;

namespace NotebookRunner;

/// <summary>
/// The processes that cells start end with their notebook. On Linux the worker adopts those whose parent ends (a daemon's
/// double fork), so that all of them are found below it, and the runner adopts what outlives a worker that was killed.
/// </summary>
internal static class StartedProcesses
{
    private const int SetChildSubreaper = 36;

    private static bool _adopts;

    /// <summary>Makes this process the parent of what its children leave behind.</summary>
    internal static void Adopt()
    {
        _adopts = OperatingSystem.IsLinux();
        if (_adopts)
            _ = Control(SetChildSubreaper, 1, 0, 0, 0); // an old system without it: the host finds them by their environment
    }

    /// <summary>Ends every process below this one, where it adopts them: then nothing else is below it by now.</summary>
    internal static void End()
    {
        // Again, for what they started in the meantime; one that the system does not let go is left.
        for (var round = 0; _adopts && round < 100 && Below(Environment.ProcessId).Count(Processes.TryKill) > 0; round++)
            Thread.Sleep(10);
    }

    private static List<int> Below(int ancestor)
    {
        var parents = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Select(name => int.TryParse(name, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0)
            .Select(id => (Id: id, Parent: RunningUnder(id))).Where(process => process.Parent > 0).ToList();
        var below = new List<int> { ancestor };
        for (var i = 0; i < below.Count; i++)
            below.AddRange(parents.Where(process => process.Parent == below[i]).Select(process => process.Id));
        return below[1..];
    }

    /// <summary>The parent of a process; 0 when it has ended.</summary>
    private static int RunningUnder(int id)
    {
        try
        {
            // "ID (NAME) STATE PARENT …"; the name may hold anything.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [not "Z", var parent, ..]
                ? int.Parse(parent, CultureInfo.InvariantCulture)
                : 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    [DllImport("libc", EntryPoint = "prctl")]
    private static extern int Control(int option, nint value, nint unused2, nint unused3, nint unused4);
}
