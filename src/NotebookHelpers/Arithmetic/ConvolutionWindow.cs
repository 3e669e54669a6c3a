namespace NotebookHelpers;

/// <summary>One place of the sliding window. Displayed, it shows where it stands and its sum term by term.</summary>
public sealed class ConvolutionWindow : SvgView
{
    internal ConvolutionWindow(ConvolutionResult result, int row, int column, IReadOnlyList<ConvolutionTerm> terms, double sum) =>
        (Result, Row, Column, Terms, Sum) = (result, row, column, terms, sum);

    /// <summary>The feature map that this is a window of.</summary>
    public ConvolutionResult Result { get; }

    /// <summary>The row of the value in the feature map.</summary>
    public int Row { get; }

    /// <summary>The column of the value in the feature map.</summary>
    public int Column { get; }

    /// <summary>The image row of the window's upper left corner; negative inside the padding.</summary>
    public int Top => Row * Result.Stride - Result.Padding.Top;

    /// <summary>The image column of the window's upper left corner; negative inside the padding.</summary>
    public int Left => Column * Result.Stride - Result.Padding.Left;

    /// <summary>Every product under the window, channel by channel, row by row.</summary>
    public IReadOnlyList<ConvolutionTerm> Terms { get; }

    /// <summary>The value of the feature map: the terms' products and the bias.</summary>
    public double Sum { get; }

    /// <summary>The sum written out, such as 3·1 + 1·0 − 1·1 … = −7.</summary>
    public string Formula => Written((text, _) => text);

    /// <inheritdoc />
    public override string ToHtml() => Result.Picture(this).ToHtml() + Notation.HtmlLine(Written((text, isZero) =>
        isZero ? Notation.Grey(text) : text));

    /// <inheritdoc />
    public override string ToText() => Result.Picture(this).ToText() + "\n" + Formula;

    /// <inheritdoc />
    public override string ToSvg() => Result.Picture(this).ToSvg();

    private string Written(Func<string, bool, string> term) =>
        Notation.Sum(Terms.Select(each => (each.Value, each.Weight)), Result.Bias, Sum, term);
}
