using System.Globalization;
using System.Runtime.InteropServices;

namespace Benchmarks;

/// <summary>What a measurement ran on.</summary>
internal static class Machine
{
    private const string LoadFile = "/proc/loadavg";

    internal static string Describe() => string.Create(CultureInfo.InvariantCulture,
        $"{NotebookHelpers.Machine.Processor()}, {Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}, ") +
        string.Create(CultureInfo.InvariantCulture,
        $"{RuntimeInformation.FrameworkDescription}, {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, load average {Load()}");

    private static string Load() => File.Exists(LoadFile) ? File.ReadAllText(LoadFile).Split(' ')[0] : "unknown";
}
