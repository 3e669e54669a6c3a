using System.Globalization;
using System.Text;

namespace NotebookHelpers;

/// <summary>A loss over its weights, as a ground to draw paths on: a curve over one weight, or bands of equal loss over two.</summary>
internal abstract class Landscape
{
    /// <summary>The loss at these weights.</summary>
    internal abstract double Loss((double First, double Second) weights);

    /// <summary>The weights in words, such as <c>w = 1.5</c>.</summary>
    internal abstract string Words((double First, double Second) weights);

    /// <summary>Where a point lies in the frame: from (0, 0), left and low, to (1, 1); outside of it beyond.</summary>
    internal abstract (double X, double Y) Place((double First, double Second) weights);

    /// <summary>The ground as SVG for a frame of this size whose upper left corner is (0, 0).</summary>
    internal abstract string Ground(int width, int height);

    /// <summary>The titles and ends of both axes.</summary>
    internal abstract (Axis X, Axis Y) Axes { get; }

    internal sealed record Axis(string Title, double From, double To)
    {
        internal double Place(double value) => (value - From) / (To - From);

        internal double At(double place) => From + place * (To - From);

        /// <exception cref="ArgumentException">The range is empty or not finite.</exception>
        internal static Axis Of(string title, double from, double to) =>
            double.IsFinite(from) && double.IsFinite(to) && from < to
                ? new Axis(title, from, to)
                : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"The range of '{title}' goes from {from} to {to}. Give two finite numbers, the smaller one first."));
    }
}

/// <summary>The curve of a loss over one weight.</summary>
internal sealed class LossCurve : Landscape
{
    private const int Samples = 200;
    private readonly Axis _x, _y;
    private readonly Func<double, double> _loss;

    internal LossCurve(string weight, Func<double, double> loss, double from, double to)
    {
        (_loss, _x) = (loss, Axis.Of(weight, from, to));
        var losses = Enumerable.Range(0, Samples + 1).Select(i => loss(_x.At((double)i / Samples))).Where(double.IsFinite).ToArray();
        if (losses.Length == 0)
            throw new ArgumentException($"The loss is nowhere finite over the range of '{weight}'. Look at the function or at the range.");
        double low = Math.Min(0, losses.Min()), high = losses.Max();
        _y = new Axis("loss", low, high > low ? high : low + 1);
    }

    internal override (Axis X, Axis Y) Axes => (_x, _y);

    internal override double Loss((double First, double Second) weights) => _loss(weights.First);

    internal override string Words((double First, double Second) weights) => $"{_x.Title} = {Html.Number(Math.Round(weights.First, 4))}";

    internal override (double X, double Y) Place((double First, double Second) weights) =>
        (_x.Place(weights.First), _y.Place(Loss(weights)));

    internal override string Ground(int width, int height)
    {
        var points = new StringBuilder();
        for (var i = 0; i <= Samples; i++)
            if (Place((_x.At((double)i / Samples), 0)) is var (x, y) && double.IsFinite(y))
                points.Append(CultureInfo.InvariantCulture, $"{x * width:0.#},{(1 - y) * height:0.#} ");
        return $"<polyline points=\"{points}\" fill=\"none\" stroke=\"#0072b2\" stroke-width=\"2\"/>";
    }
}

/// <summary>A loss over two weights: bands of equal loss, the bluer the lower.</summary>
internal sealed class LossSurface : Landscape
{
    private const int Pixels = 160, Bands = 14;
    private readonly Axis _x, _y;
    private readonly Func<double, double, double> _loss;
    private readonly byte[] _picture;

    internal LossSurface(Func<double, double, double> loss, Axis x, Axis y)
    {
        (_loss, _x, _y) = (loss, x, y);
        _picture = Draw();
    }

    internal override (Axis X, Axis Y) Axes => (_x, _y);

    internal override double Loss((double First, double Second) weights) => _loss(weights.First, weights.Second);

    internal override string Words((double First, double Second) weights) =>
        $"{_x.Title} = {Html.Number(Math.Round(weights.First, 4))}, {_y.Title} = {Html.Number(Math.Round(weights.Second, 4))}";

    internal override (double X, double Y) Place((double First, double Second) weights) =>
        (_x.Place(weights.First), _y.Place(weights.Second));

    internal override string Ground(int width, int height) =>
        $"<image width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\" " +
        $"href=\"data:{Mime.Png};base64,{Convert.ToBase64String(_picture)}\"/>";

    // The bands are even in the root of the loss above its lowest: a parabola's bands are then equally wide.
    private byte[] Draw()
    {
        var losses = new double[Pixels * Pixels];
        for (var i = 0; i < losses.Length; i++)
            losses[i] = _loss(_x.At((i % Pixels + 0.5) / Pixels), _y.At(1 - (i / Pixels + 0.5) / Pixels));
        var finite = losses.Where(double.IsFinite).ToArray();
        if (finite.Length == 0)
            throw new ArgumentException($"The loss is nowhere finite over the ranges of '{_x.Title}' and '{_y.Title}'.");
        double low = finite.Min(), height = Math.Max(finite.Max() - low, double.Epsilon);
        var rgba = new byte[4 * losses.Length];
        for (var i = 0; i < losses.Length; i++)
        {
            var depth = double.IsFinite(losses[i]) ? Math.Sqrt((losses[i] - low) / height) : 1;
            Color(Math.Min(Math.Floor(depth * Bands) / (Bands - 1), 1)).CopyTo(rgba, 4 * i);
        }
        return PngEncoder.Rgba(rgba, Pixels, Pixels);
    }

    // Blue in the valley; on the heights the page shows through, be it light or dark.
    private static byte[] Color(double height) => [0x21, 0x71, 0xb5, (byte)(255 - height * 230)];
}
