using System.Globalization;
using System.Text;

namespace NotebookHelpers;

/// <summary>
/// Gradient descent drawn on the loss that it descends, for any function of one or two weights: one path for each learning
/// rate, or for each way to take a step. The reader chooses the path and walks along it. Without script, and in the SVG, all
/// paths are shown side by side. Lesson "Learning by hand".
/// </summary>
public sealed class DescentView : SvgView
{
    private const int PanelWidth = 210, PanelHeight = 170, Columns = 3, Width = 520, Height = 340, Gap = 14;
    private readonly string _title;
    private readonly Landscape _landscape;
    private readonly IReadOnlyList<DescentPath> _paths;

    /// <summary>Paths on the curve of a loss of one weight.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="weight">The weight's name.</param>
    /// <param name="loss">The loss at a weight; it is asked at 201 places, and at every step.</param>
    /// <param name="from">Where the drawn range begins.</param>
    /// <param name="to">Where it ends; what lies outside is cut off.</param>
    /// <param name="paths">The paths, at least one, in the slider's order.</param>
    /// <exception cref="ArgumentException">
    /// A range is empty, the loss is nowhere finite in it, there is no path, or one starts where the loss is not finite.
    /// </exception>
    public DescentView(string title, string weight, Func<double, double> loss, double from, double to, IEnumerable<DescentPath> paths)
        : this(title, new LossCurve(weight, loss, from, to), paths)
    {
    }

    /// <summary>Paths on the landscape of a loss of two weights: bands of equal loss, the bluer the lower.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="first">The name of the weight that goes to the right.</param>
    /// <param name="second">The name of the one that goes up.</param>
    /// <param name="loss">The loss at a pair of weights; it is asked at 160×160 places, and at every step.</param>
    /// <param name="firstRange">The drawn range of the first weight.</param>
    /// <param name="secondRange">That of the second.</param>
    /// <param name="paths">The paths, at least one, in the slider's order.</param>
    /// <exception cref="ArgumentException">
    /// A range is empty, the loss is nowhere finite in it, there is no path, or one starts where the loss is not finite.
    /// </exception>
    public DescentView(string title, string first, string second, Func<double, double, double> loss,
        (double From, double To) firstRange, (double From, double To) secondRange, IEnumerable<DescentPath> paths)
        : this(title, new LossSurface(loss, Landscape.Axis.Of(first, firstRange.From, firstRange.To),
            Landscape.Axis.Of(second, secondRange.From, secondRange.To)), paths)
    {
    }

    private DescentView(string title, Landscape landscape, IEnumerable<DescentPath> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        (_title, _landscape, _paths) = (title ?? "", landscape, [.. paths]);
        if (_paths.Count == 0)
            throw new ArgumentException("There is no path. Give one for each learning rate.", nameof(paths));
        if (_paths.FirstOrDefault(path => !double.IsFinite(landscape.Loss(path.Weights[0]))) is { } lost)
            throw new ArgumentException(
                $"The path '{lost.Name}' starts where the loss is not finite, so nothing of it can be drawn. Start it elsewhere.",
                nameof(paths));
    }

    /// <inheritdoc />
    public override string ToHtml() => Html.View("descent", Html.Drawing(ToSvg(), ToText()), "data-lm-suppress-shortcuts=\"true\"", new
    {
        title = _title,
        ground = Frame(Width, Height, _landscape.Ground(Width, Height)),
        paths = _paths.Select(path => new { name = path.Name, points = Points(path, Width, Height), words = StepWords(path) }),
        style = Html.Embedded("DescentView.css"),
    }, "DescentView.js");

    /// <inheritdoc />
    public override string ToSvg()
    {
        var columns = Math.Min(Columns, _paths.Count);
        int cellWidth = PanelWidth + 46, cellHeight = PanelHeight + 56;
        var svg = new StringBuilder();
        for (var i = 0; i < _paths.Count; i++)
            svg.Append(CultureInfo.InvariantCulture,
                $"<g transform=\"translate({Gap + i % columns * cellWidth},{34 + i / columns * cellHeight})\">{Panel(_paths[i])}</g>");
        int width = columns * cellWidth + Gap, height = 34 + (_paths.Count + columns - 1) / columns * cellHeight;
        return SvgDocument.Of(width, height, SvgDocument.Text(Gap, 20, _title, "font-weight=\"bold\"") + svg, ToText(), fontSize: 13);
    }

    /// <inheritdoc />
    public override string ToText()
    {
        var lines = _paths.Select(path =>
            $"{path.Name}: from {Place(path, 0)} in {path.Weights.Count - 1} steps to {Place(path, path.Weights.Count - 1)}");
        return string.Join('\n', lines.Prepend(_title).Where(line => line.Length > 0));
    }

    private string Panel(DescentPath path)
    {
        var points = Points(path, PanelWidth, PanelHeight);
        var line = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point[0]},{point[1]}")));
        var steps = string.Concat(points.Select(point =>
            string.Create(CultureInfo.InvariantCulture, $"<circle cx=\"{point[0]}\" cy=\"{point[1]}\" r=\"3\"/>")));
        var drawing = $"<polyline points=\"{line}\" fill=\"none\" stroke=\"#fff\" stroke-width=\"4\"/>" +
            $"<polyline points=\"{line}\" fill=\"none\" stroke=\"#d55e00\" stroke-width=\"2\"/><g fill=\"#d55e00\">{steps}</g>";
        return $"<text x=\"0\" y=\"-6\">{Html.Encode(path.Name)}</text>" +
            Frame(PanelWidth, PanelHeight, _landscape.Ground(PanelWidth, PanelHeight) + drawing);
    }

    // A nested svg cuts off what leaves it.
    private string Frame(int width, int height, string content)
    {
        var (x, y) = _landscape.Axes;
        return string.Create(CultureInfo.InvariantCulture,
            $"<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">{content}</svg>" +
            $"<rect width=\"{width}\" height=\"{height}\" fill=\"none\" stroke=\"#8a8a8a\"/>" +
            $"<text y=\"{height + 16}\">{Html.Number(x.From)}</text>" +
            $"<text x=\"{width}\" y=\"{height + 16}\" text-anchor=\"end\">{Html.Number(x.To)}</text>" +
            $"<text x=\"{width / 2}\" y=\"{height + 16}\" text-anchor=\"middle\">{Html.Encode(x.Title)}</text>" +
            $"<text x=\"{width + 4}\" y=\"12\">{Html.Number(y.To)}</text>" +
            $"<text x=\"{width + 4}\" y=\"{height}\">{Html.Number(y.From)}</text>" +
            $"<text transform=\"translate({width + 16},{height / 2}) rotate(90)\" text-anchor=\"middle\">{Html.Encode(y.Title)}</text>");
    }

    // Points far outside are moved nearer, along their direction no more than needed for a browser to draw the line.
    private double[][] Points(DescentPath path, int width, int height) =>
        [.. path.Weights.Select(_landscape.Place).TakeWhile(place => double.IsFinite(place.X) && double.IsFinite(place.Y)).Select(place =>
            new[] { Math.Round(Bounded(place.X) * width, 1), Math.Round((1 - Bounded(place.Y)) * height, 1) })];

    private static double Bounded(double place) => Math.Clamp(place, -50, 50);

    private IEnumerable<string> StepWords(DescentPath path) =>
        path.Weights.Select((_, step) => $"{(step == 0 ? "start" : $"step {step}")}: {Place(path, step)}");

    private string Place(DescentPath path, int step) =>
        $"{_landscape.Words(path.Weights[step])}, loss {Html.Number(_landscape.Loss(path.Weights[step]))}";
}
