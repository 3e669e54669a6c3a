namespace NotebookHelpers;

/// <summary>A chart that only plotly.js can draw; its picture says so and lists what is in it.</summary>
internal sealed record OtherChart(string Title, string XTitle, string YTitle, IReadOnlyList<string> Traces) : Chart(Title, XTitle, YTitle)
{
    internal override IEnumerable<string> Describe() =>
        Traces.Prepend("An interactive chart: it is drawn where scripts run and plotly.js can be loaded.");
}
