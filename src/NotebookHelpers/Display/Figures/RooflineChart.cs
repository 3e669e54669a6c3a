namespace NotebookHelpers;

/// <summary>Programs under the roofs of a machine, from the fastest down.</summary>
internal sealed record RooflineChart(string Title, IReadOnlyList<RooflinePoint> Points)
    : Chart(Title, "arithmetic intensity (FLOP per byte)", "performance (GFLOP/s)")
{
    internal IReadOnlyList<Roof> Roofs { get; } = [.. Points.Select(point => point.Roof).Distinct().OrderByDescending(roof => roof.Peak)];

    internal override IEnumerable<string> Describe() => Roofs.Select(Describe).Concat(Points.Select(Describe));

    internal static string Describe(Roof roof) => $"{Short(roof)}; the ridge is at {DotChart.Text(roof.Ridge)} FLOP per byte";

    internal static string Short(Roof roof) =>
        $"{roof.Name}: {DotChart.Text(roof.Peak)} GFLOP/s, {DotChart.Text(roof.Bandwidth)} GB/s";

    internal static string Describe(RooflinePoint point)
    {
        var limit = point.Intensity < point.Roof.Ridge ? "memory" : "arithmetic";
        return $"{point.Name}: {DotChart.Text(point.Performance)} GFLOP/s at {DotChart.Text(point.Intensity)} FLOP per byte, " +
            $"{DotChart.Text(100 * point.Performance / point.Roof.At(point.Intensity))} % of the roof of {point.Roof.Name}, " +
            $"which {limit} sets there";
    }
}
