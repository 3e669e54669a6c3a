using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace NotebookRunner.Host;

/// <summary>
/// Ends what a notebook's cells started, when the notebook is over: also what detached itself (setsid, double fork), whose
/// parent is gone. On Linux a mark in the environment tells whose it is, and what loses its parent is adopted; on Windows a
/// job object holds all of it. On macOS nothing finds what detached itself. Where the runner was killed together with its
/// worker, the next run on Linux ends what they left, but for what has another environment (env -i) and so no mark.
/// </summary>
internal sealed class LeftProcesses : IDisposable
{
    private const string Variable = "NOTEBOOK_RUNNER_PROCESS";

    // The runner's process, and which of its notebooks.
    private readonly string _mark = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Guid.NewGuid():N}");
    private readonly nint _job = OperatingSystem.IsWindows() ? CreateKillingJob() : 0;

    /// <summary>Marks a process that is to be started, and all that it will start.</summary>
    internal void Mark(ProcessStartInfo start) => start.Environment[Variable] = _mark;

    /// <summary>Takes charge of the process once it runs.</summary>
    internal void Watch(Process process)
    {
        if (_job != 0)
            AssignProcessToJobObject(_job, process.Handle); // where it cannot be, the process tree is ended as before
    }

    /// <summary>Ends what is left. The worker itself has ended.</summary>
    public void Dispose()
    {
        if (_job != 0)
            CloseHandle(_job); // the last handle: the system ends the job's processes
        EndMarked((_, mark) => mark == _mark);
        StartedProcesses.End();
    }

    /// <summary>
    /// Ends what cells of runners left that were killed with their workers. A process of another container is left alone, since
    /// the number in its mark means nothing here, and so is what this run itself was started by.
    /// </summary>
    internal static void EndAbandoned()
    {
        var own = Environment.GetEnvironmentVariable(Variable);
        EndMarked((process, mark) => mark != own && int.TryParse(mark.Split('-')[0], CultureInfo.InvariantCulture, out var runner)
            && !WholeFile.IsRunning(runner) && NamespaceOf($"{process}") is { } space && space == NamespaceOf("self"));
    }

    private static void EndMarked(Func<int, string, bool> which)
    {
        // Again, for what they started in the meantime; one that the system does not let go is left.
        for (var round = 0; OperatingSystem.IsLinux() && round < 100 && Marked(which).Count(Processes.TryKill) > 0; round++)
            Thread.Sleep(10);
    }

    private static List<int> Marked(Func<int, string, bool> which) =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Select(name => int.TryParse(name, out var id) ? id : 0)
            .Where(id => id > 0 && id != Environment.ProcessId && MarkOf(id) is { } mark && which(id, mark))];

    /// <summary>The mark in a process's environment; null where it has none, has ended, or is another user's.</summary>
    private static string? MarkOf(int process)
    {
        const string Before = $"\0{Variable}=";
        try
        {
            var environment = '\0' + Encoding.Latin1.GetString(File.ReadAllBytes($"/proc/{process}/environ"));
            var at = environment.IndexOf(Before, StringComparison.Ordinal);
            return at < 0 ? null : environment[(at + Before.Length)..].Split('\0')[0];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Which container's numbers a process has, as far as this user may know.</summary>
    private static string? NamespaceOf(string process)
    {
        try
        {
            return new FileInfo($"/proc/{process}/ns/pid").LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // A job that ends its processes when its last handle is closed, whoever closes it.
    private static nint CreateKillingJob()
    {
        const int ExtendedLimitInformation = 9;
        const int KillOnJobClose = 0x2000;
        var job = CreateJobObject(0, null);
        var limits = new JobLimits { LimitFlags = KillOnJobClose };
        if (job != 0)
            SetInformationJobObject(job, ExtendedLimitInformation, ref limits, Marshal.SizeOf<JobLimits>());
        return job;
    }

    /// <summary>JOBOBJECT_EXTENDED_LIMIT_INFORMATION.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct JobLimits
    {
        public long PerProcessUserTimeLimit;
        public long PerJobUserTimeLimit;
        public int LimitFlags;
        public nuint MinimumWorkingSetSize;
        public nuint MaximumWorkingSetSize;
        public int ActiveProcessLimit;
        public nuint Affinity;
        public int PriorityClass;
        public int SchedulingClass;
        public ulong ReadOperationCount;
        public ulong WriteOperationCount;
        public ulong OtherOperationCount;
        public ulong ReadTransferCount;
        public ulong WriteTransferCount;
        public ulong OtherTransferCount;
        public nuint ProcessMemoryLimit;
        public nuint JobMemoryLimit;
        public nuint PeakProcessMemoryUsed;
        public nuint PeakJobMemoryUsed;
    }

    [DllImport("kernel32.dll", EntryPoint = "CreateJobObjectW", CharSet = CharSet.Unicode)]
    private static extern nint CreateJobObject(nint attributes, string? name);

    [DllImport("kernel32.dll")]
    private static extern int SetInformationJobObject(nint job, int kind, ref JobLimits limits, int length);

    [DllImport("kernel32.dll")]
    private static extern int AssignProcessToJobObject(nint job, nint process);

    [DllImport("kernel32.dll")]
    private static extern int CloseHandle(nint handle);
}
