using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// Where a window stands, and how large the output becomes: input, kernel, stride and padding as sliders, the window over
/// the padded input, and the formula with its numbers. Settings that cannot be are shown and explained, not refused.
/// Without script, and in the SVG and the text, the settings given are shown with the first two windows.
/// </summary>
/// <remarks>An input of up to 256×256 cells fits (photographs for AlexNet and its heirs), settings of up to 64.</remarks>
public sealed class HyperparameterView : SvgView
{
    private const int LargestInput = 256, LargestSetting = 64;
    private readonly Axis _rows, _columns;
    private readonly string _title;
    private readonly bool _isPooling;

    /// <summary>A view of a square window over a square input.</summary>
    /// <param name="input">Cells of the input along each axis, 1 to 256: n.</param>
    /// <param name="kernel">Cells of the window along each axis, 1 to 64: k.</param>
    /// <param name="stride">How far the window moves each time, 1 to 64: s.</param>
    /// <param name="padding">Cells around the input, up to 64 on a side: p.</param>
    /// <param name="dilation">How far the window's cells are apart, 1 to 64: d. It has a slider when it is not 1.</param>
    /// <param name="title">What it shows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public HyperparameterView(int input, int kernel, int stride = 1, Pad padding = default, int dilation = 1, string? title = null)
        : this(input, input, new(kernel, kernel, stride, padding, dilation), isPooling: false, title)
    {
    }

    private HyperparameterView(int height, int width, LayerWindow window, bool isPooling, string? title)
    {
        Check(height, LargestInput, "input");
        Check(width, LargestInput, "input");
        Check(window.Height, LargestSetting, "kernel");
        Check(window.Width, LargestSetting, "kernel");
        Check(window.Stride, LargestSetting, "stride");
        Check(window.Dilation, LargestSetting, "dilation");
        if (window.Padding != Pad.Same)
            Check(window.Padding.Along(1, 1, 1).Before, LargestSetting, "padding", least: 0);
        (_rows, _columns) = (new(height, window.Height, window), new(width, window.Width, window));
        (_isPooling, _title) = (isPooling, title ?? "");

        static void Check(int value, int most, string name, int least = 1)
        {
            if (value < least || value > most)
                throw new ArgumentOutOfRangeException(name, value, $"The {name} must be a number from {least} to {most}, so that it can be drawn.");
        }
    }

    /// <summary>A view of how a layer's window moves over what the layer reads.</summary>
    /// <param name="layer">Any Conv2d, MaxPool2d or AvgPool2d with one stride, one padding and one dilation for both directions, without ceil_mode.</param>
    /// <param name="height">Rows of its input, 1 to 256.</param>
    /// <param name="width">Columns of its input, 1 to 256.</param>
    /// <param name="title">What it shows.</param>
    /// <exception cref="ArgumentException">The layer is another, or has settings that cannot be drawn.</exception>
    public static HyperparameterView Of(nn.Module layer, int height, int width, string? title = null) =>
        new(height, width, LayerWindow.Of(layer, sizesOnly: true), layer is MaxPool2d or AvgPool2d, title);

    /// <summary>A view of how a layer's window moves over an image.</summary>
    /// <param name="layer">As for the other form.</param>
    /// <param name="image">What it reads, of any shape that ends in height and width; only its shape is read.</param>
    /// <param name="title">What it shows.</param>
    /// <exception cref="ArgumentException">The layer or the tensor is another, or has settings that cannot be drawn.</exception>
    public static HyperparameterView Of(nn.Module layer, Tensor image, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.shape is [.., var height, var width]
            ? Of(layer, (int)height, (int)width, title)
            : throw new ArgumentException($"A tensor whose shape ends in height and width was expected; found ({string.Join(", ", image.shape)}).", nameof(image));
    }

    /// <summary>The output's rows and columns; null for settings with which the window can stand nowhere.</summary>
    public (int Height, int Width)? OutputSize => _rows.Size > 0 && _columns.Size > 0 ? (_rows.Size, _columns.Size) : null;

