namespace NotebookHelpers;

/// <summary>What a layer costs for one image: parameters, multiplications, and memory for its output.</summary>
/// <param name="Layer">What the layer is, such as "conv 3×3, stride 1, SAME".</param>
/// <param name="Input">The shape that goes in.</param>
/// <param name="Output">The shape that comes out.</param>
/// <param name="Parameters">Weights and biases that are learnt.</param>
/// <param name="MultiplyAccumulates">Multiplications with their additions; biases, comparisons and means are not counted.</param>
public sealed record LayerCost(string Layer, MapShape Input, MapShape Output, long Parameters, long MultiplyAccumulates)
{
    /// <summary>Numbers in the output.</summary>
    public long ActivationElements => Output.Count;

    /// <summary>Bytes of the output in 32-bit floats.</summary>
    public long ActivationBytes => checked(4 * Output.Count);

    /// <summary>A convolution: (kernel²·channels + 1)·filters parameters, kernel²·channels·filters multiplications a place.</summary>
    /// <param name="input">The shape that goes in.</param>
    /// <param name="filters">Feature maps that come out; at least 1.</param>
    /// <param name="kernel">Height and width of the kernel; at least 1.</param>
    /// <param name="stride">How far the window moves each time; at least 1.</param>
    /// <param name="padding">Zeros around the image.</param>
    /// <param name="bias">Whether each filter has a bias.</param>
    /// <exception cref="ArgumentException">The kernel does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    public static LayerCost Conv2d(MapShape input, int filters, int kernel, int stride = 1, Pad padding = default, bool bias = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(filters, 1);
        var output = Slide(input, kernel, stride, padding, filters);
        var weights = checked((long)kernel * kernel * input.Channels);
        return new($"conv {kernel}×{kernel}, stride {stride}, {padding}", input, output,
            checked((weights + (bias ? 1 : 0)) * filters), checked(weights * output.Count));
    }

    /// <summary>A pooling layer: nothing to learn, nothing multiplied; the depth stays.</summary>
    /// <inheritdoc cref="Conv2d"/>
    public static LayerCost Pool2d(MapShape input, int kernel, int stride, Pad padding = default) =>
        new($"pool {kernel}×{kernel}, stride {stride}, {padding}", input, Slide(input, kernel, stride, padding, input.Channels), 0, 0);

    /// <summary>All numbers in one row.</summary>
    /// <param name="input">The shape that goes in.</param>
    public static LayerCost Flatten(MapShape input) => new("flatten", input, MapShape.Vector(input.Count), 0, 0);

    /// <summary>A fully connected layer: each output reads every input.</summary>
    /// <param name="input">The shape that goes in; all its numbers are read.</param>
    /// <param name="outputs">Numbers that come out; at least 1.</param>
    /// <param name="bias">Whether each output has a bias.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="outputs"/> is less than 1.</exception>
    public static LayerCost Linear(MapShape input, int outputs, bool bias = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        return new("fully connected", input, MapShape.Vector(outputs),
            checked((input.Count + (bias ? 1 : 0)) * outputs), checked(input.Count * outputs));
    }

    private static MapShape Slide(MapShape input, int kernel, int stride, Pad padding, int channels) =>
        new(padding.OutputSize(input.Height, kernel, stride), padding.OutputSize(input.Width, kernel, stride), channels);
}
