namespace NotebookHelpers;

/// <summary>One place of the pooling window. Displayed, it shows where it stands and what it makes of its cells.</summary>
public sealed class PoolingWindow : SvgView
{
    internal PoolingWindow(
        PoolingResult result, int row, int column, IReadOnlyList<PoolingCell> cells, PoolingCell? winner, double value) =>
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
        : $"({string.Join(" + ", Cells.Select(cell => Notation.Operand(cell.Value)))}) / {Cells.Count} = {Notation.Number(Value)}";

    /// <inheritdoc />
    public override string ToHtml() => Result.Picture(this).ToHtml() + Notation.HtmlLine(Formula);

    /// <inheritdoc />
    public override string ToText() => Result.Picture(this).ToText() + "\n" + Formula;

    /// <inheritdoc />
    public override string ToSvg() => Result.Picture(this).ToSvg();
}