    /// <inheritdoc />
    public override string ToHtml()
    {
        var settings = JsonSerializer.Serialize(new
        {
            height = _rows.Input,
            width = _columns.Input,
            kernelHeight = _rows.Kernel,
            kernelWidth = _columns.Kernel,
            stride = _rows.Window.Stride,
            padding = _rows.IsSame ? 0 : _rows.Before,
            same = _rows.IsSame,
            dilation = _rows.Window.Dilation,
            pooling = _isPooling,
        });
        var html = new StringBuilder($"<figure class=\"convnet-settings\" data-settings=\"{Html.Encode(settings)}\" data-lm-suppress-shortcuts=\"true\" style=\"{Html.Card};margin:4px 0;padding:8px 10px;max-width:100%;width:44rem;box-sizing:border-box\"><style>{Html.Embedded("HyperparameterView.css")}</style>");
        if (_title != "")
            html.Append($"<figcaption><b>{Html.Encode(_title)}</b></figcaption>");
        html.Append("<div class=\"cs-panes\">");
        foreach (var (name, drawing) in Panes())
            html.Append($"<div class=\"cs-pane\"><span>{name}</span>{Html.Image(Mime.Svg, Encoding.UTF8.GetBytes(drawing), name, "style=\"max-width:100%;height:auto;display:block\"")}</div>");
        html.Append("</div><div class=\"cs-words\" aria-live=\"polite\">");
        foreach (var line in Lines().Concat(Windows()))
            html.Append($"<p>{Html.Encode(line)}</p>");
        return html.Append($"</div>{Html.Script("HyperparameterView.js")}</figure>").ToString();
    }

    /// <inheritdoc />
    public override string ToSvg()
    {
        var page = new SvgPage(680);
        page.Write(_title, " font-weight=\"bold\"");
        foreach (var (name, drawing) in Panes())
        {
            page.Write(name);
            page.Draw(XElement.Parse(drawing), SvgPage.Margin);
            page.Skip();
        }
        foreach (var line in Lines().Concat(Windows()))
            page.Write(line);
        page.Skip();
        return page.ToSvg(ToText());
    }

    /// <inheritdoc />
    public override string ToText() => string.Join('\n', [.. _title == "" ? [] : (string[])[_title], .. Panes().Select(pane => pane.Name), .. Lines(), .. Windows()]);

    /// <summary>The formula with its numbers, and what is to be said of these settings; the script writes the same.</summary>
    private IEnumerable<string> Lines()
    {
        var (stride, dilation) = (_rows.Window.Stride, _rows.Window.Dilation);
        var isSquare = _rows == _columns;
        foreach (var (axis, name) in isSquare ? [(_rows, "Each axis")] : new[] { (_rows, "Rows"), (_columns, "Columns") })
        {
            if (dilation > 1)
                yield return $"{name}: with dilation {dilation} the kernel spans d·(k − 1) + 1 = {dilation}·({axis.Kernel} − 1) + 1 = {axis.Span} cells; that is its k below.";
            if (axis.IsSame)
                yield return $"{name}: SAME adds max((⌈n / s⌉ − 1)·s + k − n, 0) = max((⌈{axis.Input} / {stride}⌉ − 1)·{stride} + {axis.Span} − {axis.Input}, 0) = {axis.Before + axis.After}: {axis.Before} before and {axis.After} after.";
            var (formula, padded) = axis.IsSame
                ? ("n + P", $"{axis.Input} + {axis.Before + axis.After}")
                : ("n + 2p", $"{axis.Input} + 2·{axis.Before}");
            var room = axis.Padded - axis.Span;
            var steps = (int)Math.Floor((double)room / stride);
            yield return $"{name}: ⌊({formula} − k) / s⌋ + 1 = ⌊({padded} − {axis.Span}) / {stride}⌋ + 1 = ⌊{Minus(room)} / {stride}⌋ + 1 = {Minus(steps)} + 1 = {Minus(steps + 1)}.";
            if (axis.Size == 0)
                yield return $"Impossible: the kernel spans {axis.Span} cells, but the padded input has only {padded} = {axis.Padded}. It can stand nowhere. Take a smaller kernel, a larger input or more padding.";
        }
        if (OutputSize is null)
            yield break;
        var unread = new[] { (_rows, "row"), (_columns, "column") }.Where(pair => pair.Item1.Unread.Length > 0).Select(pair => Ranges(pair.Item2, pair.Item1.Unread)).ToArray();
        if (unread.Length > 0)
            yield return $"Marked, because no window reads it: {string.Join(", ", unread)} of the input.";
        if (_rows.OnlyPadding || _columns.OnlyPadding)
            yield return "The padding is as wide as the kernel or wider: the outermost windows see nothing but padding.";
        if (_isPooling && (_rows.IsTooMuchForPooling || _columns.IsTooMuchForPooling))
            yield return "Torch refuses this for pooling: there the padding may be at most half of the window.";
        if (_rows.IsSame && stride > 1)
            yield return "This is TensorFlow's SAME; torch's takes stride 1 only.";
    }

    private IEnumerable<string> Windows() => FirstTwo.Select((place, index) => string.Create(CultureInfo.InvariantCulture,
        $"Window {index + 1} of {_rows.Size * _columns.Size}{(index == 0 ? "" : " (dashed)")}, for row {place.Row} and column {place.Column} of the output: it stands on {Cells("row", _rows, place.Row)} and {Cells("column", _columns, place.Column)} of the input."));

    private static string Cells(string name, Axis axis, int place)
    {
        var first = place * axis.Window.Stride - axis.Before;
        return axis.Kernel == 1 ? $"{name} {Minus(first)}"
            : $"{name}s {Minus(first)} to {Minus(first + axis.Span - 1)}{(axis.Window.Dilation > 1 ? $" in steps of {axis.Window.Dilation}" : "")}";
    }

    private static string Minus(int value) => value.ToString(CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary>Cells in words, such as: rows 1, 3 to 5.</summary>
    private static string Ranges(string name, int[] cells)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var cell in cells)
            if (ranges.Count > 0 && ranges[^1].Last == cell - 1)
                ranges[^1] = (ranges[^1].First, cell);
            else
                ranges.Add((cell, cell));
        var texts = ranges.Select(range => (range.Last - range.First) switch { 0 => $"{range.First}", 1 => $"{range.First}, {range.Last}", _ => $"{range.First} to {range.Last}" }).ToArray();
        return $"{name}{(cells.Length > 1 ? "s" : "")} {(texts.Length > 6 ? $"{string.Join(", ", texts[..4])}, … {texts[^1]}" : string.Join(", ", texts))}";
    }

    private IEnumerable<(int Row, int Column)> FirstTwo =>
        OutputSize is not var (height, width) ? [] : width > 1 ? [(0, 0), (0, 1)] : height > 1 ? [(0, 0), (1, 0)] : [(0, 0)];

    private IEnumerable<(string Name, string Drawing)> Panes()
    {
        var (height, width) = (Math.Max(_rows.Padded, _rows.Span), Math.Max(_columns.Padded, _columns.Span));
        var cell = Math.Clamp(280 / Math.Max(height, width), 1, 28);
        var padded = (_rows.Padded, _columns.Padded) == (_rows.Input, _columns.Input) ? "" : $", padded {_rows.Padded}×{_columns.Padded}";
        yield return ($"input {_rows.Input}×{_columns.Input}{padded}", Draw(cell, height, width, InputCells(cell)));
        if (OutputSize is var (outputHeight, outputWidth))
            yield return ($"output {outputHeight}×{outputWidth}", Draw(cell, outputHeight, outputWidth,
                $"<path fill=\"#fff\" d=\"M0 0h{outputWidth}v{outputHeight}h-{outputWidth}z\"/>{Grid(cell, outputHeight, outputWidth)}{string.Concat(FirstTwo.Select((place, index) => Frame(place.Row, place.Column, 1, 1, 1, index > 0)))}"));
    }

    private static string Draw(int cell, int height, int width, string content)
    {
        var edge = 2.0 / cell; // for half of the lines at the edges
        return string.Create(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width * cell + 4}\" height=\"{height * cell + 4}\" viewBox=\"{-edge} {-edge} {width + 2 * edge} {height + 2 * edge}\" fill=\"none\">{content}</svg>");
    }

    private string InputCells(int cell)
    {
        var (rows, columns) = (_rows, _columns);
        var svg = new StringBuilder($"<path fill=\"#e4e4e4\" d=\"M0 0h{columns.Padded}v{rows.Padded}h-{columns.Padded}z\"/><path fill=\"#fff\" d=\"M{columns.Before} {rows.Before}h{columns.Input}v{rows.Input}h-{columns.Input}z\"/>");
        svg.Append(Grid(cell, rows.Padded, columns.Padded));
        svg.Append($"<path stroke=\"#595959\" stroke-width=\"1.5\" vector-effect=\"non-scaling-stroke\" d=\"M{columns.Before} {rows.Before}h{columns.Input}v{rows.Input}h-{columns.Input}z\"/>");
        if (OutputSize is null)
            return svg.Append(Frame(0, 0, rows.Kernel, columns.Kernel, rows.Window.Dilation, isDashed: true)).ToString();
        var (unreadRows, unreadColumns) = (rows.Unread, columns.Unread);
        if (cell < 3)
        {
            // as stripes, because crosses would be many and too small to be seen
            var stripes = string.Concat(unreadRows.Select(row => $"M{columns.Before} {row + rows.Before}h{columns.Input}v1h-{columns.Input}z")
                .Concat(unreadColumns.Select(column => $"M{column + columns.Before} {rows.Before}h1v{rows.Input}h-1z")));
            svg.Append($"<path fill=\"#b34700\" d=\"{stripes}\"/>");
        }
        else
        {
            var crosses = Enumerable.Range(0, rows.Input).SelectMany(row => Enumerable.Range(0, columns.Input)
                .Where(column => unreadRows.Contains(row) || unreadColumns.Contains(column))
                .Select(column => $"M{column + columns.Before} {row + rows.Before}l1 1m0-1l-1 1"));
            svg.Append($"<path stroke=\"#b34700\" vector-effect=\"non-scaling-stroke\" d=\"{string.Concat(crosses)}\"/>");
        }
        var place = 0;
        foreach (var (row, column) in FirstTwo)
            svg.Append(Frame(row * rows.Window.Stride, column * columns.Window.Stride, rows.Kernel, columns.Kernel, rows.Window.Dilation, place++ > 0));
        return svg.ToString();
    }

    private static string Grid(int cell, int height, int width)
    {
        if (cell < 3)
            return ""; // lines would cover the cells
        var lines = string.Concat(Enumerable.Range(0, height + 1).Select(row => $"M0 {row}h{width}").Concat(Enumerable.Range(0, width + 1).Select(column => $"M{column} 0v{height}")));
        return $"<path stroke=\"#b0b0b0\" vector-effect=\"non-scaling-stroke\" d=\"{lines}\"/>";
    }

    /// <summary>The window's cells, and a frame around them.</summary>
    private static string Frame(int top, int left, int height, int width, int dilation, bool isDashed)
    {
        var cells = dilation == 1
            ? $"M{left} {top}h{width}v{height}h-{width}z"
            : string.Concat(Enumerable.Range(0, height * width).Select(index => $"M{left + index % width * dilation} {top + index / width * dilation}h1v1h-1z"));
        var (spanHeight, spanWidth) = (dilation * (height - 1) + 1, dilation * (width - 1) + 1);
        return (isDashed ? "" : $"<path fill=\"#0072b2\" fill-opacity=\".35\" d=\"{cells}\"/>") +
            $"<path stroke=\"#1a1a1a\" stroke-width=\"2.5\"{(isDashed ? " stroke-dasharray=\"5 3\"" : "")} vector-effect=\"non-scaling-stroke\" d=\"M{left} {top}h{spanWidth}v{spanHeight}h-{spanWidth}z\"/>";
    }

    private sealed record Axis(int Input, int Kernel, LayerWindow Window)
    {
        internal bool IsSame => Window.Padding == Pad.Same;

        internal int Span => Window.Dilation * (Kernel - 1) + 1;

        internal int Before => Window.Padding.Along(Input, Span, Window.Stride).Before;

        internal int After => Window.Padding.Along(Input, Span, Window.Stride).After;

        internal int Padded => Input + Before + After;

        /// <summary>Places for the window; 0 if there is none.</summary>
        internal int Size => Padded < Span ? 0 : Window.Padding.OutputSize(Input, Span, Window.Stride);

        /// <summary>Cells of the input that no window reads.</summary>
        internal int[] Unread
        {
            get
            {
                var read = Enumerable.Range(0, Size).SelectMany(place => Enumerable.Range(0, Kernel).Select(cell => place * Window.Stride + cell * Window.Dilation - Before)).ToHashSet();
                return [.. Enumerable.Range(0, Input).Where(cell => !read.Contains(cell))];
            }
        }

        internal bool OnlyPadding => Before >= Span;

        internal bool IsTooMuchForPooling => !IsSame && 2 * Before > Span;
    }
}
