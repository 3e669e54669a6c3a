namespace NotebookHelpers;

/// <summary>The filters of a layer in the orders in which the loops of <see cref="PooledConvolution"/> read them.</summary>
internal sealed class PackedFilters(PooledShape shape)
{
    internal PooledShape Shape => shape;

    /// <summary>Where each number under a filter lies in the padded image, from the window's corner.</summary>
    internal int[] Offsets()
    {
        var offsets = new int[shape.Taps];
        foreach (var (tap, row, column, channel) in Taps())
            offsets[tap] = (row * shape.Pitch + column) * shape.Stored + channel;
        return offsets;
    }

    /// <summary>For each group of filters and each number under them a vector of weights; zeros for the filters that are missing.</summary>
    /// <param name="weight">torch's order: filter, channel, row, column.</param>
    internal float[] ByTap(ReadOnlySpan<float> weight)
    {
        var packed = new float[shape.Taps * shape.Maps];
        foreach (var (tap, row, column, channel) in Taps())
            for (var filter = 0; filter < shape.Filters; filter++)
                packed[(filter / PooledShape.Group * shape.Taps + tap) * PooledShape.Group + filter % PooledShape.Group] =
                    weight[InTorch(filter, channel, row, column)];
        return packed;
    }

    /// <summary>Filter by filter, its rows as they lie over the padded image; zeros where they do not reach.</summary>
    /// <param name="weight">torch's order: filter, channel, row, column.</param>
    internal float[] ByRun(ReadOnlySpan<float> weight)
    {
        var packed = new float[shape.Filters * shape.Kernel * shape.Run];
        foreach (var (_, row, column, channel) in Taps())
            for (var filter = 0; filter < shape.Filters; filter++)
                packed[InRuns(filter, channel, row, column)] = weight[InTorch(filter, channel, row, column)];
        return packed;
    }

    /// <summary>The other way round.</summary>
    internal void FromRuns(ReadOnlySpan<float> packed, Span<float> weight)
    {
        foreach (var (_, row, column, channel) in Taps())
            for (var filter = 0; filter < shape.Filters; filter++)
                weight[InTorch(filter, channel, row, column)] = packed[InRuns(filter, channel, row, column)];
    }

    /// <summary>Where each vector of a filter's rows begins in the padded image, from the window's corner.</summary>
    internal int[] Runs(int lanes) =>
        [.. from row in Enumerable.Range(0, shape.Kernel)
            from vector in Enumerable.Range(0, shape.Run / lanes)
            select row * shape.Pitch * shape.Stored + vector * lanes];

    private int InTorch(int filter, int channel, int row, int column) =>
        ((filter * shape.Channels + channel) * shape.Kernel + row) * shape.Kernel + column;

    private int InRuns(int filter, int channel, int row, int column) =>
        (filter * shape.Kernel + row) * shape.Run + column * shape.Stored + channel;

    private IEnumerable<(int Tap, int Row, int Column, int Channel)> Taps()
    {
        var tap = 0;
        for (var row = 0; row < shape.Kernel; row++)
            for (var column = 0; column < shape.Kernel; column++)
                for (var channel = 0; channel < shape.Channels; channel++)
                    yield return (tap++, row, column, channel);
    }
}
