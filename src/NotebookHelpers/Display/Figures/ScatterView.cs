using System.Globalization;
using System.Text;

namespace NotebookHelpers;

/// <summary>
/// The same labelled points in one or several planes. A point is drawn as the digit of its class, in the class's colour, so
/// that classes can be told apart without colour; where digits would lie on each other, as a dot. A large digit marks the mean
/// of a class. The lesson inside the network shows its embedding before and after training with it.
/// </summary>
public sealed class ScatterView : SvgView
{
    private const int Side = 340, Left = 36, Top = 54, Bottom = 30, Right = 10, Heading = 26, TitleLength = 42;

    // Okabe and Ito's palette, its light colours replaced by darker ones that show on white.
    private static readonly string[] Palette =
        ["#000000", "#0072B2", "#D55E00", "#009E73", "#B0508A", "#7A5C00", "#5B4FC4", "#A3001E", "#6B6B6B", "#00819C"];

    private readonly int[] _labels;
    private readonly ScatterPanel[] _panels;

    /// <summary>Shows labelled points.</summary>
    /// <param name="title">What the points are.</param>
    /// <param name="labels">The class of each point, 0 to 9.</param>
    /// <param name="panels">The planes, at least one.</param>
    /// <exception cref="ArgumentException">
    /// A plane has another number of points than there are labels, or one that is not finite; or a label is no digit.
    /// </exception>
    public ScatterView(string title, IEnumerable<int> labels, params ScatterPanel[] panels)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        (Title, _labels) = (title, [.. labels]);
        _panels = [.. panels.Select(panel => panel with { X = [.. panel.X], Y = [.. panel.Y] })];
        if (panels.Length == 0 || _labels.Length == 0)
            throw new ArgumentException("There is nothing to show. Give at least one plane and one point.", nameof(panels));
        if (_labels.Any(label => label is < 0 or > 9))
            throw new ArgumentException(
                $"A label is {_labels.First(label => label is < 0 or > 9)}; points are drawn as digits, so labels must be 0 to 9.",
                nameof(labels));
        foreach (var panel in panels)
            if (panel.X.Length != _labels.Length || panel.Y.Length != _labels.Length || !panel.X.Concat(panel.Y).All(double.IsFinite))
                throw new ArgumentException(
                    $"The plane '{panel.Title}' has {panel.X.Length} x and {panel.Y.Length} y values for {_labels.Length} labels. " +
                    "Give a finite x and y for every label.", nameof(panels));
    }

    /// <summary>What the points are.</summary>
    public string Title { get; }

    /// <inheritdoc />
    public override string ToHtml()
    {
        // Planes that are compared stand side by side, even where they must be a little smaller for that.
        var planes = string.Concat(_panels.Select(panel => "<div style=\"flex:1 1 260px;max-width:340px\">" +
            $"{Html.Drawing(Svg([panel], 0), Describe(panel))}</div>"));
        return Html.View("scatter", $"<figcaption style=\"font-weight:bold\">{Html.Encode(Title)}</figcaption>" +
            $"<div style=\"display:flex;flex-wrap:wrap\">{planes}</div>");
    }

    /// <inheritdoc />
    public override string ToSvg() => Svg(_panels, Heading);

    /// <inheritdoc />
    public override string ToText() => string.Join('\n', _panels.Select(Describe).Prepend(Title));

    /// <summary>Planes side by side, under the title if there is room left for it.</summary>
    private string Svg(ScatterPanel[] panels, int heading)
    {
        var width = Side * panels.Length;
        var svg = new StringBuilder();
        if (heading > 0)
            svg.Append(SvgDocument.Text(width / 2.0, 18, Title, "text-anchor=\"middle\" font-size=\"15\" font-weight=\"bold\""));
        foreach (var (i, panel) in panels.Index())
            svg.Append($"<g transform=\"translate({i * Side} {heading})\" text-anchor=\"middle\">{Plane(panel)}</g>");
        return SvgDocument.Of(width, Side + heading, svg.ToString(), string.Join(". ", panels.Select(Describe)), fontSize: 12);
    }

    private string Plane(ScatterPanel panel)
    {
        var (x, y) = (Axis(panel.X, Left, Side - Right), Axis(panel.Y, Side - Bottom, Top));
        var svg = new StringBuilder();
        foreach (var (line, words) in SvgDocument.Wrap(panel.Title, TitleLength).Take(2).Index())
            svg.Append(SvgDocument.Text((Left + Side) / 2.0, 20 + 17 * line, words, "font-size=\"14\""));
        svg.Append($"<path d=\"M{Left},{Top}V{Side - Bottom}H{Side - Right}\" fill=\"none\" stroke=\"#555\"/>")
            .Append(SvgDocument.Text((Left + Side) / 2.0, Side - 10, panel.XTitle))
            .Append(SvgDocument.Text(16, Side / 2.0, panel.YTitle, $"transform=\"rotate(-90 16 {Side / 2})\""));

        (double X, double Y)[] places = [.. _labels.Select((_, point) => (x(panel.X[point]), y(panel.Y[point])))];
        var free = new FreeRoom(places);
        foreach (var (label, points) in Classes())
            svg.Append(Points(label, [.. points.Select(point => (places[point], free.Has(point)))]));
        foreach (var (label, points) in Classes())
            svg.Append(Mean(label, points.Average(point => places[point].X), points.Average(point => places[point].Y)));
        return svg.ToString();
    }

    /// <summary>The points of a class: digits where there is room for one, dots elsewhere.</summary>
    private static string Points(int label, IReadOnlyList<((double X, double Y) Place, bool IsDigit)> points)
    {
        var dots = string.Concat(points.Where(point => !point.IsDigit).Select(point => Dot(point.Place)));
        (double X, double Y)[] places = [.. points.Where(point => point.IsDigit).Select(point => point.Place)];
        var digits = places.Length == 0 ? "" : $"<text x=\"{Each(places, place => place.X)}\" y=\"{Each(places, place => place.Y + 3)}\">" +
            $"{new string((char)('0' + label), places.Length)}</text>";
        var cloud = dots == "" ? "" : $"<path d=\"{dots}\" fill=\"none\" stroke=\"{Palette[label]}\" stroke-width=\"2.4\" " +
            "stroke-linecap=\"round\" stroke-opacity=\".45\"/>";
        return $"{cloud}<g fill=\"{Palette[label]}\" font-size=\"9\">{digits}</g>";

        // One text whose letters each have a place of their own takes a third of the room of a text a letter.
        static string Each((double X, double Y)[] places, Func<(double X, double Y), double> part) =>
            string.Join(' ', places.Select(place => part(place).ToString("0.#", CultureInfo.InvariantCulture)));

        static string Dot((double X, double Y) place) => string.Create(CultureInfo.InvariantCulture, $"M{place.X:0.#} {place.Y:0.#}h0");
    }

    private static string Mean(int label, double x, double y) => SvgDocument.Text(x, y + 8, $"{label}",
        $"font-size=\"24\" font-weight=\"bold\" fill=\"{Palette[label]}\" stroke=\"#fff\" stroke-width=\"4\" paint-order=\"stroke\"");

    private static Func<double, double> Axis(double[] values, double from, double to)
    {
        var (low, high) = (values.Min(), values.Max());
        var span = high > low ? high - low : 1;
        return value => from + (0.04 + 0.92 * (value - low) / span) * (to - from);
    }

    private IEnumerable<(int Label, int[] Points)> Classes() => Enumerable.Range(0, _labels.Length)
        .GroupBy(point => _labels[point]).OrderBy(group => group.Key).Select(group => (group.Key, group.ToArray()));

    private string Describe(ScatterPanel panel)
    {
        var means = Classes().Select(group => $"{group.Label} at ({Mean(panel.X, group.Points)}, {Mean(panel.Y, group.Points)})");
        return $"{panel.Title}: {_labels.Length} points, {panel.YTitle} by {panel.XTitle}; " +
            $"means of the classes: {string.Join(", ", means)}";
    }

    private static string Mean(double[] values, int[] points) => Html.Number(Math.Round(points.Average(point => values[point]), 2));

    /// <summary>Which points have room for a digit: one after the other takes it, if no earlier one stands too near.</summary>
    private sealed class FreeRoom
    {
        private const double Across = 7, Down = 9;
        private readonly HashSet<int> _digits = [];

        internal FreeRoom((double X, double Y)[] places)
        {
            for (var point = 0; point < places.Length; point++)
                if (!_digits.Any(other => IsNear(places[point], places[other])))
                    _digits.Add(point);

            static bool IsNear((double X, double Y) one, (double X, double Y) other) =>
                Math.Abs(one.X - other.X) < Across && Math.Abs(one.Y - other.Y) < Down;
        }

        internal bool Has(int point) => _digits.Contains(point);
    }
}
