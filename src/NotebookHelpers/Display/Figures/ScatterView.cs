using System.Globalization;
using System.Text;

namespace NotebookHelpers;

/// <summary>
/// The same labelled points in one or several planes. Each point is drawn as the digit of its class, in the class's
/// colour, so that classes can be told apart without colour; a large digit marks the mean of a class.
/// </summary>
public sealed class ScatterView : SvgView
{
    private const int Side = 360, Left = 36, Top = 34, Bottom = 30, Right = 10;

    // Okabe and Ito's palette, its light colours replaced by darker ones that show on white.
    private static readonly string[] Palette =
        ["#000000", "#0072B2", "#D55E00", "#009E73", "#B0508A", "#7A5C00", "#5B4FC4", "#A3001E", "#6B6B6B", "#00819C"];

    private readonly int[] _labels;
    private readonly ScatterPanel[] _panels;

    /// <summary>Shows labelled points.</summary>
    /// <param name="title">What the points are.</param>
    /// <param name="labels">The class of each point, 0 to 9.</param>
    /// <param name="panels">The planes, at least one.</param>
    /// <exception cref="ArgumentException">A plane has another number of points than there are labels, or one that is not finite; or a label is no digit.</exception>
    public ScatterView(string title, IEnumerable<int> labels, params ScatterPanel[] panels)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        (Title, _labels, _panels) = (title, [.. labels], panels);
        if (panels.Length == 0 || _labels.Length == 0)
            throw new ArgumentException("There is nothing to show. Give at least one plane and one point.", nameof(panels));
        if (_labels.Any(label => label is < 0 or > 9))
            throw new ArgumentException($"A label is {_labels.First(label => label is < 0 or > 9)}; points are drawn as digits, so labels must be 0 to 9.", nameof(labels));
        foreach (var panel in panels)
            if (panel.X.Length != _labels.Length || panel.Y.Length != _labels.Length || !panel.X.Concat(panel.Y).All(double.IsFinite))
                throw new ArgumentException(
                    $"The plane '{panel.Title}' has {panel.X.Length} x and {panel.Y.Length} y values for {_labels.Length} labels. Give a finite x and y for every label.", nameof(panels));
    }

    /// <summary>What the points are.</summary>
    public string Title { get; }

    /// <inheritdoc />
    public override string ToHtml() =>
        $"<figure style=\"{Html.Card};margin:4px 0;padding:6px\"><figcaption style=\"font-weight:bold;color:#1a1a1a\">{Html.Encode(Title)}</figcaption><div style=\"display:flex;flex-wrap:wrap\">" +
        string.Concat(_panels.Select(panel => Html.Image(Mime.Svg, Encoding.UTF8.GetBytes(Svg([panel], 0)), Describe(panel),
            $"width=\"{Side}\" height=\"{Side}\" style=\"max-width:100%;height:auto\""))) + "</div></figure>";

    /// <inheritdoc />
    public override string ToSvg() => Svg(_panels, 26);

    /// <inheritdoc />
    public override string ToText() => string.Join('\n', _panels.Select(Describe).Prepend(Title));

    private string Svg(ScatterPanel[] panels, int heading)
    {
        var (width, height) = (Side * panels.Length, Side + heading);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-family=\"Helvetica,Arial,sans-serif\" font-size=\"12\" text-anchor=\"middle\" fill=\"#1a1a1a\" role=\"img\">");
        svg.Append($"<title>{Html.Encode(string.Join(". ", panels.Select(Describe)))}</title><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>");
        if (heading > 0)
            Text(width / 2.0, 18, Title, "font-size=\"15\" font-weight=\"bold\"");
        for (var i = 0; i < panels.Length; i++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<g transform=\"translate({i * Side} {heading})\">");
            Draw(panels[i]);
            svg.Append("</g>");
        }
        return svg.Append("</svg>").ToString();

        void Draw(ScatterPanel panel)
        {
            var (x, y) = (Axis(panel.X, Left, Side - Right), Axis(panel.Y, Side - Bottom, Top));
            Text((Left + Side) / 2.0, 20, panel.Title, "font-size=\"14\"");
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Left},{Top}V{Side - Bottom}H{Side - Right}\" fill=\"none\" stroke=\"#555\"/>");
            Text((Left + Side) / 2.0, Side - 10, panel.XTitle);
            Text(16, Side / 2.0, panel.YTitle, $"transform=\"rotate(-90 16 {Side / 2})\"");
            foreach (var (label, points) in Classes())
            {
                svg.Append($"<g fill=\"{Palette[label]}\" font-size=\"9\">");
                foreach (var point in points)
                    Text(x(panel.X[point]), y(panel.Y[point]) + 3, $"{label}");
                svg.Append("</g>");
            }
            foreach (var (label, points) in Classes())
                Text(x(points.Average(point => panel.X[point])), y(points.Average(point => panel.Y[point])) + 8, $"{label}",
                    $"font-size=\"24\" font-weight=\"bold\" fill=\"{Palette[label]}\" stroke=\"#fff\" stroke-width=\"4\" paint-order=\"stroke\"");
        }

        void Text(double atX, double atY, string text, string attributes = "") =>
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{atX:0.#}\" y=\"{atY:0.#}\"{(attributes.Length > 0 ? " " + attributes : "")}>{Html.Encode(text)}</text>");
    }

    private static Func<double, double> Axis(double[] values, double from, double to)
    {
        var (low, high) = (values.Min(), values.Max());
        var span = high > low ? high - low : 1;
        return value => from + (0.04 + 0.92 * (value - low) / span) * (to - from);
    }

    private IEnumerable<(int Label, int[] Points)> Classes() =>
        Enumerable.Range(0, _labels.Length).GroupBy(point => _labels[point]).OrderBy(group => group.Key).Select(group => (group.Key, group.ToArray()));

    private string Describe(ScatterPanel panel) =>
        $"{panel.Title}: {_labels.Length} points, {panel.YTitle} by {panel.XTitle}; means of the classes: " + string.Join(", ", Classes().Select(group =>
            $"{group.Label} at ({Mean(panel.X, group.Points)}, {Mean(panel.Y, group.Points)})"));

    private static string Mean(double[] values, int[] points) => Html.Number(Math.Round(points.Average(point => values[point]), 2));
}
