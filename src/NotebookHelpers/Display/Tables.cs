using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>Tables of numbers, height × width, as views and lessons take them.</summary>
internal static class Tables
{
    /// <summary>Height and width, both at least 1.</summary>
    /// <exception cref="ArgumentException">The table is empty; it is called by <paramref name="name"/>.</exception>
    internal static (int Height, int Width) Size(double[,] table, string name)
    {
        ArgumentNullException.ThrowIfNull(table, name);
        var (height, width) = (table.GetLength(0), table.GetLength(1));
        return height > 0 && width > 0
            ? (height, width)
            : throw new ArgumentException(
                $"The {name} is {height}×{width}, that is empty. It needs at least one row and one column.", name);
    }

    /// <summary>The channels of one image: (height, width), (channels, height, width) or (1, channels, height, width).</summary>
    /// <exception cref="ArgumentException">The tensor has another shape.</exception>
    internal static double[][,] Channels(Tensor image, string name)
    {
        ArgumentNullException.ThrowIfNull(image, name);
        var (channels, height, width) = image.shape switch
        {
            [var h, var w] => (1L, h, w),
            [var c, var h, var w] => (c, h, w),
            [1, var c, var h, var w] => (c, h, w),
            _ => throw new ArgumentException(
                "A tensor of shape (height, width), (channels, height, width) or (1, channels, height, width) was expected; " +
                $"found ({string.Join(", ", image.shape)}). Of a batch take one: batch[0].", name),
        };
        var values = Numbers(image);
        return [.. Enumerable.Range(0, (int)channels).Select(Channel)];

        double[,] Channel(int channel)
        {
            var table = new double[height, width];
            for (var index = 0; index < table.Length; index++)
                table[index / width, index % width] = values[channel * table.Length + index];
            return table;
        }
    }

    /// <summary>Every place of a table, row by row.</summary>
    internal static IEnumerable<(int Row, int Column)> Places(double[,] table) =>
        from row in Enumerable.Range(0, table.GetLength(0))
        from column in Enumerable.Range(0, table.GetLength(1))
        select (row, column);

    /// <summary>The largest absolute value; 1 where there is none but zero, so that it can be a scale.</summary>
    internal static double Largest(IEnumerable<double> values) =>
        values.Where(double.IsFinite).Select(Math.Abs).Append(0).Max() is > 0 and var largest ? largest : 1;

    /// <summary>All numbers of a tensor, in order; it is only read.</summary>
    internal static double[] Numbers(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().cpu().to(ScalarType.Float64).contiguous().data<double>().ToArray();
    }
}
