using static NotebookHelpers.ChartCanvas;

namespace NotebookHelpers;

/// <summary>
/// Draws a roofline: both axes logarithmic, the roof first rising with memory's bandwidth, then flat at the peak of arithmetic.
/// Names stand in a column beside the axes, in the order of the points; on a phone numbers do, and the names below.
/// </summary>
internal sealed class RooflinePicture
{
    private const int NameLine = 19, NamesBelow = 66, NameLength = 31, Key = 34;

    private readonly RooflineChart _chart;
    private readonly bool _isNarrow;
    private readonly ChartCanvas _canvas;
    private readonly LogAxis _across, _up;

    internal RooflinePicture(RooflineChart chart, int width)
    {
        (_chart, _isNarrow) = (chart, Html.IsPhone(width));
        var below = _isNarrow ? NamesBelow - 50 + NameLine * chart.Points.Count : 0;
        _canvas = new ChartCanvas(chart, width, (_isNarrow ? 380 : 440) + below);
        _canvas.Bottom -= below;
        _canvas.Legend([.. chart.Roofs.Select(RooflineChart.Short)], (roof, x, y) => Line($"M{N(x)},{N(y)}h{Key}", roof), Key);
        _canvas.Right -= _isNarrow ? 14 : NameLength * FontSize * Character;
        // slope and flat part of every roof are seen
        var ridges = chart.Roofs.SelectMany(roof => new[] { roof.Ridge / 2, roof.Ridge * 4 });
        _across = LogAxis.Of([.. chart.Points.Select(point => point.Intensity), .. ridges], _isNarrow ? 6 : 9);
        _up = LogAxis.Of([.. chart.Points.Select(point => point.Performance), .. chart.Roofs.Select(roof => roof.Peak)], 7);
    }

    /// <summary>Where each point lies in the picture, in hundredths of its width and height.</summary>
    internal IEnumerable<double[]> Places => _chart.Points.Select(point =>
        new[] { Math.Round(100 * X(point) / _canvas.Width, 2), Math.Round(100 * Y(point) / _canvas.Height, 2) });

    internal string ToSvg()
    {
        _canvas.Frame(_across, _up);
        foreach (var (number, roof) in _chart.Roofs.Index())
            Draw(roof, number);
        var names = Apart([.. _chart.Points.Select(Y)], _canvas.Top + 4, _canvas.Bottom);
        foreach (var (number, point) in _chart.Points.Index())
            Draw(point, number + 1, names[number]);
        return _canvas.ToSvg();
    }

    private double X(RooflinePoint point) => _canvas.X(_across, point.Intensity);

    private double Y(RooflinePoint point) => _canvas.Y(_up, point.Performance);

    private void Draw(Roof roof, int number)
    {
        var from = Math.Max(_across.Low, _up.Low / roof.Bandwidth);
        var line = new[] { from, roof.Ridge, _across.High }
            .Select(intensity => $"{N(_canvas.X(_across, intensity))},{N(_canvas.Y(_up, roof.At(intensity)))}");
        Line("M" + string.Join('L', line), number);
    }

    private void Line(string path, int roof) => _canvas.Stroke(path, "#1a1a1a", (LineStyle)(roof % 4));

    private void Draw(RooflinePoint point, int number, double nameY)
    {
        _canvas.Line($"M{N(X(point))},{N(Y(point))}L{N(_canvas.Right + 4)},{N(nameY)}", "#b0b0b0");
        _canvas.Add($"<circle cx=\"{N(X(point))}\" cy=\"{N(Y(point))}\" r=\"5\" fill=\"{Chart.Color(0)}\"/>");
        _canvas.Text(_canvas.Right + 8, nameY + 4, _isNarrow ? $"{number}" : Shorten($"{number} {point.Name}", NameLength), "start");
        if (_isNarrow)
            _canvas.Text(20, _canvas.Bottom + NamesBelow + NameLine * (number - 1), Shorten($"{number} {point.Name}", 44), "start");
    }

    /// <summary>Heights of names that begin at those of their points and keep a line's distance from each other.</summary>
    /// <param name="heights">From the top down.</param>
    /// <param name="top">No name stands above it,</param>
    /// <param name="bottom">and none below this.</param>
    private static double[] Apart(double[] heights, double top, double bottom)
    {
        for (var i = 0; i < heights.Length; i++)
            heights[i] = Math.Max(heights[i], i == 0 ? top : heights[i - 1] + NameLine);
        for (var i = heights.Length - 1; i >= 0; i--)
            heights[i] = Math.Min(heights[i], i == heights.Length - 1 ? bottom : heights[i + 1] - NameLine);
        return heights;
    }
}
