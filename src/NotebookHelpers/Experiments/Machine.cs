using System.Reflection;
using System.Runtime.InteropServices;

namespace NotebookHelpers;

/// <summary>Where results come from.</summary>
internal static class Machine
{
    /// <summary>The processor's name and its cores; no name of the machine.</summary>
    internal static string Description { get; } =
        $"{Processor()}, {Environment.ProcessorCount} core{(Environment.ProcessorCount == 1 ? "" : "s")}";

    /// <summary>The library's version, with the commit where it was built from one.</summary>
    internal static string Code { get; } =
        typeof(Machine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The processor's name; its architecture where the system tells none.</summary>
    internal static string Processor()
    {
        const string Linux = "/proc/cpuinfo", Windows = "PROCESSOR_IDENTIFIER";
        var line = File.Exists(Linux)
            ? File.ReadLines(Linux).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[1].Trim() ?? Environment.GetEnvironmentVariable(Windows) ?? $"{RuntimeInformation.ProcessArchitecture}";
    }
}
