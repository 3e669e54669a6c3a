using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// The gradients of convolution and max pooling. Only the pixel that won its window takes part: a quarter of the multiply-adds
/// that a convolution's backward pass makes, or less where one pixel wins several windows.
/// </summary>
/// <remarks>
/// A row of a filter is a run of neighbours in the padded image, for one channel as for many, so that it is read and written in whole
/// vectors from the winner on. What a vector reads beyond the run is multiplied into sums that nobody reads. On bounds, see
/// <see cref="PooledForward{TLanes, TVector}"/>: a winner's window ends inside the padded image, which has a vector's room behind it.
/// </remarks>
internal static class PooledBackward<TLanes, TVector> where TLanes : struct, ILanes<TVector>
{
    /// <summary>The gradients from images, one after the other.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="images">Images, channels innermost.</param>
    /// <param name="gradients">The gradient of the pooled maps, innermost.</param>
    /// <param name="places">Where each value of the pooled maps was found, see <see cref="PooledForward{TLanes, TVector}"/>.</param>
    /// <param name="runs">See <see cref="PackedFilters.Runs"/>.</param>
    /// <param name="weights">See <see cref="PackedFilters.ByRun"/>.</param>
    /// <param name="sums">What the filters' gradients are added to.</param>
    /// <param name="imageGradients">What the images' gradients are written to; empty where nobody asks for them.</param>
    internal static void Run(
        PooledShape shape, ReadOnlySpan<float> images, Span<float> gradients, Span<byte> places, ReadOnlySpan<int> runs,
        Span<float> weights, FilterGradients sums, Span<float> imageGradients)
    {
        // torch's memory begins on a cache line, which a vector then does not straddle.
        using Tensor image = zeros(shape.PaddedLength), imageGradient = zeros(imageGradients.IsEmpty ? 0 : shape.PaddedLength);
        Span<float> padded = image.Floats(), paddedGradient = imageGradient.Floats();
        Span<int> corners = new int[shape.PooledLength];
        var length = shape.Kernel * shape.Run;
        for (var index = 0; index * shape.ImageLength < images.Length; index++)
        {
            var gradient = gradients.Slice(index * shape.PooledLength, shape.PooledLength);
            PaddedImage.Fill(shape, images.Slice(index * shape.ImageLength, shape.ImageLength), padded);
            FindCorners(shape, places.Slice(index * shape.PooledLength, shape.PooledLength), corners);
            AddBiases(gradient, sums.Biases);
            for (var filter = 0; filter < shape.Filters; filter++)
                AddWeights(
                    shape.Maps, corners[filter..], gradient[filter..], padded, runs, sums.Weights.AsSpan(filter * length, length));
            if (imageGradients.IsEmpty)
                continue;
            paddedGradient.Clear();
            for (var filter = 0; filter < shape.Filters; filter++)
                AddInputs(shape.Maps, corners[filter..], gradient[filter..], weights.Slice(filter * length, length), runs, paddedGradient);
            PaddedImage.Cut(shape, paddedGradient, imageGradients.Slice(index * shape.ImageLength, shape.ImageLength));
        }
    }

