using System.Globalization;
using System.Runtime.InteropServices;

namespace Benchmarks;

/// <summary>What a measurement ran on.</summary>
internal static class Machine
{
    internal static string Describe() => string.Create(CultureInfo.InvariantCulture,
        $"{Processor()}, {Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}, ") +
        string.Create(CultureInfo.InvariantCulture,
        $"{RuntimeInformation.FrameworkDescription}, {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, load average {Load()}");

    private static string Load() => Field("/proc/loadavg", _ => true) is { } line ? line.Split(' ')[0] : "unknown";

    private static string Processor() =>
        Field("/proc/cpuinfo", line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
        ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static string? Field(string path, Func<string, bool> wanted) =>
        File.Exists(path) ? File.ReadLines(path).FirstOrDefault(wanted) : null;
}

/// <summary>The same quantity measured in several rounds.</summary>
internal sealed class Sample
{
    private readonly List<double> _values = [];

    internal void Add(double value) => _values.Add(value);

    /// <summary>The median; 0 where nothing was measured.</summary>
    internal double Median
    {
        get
        {
            if (_values.Count == 0)
                return 0;
            double[] sorted = [.. _values.Order()];
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }

    /// <summary>The median with the lowest and the highest value.</summary>
    internal string ToText(string format)
    {
        return $"{Text(Median)} ({Text(_values.Min())} to {Text(_values.Max())})";

        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
    }
}
