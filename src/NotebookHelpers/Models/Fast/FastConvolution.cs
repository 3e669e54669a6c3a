using System.Runtime.Intrinsics;

namespace NotebookHelpers;

/// <summary>
/// The loops of a convolution made fast step by step: each method computes the same maps in another way. Images have one channel,
/// the padding is SAME, and the filters lie innermost in memory: value (image, row, column, filter) stands at
/// ((image · height + row) · width + column) · 16 + filter.
/// </summary>
public sealed class FastConvolution
{
    /// <summary>Filters that lie side by side in memory; those beyond <see cref="Filters"/> are zeros.</summary>
    public const int Group = PooledShape.Group;

    private readonly float[,,] _images, _filters;
    private readonly float[] _pixels, _padded, _weights, _noBias = new float[Group];
    private readonly byte[] _places;
    private readonly int[] _offsets;
    private readonly PooledShape _shape;

    /// <summary>Takes images and filters; both are copied into the orders that the faster loops read.</summary>
    /// <param name="images">(image, row, column), at least one, of at least 3×3.</param>
    /// <param name="filters">(filter, row, column): 1 to 16 filters, square, with an odd side of 1 to 5.</param>
    /// <exception cref="ArgumentException">The sizes are others.</exception>
    public FastConvolution(float[,,] images, float[,,] filters)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(filters);
        (_images, _filters) = ((float[,,])images.Clone(), (float[,,])filters.Clone());
        (Images, Height, Width) = (images.GetLength(0), images.GetLength(1), images.GetLength(2));
        (Filters, Kernel) = (filters.GetLength(0), filters.GetLength(1));
        if (Images < 1 || Height < 3 || Width < 3)
            throw new ArgumentException(
                $"Expected at least one image of at least 3×3, but got {Images} of {Height}×{Width}.", nameof(images));
        if (Filters is < 1 or > Group || Kernel is not (1 or 3 or 5) || filters.GetLength(2) != Kernel)
            throw new ArgumentException(
                $"Expected 1 to {Group} square filters of side 1, 3 or 5, but got {Filters} of {Kernel}×{filters.GetLength(2)}.",
                nameof(filters));

