namespace NotebookHelpers;

/// <summary>A pooled map with all that went into it. Displayed, it shows image and result side by side.</summary>
public sealed class PoolingResult : SvgView
{
    private readonly PoolingWindow[,] _windows;

    internal PoolingResult(double[,] image, int size, int stride, Pad padding, bool isMax)
    {
        var (height, width) = Tables.Size(image, nameof(image));
        var outputHeight = padding.OutputSize(height, size, stride);
        var outputWidth = padding.OutputSize(width, size, stride);
        Padding = padding.Around(height, width, size, size, stride);
        if (Math.Max(Padding.Top, Padding.Left) >= size)
            throw new ArgumentException(
                $"With padding {Math.Max(Padding.Top, Padding.Left)} a window of {size} would lie wholly outside the image. " +
                "Take less padding or a larger window.", nameof(padding));

        (Image, Size, Stride, IsMax) = ((double[,])image.Clone(), size, stride, isMax);
        Values = new double[outputHeight, outputWidth];
        _windows = new PoolingWindow[outputHeight, outputWidth];

        for (var row = 0; row < outputHeight; row++)
            for (var column = 0; column < outputWidth; column++)
            {
                var window = WindowAt(row, column);
                (_windows[row, column], Values[row, column]) = (window, window.Value);
            }
    }

    /// <summary>The pooled map, height × width.</summary>
    public double[,] Values { get; }

    /// <summary>The image as it was given.</summary>
    public double[,] Image { get; }

    /// <summary>Height and width of the window.</summary>
    public int Size { get; }

    /// <summary>How far the window moved each time.</summary>
    public int Stride { get; }

    /// <summary>The cells around the image that no window counts.</summary>
    public Margins Padding { get; }

    /// <summary>Whether this is max pooling; average pooling otherwise.</summary>
    public bool IsMax { get; }

    /// <summary>Rows of the pooled map.</summary>
    public int Height => Values.GetLength(0);

    /// <summary>Columns of the pooled map.</summary>
    public int Width => Values.GetLength(1);

    /// <summary>The window that made one value of the pooled map.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such value.</exception>
    public PoolingWindow this[int row, int column] =>
        row >= 0 && row < Height && column >= 0 && column < Width
            ? _windows[row, column]
            : throw new ArgumentOutOfRangeException(nameof(row), $"[{row}, {column}]",
                $"The pooled map has rows 0 to {Height - 1} and columns 0 to {Width - 1}.");

    /// <inheritdoc />
    public override string ToHtml() => Picture().ToHtml();

    /// <inheritdoc />
    public override string ToText() => Picture().ToText();

    /// <inheritdoc />
    public override string ToSvg() => Picture().ToSvg();

    /// <summary>Image and result; the winners of all windows, or one window with its winner and its value, are framed.</summary>
    internal MatrixView Picture(PoolingWindow? window = null)
    {
        IEnumerable<Region> framed = window is not null
            ? [new(window.Top + Padding.Top, window.Left + Padding.Left, Size, Size), .. WinnerOf(window)]
            : _windows.Cast<PoolingWindow>().SelectMany(WinnerOf).Distinct();
        return MatrixView.Row(
            new MatrixView(Matrix.Surround(Image, Padding, double.NaN), "image", framed, margins: Padding),
            IsMax ? "max →" : "mean →",
            new MatrixView(Values, "pooled map", window is null ? null : [new(window.Row, window.Column)]));

        IEnumerable<Region> WinnerOf(PoolingWindow from) =>
            from.Winner is { } cell ? [new(cell.Row + Padding.Top, cell.Column + Padding.Left)] : [];
    }

    private PoolingWindow WindowAt(int row, int column)
    {
        var cells = CellsUnder(row * Stride - Padding.Top, column * Stride - Padding.Left).ToList();
        if (!IsMax)
            return new(this, row, column, cells, winner: null, cells.Average(cell => cell.Value));
        var winner = cells.Aggregate((best, cell) => Beats(cell.Value, best.Value) ? cell : best);
        return new(this, row, column, cells, winner, winner.Value);
    }

    private IEnumerable<PoolingCell> CellsUnder(int top, int left)
    {
        for (var row = Math.Max(top, 0); row < Math.Min(top + Size, Image.GetLength(0)); row++)
            for (var column = Math.Max(left, 0); column < Math.Min(left + Size, Image.GetLength(1)); column++)
                yield return new(row, column, Image[row, column]);
    }

    // The first of equal values wins; not-a-number wins over all and is passed on, as in torch.
    private static bool Beats(double value, double best) => value > best || double.IsNaN(value) && !double.IsNaN(best);
}
