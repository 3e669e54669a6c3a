using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// Mean and covariance of the patches under a square filter that moves over images of one channel, with zeros around them (SAME).
/// </summary>
/// <remarks>
/// Two numbers of a patch are a pixel and one that is displaced from it, and pairs of numbers with the same displacement meet the same
/// pairs of pixels, but for those near the edges. So the products are summed over the images once for each displacement (13 for a filter
/// of 3×3, where there are 45 pairs of numbers), and over those pixels that a pair meets at the end.
/// </remarks>
internal sealed class PatchStatistics
{
    private const int PiecesOf = 16;   // images

    private readonly int _height, _width, _kernel, _pitch, _length;
    private readonly int[] _displacements;

    private PatchStatistics(int height, int width, int kernel)
    {
        (_height, _width, _kernel) = (height, width, kernel);
        _pitch = width + kernel - 1;   // zeros that the displaced pixel finds beyond either edge
        _length = (height * _pitch + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        _displacements = [.. Enumerable.Range(0, kernel).SelectMany(down => Enumerable.Range(1 - kernel, 2 * kernel - 1)
            .Where(right => down > 0 || right >= 0).Select(right => down * _pitch + right))];
    }

    /// <summary>The statistics over all places of the filter in all images.</summary>
    /// <param name="images">(batch, 1, height, width), floats in the processor's memory.</param>
    /// <param name="kernel">The filter's side, odd.</param>
    /// <returns>The mean, (kernel²), and the covariance, (kernel², kernel²), without Bessel's correction.</returns>
    internal static (Tensor Mean, Tensor Covariance) Of(Tensor images, int kernel) =>
        new PatchStatistics((int)images.shape[2], (int)images.shape[3], kernel).Over(images);

    private (Tensor Mean, Tensor Covariance) Over(Tensor images)
    {
        using var plain = images.detach().contiguous();
        var (count, size) = ((int)images.shape[0], _height * _width);
        var pieces = (count + PiecesOf - 1) / PiecesOf;
        using var sums = zeros(pieces, (1 + _displacements.Length) * _length);
        TorchThreads.Run(pieces, piece =>
        {
            var (first, length) = (piece * PiecesOf, (int)sums.shape[1]);
            Add(plain.Floats()[(first * size)..(Math.Min(first + PiecesOf, count) * size)], sums.Floats().Slice(piece * length, length));
        });
        using var sum = sums.sum(0, type: ScalarType.Float64);
        return Statistics(MemoryMarshal.Cast<byte, double>(sum.bytes), (double)count * size);
    }

    /// <summary>Adds images, and their products with themselves for each displacement.</summary>
    private void Add(ReadOnlySpan<float> images, Span<float> sums)
    {
        Span<float> padded = new float[_length + _displacements[^1]];
        for (var at = 0; at < images.Length; at += _width)
        {
            var row = at / _width % _height;
            images.Slice(at, _width).CopyTo(padded[(row * _pitch)..]);
            if (row == _height - 1)
                AddOne(padded, sums);
        }
    }

    private void AddOne(Span<float> padded, Span<float> sums)
    {
        var image = MemoryMarshal.Cast<float, Vector<float>>(padded[.._length]);
        var sum = MemoryMarshal.Cast<float, Vector<float>>(sums[.._length]);
        for (var i = 0; i < sum.Length; i++)
            sum[i] += image[i];
        for (var number = 0; number < _displacements.Length; number++)
        {
            var displaced = MemoryMarshal.Cast<float, Vector<float>>(padded.Slice(_displacements[number], _length));
            var products = MemoryMarshal.Cast<float, Vector<float>>(sums.Slice((1 + number) * _length, _length));
            for (var i = 0; i < products.Length; i++)
                products[i] += image[i] * displaced[i];
        }
    }

    private (Tensor Mean, Tensor Covariance) Statistics(ReadOnlySpan<double> sums, double places)
    {
        var taps = _kernel * _kernel;
        var (mean, covariance) = (new double[taps], new double[taps, taps]);
        for (var tap = 0; tap < taps; tap++)
            mean[tap] = Met(sums[.._length], tap) / places;
        for (var one = 0; one < taps; one++)
            for (var other = one; other < taps; other++)
            {
                var displacement = (other / _kernel - one / _kernel) * _pitch + other % _kernel - one % _kernel;
                var products = sums.Slice((1 + Array.IndexOf(_displacements, displacement)) * _length, _length);
                covariance[one, other] = covariance[other, one] = Met(products, one) / places - mean[one] * mean[other];
            }
        return (tensor(mean, ScalarType.Float32), tensor(covariance, ScalarType.Float32));
    }

    /// <summary>The sum over those pixels that a number of the patch meets while the filter moves over the image.</summary>
    private double Met(ReadOnlySpan<double> pixels, int tap)
    {
        int down = tap / _kernel - _kernel / 2, right = tap % _kernel - _kernel / 2;
        var sum = 0.0;
        for (var row = Math.Max(0, down); row < _height + Math.Min(0, down); row++)
            foreach (var pixel in pixels.Slice(row * _pitch + Math.Max(0, right), Math.Max(0, _width - Math.Abs(right))))
                sum += pixel;
        return sum;
    }
}
