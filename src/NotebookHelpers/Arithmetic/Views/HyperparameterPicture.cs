using System.Globalization;

namespace NotebookHelpers;

/// <summary>Draws a window over its padded input, and the output; the cells that no window reads are marked.</summary>
internal sealed class HyperparameterPicture(SlidingAxis rows, SlidingAxis columns)
{
    private const int LargestSide = 280, LargestCell = 28, SmallestWithLines = 3;

    // The size of a cell, so that input, output and a window that does not fit are drawn to one scale.
    private readonly int _cell = Math.Clamp(
        LargestSide / Math.Max(Math.Max(rows.Padded, rows.Span), Math.Max(columns.Padded, columns.Span)), 1, LargestCell);

    /// <summary>The padded input with windows over it, the first filled; without any, the window that fits nowhere.</summary>
    internal string Input(IReadOnlyList<(int Row, int Column)> windows)
    {
        var input = Box(columns.Before, rows.Before, columns.Input, rows.Input);
        var content = $"<path fill=\"#e4e4e4\" d=\"{Box(0, 0, columns.Padded, rows.Padded)}\"/><path fill=\"#fff\" d=\"{input}\"/>" +
            Grid(rows.Padded, columns.Padded) + Line("#595959", 1.5, input);
        content += windows.Count == 0
            ? Frame(0, 0, rows.Kernel, columns.Kernel, rows.Window.Dilation, isDashed: true)
            : Unread() + string.Concat(windows.Select((window, index) => Frame(window.Row * rows.Window.Stride,
                window.Column * columns.Window.Stride, rows.Kernel, columns.Kernel, rows.Window.Dilation, isDashed: index > 0)));
        return Document(Math.Max(rows.Padded, rows.Span), Math.Max(columns.Padded, columns.Span), content);
    }

    /// <summary>The output with the values that the windows give.</summary>
    internal string Output(IReadOnlyList<(int Row, int Column)> windows) => Document(rows.Size, columns.Size,
        $"<path fill=\"#fff\" d=\"{Box(0, 0, columns.Size, rows.Size)}\"/>{Grid(rows.Size, columns.Size)}" +
        string.Concat(windows.Select((window, index) => Frame(window.Row, window.Column, 1, 1, 1, isDashed: index > 0))));

    private string Document(int height, int width, string content)
    {
        var edge = 2.0 / _cell; // for half of the lines at the edges
        return string.Create(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width * _cell + 4}\" height=\"{height * _cell + 4}\" ") +
            string.Create(CultureInfo.InvariantCulture,
            $"viewBox=\"{-edge} {-edge} {width + 2 * edge} {height + 2 * edge}\" fill=\"none\">{content}</svg>");
    }

    private string Unread()
    {
        var (unreadRows, unreadColumns) = (rows.Unread, columns.Unread);
        if (_cell < SmallestWithLines) // as stripes, because crosses would be many and too small to be seen
            return "<path fill=\"#b34700\" d=\"" + string.Concat(
                unreadRows.Select(row => Box(columns.Before, row + rows.Before, columns.Input, 1)).Concat(
                unreadColumns.Select(column => Box(column + columns.Before, rows.Before, 1, rows.Input)))) + "\"/>";
        var crosses =
            from row in Enumerable.Range(0, rows.Input)
            from column in Enumerable.Range(0, columns.Input)
            where unreadRows.Contains(row) || unreadColumns.Contains(column)
            select $"M{column + columns.Before} {row + rows.Before}l1 1m0-1l-1 1";
        return Line("#b34700", 1, string.Concat(crosses));
    }

    private string Grid(int height, int width)
    {
        if (_cell < SmallestWithLines)
            return ""; // lines would cover the cells
        var across = Enumerable.Range(0, height + 1).Select(row => $"M0 {row}h{width}");
        var down = Enumerable.Range(0, width + 1).Select(column => $"M{column} 0v{height}");
        return Line("#b0b0b0", 1, string.Concat(across.Concat(down)));
    }

    /// <summary>The window's cells, and a frame around them.</summary>
    private static string Frame(int top, int left, int height, int width, int dilation, bool isDashed)
    {
        var cells = dilation == 1
            ? Box(left, top, width, height)
            : string.Concat(Enumerable.Range(0, height * width)
                .Select(index => Box(left + index % width * dilation, top + index / width * dilation, 1, 1)));
        var frame = Box(left, top, dilation * (width - 1) + 1, dilation * (height - 1) + 1);
        return (isDashed ? "" : $"<path fill=\"#0072b2\" fill-opacity=\".35\" d=\"{cells}\"/>") +
            Line("#1a1a1a", 2.5, frame, isDashed ? " stroke-dasharray=\"5 3\"" : "");
    }

    private static string Box(int left, int top, int width, int height) => $"M{left} {top}h{width}v{height}h-{width}z";

    private static string Line(string color, double width, string path, string look = "") => string.Create(CultureInfo.InvariantCulture,
        $"<path stroke=\"{color}\" stroke-width=\"{width}\"{look} vector-effect=\"non-scaling-stroke\" d=\"{path}\"/>");
}
