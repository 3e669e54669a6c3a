namespace NotebookHelpers;

/// <summary>A logarithmic axis: ticks at the powers of ten, and at twice and five times these where there is room.</summary>
internal sealed record LogAxis : ChartAxis
{
    private readonly double[] _parts;

    private LogAxis(double low, double high, double[] parts) : base(low, high, 1) => _parts = parts;

    internal override IEnumerable<double> Ticks =>
        from power in Enumerable.Range((int)Math.Floor(Math.Log10(Low)), (int)Math.Ceiling(Math.Log10(High / Low)) + 2)
        from part in _parts
        let tick = part * Math.Pow(10, power)
        where tick >= Low && tick <= High
        select tick;

    /// <summary>An axis on which all values find room, with some at its ends.</summary>
    /// <param name="values">Finite numbers above zero, at least one.</param>
    /// <param name="ticks">How many ticks there may be, about.</param>
    internal static LogAxis Of(IReadOnlyCollection<double> values, int ticks)
    {
        var (low, high) = (values.Min() / 1.6, values.Max() * 1.6);
        // from 2 to 5, the widest step, is a ratio of 2.5: so an axis has a tick, however near its values are
        var decades = Math.Log10(high / low);
        return new LogAxis(low, high, decades < 1.4 || 3 * decades <= ticks ? [1, 2, 5] : [1]);
    }

    internal override double Place(double value) => Math.Log(value / Low) / Math.Log(High / Low);

    internal override string Label(double tick) => Html.Number(tick);
}
