using System.Globalization;

namespace NotebookHelpers;

/// <summary>A linear axis: its range, and ticks at 1, 2 or 5 times a power of ten.</summary>
internal record ChartAxis(double Low, double High, double Step)
{
    private const int LeastTicks = 3, MostTicks = 50;

    internal virtual IEnumerable<double> Ticks
    {
        get
        {
            var first = Math.Ceiling(Low / Step - 1e-9);
            for (var n = 0; (first + n) * Step <= High + Step * 1e-9 && n < MostTicks; n++)
                yield return (first + n) * Step;
        }
    }

    /// <summary>An axis on which all values find room.</summary>
    /// <param name="values">Finite numbers.</param>
    /// <param name="margin">Room left at each end, a fraction of the range.</param>
    /// <param name="ticks">How many ticks there may be, about.</param>
    /// <param name="whole">Whether ticks stand at whole numbers only.</param>
    /// <param name="fromZero">Leaves no room beyond an end at zero.</param>
    internal static ChartAxis Of(IEnumerable<double> values, double margin, int ticks, bool whole, bool fromZero = false)
    {
        var (low, high) = Range([.. values]);
        var pad = (high - low) * margin;
        (low, high) = (fromZero && low == 0 ? 0 : low - pad, fromZero && high == 0 ? 0 : high + pad);
        var rough = (high - low) / ticks;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double[] steps = [.. new[] { 0.2, 0.5, 1, 2, 5, 10 }.Select(factor => factor * power)];
        var chosen = Array.FindIndex(steps, candidate => candidate >= rough * 0.999);
        // one tick or two tell no scale
        while (chosen > 0 && Math.Floor(high / steps[chosen]) - Math.Ceiling(low / steps[chosen]) < LeastTicks - 1)
            chosen--;
        return new ChartAxis(low, high, whole ? Math.Max(1, steps[chosen]) : steps[chosen]);
    }

    /// <summary>Where a value stands, from 0 at the lower end to 1 at the upper.</summary>
    internal virtual double Place(double value) => (value - Low) / (High - Low);

    internal virtual string Label(double tick)
    {
        if (Math.Abs(tick) >= 1e9 || (tick != 0 && Step < 1e-6))
            return Html.Minus(tick.ToString("0.##e+0", CultureInfo.InvariantCulture));
        var decimals = Math.Max(0, (int)-Math.Floor(Math.Log10(Step) + 1e-9));
        return Html.Minus((tick == 0 ? 0 : tick).ToString("#,0." + new string('0', decimals), CultureInfo.InvariantCulture));
    }

    /// <summary>The values' range; a range of one value is widened, so that there is an axis.</summary>
    private static (double Low, double High) Range(double[] values)
    {
        if (values.Length == 0)
            return (0, 1);
        var (low, high) = (values.Min(), values.Max());
        return low < high ? (low, high) : (low - Math.Max(0.5, Math.Abs(low) * 0.05), high + Math.Max(0.5, Math.Abs(high) * 0.05));
    }
}
