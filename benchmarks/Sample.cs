using System.Globalization;

namespace Benchmarks;

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
