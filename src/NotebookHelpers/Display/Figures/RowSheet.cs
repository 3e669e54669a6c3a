using static NotebookHelpers.ChartCanvas;

namespace NotebookHelpers;

/// <summary>
/// The sheet of a chart of rows. On one as narrow as a phone names stand above their rows, so that axis and rows are seen
/// without scrolling.
/// </summary>
internal sealed class RowSheet
{
    private const int LongestName = 30;

    private readonly IReadOnlyList<string> _names;

    internal RowSheet(Chart chart, IReadOnlyList<string> names, int width)
    {
        (_names, IsNarrow) = (names, Html.IsPhone(width));
        Canvas = new ChartCanvas(chart, width, 116 + names.Count * (IsNarrow ? 40 : 26));
        if (IsNarrow)
            Canvas.Left = 20;
        else
            Canvas.Left += Math.Min(190, names.Select(name => name.Length).DefaultIfEmpty().Max() * FontSize * Character - 30);
    }

    internal ChartCanvas Canvas { get; }

    internal bool IsNarrow { get; }

    /// <summary>How many ticks the axis across has room for, about.</summary>
    internal int Ticks => IsNarrow ? 4 : 9;

    /// <summary>The axes, their titles and the rows' names.</summary>
    /// <param name="across">The axis across.</param>
    /// <param name="zero">Whether zero has a line of its own.</param>
    internal void Frame(ChartAxis across, bool zero = false)
    {
        Canvas.Upright(across);
        if (zero)
            Canvas.Line($"M{N(Canvas.X(across, 0))},{N(Canvas.Top)}V{N(Canvas.Bottom)}", "#1a1a1a", 1.5);
        Canvas.Line($"M{N(Canvas.Left)},{N(Canvas.Top)}V{N(Canvas.Bottom)}H{N(Canvas.Right)}", "#555");
        for (var row = 0; row < _names.Count; row++)
            Name(row);
        Canvas.AxisTitles(withUp: !IsNarrow);
    }

    /// <summary>The height of a row's marks.</summary>
    internal double Y(int row) => Canvas.Top + (row + (IsNarrow ? 0.7 : 0.5)) * (Canvas.Bottom - Canvas.Top) / _names.Count;

    private void Name(int row)
    {
        var room = (int)((Canvas.Right - Canvas.Left) / (FontSize * Character));
        if (IsNarrow)
            Canvas.Text(Canvas.Left + 6, Y(row) - 11, Shorten(_names[row], room), "start", SvgDocument.Halo);
        else
            Canvas.Text(Canvas.Left - 8, Y(row) + 4, Shorten(_names[row], LongestName), "end");
    }
}
