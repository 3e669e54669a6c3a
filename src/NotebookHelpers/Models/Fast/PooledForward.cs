using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NotebookHelpers;

/// <summary>
/// Convolution and max pooling, for as many filters at once as a vector has lanes. A row of the convolution's maps lives only
/// until the pooling has read it, in a buffer that stays in the first cache.
/// </summary>
/// <remarks>
/// References step through the buffers without a check of each index, which would cost more than the arithmetic. The bounds
/// hold by the sizes in <see cref="PooledShape"/>, which all buffers are made by: a block reads Kernel − 1 columns and rows beyond
/// its own, which the padded image has, and writes whole blocks.
/// </remarks>
internal static class PooledForward<TLanes, TVector> where TLanes : struct, ILanes<TVector>
{
    /// <summary>The pooled maps of images, one after the other.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="images">Images, channels innermost.</param>
    /// <param name="offsets">See <see cref="PackedFilters.Offsets"/>.</param>
    /// <param name="weights">See <see cref="PackedFilters.ByTap"/>.</param>
    /// <param name="biases">One a map.</param>
    /// <param name="largest">The pooled maps, innermost.</param>
    /// <param name="places">Beside each value, where in its window of nine it was found, row by row.</param>
    internal static void Run(
        PooledShape shape, ReadOnlySpan<float> images, ReadOnlySpan<int> offsets, Span<float> weights, Span<float> biases,
        Span<float> largest, Span<byte> places)
    {
        Span<float> padded = new float[shape.PaddedLength], rows = new float[(shape.Columns + 6 * shape.PooledWidth) * TLanes.Count];
        for (var image = 0; image * shape.ImageLength < images.Length; image++)
        {
            PaddedImage.Fill(shape, images.Slice(image * shape.ImageLength, shape.ImageLength), padded);
            for (var map = 0; map < shape.Maps; map += TLanes.Count)
            {
                int group = map / PooledShape.Group * PooledShape.Group, to = image * shape.PooledLength + map;
                Pool(shape, padded, offsets, weights[(group * shape.Taps + map - group)..], TLanes.Load(ref biases[map]), rows,
                    ref largest[to], ref places[to]);
            }
        }
    }

    /// <summary>One image, for one vector of filters.</summary>
    private static void Pool(
        PooledShape shape, Span<float> padded, ReadOnlySpan<int> offsets, Span<float> weights, TVector bias, Span<float> rows,
        ref float largest, ref byte places)
    {
        var pooledRow = shape.PooledWidth * TLanes.Count;
        var map = rows[..(shape.Columns * TLanes.Count)];
        var rowLargest = rows.Slice(map.Length, 3 * pooledRow);
        var rowPlaces = rows.Slice(map.Length + 3 * pooledRow, 3 * pooledRow);
        for (var row = 0; row <= 2 * shape.PooledHeight; row++)
        {
            ConvolveRow(shape, padded[(row * shape.Pitch * shape.Stored)..], offsets, weights, bias, map, TLanes.Count);
            PoolAlong(map, rowLargest.Slice(row % 3 * pooledRow, pooledRow), rowPlaces.Slice(row % 3 * pooledRow, pooledRow));
            if (row < 2 || row % 2 == 1)
                continue;
            var pooled = (row / 2 - 1) * shape.PooledWidth * shape.Maps;
            PoolAcross(shape, row - 2, rowLargest, rowPlaces, ref Unsafe.Add(ref largest, pooled), ref Unsafe.Add(ref places, pooled));
        }
    }

