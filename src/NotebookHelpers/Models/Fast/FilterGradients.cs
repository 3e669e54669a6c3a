namespace NotebookHelpers;

/// <summary>The gradients of a layer's filters over some images.</summary>
internal sealed class FilterGradients(PooledShape shape)
{
    /// <summary>In the order of <see cref="PackedFilters.ByRun"/>.</summary>
    internal float[] Weights { get; } = new float[shape.Filters * shape.Kernel * shape.Run];

    /// <summary>One a map.</summary>
    internal float[] Biases { get; } = new float[shape.Maps];

    /// <summary>The sum, always in the same order, so that it is the same in every run.</summary>
    internal static FilterGradients Sum(FilterGradients[] parts)
    {
        foreach (var part in parts.Skip(1))
        {
            Add(part.Weights, parts[0].Weights);
            Add(part.Biases, parts[0].Biases);
        }
        return parts[0];
    }

    private static void Add(float[] part, float[] sum)
    {
        for (var i = 0; i < sum.Length; i++)
            sum[i] += part[i];
    }
}