    /// <summary>For each winner, where in the padded image the window begins whose sum it is.</summary>
    private static void FindCorners(PooledShape shape, Span<byte> places, Span<int> corners)
    {
        for (var row = 0; row < shape.PooledHeight; row++)
            for (var column = 0; column < shape.PooledWidth; column++)
            {
                var window = 2 * (row * shape.Pitch + column) * shape.Stored;
                var first = (row * shape.PooledWidth + column) * shape.Maps;
                for (var at = first; at < first + shape.Maps; at += Vector128<byte>.Count)
                {
                    var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref places[at]));
                    StoreCorners(shape, window, Vector128.Widen(low), corners[at..]);
                    StoreCorners(shape, window, Vector128.Widen(high), corners[(at + 8)..]);
                }
            }
    }

    // Place p of nine lies p / 3 rows down and p % 3 columns on, and up to 8 p / 3 is 11 p / 32.
    private static void StoreCorners(
        PooledShape shape, int window, (Vector128<uint> First, Vector128<uint> Second) places, Span<int> corners)
    {
        var (first, second) = (places.First.AsInt32(), places.Second.AsInt32());
        var start = Vector128.Create(window);
        var nextRow = (shape.Pitch - 3) * shape.Stored;
        (start + first * shape.Stored + Vector128.ShiftRightLogical(first * 11, 5) * nextRow).CopyTo(corners);
        (start + second * shape.Stored + Vector128.ShiftRightLogical(second * 11, 5) * nextRow).CopyTo(corners[4..]);
    }

    private static void AddBiases(Span<float> gradient, Span<float> sums)
    {
        for (var map = 0; map < sums.Length; map += TLanes.Count)
        {
            var sum = TLanes.All(0);
            for (var at = map; at < gradient.Length; at += sums.Length)
                sum = TLanes.Add(sum, TLanes.Load(ref gradient[at]));
            Add(sum, ref sums[map]);
        }
    }

    /// <summary>Adds an image's part to the gradient of one filter.</summary>
    /// <param name="maps">How far the filter's winners lie apart.</param>
    /// <param name="corners">From <see cref="FindCorners"/>, from the filter's first on.</param>
    /// <param name="gradients">The winners' gradients, from the filter's first on.</param>
    /// <param name="padded">The image with zeros around it.</param>
    /// <param name="runs">See <see cref="PackedFilters.Runs"/>.</param>
    /// <param name="sums">The filter's gradient, a vector for each of <paramref name="runs"/>.</param>
    private static void AddWeights(
        int maps, ReadOnlySpan<int> corners, ReadOnlySpan<float> gradients, Span<float> padded, ReadOnlySpan<int> runs, Span<float> sums)
    {
        var run = 0;
        for (; run + 3 <= runs.Length; run += 3)
            AddThree(maps, corners, gradients, ref padded[runs[run]], runs[run + 1] - runs[run], runs[run + 2] - runs[run],
                ref sums[run * TLanes.Count]);
        for (; run < runs.Length; run++)
            AddOne(maps, corners, gradients, ref padded[runs[run]], ref sums[run * TLanes.Count]);
    }

    private static void AddThree(
        int maps, ReadOnlySpan<int> corners, ReadOnlySpan<float> gradients, ref float padded, int second, int third, ref float sums)
    {
        TVector sum0 = TLanes.All(0), sum1 = sum0, sum2 = sum0;
        for (var at = 0; at < corners.Length; at += maps)
        {
            ref var pixel = ref Unsafe.Add(ref padded, corners[at]);
            var gradient = gradients[at];
            sum0 = TLanes.MultiplyAdd(TLanes.Load(ref pixel), gradient, sum0);
            sum1 = TLanes.MultiplyAdd(TLanes.Load(ref Unsafe.Add(ref pixel, second)), gradient, sum1);
            sum2 = TLanes.MultiplyAdd(TLanes.Load(ref Unsafe.Add(ref pixel, third)), gradient, sum2);
        }
        // An image's sum goes to the batch's as a whole: so rounding stays small.
        Add(sum0, ref sums);
        Add(sum1, ref Unsafe.Add(ref sums, TLanes.Count));
        Add(sum2, ref Unsafe.Add(ref sums, 2 * TLanes.Count));
    }

    private static void AddOne(int maps, ReadOnlySpan<int> corners, ReadOnlySpan<float> gradients, ref float padded, ref float sums)
    {
        var sum = TLanes.All(0);
        for (var at = 0; at < corners.Length; at += maps)
            sum = TLanes.MultiplyAdd(TLanes.Load(ref Unsafe.Add(ref padded, corners[at])), gradients[at], sum);
        Add(sum, ref sums);
    }

    private static void Add(TVector part, ref float sums) => TLanes.Store(TLanes.Add(TLanes.Load(ref sums), part), ref sums);

    /// <summary>Adds what one filter passes back to the padded image: its weights times a winner's gradient, where it stood.</summary>
    /// <param name="maps">As for <see cref="AddWeights"/>.</param>
    /// <param name="corners">As for <see cref="AddWeights"/>.</param>
    /// <param name="gradients">As for <see cref="AddWeights"/>.</param>
    /// <param name="filter">The filter, a vector for each of <paramref name="runs"/>.</param>
    /// <param name="runs">As for <see cref="AddWeights"/>.</param>
    /// <param name="padded">The padded image's gradient.</param>
    private static void AddInputs(
        int maps, ReadOnlySpan<int> corners, ReadOnlySpan<float> gradients, Span<float> filter, ReadOnlySpan<int> runs, Span<float> padded)
    {
        var run = 0;
        for (; run + 3 <= runs.Length; run += 3)
            PassThree(maps, corners, gradients, ref filter[run * TLanes.Count], ref padded[runs[run]], runs[run + 1] - runs[run],
                runs[run + 2] - runs[run]);
        for (; run < runs.Length; run++)
            PassOne(maps, corners, gradients, TLanes.Load(ref filter[run * TLanes.Count]), ref padded[runs[run]]);
    }

    private static void PassThree(
        int maps, ReadOnlySpan<int> corners, ReadOnlySpan<float> gradients, ref float filter, ref float padded, int second, int third)
    {
        TVector weights0 = TLanes.Load(ref filter), weights1 = TLanes.Load(ref Unsafe.Add(ref filter, TLanes.Count)),
            weights2 = TLanes.Load(ref Unsafe.Add(ref filter, 2 * TLanes.Count));
        for (var at = 0; at < corners.Length; at += maps)
        {
            ref var pixel = ref Unsafe.Add(ref padded, corners[at]);
            var gradient = gradients[at];
            AddTo(ref pixel, weights0, gradient);
            AddTo(ref Unsafe.Add(ref pixel, second), weights1, gradient);
            AddTo(ref Unsafe.Add(ref pixel, third), weights2, gradient);
        }
    }

    private static void PassOne(
        int maps, ReadOnlySpan<int> corners, ReadOnlySpan<float> gradients, TVector weights, ref float padded)
    {
        for (var at = 0; at < corners.Length; at += maps)
            AddTo(ref Unsafe.Add(ref padded, corners[at]), weights, gradients[at]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo(ref float pixel, TVector weights, float gradient) =>
        TLanes.Store(TLanes.MultiplyAdd(weights, gradient, TLanes.Load(ref pixel)), ref pixel);
}
