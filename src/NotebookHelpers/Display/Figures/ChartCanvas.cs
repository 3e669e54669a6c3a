using System.Globalization;
using System.Text;

namespace NotebookHelpers;

/// <summary>The sheet that a chart is drawn on: its title, a frame with axes, a legend, lines and marks.</summary>
internal sealed class ChartCanvas
{
    /// <summary>An average letter's width in ems; labels leave room for more.</summary>
    internal const double Character = 0.58;

    internal const int FontSize = 13;
    private const int TitleSize = 16, TitleLine = 20, MostTitleLines = 3, TitleBelow = 42, AxisLine = 15;
    private const string GridColor = "#e3e3e3", FrameColor = "#555";

    private readonly StringBuilder _svg = new();
    private readonly Chart _chart;
    private readonly string[] _xTitle;

    internal ChartCanvas(Chart chart, double width, double height)
    {
        var title = SvgDocument.Wrap(chart.Heading, (int)((width - 24) / (TitleSize * Character)));
        var lines = title.Take(MostTitleLines).ToArray();
        if (title.Count > MostTitleLines)
            lines[^1] = Shorten(lines[^1] + " " + title[MostTitleLines], lines[^1].Length);
        var room = (int)((width - 16) / (FontSize * Character));
        _xTitle = [.. SvgDocument.Wrap(chart.XTitle, room).Take(MostTitleLines).Select(line => Shorten(line, room))];
        var below = AxisLine * Math.Max(0, _xTitle.Length - 1);
        (_chart, Width, Height) = (chart, width, height + TitleLine * (lines.Length - 1) + below);
        (Left, Right, Top, Bottom) = (76, width - 20, 48 + TitleLine * (lines.Length - 1), Height - 58 - below);
        for (var line = 0; line < lines.Length; line++)
            Text(width / 2, 24 + TitleLine * line, lines[line], "middle", $"font-size=\"{TitleSize}\" font-weight=\"bold\"");
    }

    /// <summary>The sheet's size.</summary>
    internal double Width { get; }

    /// <inheritdoc cref="Width"/>
    internal double Height { get; }

    /// <summary>The edges of what the axes enclose.</summary>
    internal double Left { get; set; }

    /// <inheritdoc cref="Left"/>
    internal double Right { get; set; }

    /// <inheritdoc cref="Left"/>
    internal double Top { get; set; }

    /// <inheritdoc cref="Left"/>
    internal double Bottom { get; set; }

    internal static string Shorten(string text, int length) => text.Length <= length ? text : text[..Math.Max(0, length - 1)] + "…";

    internal static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    internal double X(ChartAxis axis, double value) => Left + axis.Place(value) * (Right - Left);

    internal double Y(ChartAxis axis, double value) => Bottom - axis.Place(value) * (Bottom - Top);

    internal string ToSvg() =>
        SvgDocument.Of(Width, Height, _svg.ToString(), $"{_chart.Heading}. {string.Join(". ", _chart.Describe())}", FontSize);

    internal void Add(string element) => _svg.Append(element);

    internal void Text(double x, double y, string text, string anchor, string attributes = "") =>
        Add(SvgDocument.Text(x, y, text, $"text-anchor=\"{anchor}\" {attributes}".TrimEnd()));

    internal void Line(string path, string color, double width = 1) =>
        Add($"<path d=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{N(width)}\"/>");

