using System.Globalization;

namespace NotebookHelpers;

/// <summary>
/// Paper to blue for values of one sign; orange, paper and blue around zero for values of both. A colour lies over the paper as
/// strongly as its value asks, so that it is right on light and on dark paper.
/// </summary>
internal sealed class HeatColors
{
    private const string Above = "#08519c", Below = "#d55e00", Neutral = "#e0e0e0", Ink = "#1a1a1a", LightInk = "#fff";
    private const double LightInkFrom = 0.55, LightInkOnOrangeFrom = 0.9;

    internal HeatColors(double[,] values)
    {
        var finite = values.Cast<double>().Where(double.IsFinite).DefaultIfEmpty(0).ToList();
        var (low, high) = (finite.Min(), finite.Max());
        var largest = Math.Max(-low, high);
        (Low, High) = low < 0 ? (-largest, largest) : (0, high == 0 ? 1 : high);
    }

    internal double Low { get; }

    internal double High { get; }

    /// <summary>The stops that plotly.js interpolates between, as this class does.</summary>
    internal (double At, string Color)[] Stops => Low < 0 ? [(0, Below), (0.5, "#ffffff"), (1, Above)] : [(0, "#ffffff"), (1, Above)];

    /// <summary>A cell's filling, as attributes, and the ink that can be read on it; grey for a value that is not finite.</summary>
    internal (string Fill, string Ink) Of(double value)
    {
        if (!double.IsFinite(value))
            return ($"fill=\"{Neutral}\"", Ink);
        var at = (value - Low) / (High - Low);
        return (At(at), Strength(at) > (IsBelow(at) ? LightInkOnOrangeFrom : LightInkFrom) ? LightInk : Ink);
    }

    /// <summary>The filling at a place of the scale, from 0 to 1.</summary>
    internal string At(double at) => string.Create(CultureInfo.InvariantCulture,
        $"fill=\"{(IsBelow(at) ? Below : Above)}\" fill-opacity=\"{Strength(at):0.###}\"");

    private bool IsBelow(double at) => Low < 0 && at < 0.5;

    private double Strength(double at) => Math.Clamp(Low < 0 ? Math.Abs(2 * at - 1) : at, 0, 1);
}
