using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// Where a window stands, and how large the output becomes: input, kernel, stride and padding as sliders, the window over
/// the padded input, and the formula with its numbers. Settings that cannot be are shown and explained, not refused.
/// Without script, and in the SVG and the text, the settings given are shown with the first two windows. Lesson 1 has it for
/// its convolution, the lesson of the graph for LeNet's layers.
/// </summary>
/// <remarks>An input of up to 256×256 cells fits (photographs for AlexNet and its heirs), settings of up to 64.</remarks>
public sealed class HyperparameterView : SvgView
{
    private const int LargestInput = 256, LargestSetting = 64, PageWidth = 680;
    private readonly SlidingAxis _rows, _columns;
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
                throw new ArgumentOutOfRangeException(
                    name, value, $"The {name} must be a number from {least} to {most}, so that it can be drawn.");
        }
    }

    /// <summary>A view of how a layer's window moves over what the layer reads.</summary>
    /// <param name="layer">
    /// Any Conv2d, MaxPool2d or AvgPool2d with one stride, one padding and one dilation for both directions, without ceil_mode.
    /// </param>
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
            : throw new ArgumentException(
                $"A tensor whose shape ends in height and width was expected; found ({string.Join(", ", image.shape)}).", nameof(image));
    }

    /// <summary>The output's rows and columns; null for settings with which the window can stand nowhere.</summary>
    public (int Height, int Width)? OutputSize => _rows.Size > 0 && _columns.Size > 0 ? (_rows.Size, _columns.Size) : null;

    /// <summary>The first two places of the window, in the order in which it slides.</summary>
    private (int Row, int Column)[] FirstTwo =>
        OutputSize is not var (height, width) ? [] : width > 1 ? [(0, 0), (0, 1)] : height > 1 ? [(0, 0), (1, 0)] : [(0, 0)];

    /// <inheritdoc />
    public override string ToHtml() => Html.View(
        "settings", Html.Drawing(ToSvg(), ToText()), "data-lm-suppress-shortcuts=\"true\"", Data(), "HyperparameterView.js");

    /// <inheritdoc />
    public override string ToSvg()
    {
        var page = new SvgPage(PageWidth);
        page.Write(_title, " font-weight=\"bold\"");
        foreach (var (name, drawing) in Panes())
        {
            page.Write(name);
            page.Draw(drawing, SvgPage.Margin);
            page.Skip();
        }
        foreach (var line in Lines())
            page.Write(line);
        page.Skip();
        return page.ToSvg(ToText());
    }

    /// <inheritdoc />
    public override string ToText() =>
        string.Join('\n', [.. _title == "" ? [] : (string[])[_title], .. Panes().Select(pane => pane.Name), .. Lines()]);

    /// <summary>The settings, and the sentences in which the script speaks of any.</summary>
    private object Data() => new
    {
        title = _title,
        height = _rows.Input,
        width = _columns.Input,
        kernelHeight = _rows.Kernel,
        kernelWidth = _columns.Kernel,
        stride = _rows.Window.Stride,
        padding = _rows.IsSame ? 0 : _rows.Before,
        same = _rows.IsSame,
        dilation = _rows.Window.Dilation,
        pooling = _isPooling,
        sentences = Sentence.All,
        style = Html.Embedded("HyperparameterView.css"),
    };

    /// <summary>The formula with its numbers, what is to be said of these settings, and where the first windows stand.</summary>
    private IEnumerable<string> Lines()
    {
        var axes = _rows == _columns ? [(_rows, "Each axis")] : new[] { (_rows, "Rows"), (_columns, "Columns") };
        return [
            .. axes.SelectMany(axis => Sentence.Of("axis", axis.Item1.Values(axis.Item2))),
            .. Sentence.Of("view", Remarks()),
            .. FirstTwo.SelectMany((place, index) => Sentence.Of("window", Window(place, index))),
        ];
    }

    private Dictionary<string, object> Remarks()
    {
        var isPossible = OutputSize is not null;
        var unread = new[] { (_rows.Unread, "row"), (_columns.Unread, "column") }.Where(axis => axis.Item1.Length > 0).ToArray();
        return new()
        {
            ["unread"] = isPossible && unread.Length > 0,
            ["cells"] = string.Join(", ", unread.Select(axis => Ranges(axis.Item2, axis.Item1))),
            ["onlyPadding"] = isPossible && (_rows.OnlyPadding || _columns.OnlyPadding),
            ["refused"] = isPossible && _isPooling && (_rows.IsTooMuchForPooling || _columns.IsTooMuchForPooling),
            ["tensorflow"] = isPossible && _rows.IsSame && _rows.Window.Stride > 1,
        };
    }

    private Dictionary<string, object> Window((int Row, int Column) place, int index) => new()
    {
        ["number"] = index + 1,
        ["count"] = _rows.Size * _columns.Size,
        ["row"] = place.Row,
        ["column"] = place.Column,
        ["rows"] = _rows.Cells("row", place.Row),
        ["columns"] = _columns.Cells("column", place.Column),
        ["plain"] = index == 0,
        ["dashed"] = index > 0,
    };

    /// <summary>Cells in words, such as: rows 1, 3 to 5.</summary>
    private static string Ranges(string name, int[] cells)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var cell in cells)
            if (ranges.Count > 0 && ranges[^1].Last == cell - 1)
                ranges[^1] = (ranges[^1].First, cell);
            else
                ranges.Add((cell, cell));
        string[] texts = [.. ranges.Select(Text)];
        var list = texts.Length > 6 ? $"{string.Join(", ", texts[..4])}, … {texts[^1]}" : string.Join(", ", texts);
        return $"{name}{(cells.Length > 1 ? "s" : "")} {list}";

        static string Text((int First, int Last) range) => (range.Last - range.First) switch
        {
            0 => $"{range.First}",
            1 => $"{range.First}, {range.Last}",
            _ => $"{range.First} to {range.Last}",
        };
    }

    private IEnumerable<(string Name, string Drawing)> Panes()
    {
        var picture = new HyperparameterPicture(_rows, _columns);
        var isPadded = (_rows.Padded, _columns.Padded) != (_rows.Input, _columns.Input);
        var padded = isPadded ? $", padded {_rows.Padded}×{_columns.Padded}" : "";
        yield return ($"input {_rows.Input}×{_columns.Input}{padded}", picture.Input(FirstTwo));
        if (OutputSize is var (height, width))
            yield return ($"output {height}×{width}", picture.Output(FirstTwo));
    }
}
