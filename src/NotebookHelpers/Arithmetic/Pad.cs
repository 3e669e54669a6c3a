namespace NotebookHelpers;

/// <summary>
/// How many cells are added around an image before a window slides over it: none (<see cref="Valid"/>), as many as keep
/// the size (<see cref="Same"/>), or a number of them on every side (an int converts to it). Not named Padding, because
/// TorchSharp has a type of that name.
/// </summary>
public readonly record struct Pad
{
    private readonly int _cells;
    private readonly bool _same;

    private Pad(int cells, bool same) => (_cells, _same) = (cells, same);

    /// <summary>No padding: the window stays inside the image (TensorFlow's VALID).</summary>
    public static Pad Valid => default;

    /// <summary>
    /// TensorFlow's SAME: the output has ⌈input / stride⌉ cells. When the padding that this takes is odd, the cell left
    /// over goes to the bottom and to the right, so SAME may be asymmetric.
    /// </summary>
    public static Pad Same => new(0, true);

    /// <summary>The same number of cells on all four sides, as torch's <c>padding</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="cells"/> is negative.</exception>
    public static Pad By(int cells) => cells >= 0
        ? new(cells, false)
        : throw new ArgumentOutOfRangeException(nameof(cells), cells, "Padding must be 0 or more cells. Use Pad.Valid for none.");

    /// <summary>Lets a cell say <c>padding: 1</c>; see <see cref="By"/>.</summary>
    public static implicit operator Pad(int cells) => By(cells);

    /// <summary>The number of places that a window can stand in along one axis: the output's size.</summary>
    /// <remarks>⌊(input + 2·padding − kernel) / stride⌋ + 1, and for SAME ⌈input / stride⌉.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A size or the stride is less than 1.</exception>
    /// <exception cref="ArgumentException">The kernel is larger than the padded input.</exception>
    internal int OutputSize(int input, int kernel, int stride)
    {
        AtLeastOne(input, nameof(input), "An image has at least one cell along each axis.");
        AtLeastOne(kernel, nameof(kernel), "A kernel has at least one cell along each axis.");
        AtLeastOne(stride, nameof(stride), "The window must move by at least one cell.");
        if (_same)
            return (input - 1) / stride + 1;
        var padded = input + 2L * _cells;
        if (kernel > padded)
            throw new ArgumentException(
                $"A kernel of {kernel} does not fit into an input of {input} with padding {_cells} ({input} + 2·{_cells} = {padded}). " +
                "Take a smaller kernel, a larger image or more padding.", nameof(kernel));
        return checked((int)((padded - kernel) / stride + 1));
    }

    /// <summary>The cells added before and after the input along one axis.</summary>
    internal (int Before, int After) Along(int input, int kernel, int stride)
    {
        if (!_same)
            return (_cells, _cells);
        var total = (int)Math.Max(0, (OutputSize(input, kernel, stride) - 1L) * stride + kernel - input);
        return (total / 2, total - total / 2);
    }

    /// <summary>The cells added on the four sides of an image.</summary>
    internal Margins Around(int height, int width, int kernelHeight, int kernelWidth, int stride)
    {
        var (top, bottom) = Along(height, kernelHeight, stride);
        var (left, right) = Along(width, kernelWidth, stride);
        return new(top, left, bottom, right);
    }

    /// <summary>VALID, SAME or the number of cells.</summary>
    public override string ToString() =>
        _same ? "SAME" : _cells == 0 ? "VALID" : _cells.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static void AtLeastOne(int value, string name, string rule)
    {
        if (value < 1)
            throw new ArgumentOutOfRangeException(name, value, rule);
    }
}
