using System.Globalization;

namespace NotebookHelpers;

/// <summary>
/// The colour of a value: a pure colour and how much of it lies over the paper, whatever the paper's colour is. A table's
/// colours stay light enough for the figures on them.
/// </summary>
/// <param name="Color">The colour of the strongest value.</param>
/// <param name="Strength">From 0, paper, to 1, in steps, so that a picture has few.</param>
internal readonly record struct Shade(string Color, double Strength)
{
    private const int Steps = 32;

    /// <summary>The shade of a value between −1 and 1; none for one that is not a number.</summary>
    internal static Shade Of(double value, Tint tint, bool isPicture) => new(
        (tint, value < 0, isPicture) switch
        {
            (Tint.Ink, _, true) => "black",
            (Tint.Ink, _, false) => "#969696",
            (_, false, true) => "#d55e01",
            (_, true, true) => "#0060a8",
            (_, false, false) => "#f0aa3c",
            (_, true, false) => "#6eb9eb",
        },
        double.IsNaN(value) ? 0 : Math.Round(Steps * Math.Min(1, Math.Abs(value))) / Steps);

    /// <summary>The attributes of a shape that is filled with it.</summary>
    internal string Fill => Strength == 1 ? $"fill=\"{Color}\""
        : string.Create(CultureInfo.InvariantCulture, $"fill=\"{Color}\" fill-opacity=\"{Strength:0.###}\"");
}
