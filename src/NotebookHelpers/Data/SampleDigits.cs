using BigGustave;

namespace NotebookHelpers;

/// <summary>
/// The sample that is embedded in the library: 5,000 handwritten digits from OpenCV's samples (digits.png), for machines
/// without MNIST. It lets every lesson run; its figures are not MNIST's.
/// </summary>
public static class SampleDigits
{
    private const int Cell = 20, Side = 28, PerClass = 500, TrainPerClass = 400, Columns = 100;
    private static readonly Lazy<DigitData> Sample = new(Decode);

    /// <summary>
    /// 4,000 digits for training and 1,000 for testing, 400 and 100 of each class, always the same ones; each centred by its
    /// centre of mass in 28×28, as MNIST is. Labels go round 0 to 9, so that every slice is balanced.
    /// </summary>
    public static DigitData Load() => Sample.Value;

    private static DigitData Decode()
    {
        using var stream = typeof(SampleDigits).Assembly.GetManifestResourceStream("digits.png")
            ?? throw new InvalidOperationException(
                "The library was built without its embedded digits.png; build it again from the repository.");
        var sheet = Png.Open(stream);

        var pixels = new byte[10 * PerClass * Side * Side];
        var labels = new byte[10 * PerClass];
        var orders = Enumerable.Range(0, 10).Select(digit => Permutation.Of(PerClass, seed: 0, stream: digit)).ToArray();
        var digitPixels = new byte[Cell * Cell];
        for (var i = 0; i < labels.Length; i++)
        {
            var digit = i % 10;
            labels[i] = (byte)digit;
            // The sheet has 100 cells a row and five rows a digit.
            var cell = digit * PerClass + orders[digit][i / 10];
            int left = cell % Columns * Cell, top = cell / Columns * Cell;
            for (var y = 0; y < Cell; y++)
                for (var x = 0; x < Cell; x++)
                    digitPixels[y * Cell + x] = sheet.GetPixel(left + x, top + y).R;
            Centre(digitPixels, pixels.AsSpan(i * Side * Side, Side * Side));
        }

        var store = new PixelStore(pixels, labels, Side, Side, KnownSet.Digits);
        const int trainCount = 10 * TrainPerClass;
        var train = new DigitSet(store, "sample digits", "train", [.. Enumerable.Range(0, trainCount)]);
        var test = new DigitSet(store, "sample digits", "test", [.. Enumerable.Range(trainCount, labels.Length - trainCount)]);
        return DigitData.Sample("sample digits", train, test);
    }

    /// <summary>
    /// Moves a 20×20 digit by whole pixels, its centre of mass as near as it gets to the middle of 28×28; no ink is lost.
    /// </summary>
    internal static void Centre(ReadOnlySpan<byte> source, Span<byte> target)
    {
        double mass = 0, sumX = 0, sumY = 0;
        int minX = Cell, maxX = 0, minY = Cell, maxY = 0;
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] == 0)
                continue;
            var (y, x) = (i / Cell, i % Cell);
            mass += source[i];
            sumX += (double)source[i] * x;
            sumY += (double)source[i] * y;
            (minX, maxX, minY, maxY) = (Math.Min(minX, x), Math.Max(maxX, x), Math.Min(minY, y), Math.Max(maxY, y));
        }
        target.Clear();
        if (mass == 0)
            return;
        var dx = Offset(sumX / mass, minX, maxX);
        var dy = Offset(sumY / mass, minY, maxY);
        for (var y = minY; y <= maxY; y++)
            source.Slice(y * Cell + minX, maxX - minX + 1).CopyTo(target[((y + dy) * Side + minX + dx)..]);
    }

    private static int Offset(double centre, int min, int max) =>
        Math.Clamp((int)Math.Round(Middle - centre, MidpointRounding.AwayFromZero), -min, Side - 1 - max);

    // MNIST's own digits have their centre of mass at pixel 14 (counted from 0) on average, not at 13.5.
    private const double Middle = 14;
}
