namespace NotebookHelpers;

internal sealed record BarChart(
    string Title, string XTitle, string YTitle, string[] Categories, IReadOnlyList<(string Name, double[] Values)> Groups)
    : Chart(Title, XTitle, YTitle)
{
    internal override IEnumerable<string> Describe()
    {
        yield return $"{YTitle} by {XTitle}";
        foreach (var (name, values) in Groups)
            yield return (Groups.Count > 1 ? name + ": " : "") +
                string.Join(", ", Categories.Select((category, i) => $"{category} {Html.Number(values[i])}"));
    }
}
