using System.Globalization;

namespace NotebookHelpers;

/// <summary>Sub-sampling by a sliding window, by plain loops with every window kept.</summary>
/// <remarks>Padding never takes part, neither as a maximum nor in a mean, as in TensorFlow (torch: count_include_pad = false).</remarks>
public static class Pooling
{
    /// <summary>The largest value under each window.</summary>
    /// <param name="image">The input, height × width.</param>
    /// <param name="size">Height and width of the window; at least 1.</param>
    /// <param name="stride">How far the window moves each time; as far as it is wide when not given.</param>
    /// <param name="padding">Cells around the image, fewer than <paramref name="size"/>, so that every window holds at least one real cell.</param>
    /// <exception cref="ArgumentException">The image is empty, the window does not fit, or the padding is as wide as the window.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size or stride is less than 1.</exception>
    public static PoolingResult Max(double[,] image, int size = 2, int? stride = null, Pad padding = default) =>
        new(image, size, stride ?? size, padding, isMax: true);

    /// <summary>The mean of the values under each window.</summary>
    /// <inheritdoc cref="Max"/>
    public static PoolingResult Average(double[,] image, int size = 2, int? stride = null, Pad padding = default) =>
        new(image, size, stride ?? size, padding, isMax: false);
}

/// <summary>A pooled map with all that went into it. Displayed, it shows image and result side by side.</summary>
public sealed class PoolingResult : SvgView
{
    private readonly PoolingWindow[,] _windows;

    internal PoolingResult(double[,] image, int size, int stride, Pad padding, bool isMax)
    {
        var (height, width) = Matrix.Size(image, nameof(image));
        var outputHeight = padding.OutputSize(height, size, stride);
        var outputWidth = padding.OutputSize(width, size, stride);
        Padding = padding.Around(height, width, size, size, stride);
        if (Math.Max(Padding.Top, Padding.Left) >= size)
            throw new ArgumentException(
                $"With padding {Math.Max(Padding.Top, Padding.Left)} a window of {size} would lie wholly outside the image. Take less padding or a larger window.", nameof(padding));

        (Image, Size, Stride, IsMax) = ((double[,])image.Clone(), size, stride, isMax);
        Values = new double[outputHeight, outputWidth];
        _windows = new PoolingWindow[outputHeight, outputWidth];

        for (var row = 0; row < outputHeight; row++)
            for (var column = 0; column < outputWidth; column++)
            {
                var (top, left) = (row * stride - Padding.Top, column * stride - Padding.Left);
                var cells = new List<PoolingCell>();
                var winner = 0;
                var sum = 0.0;
                for (var y = Math.Max(top, 0); y < Math.Min(top + size, height); y++)
                    for (var x = Math.Max(left, 0); x < Math.Min(left + size, width); x++)
                    {
                        cells.Add(new PoolingCell(y, x, image[y, x]));
                        sum += image[y, x];
                        // the first of equal values wins; not-a-number wins over all and is passed on, as in torch
                        if (image[y, x] > cells[winner].Value || double.IsNaN(image[y, x]) && !double.IsNaN(cells[winner].Value))
                            winner = cells.Count - 1;
                    }
                Values[row, column] = isMax ? cells[winner].Value : sum / cells.Count;
                _windows[row, column] = new PoolingWindow(this, row, column, cells, isMax ? cells[winner] : null, Values[row, column]);
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
            : throw new ArgumentOutOfRangeException(nameof(row), $"[{row}, {column}]", $"The pooled map has rows 0 to {Height - 1} and columns 0 to {Width - 1}.");

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
}

/// <summary>One place of the pooling window. Displayed, it shows where it stands and what it makes of its cells.</summary>
public sealed class PoolingWindow : SvgView
{
    internal PoolingWindow(PoolingResult result, int row, int column, IReadOnlyList<PoolingCell> cells, PoolingCell? winner, double value) =>
        (Result, Row, Column, Cells, Winner, Value) = (result, row, column, cells, winner, value);

    /// <summary>The pooled map that this is a window of.</summary>
    public PoolingResult Result { get; }

    /// <summary>The row of the value in the pooled map.</summary>
    public int Row { get; }

    /// <summary>The column of the value in the pooled map.</summary>
    public int Column { get; }

    /// <summary>The image row of the window's upper left corner; negative inside the padding.</summary>
    public int Top => Row * Result.Stride - Result.Padding.Top;

    /// <summary>The image column of the window's upper left corner; negative inside the padding.</summary>
    public int Left => Column * Result.Stride - Result.Padding.Left;

    /// <summary>The image's cells under the window, row by row, padding left out.</summary>
    public IReadOnlyList<PoolingCell> Cells { get; }

    /// <summary>The cell that holds the maximum (the first, if several do); null for average pooling.</summary>
    public PoolingCell? Winner { get; }

    /// <summary>The maximum, or the mean.</summary>
    public double Value { get; }

    /// <summary>What was computed, such as max(3, 1, 1, 0) = 3 or (3 + 1 + 1 + 0) / 4 = 1.25.</summary>
    public string Formula => Result.IsMax
        ? $"max({string.Join(", ", Cells.Select(cell => Notation.Number(cell.Value)))}) = {Notation.Number(Value)}"
        : $"({string.Join(" + ", Cells.Select(cell => Notation.Operand(cell.Value)))}) / {Cells.Count.ToString(CultureInfo.InvariantCulture)} = {Notation.Number(Value)}";

    /// <inheritdoc />
    public override string ToHtml() => Result.Picture(this).ToHtml() + Notation.HtmlLine(Formula);

    /// <inheritdoc />
    public override string ToText() => Result.Picture(this).ToText() + "\n" + Formula;

    /// <inheritdoc />
    public override string ToSvg() => Result.Picture(this).ToSvg();
}

/// <summary>A cell of the image under a pooling window.</summary>
/// <param name="Row">Its row in the image.</param>
/// <param name="Column">Its column in the image.</param>
/// <param name="Value">Its value.</param>
public readonly record struct PoolingCell(int Row, int Column, double Value);