    internal void Stroke(string path, string color, LineStyle style)
    {
        var dash = style switch { LineStyle.Dash => "8 4", LineStyle.Dot => "2 3", LineStyle.DashDot => "9 3 2 3", _ => "" };
        var dashes = dash == "" ? "" : $" stroke-dasharray=\"{dash}\"";
        Add($"<path d=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"{dashes}/>");
    }

    /// <summary>All marks of a curve in one path: circle, square, upward triangle, diamond, downward triangle.</summary>
    internal void Marks(IReadOnlyList<(double X, double Y)> points, int marker, string color)
    {
        var shape = marker switch
        {
            0 => "m-3.5,0a3.5,3.5 0 1 0 7,0a3.5,3.5 0 1 0 -7,0",
            1 => "m-3.2,-3.2h6.4v6.4h-6.4z",
            2 => "m0,-4.4l4,7h-8z",
            3 => "m0,-4.6l4.2,4.6l-4.2,4.6l-4.2,-4.6z",
            _ => "m0,4.4l4,-7h-8z",
        };
        if (points.Count > 0)
            Add($"<path d=\"{string.Concat(points.Select(point => $"M{N(point.X)},{N(point.Y)}{shape}"))}\" fill=\"{color}\"/>");
    }

    /// <summary>Names with their keys above the axes, in as many lines as they need; the axes begin below.</summary>
    /// <param name="names">One a series.</param>
    /// <param name="draw">Draws a key from the left and the middle of its line.</param>
    /// <param name="key">How wide a key is.</param>
    internal void Legend(string[] names, Action<int, double, double> draw, double key)
    {
        if (names.Length < 2 && names.All(string.IsNullOrWhiteSpace))
            return;
        var (x, y) = (Left, Top);
        for (var i = 0; i < names.Length; i++)
        {
            var name = Shorten(names[i], 60);
            var width = key + 8 + name.Length * FontSize * Character + 18;
            if (x > Left && x + width > Right)
                (x, y) = (Left, y + 20);
            draw(i, x, y - 4);
            Text(x + key + 8, y, name, "start");
            x += width;
        }
        Top = y + 16;
    }

    /// <summary>Both axes with their ticks and titles; bars have no ticks across.</summary>
    /// <param name="across">The axis across, if it has ticks.</param>
    /// <param name="up">The axis upward.</param>
    /// <param name="below">How far the title of the axis across stands below it.</param>
    internal void Frame(ChartAxis? across, ChartAxis up, double below = TitleBelow)
    {
        foreach (var tick in up.Ticks)
        {
            Line($"M{N(Left)},{N(Y(up, tick))}H{N(Right)}", GridColor);
            Text(Left - 8, Y(up, tick) + 4, up.Label(tick), "end");
        }
        foreach (var tick in across?.Ticks ?? [])
        {
            Line($"M{N(X(across!, tick))},{N(Bottom)}v5", FrameColor);
            Text(X(across!, tick), Bottom + 18, across!.Label(tick), "middle");
        }
        Line($"M{N(Left)},{N(Top)}V{N(Bottom)}H{N(Right)}", FrameColor);
        AxisTitles(below);
    }

    /// <summary>Lines upward at the ticks of the axis across.</summary>
    internal void Upright(ChartAxis across)
    {
        foreach (var tick in across.Ticks)
        {
            Line($"M{N(X(across, tick))},{N(Top)}V{N(Bottom)}", GridColor);
            Text(X(across, tick), Bottom + 18, across.Label(tick), "middle");
        }
    }

    /// <summary>The axes' titles.</summary>
    /// <param name="below">How far the title of the axis across stands below it.</param>
    /// <param name="withUp">Whether the axis upward has one too.</param>
    internal void AxisTitles(double below = TitleBelow, bool withUp = true)
    {
        // in the middle of its axis, unless it would then pass the sheet's edge
        foreach (var (line, words) in _xTitle.Index())
        {
            var half = Math.Min(Width / 2, 8 + words.Length * FontSize * Character / 2);
            Text(Math.Clamp((Left + Right) / 2, half, Width - half), Bottom + below + AxisLine * line, words, "middle");
        }
        if (withUp)
            Sideways(18, _chart.YTitle);
    }

    /// <summary>A text that is read from below, beside the axes' middle.</summary>
    internal void Sideways(double x, string text, string attributes = "")
    {
        var middle = (Top + Bottom) / 2;
        Text(x, middle, Shorten(text, 50), "middle", $"{attributes} transform=\"rotate(-90 {N(x)} {N(middle)})\"".TrimStart());
    }
}
