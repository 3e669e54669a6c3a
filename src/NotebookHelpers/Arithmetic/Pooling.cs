namespace NotebookHelpers;

/// <summary>Sub-sampling by a sliding window, by plain loops with every window kept.</summary>
/// <remarks>Padding never takes part, neither as a maximum nor in a mean, as in TensorFlow (torch: count_include_pad = false).</remarks>
public static class Pooling
{
    /// <summary>The largest value under each window.</summary>
    /// <param name="image">The input, height × width.</param>
    /// <param name="size">Height and width of the window; at least 1.</param>
    /// <param name="stride">How far the window moves each time; as far as it is wide when not given.</param>
    /// <param name="padding">
    /// Cells around the image, fewer than <paramref name="size"/>, so that every window holds at least one real cell.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The image is empty, the window does not fit, or the padding is as wide as the window.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The size or stride is less than 1.</exception>
    public static PoolingResult Max(double[,] image, int size = 2, int? stride = null, Pad padding = default) =>
        new(image, size, stride ?? size, padding, isMax: true);

    /// <summary>The mean of the values under each window.</summary>
    /// <inheritdoc cref="Max"/>
    public static PoolingResult Average(double[,] image, int size = 2, int? stride = null, Pad padding = default) =>
        new(image, size, stride ?? size, padding, isMax: false);
}
