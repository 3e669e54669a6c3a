using System.Globalization;
using System.Text;

namespace NotebookHelpers;

/// <summary>
/// Draws a chart as SVG with nothing but strings. (OxyPlot's SVG exporter, tried first, has no way to measure text
/// without a graphics library: titles ran into tick labels and legends were cut.)
/// </summary>
internal sealed class StaticChart
{
    internal const int Width = 720, Height = 420;
    private const double Character = 0.58; // an average letter's width in ems; labels leave room for more

    private readonly StringBuilder _svg = new();
    private double _left, _right, _top, _bottom;

    private StaticChart(double height) => (_left, _right, _top, _bottom) = (76, Width - 20, 48, height - 58);

    internal static string Draw(Chart chart, int curves = Height)
    {
        var height = chart switch
        {
            HeatChart heat => Math.Clamp(150 + heat.Rows.Length * 38, 260, 560),
            IntervalChart intervals => 116 + intervals.Rows.Count * 26,
            CurveChart => curves,
            _ => Height,
        };
        var picture = new StaticChart(height);
        picture._svg.Append(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{height}\" viewBox=\"0 0 {Width} {height}\" role=\"img\" font-family=\"Helvetica,Arial,sans-serif\" font-size=\"13\" fill=\"#1a1a1a\">");
        picture._svg.Append($"<title>{Html.Encode(chart.Heading)}</title><desc>{Html.Encode(string.Join(". ", chart.Describe()))}</desc>");
        picture._svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{height}\" fill=\"#fff\"/>");
        picture.Text(Width / 2, 24, Shorten(chart.Heading, 80), "middle", "font-size=\"16\" font-weight=\"bold\"");
        switch (chart)
        {
            case CurveChart lines: picture.Curves(lines); break;
            case BarChart bars: picture.Bars(bars); break;
            case IntervalChart intervals: picture.Intervals(intervals); break;
            case HeatChart cells: picture.Cells(cells); break;
            default: picture.Words(chart); break;
        }
        return picture._svg.Append("</svg>").ToString();
    }

    private void Curves(CurveChart chart)
    {
        Legend([.. chart.Curves.Select(curve => curve.Name)], (i, x, y) =>
        {
            var curve = chart.Curves[i];
            if (curve.Line)
                Stroke($"M{N(x)},{N(y)}H{N(x + 34)}", Chart.Color(i), curve.Style);
            Marks([(x + 17, y)], curve.Marker, Chart.Color(i));
        }, 34);

        var all = chart.Curves.Where(curve => curve.X.Length > 0).ToList();
        if (all.Count == 0)
            Text((_left + _right) / 2, (_top + _bottom) / 2, "no points yet", "middle");
        var whole = all.All(curve => curve.X.All(x => x == Math.Round(x)));
        var across = Axis.Of(all.SelectMany(curve => curve.X), 0.03, 10, whole);
        var up = Axis.Of(all.SelectMany(curve => curve.Y), 0.06, Math.Max(2, (int)((_bottom - _top) / 42)), whole: false);
        Frame(chart, across, up);

        foreach (var (curve, i) in chart.Curves.Select((curve, i) => (curve, i)))
        {
            var points = curve.X.Zip(curve.Y, (x, y) => (X: X(x), Y: Y(y))).ToArray();
            if (curve.Line && points.Length > 1)
                Stroke("M" + string.Join("L", points.Select(point => $"{N(point.X)},{N(point.Y)}")), Chart.Color(i), curve.Style);
            // Every point is marked while there is room, else some of them, staggered so that curves do not hide each other's.
            var step = !curve.Line ? 1 : Math.Max(1, points.Length / 30);
            Marks([.. points.Where((_, n) => n % step == i * step / Math.Max(1, chart.Curves.Count))], curve.Marker, Chart.Color(i));
        }

        double X(double value) => _left + across.Place(value) * (_right - _left);
        double Y(double value) => _bottom - up.Place(value) * (_bottom - _top);
    }

    private void Bars(BarChart chart)
    {
        if (chart.Groups.Count > 1)
            Legend([.. chart.Groups.Select(group => group.Name)], (i, x, y) => Bar(i, x, y - 7, 20, 14), 20);
        var up = Axis.Of(chart.Groups.SelectMany(group => group.Values).Where(double.IsFinite).Append(0), 0.08, 7, whole: false, fromZero: true);
        var slot = (_right - _left) / Math.Max(1, chart.Categories.Length);
        var slanted = chart.Categories.Any(category => category.Length * 13 * Character > slot - 4);
        if (slanted)
            _bottom -= 34;
        Frame(chart, null, up);
        var width = slot * 0.8 / Math.Max(1, chart.Groups.Count);
        var zero = _bottom - up.Place(0) * (_bottom - _top);
        var labelled = chart.Groups.SelectMany(group => group.Values).All(value => Html.Number(value).Length * 11 * Character < width + 6);
        for (var category = 0; category < chart.Categories.Length; category++)
        {
            var middle = _left + (category + 0.5) * slot;
            Text(middle, _bottom + 18, Shorten(chart.Categories[category], slanted ? 14 : 40), slanted ? "end" : "middle",
                slanted ? $"transform=\"rotate(-30 {N(middle)} {N(_bottom + 18)})\"" : "");
            for (var group = 0; group < chart.Groups.Count; group++)
            {
                var value = chart.Groups[group].Values[category];
                if (!double.IsFinite(value))
                    continue;
                var top = _bottom - up.Place(value) * (_bottom - _top);
                var left = middle + (group - chart.Groups.Count / 2.0) * width;
                Bar(group, left, Math.Min(top, zero), width * 0.94, Math.Abs(zero - top));
                if (labelled)
                    Text(left + width / 2, Math.Min(top, zero) - 4, Html.Number(value), "middle", "font-size=\"11\"");
            }
        }
    }

    /// <summary>Groups differ in filling as well as in colour: full, striped across, striped down, hollow.</summary>
    private void Bar(int group, double x, double y, double width, double height)
    {
        var color = Chart.Color(group);
        var stripes = new StringBuilder();
        if (group % 4 == 1)
            for (var at = y + 4; at < y + height; at += 5)
                stripes.Append($"M{N(x)},{N(at)}h{N(width)}");
        if (group % 4 == 2)
            for (var at = x + 4; at < x + width; at += 5)
                stripes.Append($"M{N(at)},{N(y)}v{N(height)}");
        _svg.Append($"<rect x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(width)}\" height=\"{N(height)}\" fill=\"{(group % 4 == 0 ? color : "#fff")}\" stroke=\"{color}\"/>");
        if (stripes.Length > 0)
            _svg.Append($"<path d=\"{stripes}\" stroke=\"{color}\" stroke-width=\"2\"/>");
    }

    private void Intervals(IntervalChart chart)
    {
        _left += Math.Min(190, chart.Rows.Select(row => row.Name.Length).DefaultIfEmpty().Max() * 13 * Character - 30);
        var across = Axis.Of(chart.Rows.SelectMany(row => new[] { row.Low, row.High }).Append(0), 0.04, 9, whole: false);
        var (zero, slot) = (X(0), (_bottom - _top) / Math.Max(1, chart.Rows.Count));
        foreach (var tick in across.Ticks)
        {
            _svg.Append($"<path d=\"M{N(X(tick))},{N(_top)}V{N(_bottom)}\" stroke=\"#e3e3e3\"/>");
            Text(X(tick), _bottom + 18, across.Label(tick), "middle");
        }
        _svg.Append($"<path d=\"M{N(zero)},{N(_top)}V{N(_bottom)}\" stroke=\"#1a1a1a\" stroke-width=\"1.5\"/>");
        _svg.Append($"<path d=\"M{N(_left)},{N(_top)}V{N(_bottom)}H{N(_right)}\" fill=\"none\" stroke=\"#555\"/>");
        foreach (var (row, number) in chart.Rows.Select((row, number) => (row, number)))
        {
            var y = _top + (number + 0.5) * slot;
            var color = row.Low > 0 ? Chart.Color(0) : row.High < 0 ? Chart.Color(1) : "#555";
            Text(_left - 8, y + 4, Shorten(row.Name, 30), "end");
            Stroke($"M{N(X(row.Low))},{N(y)}H{N(X(row.High))}M{N(X(row.Low))},{N(y - 5)}v10M{N(X(row.High))},{N(y - 5)}v10", color, LineStyle.Solid);
            var crosses = row.Low <= 0 && row.High >= 0;
            _svg.Append($"<circle cx=\"{N(X(row.Value))}\" cy=\"{N(y)}\" r=\"5\" fill=\"{(crosses ? "#fff" : color)}\" stroke=\"{color}\" stroke-width=\"2\"/>");
        }
        AxisTitles(chart);

        double X(double value) => _left + across.Place(value) * (_right - _left);
    }

    private void Cells(HeatChart chart)
    {
        var rowLabels = chart.Rows.Select(row => row.Length).DefaultIfEmpty().Max() * 13 * Character;
        _left = Math.Max(_left, Math.Min(rowLabels, 150) + 52);
        _right -= 84;
        var (width, height) = ((_right - _left) / Math.Max(1, chart.Columns.Length), (_bottom - _top) / Math.Max(1, chart.Rows.Length));
        var colors = new HeatColors(chart.Values);
        var room = Math.Max(1, (int)((width - 4) / (12 * Character)));
        for (var row = 0; row < chart.Rows.Length; row++)
        {
            Text(_left - 8, _top + (row + 0.5) * height + 4, Shorten(chart.Rows[row], 19), "end");
            for (var column = 0; column < chart.Columns.Length; column++)
            {
                var (color, ink) = colors.Of(chart.Values[row, column]);
                _svg.Append($"<rect x=\"{N(_left + column * width)}\" y=\"{N(_top + row * height)}\" width=\"{N(width)}\" height=\"{N(height)}\" fill=\"{color}\" stroke=\"#fff\"/>");
                string[] lines = [.. chart.Texts[row, column].Split('\n').Where(line => line.Length <= room)];
                for (var line = 0; line < lines.Length; line++)
                    Text(_left + (column + 0.5) * width, _top + (row + 0.5) * height + 4 + 12 * line - 6 * (lines.Length - 1), lines[line], "middle",
                        $"font-size=\"{(line == 0 ? 12 : 10)}\" fill=\"{ink}\"");
            }
        }
        var columnRoom = Math.Max(1, (int)(width / (13 * Character)));
        for (var column = 0; column < chart.Columns.Length; column++)
            Text(_left + (column + 0.5) * width, _bottom + 18, Shorten(chart.Columns[column], columnRoom), "middle");
        AxisTitles(chart);

        const int steps = 20;
        for (var step = 0; step < steps; step++)
            _svg.Append($"<rect x=\"{N(_right + 18)}\" y=\"{N(_bottom - (step + 1) * (_bottom - _top) / steps)}\" width=\"14\" height=\"{N((_bottom - _top) / steps + 0.5)}\" fill=\"{colors.At((step + 0.5) / steps)}\"/>");
        Text(_right + 36, _top + 10, colors.High.ToString("G3", CultureInfo.InvariantCulture), "start", "font-size=\"12\"");
        Text(_right + 36, _bottom, colors.Low.ToString("G3", CultureInfo.InvariantCulture), "start", "font-size=\"12\"");
        Text(Width - 12, (_top + _bottom) / 2, Shorten(chart.Scale, 40), "middle", $"font-size=\"12\" transform=\"rotate(-90 {N(Width - 12)} {N((_top + _bottom) / 2)})\"");
    }

    private void Words(Chart chart)
    {
        var y = _top + 20;
        foreach (var line in chart.Describe().Take(14))
            Text(40, y += 22, Shorten(line, 84), "start");
    }

    private void Legend(string[] names, Action<int, double, double> draw, double key)
    {
        if (names.Length < 2 && names.All(string.IsNullOrWhiteSpace))
            return;
        var (x, y) = (_left, _top);
        for (var i = 0; i < names.Length; i++)
        {
            var name = Shorten(names[i], 60);
            var width = key + 8 + name.Length * 13 * Character + 18;
            if (x > _left && x + width > _right)
                (x, y) = (_left, y + 20);
            draw(i, x, y - 4);
            Text(x + key + 8, y, name, "start");
            x += width;
        }
        _top = y + 16;
    }

    private void Frame(Chart chart, Axis? across, Axis up)
    {
        foreach (var tick in up.Ticks)
        {
            var y = _bottom - up.Place(tick) * (_bottom - _top);
            _svg.Append($"<path d=\"M{N(_left)},{N(y)}H{N(_right)}\" stroke=\"#e3e3e3\"/>");
            Text(_left - 8, y + 4, up.Label(tick), "end");
        }
        foreach (var tick in across?.Ticks ?? [])
        {
            var x = _left + across!.Place(tick) * (_right - _left);
            _svg.Append($"<path d=\"M{N(x)},{N(_bottom)}v5\" stroke=\"#555\"/>");
            Text(x, _bottom + 18, across.Label(tick), "middle");
        }
        _svg.Append($"<path d=\"M{N(_left)},{N(_top)}V{N(_bottom)}H{N(_right)}\" fill=\"none\" stroke=\"#555\"/>");
        AxisTitles(chart);
    }

    private void AxisTitles(Chart chart)
    {
        Text((_left + _right) / 2, _bottom + (chart is BarChart && _bottom < Height - 60 ? 76 : 42), Shorten(chart.XTitle, 80), "middle");
        Text(18, (_top + _bottom) / 2, Shorten(chart.YTitle, 50), "middle", $"transform=\"rotate(-90 18 {N((_top + _bottom) / 2)})\"");
    }

    private void Stroke(string path, string color, LineStyle style)
    {
        var dash = style switch { LineStyle.Dash => "8 4", LineStyle.Dot => "2 3", LineStyle.DashDot => "9 3 2 3", _ => "" };
        _svg.Append($"<path d=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"{(dash.Length > 0 ? $" stroke-dasharray=\"{dash}\"" : "")}/>");
    }

    /// <summary>All marks of a curve in one path: circle, square, upward triangle, diamond, downward triangle.</summary>
    private void Marks(IReadOnlyList<(double X, double Y)> points, int marker, string color)
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
            _svg.Append($"<path d=\"{string.Concat(points.Select(point => $"M{N(point.X)},{N(point.Y)}{shape}"))}\" fill=\"{color}\"/>");
    }

    private void Text(double x, double y, string text, string anchor, string attributes = "")
    {
        if (text.Length > 0)
            _svg.Append($"<text x=\"{N(x)}\" y=\"{N(y)}\" text-anchor=\"{anchor}\"{(attributes.Length > 0 ? " " + attributes : "")}>{Html.Encode(text)}</text>");
    }

    private static string Shorten(string text, int length) => text.Length <= length ? text : text[..Math.Max(0, length - 1)] + "…";

    private static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>A linear axis: its range, and ticks at 1, 2 or 5 times a power of ten.</summary>
    private sealed record Axis(double Low, double High, double Step)
    {
        internal static Axis Of(IEnumerable<double> values, double margin, int ticks, bool whole, bool fromZero = false)
        {
            var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
            foreach (var value in values)
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
            if (low > high)
                (low, high) = (0, 1);
            if (low == high)
                (low, high) = (low - Math.Max(0.5, Math.Abs(low) * 0.05), high + Math.Max(0.5, Math.Abs(high) * 0.05));
            var pad = (high - low) * margin;
            (low, high) = (fromZero && low == 0 ? 0 : low - pad, fromZero && high == 0 ? 0 : high + pad);
            var rough = (high - low) / ticks;
            var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
            var step = new[] { 1, 2, 5, 10 }.Select(factor => factor * power).First(candidate => candidate >= rough * 0.999);
            return new Axis(low, high, whole ? Math.Max(1, step) : step);
        }

        internal IEnumerable<double> Ticks
        {
            get
            {
                var first = Math.Ceiling(Low / Step - 1e-9);
                for (var n = 0; (first + n) * Step <= High + Step * 1e-9 && n < 50; n++)
                    yield return (first + n) * Step;
            }
        }

        internal double Place(double value) => (value - Low) / (High - Low);

        internal string Label(double tick)
        {
            if (Math.Abs(tick) >= 1e9 || (tick != 0 && Step < 1e-6))
                return tick.ToString("0.##e+0", CultureInfo.InvariantCulture);
            var decimals = Math.Max(0, (int)-Math.Floor(Math.Log10(Step) + 1e-9));
            return (tick == 0 ? 0 : tick).ToString("#,0." + new string('0', decimals), CultureInfo.InvariantCulture);
        }
    }

    /// <summary>White to blue for values of one sign; orange, white and blue around zero for values of both.</summary>
    internal sealed class HeatColors
    {
        internal HeatColors(double[,] values)
        {
            var finite = values.Cast<double>().Where(double.IsFinite).DefaultIfEmpty(0).ToList();
            (Low, High) = (finite.Min(), finite.Max());
            if (Low < 0)
                (Low, High) = (-Math.Max(-Low, High), Math.Max(-Low, High));
            else
                (Low, High) = (0, High == 0 ? 1 : High);
        }

        internal double Low { get; }

        internal double High { get; }

        /// <summary>The stops that plotly.js interpolates between, as this class does.</summary>
        internal (double At, string Color)[] Stops => Low < 0 ? [(0, "#d55e00"), (0.5, "#ffffff"), (1, "#0072b2")] : [(0, "#f7fbff"), (1, "#08519c")];

        internal (string Color, string Ink) Of(double value)
        {
            if (!double.IsFinite(value))
                return ("#e0e0e0", "#1a1a1a");
            var at = (value - Low) / (High - Low);
            return (At(at), Low < 0 ? (at is < 0.15 or > 0.85 ? "#fff" : "#1a1a1a") : at > 0.55 ? "#fff" : "#1a1a1a");
        }

        internal string At(double at)
        {
            var upper = Math.Max(1, Array.FindIndex(Stops, stop => stop.At >= at));
            var ((from, low), (to, high)) = (Stops[upper - 1], Stops[upper]);
            var part = Math.Clamp((at - from) / (to - from), 0, 1);
            return "#" + string.Concat(new[] { 1, 3, 5 }.Select(i =>
                ((int)Math.Round(Channel(low, i) + part * (Channel(high, i) - Channel(low, i)))).ToString("x2", CultureInfo.InvariantCulture)));
        }

        private static int Channel(string color, int at) => int.Parse(color.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