    /// <summary>
    /// A row of the map. Seven pixels at a time: a multiply-add takes four cycles and one begins in each, so that a processor
    /// waits unless at least four sums grow side by side. The order of each sum, and the bias at its end, are those of torch's
    /// convolution (oneDNN's): up to 16 channels the values are its values to the last bit.
    /// </summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="input">The padded image, from the row's first window on.</param>
    /// <param name="offsets">See <see cref="PackedFilters.Offsets"/>.</param>
    /// <param name="weights">See <see cref="PackedFilters.ByTap"/>, from the first lane's filter on.</param>
    /// <param name="bias">Of each lane's filter.</param>
    /// <param name="map">Room for the row, in whole blocks.</param>
    /// <param name="step">How far the pixels of the map lie apart.</param>
    internal static void ConvolveRow(
        PooledShape shape, Span<float> input, ReadOnlySpan<int> offsets, Span<float> weights, TVector bias, Span<float> map, int step)
    {
        var stored = shape.Stored;
        for (var column = 0; column < shape.Columns; column += PooledShape.Block)
        {
            ref var pixel = ref input[column * stored];
            ref var weight = ref weights[0];
            TVector sum0 = TLanes.All(0), sum1 = sum0, sum2 = sum0, sum3 = sum0, sum4 = sum0, sum5 = sum0, sum6 = sum0;
            foreach (var offset in offsets)
            {
                var filters = TLanes.Load(ref weight);
                ref var x = ref Unsafe.Add(ref pixel, offset);
                sum0 = TLanes.MultiplyAdd(filters, x, sum0);
                sum1 = TLanes.MultiplyAdd(filters, Unsafe.Add(ref x, stored), sum1);
                sum2 = TLanes.MultiplyAdd(filters, Unsafe.Add(ref x, 2 * stored), sum2);
                sum3 = TLanes.MultiplyAdd(filters, Unsafe.Add(ref x, 3 * stored), sum3);
                sum4 = TLanes.MultiplyAdd(filters, Unsafe.Add(ref x, 4 * stored), sum4);
                sum5 = TLanes.MultiplyAdd(filters, Unsafe.Add(ref x, 5 * stored), sum5);
                sum6 = TLanes.MultiplyAdd(filters, Unsafe.Add(ref x, 6 * stored), sum6);
                weight = ref Unsafe.Add(ref weight, PooledShape.Group);
            }
            ref var to = ref map[column * step];
            TLanes.Store(TLanes.Add(sum0, bias), ref to);
            TLanes.Store(TLanes.Add(sum1, bias), ref Unsafe.Add(ref to, step));
            TLanes.Store(TLanes.Add(sum2, bias), ref Unsafe.Add(ref to, 2 * step));
            TLanes.Store(TLanes.Add(sum3, bias), ref Unsafe.Add(ref to, 3 * step));
            TLanes.Store(TLanes.Add(sum4, bias), ref Unsafe.Add(ref to, 4 * step));
            TLanes.Store(TLanes.Add(sum5, bias), ref Unsafe.Add(ref to, 5 * step));
            TLanes.Store(TLanes.Add(sum6, bias), ref Unsafe.Add(ref to, 6 * step));
        }
    }

    /// <summary>The largest of each three neighbours in a row, two apart, with its place: 0, 1 or 2. The first of equals wins.</summary>
    private static void PoolAlong(Span<float> map, Span<float> largest, Span<float> places)
    {
        var lanes = TLanes.Count;
        TVector first = TLanes.All(0), second = TLanes.All(1), third = TLanes.All(2);
        ref var from = ref MemoryMarshal.GetReference(map);
        for (var to = 0; to < largest.Length; to += lanes)
        {
            TVector best = TLanes.Load(ref from), place = first;
            TLanes.TakeLarger(TLanes.Load(ref Unsafe.Add(ref from, lanes)), second, ref best, ref place);
            TLanes.TakeLarger(TLanes.Load(ref Unsafe.Add(ref from, 2 * lanes)), third, ref best, ref place);
            TLanes.Store(best, ref largest[to]);
            TLanes.Store(place, ref places[to]);
            from = ref Unsafe.Add(ref from, 2 * lanes);
        }
    }

    /// <summary>
    /// The largest of three rows' largest, with its place from 0 to 8. As rows are compared after columns, the first of equals
    /// in reading order wins, as torch has it.
    /// </summary>
    private static void PoolAcross(
        PooledShape shape, int row, Span<float> rowLargest, Span<float> rowPlaces, ref float largest, ref byte places)
    {
        var pooledRow = shape.PooledWidth * TLanes.Count;
        int top = row % 3 * pooledRow, middle = (row + 1) % 3 * pooledRow, bottom = (row + 2) % 3 * pooledRow;
        TVector second = TLanes.All(3), third = TLanes.All(6);
        for (var at = 0; at < pooledRow; at += TLanes.Count)
        {
            TVector best = TLanes.Load(ref rowLargest[top + at]), place = TLanes.Load(ref rowPlaces[top + at]);
            TLanes.TakeLarger(
                TLanes.Load(ref rowLargest[middle + at]), TLanes.Add(TLanes.Load(ref rowPlaces[middle + at]), second), ref best, ref place);
            TLanes.TakeLarger(
                TLanes.Load(ref rowLargest[bottom + at]), TLanes.Add(TLanes.Load(ref rowPlaces[bottom + at]), third), ref best, ref place);
            TLanes.Store(best, ref largest);
            TLanes.StoreBytes(place, ref places);
            largest = ref Unsafe.Add(ref largest, shape.Maps);
            places = ref Unsafe.Add(ref places, shape.Maps);
        }
    }
}
