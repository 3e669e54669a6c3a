namespace NotebookHelpers;

/// <summary>
/// A roofline (Williams, Waterman and Patterson 2009): how fast programs compute, beside the most that the machine allows for
/// as many operations as they do with each byte. Pointing at a point, or walking with the arrow keys, says how near it is to its
/// roof. Lesson "Four loops, fast".
/// </summary>
public sealed class RooflineView : SvgView
{
    private const int MostPoints = 16;
    private readonly RooflineChart _chart;

    /// <summary>Shows programs under their roofs, from the fastest down.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="points">The programs, 1 to 16; a roof is drawn once, however many share it.</param>
    /// <exception cref="ArgumentException">
    /// There is no point or too many, or a number of a point or of its roof is not finite or not above zero.
    /// </exception>
    public RooflineView(string title, IEnumerable<RooflinePoint> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        _chart = new RooflineChart(title ?? "", [.. points.OrderByDescending(point => point.Performance)]);
        if (_chart.Points.Count is 0 or > MostPoints)
            throw new ArgumentException($"There are {_chart.Points.Count} points. Give 1 to {MostPoints}.", nameof(points));
        foreach (var (name, intensity, performance, roof) in _chart.Points)
            if (new[] { intensity, performance, roof.Peak, roof.Bandwidth }.Any(number => !double.IsFinite(number) || number <= 0))
                throw new ArgumentException(
                    FormattableString.Invariant($"The point '{name}' is {performance} GFLOP/s at {intensity} FLOP per byte, under a roof ")
                    + FormattableString.Invariant($"of {roof.Peak} GFLOP/s and {roof.Bandwidth} GB/s. ")
                    + "Both axes are logarithmic: give finite numbers above zero.", nameof(points));
    }

    /// <inheritdoc />
    public override string ToHtml()
    {
        RooflinePicture wide = new(_chart, StaticChart.Width), narrow = new(_chart, Html.PhoneWidth);
        var points = _chart.Points.Select(RooflineChart.Describe).Zip(wide.Places, narrow.Places)
            .Select(point => new { words = point.First, wide = point.Second, narrow = point.Third });
        return Html.View("roofline", ChartImage.Of(wide.ToSvg(), narrow.ToSvg(), ToText()), "data-lm-suppress-shortcuts=\"true\"", new
        {
            points,
            phone = Html.Phone,
            style = Html.Embedded("RooflineView.css"),
        }, "RooflineView.js");
    }

    /// <inheritdoc />
    public override string ToSvg() => new RooflinePicture(_chart, StaticChart.Width).ToSvg();

    /// <inheritdoc />
    public override string ToText() => string.Join('\n', _chart.Describe().Prepend(_chart.Heading));
}
