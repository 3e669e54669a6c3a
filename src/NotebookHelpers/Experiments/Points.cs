using System.Globalization;

namespace NotebookHelpers;

/// <summary>How tables of results write their figures: fractions as percentages.</summary>
internal static class Points
{
    /// <summary>A mean with its interval; of a single value, the value.</summary>
    internal static string Level(Estimate? estimate, int digits = 2) => estimate switch
    {
        null => "",
        { Count: 1 } value => Percent(value.Mean, digits),
        { } value => $"{Percent(value.Mean, digits)} ± {Percent(value.HalfWidth, digits)}",
    };

    /// <summary>A difference with its sign and its interval.</summary>
    internal static string Difference(Estimate? estimate) => estimate is { } value
        ? $"{(value.Mean < 0 ? "−" : "+")}{Percent(Math.Abs(value.Mean))} ± {Percent(value.HalfWidth)}"
        : "";

    internal static string Percent(double fraction, int digits = 2) => Number(100 * fraction, "0." + new string('0', digits));

    internal static string Seconds(double seconds) => Number(seconds, "0.0");

    internal static string Number(double? value, string format) => value switch
    {
        null => "",
        double.NaN => "?",
        { } number => number.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−'),
    };

    internal static string Words(Verdict? verdict) => verdict switch
    {
        Verdict.Better => "better",
        Verdict.Worse => "worse",
        Verdict.NoDifferenceShown => "no difference shown",
        Verdict.TooFewSeeds => "too few seeds",
        _ => "",
    };

    /// <summary>A table in Markdown.</summary>
    /// <param name="headers">Its columns.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="left">The columns of words, which stand to the left.</param>
    internal static string Markdown(string[] headers, IEnumerable<string[]> rows, int[] left) => string.Join('\n',
        new[] { headers, [.. headers.Select((_, column) => left.Contains(column) ? "---" : "---:")] }
            .Concat(rows).Select(row => $"| {string.Join(" | ", row)} |"));
}
