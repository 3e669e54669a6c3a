namespace NotebookHelpers;

/// <summary>
/// A pooling to be looked at: image and pooled map side by side. The cell of the pooled map that the reader points at
/// frames its window in the image and shows its maximum, the winning cell ringed, or its mean.
/// </summary>
public sealed class PoolingView : WindowView
{
    private readonly PoolingResult _result;

    /// <summary>A view of a pooling.</summary>
    /// <param name="result">What <see cref="Pooling.Max"/> or <see cref="Pooling.Average"/> made.</param>
    /// <param name="title">What it shows.</param>
    /// <exception cref="ArgumentException">The image has more than 32×32 cells, padding included.</exception>
    public PoolingView(PoolingResult result, string? title = null) : base(title)
    {
        ArgumentNullException.ThrowIfNull(result);
        Check(result.Image.GetLength(0), result.Image.GetLength(1), result.Padding, channels: 1);
        _result = result;
    }

    /// <inheritdoc />
    public override string Settings =>
        $"{(_result.IsMax ? "max" : "average")} pooling {_result.Size}×{_result.Size}, {Describe(_result.Stride, _result.Padding, _result.Image, _result.Values)}";

    private protected override string Kind => _result.IsMax ? "max" : "mean";

    private protected override string Bias => "";

    private protected override (int Height, int Width, int Stride) Window => (_result.Size, _result.Size, _result.Stride);

    private protected override (int Height, int Width) Size => (_result.Height, _result.Width);

    private protected override IEnumerable<object> Parts =>
    [
        new Pane("in", "image", Matrix.Surround(_result.Image, _result.Padding, double.NaN), _result.Padding),
        _result.IsMax ? "max →" : "mean →",
        new Pane("out", "pooled map", _result.Values),
    ];

    private protected override string Summary => _result.ToText();

    private protected override IEnumerable<Piece> Formula((int Row, int Column) place)
    {
        var window = _result[place.Row, place.Column];
        yield return new(_result.IsMax ? "max(" : "(");
        for (var index = 0; index < window.Cells.Count; index++)
        {
            if (index > 0)
                yield return new(_result.IsMax ? ", " : " + ");
            var cell = window.Cells[index];
            yield return new(_result.IsMax ? Notation.Number(cell.Value) : Notation.Operand(cell.Value), cell == window.Winner ? Mark.Strong : Mark.None);
        }
        yield return new(_result.IsMax ? ")" : $") / {window.Cells.Count}");
        yield return new($" = {Notation.Number(window.Value)}");
    }

    private protected override SvgView Picture((int Row, int Column) place) => _result[place.Row, place.Column];

    private protected override int? Winner((int Row, int Column) place) =>
        _result[place.Row, place.Column] is { Winner: { } winner } window ? (winner.Row - window.Top) * _result.Size + winner.Column - window.Left : null;
}