        _shape = new PooledShape(Height, Width, 1, 1, Filters, Kernel);
        var packed = new PackedFilters(_shape);
        _pixels = [.. images.Cast<float>()];
        _weights = packed.ByTap([.. filters.Cast<float>()]);
        _offsets = packed.Offsets();
        _places = new byte[Images * _shape.PooledLength];
        _padded = new float[Images * _shape.PaddedLength];
        for (var image = 0; image < Images; image++)
            PaddedImage.Fill(_shape, _pixels.AsSpan(image * _shape.ImageLength, _shape.ImageLength), Padded(image));
    }

    /// <summary>How many images.</summary>
    public int Images { get; }

    /// <summary>Rows of an image and of a map.</summary>
    public int Height { get; }

    /// <summary>Columns of an image and of a map.</summary>
    public int Width { get; }

    /// <summary>How many filters.</summary>
    public int Filters { get; }

    /// <summary>The side of a filter.</summary>
    public int Kernel { get; }

    /// <summary>The vectors that this processor has: how many floats one instruction multiplies and adds.</summary>
    public static int VectorFloats => Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;

    /// <summary>Multiplications with an addition of one run of any of the methods, on the filters' own weights.</summary>
    public long MultiplyAdds => (long)Images * Height * Width * Kernel * Kernel * Filters;

    /// <summary>An array for the maps, with room behind them for a block of pixels that is written whole.</summary>
    public float[] NewMaps() => new float[MapsLength];

    /// <summary>An array for pooled maps: (image, pooled row, pooled column, filter), 16 floats a pixel.</summary>
    public float[] NewPooled() => new float[Images * _shape.PooledLength];

    /// <summary>As in the lesson on convolution by hand: for each pixel of each map the sum over the window, inside the image.</summary>
    /// <param name="maps">Room for the maps, see <see cref="NewMaps"/>.</param>
    /// <exception cref="ArgumentException">The array is too short.</exception>
    public void FourLoops(float[] maps)
    {
        Check(maps, MapsLength);
        for (var image = 0; image < Images; image++)
            for (var filter = 0; filter < Filters; filter++)
                for (var row = 0; row < Height; row++)
                    for (var column = 0; column < Width; column++)
                    {
                        var sum = 0f;
                        for (var i = 0; i < Kernel; i++)
                            for (var j = 0; j < Kernel; j++)
                            {
                                var (y, x) = (row + i - Kernel / 2, column + j - Kernel / 2);
                                if (y >= 0 && y < Height && x >= 0 && x < Width)
                                    sum += _filters[filter, i, j] * _images[image, y, x];
                            }
                        maps[((image * Height + row) * Width + column) * Group + filter] = sum;
                    }
    }

    /// <summary>The same loops over spans: one index in place of three, and zeros around the image in place of questions.</summary>
    /// <inheritdoc cref="FourLoops"/>
    public void Spans(float[] maps)
    {
        Check(maps, MapsLength);
        for (var image = 0; image < Images; image++)
            for (var filter = 0; filter < Filters; filter++)
                for (var row = 0; row < Height; row++)
                    for (var column = 0; column < Width; column++)
                    {
                        ReadOnlySpan<float> window = Padded(image)[(row * _shape.Pitch + column)..], weights = _weights;
                        var sum = 0f;
                        for (var tap = 0; tap < _offsets.Length; tap++)
                            sum += weights[tap * Group + filter] * window[_offsets[tap]];
                        maps[((image * Height + row) * Width + column) * Group + filter] = sum;
                    }
    }

    /// <summary>The filters' loop innermost, as weights and maps lie in memory: every cache line that is fetched is used whole.</summary>
    /// <inheritdoc cref="FourLoops"/>
    public void InMemoryOrder(float[] maps)
    {
        Check(maps, MapsLength);
        for (var image = 0; image < Images; image++)
            for (var row = 0; row < Height; row++)
                for (var column = 0; column < Width; column++)
                {
                    var window = Padded(image)[(row * _shape.Pitch + column)..];
                    var sums = maps.AsSpan(((image * Height + row) * Width + column) * Group, Group);
                    sums.Clear();
                    for (var tap = 0; tap < _offsets.Length; tap++)
                    {
                        var pixel = window[_offsets[tap]];
                        var weights = _weights.AsSpan(tap * Group, Group);
                        for (var filter = 0; filter < sums.Length; filter++)
                            sums[filter] += weights[filter] * pixel;
                    }
                }
    }

    /// <summary>That innermost loop as one vector: all filters of a pixel at once.</summary>
    /// <inheritdoc cref="FourLoops"/>
    public void VectorOfFilters(float[] maps)
    {
        Check(maps, MapsLength);
        for (var image = 0; image < Images; image++)
            for (var row = 0; row < Height; row++)
                for (var column = 0; column < Width; column++)
                {
                    var window = Padded(image)[(row * _shape.Pitch + column)..];
                    var sums = maps.AsSpan(((image * Height + row) * Width + column) * Group, Group);
                    if (Vector512.IsHardwareAccelerated)
                        SumVectors<Lanes512, Vector512<float>>(window, sums);
                    else
                        SumVectors<Lanes256, Vector256<float>>(window, sums);
                }
    }

    private void SumVectors<TLanes, TVector>(Span<float> window, Span<float> sums) where TLanes : struct, ILanes<TVector>
    {
        for (var filter = 0; filter < Group; filter += TLanes.Count)
        {
            var sum = TLanes.All(0);
            for (var tap = 0; tap < _offsets.Length; tap++)
                sum = TLanes.MultiplyAdd(TLanes.Load(ref _weights[tap * Group + filter]), window[_offsets[tap]], sum);
            TLanes.Store(sum, ref sums[filter]);
        }
    }

    /// <summary>
    /// Seven pixels at a time: each multiply-add waits for the one before it in its own sum, and six other sums fill that wait.
    /// Every vector of weights is read once for seven pixels.
    /// </summary>
    /// <inheritdoc cref="FourLoops"/>
    public void SeveralSums(float[] maps)
    {
        Check(maps, MapsLength);
        if (Vector512.IsHardwareAccelerated)
            SumRows<Lanes512, Vector512<float>>(maps);
        else
            SumRows<Lanes256, Vector256<float>>(maps);
    }

    // A row's last block may reach into the next row, which is written after it; the last row's into the room behind all maps.
    private void SumRows<TLanes, TVector>(Span<float> maps) where TLanes : struct, ILanes<TVector>
    {
        for (var image = 0; image < Images; image++)
            for (var row = 0; row < Height; row++)
                for (var filter = 0; filter < Group; filter += TLanes.Count)
                    PooledForward<TLanes, TVector>.ConvolveRow(
                        _shape, Padded(image)[(row * _shape.Pitch)..], _offsets, _weights.AsSpan(filter), TLanes.All(0),
                        maps[((image * Height + row) * Width * Group + filter)..], Group);
    }

    /// <summary>
    /// Together with max pooling of 3×3 and stride 2: a row of the map is pooled while it is still in the first cache, and
    /// never written to memory.
    /// </summary>
    /// <param name="pooled">Room for the pooled maps, see <see cref="NewPooled"/>.</param>
    /// <exception cref="ArgumentException">The array is too short.</exception>
    public void Pooled(float[] pooled)
    {
        Check(pooled, Images * _shape.PooledLength);
        Pool(pooled, 0, Images);
    }

    /// <summary>The same, the images shared among torch's threads.</summary>
    /// <inheritdoc cref="Pooled"/>
    public void PooledOnThreads(float[] pooled)
    {
        Check(pooled, Images * _shape.PooledLength);
        const int Piece = 16;
        TorchThreads.Run((Images + Piece - 1) / Piece, piece => Pool(pooled, piece * Piece, Math.Min(Piece, Images - piece * Piece)));
    }

    private void Pool(float[] pooled, int first, int count)
    {
        ReadOnlySpan<float> images = _pixels.AsSpan(first * _shape.ImageLength, count * _shape.ImageLength);
        var to = pooled.AsSpan(first * _shape.PooledLength, count * _shape.PooledLength);
        var places = _places.AsSpan(first * _shape.PooledLength, count * _shape.PooledLength);
        if (Vector512.IsHardwareAccelerated)
            PooledForward<Lanes512, Vector512<float>>.Run(_shape, images, _offsets, _weights, _noBias, to, places);
        else
            PooledForward<Lanes256, Vector256<float>>.Run(_shape, images, _offsets, _weights, _noBias, to, places);
    }

    private Span<float> Padded(int image) => _padded.AsSpan(image * _shape.PaddedLength, _shape.PaddedLength);

    private int MapsLength => (Images * Height * Width + PooledShape.Block) * Group;

    private static void Check(
        float[] values, int length, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(values))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(values, name);
        if (values.Length < length)
            throw new ArgumentException(
                FormattableString.Invariant($"Expected room for {length:#,0} floats, but got {values.Length:#,0}."), name);
    }
}
