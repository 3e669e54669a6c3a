using System.Globalization;

namespace NotebookHelpers;

/// <summary>A value a row, on a logarithmic axis.</summary>
internal sealed record DotChart(string Title, string XTitle, string YTitle, IReadOnlyList<(string Name, double Value)> Rows)
    : Chart(Title, XTitle, YTitle)
{
    internal override IEnumerable<string> Describe()
    {
        yield return $"{XTitle} by {YTitle}";
        foreach (var (name, value) in Rows)
            yield return $"{name}: {Text(value)}";
    }

    /// <summary>A value to three figures, which is what a measurement tells.</summary>
    internal static string Text(double value) =>
        Html.Number(double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
}
