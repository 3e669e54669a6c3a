namespace NotebookHelpers;

/// <summary>A mean and its interval a row, beside a line at zero.</summary>
internal sealed record IntervalChart(
    string Title, string XTitle, string YTitle, IReadOnlyList<(string Name, double Low, double Value, double High)> Rows)
    : Chart(Title, XTitle, YTitle)
{
    internal override IEnumerable<string> Describe()
    {
        yield return $"{XTitle} by {YTitle}";
        foreach (var (name, low, value, high) in Rows)
            yield return $"{name}: {Html.Number(value)}, from {Html.Number(low)} to {Html.Number(high)}";
    }
}
