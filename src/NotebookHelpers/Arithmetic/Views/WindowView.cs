using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace NotebookHelpers;

/// <summary>
/// A window that slides over an image, to be looked at: pointing at a cell of the result, or moving to it with the
/// arrow keys, frames its window in the image and writes out what was computed; Play, Back and Step move the window.
/// Without script, and in the SVG and the text, the first two windows are shown with what they compute.
/// </summary>
/// <remarks>
/// An image of up to 32×32 cells, padding included, with up to 3 channels fits (a digit with two cells of padding);
/// larger ones are refused, because nobody can point at their cells and the notebook would not stay small. Tables with
/// more than 16 rows or columns show colours only; their numbers appear in the sum.
/// </remarks>
public abstract class WindowView : SvgView
{
    private const int LargestSide = 32, MostChannels = 3;
    private readonly string _title;

    private protected WindowView(string? title) => _title = title ?? "";

    /// <summary>Size of the window, stride, padding, and what becomes of the image's size.</summary>
    public abstract string Settings { get; }

    /// <summary>The result, height × width: the feature map or the pooled map.</summary>
    public abstract double[,] Values { get; }

    /// <inheritdoc />
    public sealed override string ToHtml()
    {
        var (height, width, stride) = Window;
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<figure class=\"convnet-window\" data-kind=\"{Kind}\" data-bias=\"{Bias}\" data-height=\"{height}\" data-width=\"{width}\" data-stride=\"{stride}\" data-lm-suppress-shortcuts=\"true\" style=\"{Html.Card};margin:4px 0;padding:8px 10px;max-width:100%;width:fit-content;box-sizing:border-box\"><style>{Html.Embedded("WindowView.css")}</style>");
        html.Append($"<figcaption>{(_title == "" ? "" : $"<b>{Html.Encode(_title)}</b><br>")}{Html.Encode(Settings)}</figcaption>");
        var (next, live) = ("", " aria-live=\"polite\"");
        foreach (var place in FirstTwo)
        {
            html.Append($"<div class=\"cw-row{next}\">");
            foreach (var part in Parts)
                html.Append(part is Pane pane ? Table(pane, place) : $"<span>{Html.Encode((string)part)}</span>");
            html.Append($"</div><p class=\"cw-sum{next}\"{live}>");
            foreach (var (text, mark) in Sentence(place))
                html.Append(mark == Mark.None ? text : $"<span class=\"{(mark == Mark.Zero ? "cw-zero" : "cw-strong")}\">{text}</span>");
            html.Append("</p>");
            (next, live) = (" cw-next", "");
        }
        return html.Append($"{Html.Script("WindowView.js")}</figure>").ToString();
    }

    /// <inheritdoc />
    public sealed override string ToSvg()
    {
        var pictures = FirstTwo.Select(place => (Place: place, Drawing: XElement.Parse(Picture(place).ToSvg()))).ToArray();
        var page = new SvgPage(Math.Max(640, pictures.Max(picture => (int)picture.Drawing.Attribute("width")!)));
        page.Write(_title, Look(Mark.Strong));
        page.Write(Settings);
        foreach (var (place, drawing) in pictures)
        {
            page.Draw(drawing);
            page.Write(Sentence(place).Select(piece => (piece.Text, Look(piece.Mark))));
            page.Skip();
        }
        return page.ToSvg(ToText());

        static string Look(Mark mark) => mark switch { Mark.Zero => " fill=\"#767676\"", Mark.Strong => " font-weight=\"bold\"", _ => "" };
    }

    /// <inheritdoc />
    public sealed override string ToText() => string.Join('\n',
        [.. _title == "" ? [] : (string[])[_title], Settings, Summary,
         .. FirstTwo.Select(place => string.Concat(Sentence(place).Select(piece => piece.Text)))]);

    /// <summary>The first two places of the window, in the order in which it slides.</summary>
    internal IEnumerable<(int Row, int Column)> FirstTwo
    {
        get
        {
            yield return (0, 0);
            if (Values.GetLength(1) > 1)
                yield return (0, 1);
            else if (Values.GetLength(0) > 1)
                yield return (1, 0);
        }
    }

    /// <summary>What the script writes when the window stands there: place, terms and result.</summary>
    internal IEnumerable<Piece> Sentence((int Row, int Column) place) =>
        Formula(place).Prepend(new(string.Create(CultureInfo.InvariantCulture, $"Row {place.Row}, column {place.Column}: ")));

    // What the two views say of theirs. Kind, Bias and the window go to the script, which reads the numbers from the tables.
    private protected abstract string Kind { get; }
    private protected abstract string Bias { get; }
    private protected abstract (int Height, int Width, int Stride) Window { get; }
    private protected abstract IEnumerable<object> Parts { get; } // Pane or string
    private protected abstract string Summary { get; }
    private protected abstract IEnumerable<Piece> Formula((int Row, int Column) place);
    private protected abstract SvgView Picture((int Row, int Column) place);

    /// <summary>Where in the window, counted row by row, the cell is that gave the result, and how many hold its value; null if all cells gave it.</summary>
    private protected virtual (int At, int Alike)? Winner((int Row, int Column) place) => null;

    /// <summary>The result, after an = if what is written left of it gives what is written here, and a ≈ if rounding keeps it from that.</summary>
    private protected static Piece Result(double written, double value) =>
        new($" {(Math.Abs(written - Notation.AsWritten(value)) > 1e-9 ? "≈" : "=")} {Notation.Number(value)}");

    /// <summary>Refuses what would be too large to look at.</summary>
    private protected static void Check(int height, int width, Margins padding, int channels)
    {
        var (rows, columns) = (height + padding.Top + padding.Bottom, width + padding.Left + padding.Right);
        if (Math.Max(rows, columns) > LargestSide)
            throw new ArgumentException(
                $"The image is {rows}×{columns} with its padding, but a view in which each cell can be pointed at takes up to {LargestSide}×{LargestSide}. " +
                "Take a part of the image (of a tensor: image[.., .., ..20, ..20]), or show the result itself or one of its windows.");
        if (channels > MostChannels)
            throw new ArgumentException(
                $"The image has {channels} channels, but the view has room for {MostChannels} side by side. Choose one of them, or show one window of the result.");
    }

    /// <summary>Padding and sizes in words.</summary>
    private protected static string Describe(int stride, Margins padding, double[,] image, double[,] result)
    {
        var (top, left, bottom, right) = padding;
        var around = padding == default ? "no padding"
            : top == left && top == bottom && top == right ? $"padding {top} on every side"
            : $"padding {top} above, {bottom} below, {left} left, {right} right";
        return $"stride {stride}, {around}: {image.GetLength(0)}×{image.GetLength(1)} → {result.GetLength(0)}×{result.GetLength(1)}";
    }

    private string Table(Pane pane, (int Row, int Column) place)
    {
        var values = pane.Values;
        var (height, width) = (values.GetLength(0), values.GetLength(1));
        var isPicture = Math.Max(height, width) > MatrixView.LargestTable;
        var scale = values.Cast<double>().Where(double.IsFinite).Select(Math.Abs).Append(0).Max() switch { 0 => 1, var max => max };
        var table = new StringBuilder();
        var longest = 0;
        for (var row = 0; row < height; row++)
        {
            table.Append("<tr>");
            for (var column = 0; column < width; column++)
            {
                var value = values[row, column];
                var isMargin = row < pane.Margins.Top || row >= height - pane.Margins.Bottom || column < pane.Margins.Left || column >= width - pane.Margins.Right;
                var text = isMargin && double.IsNaN(value) ? "·" : Notation.Number(value);
                longest = Math.Max(longest, text.Length);
                var look = isMargin ? " class=\"cw-pad\"" : value == 0 || double.IsNaN(value) ? "" : $" style=\"background:{MatrixView.Colour(value / scale, Tint.Signed, isPicture)}\"";
                var winner = pane.Role == "out" && Winner((row, column)) is var (at, alike)
                    ? string.Create(CultureInfo.InvariantCulture, $" data-at=\"{at}\"{(alike > 1 ? $" data-equal=\"{alike}\"" : "")}") : "";
                table.Append($"<td{look}{winner}>{text}</td>");
            }
            table.Append("</tr>");
        }
        var side = Math.Clamp(340 / Math.Max(height, width), 10, 20);
        var (cellHeight, cellWidth) = isPicture ? (side, side) : (28, Math.Max(28, 12 + 8 * longest));
        // an inline style also keeps a page's rules for plain tables away
        return string.Create(CultureInfo.InvariantCulture, $"<div class=\"cw-pane\">{Html.Encode(pane.Name)}<div class=\"cw-box\"><div class=\"cw-{pane.Role}{(isPicture ? " cw-small" : "")}\" style=\"--h:{cellHeight}px;--w:{cellWidth}px\"><table style=\"margin:0\" aria-label=\"{Html.Encode(pane.Name)}\"><tbody>{table}</tbody></table>{Frames()}</div></div></div>");

        string Frames()
        {
            var (windowHeight, windowWidth, stride) = Window;
            return pane.Role switch
            {
                "in" => Frame(place.Row * stride, place.Column * stride, windowHeight, windowWidth) +
                    (Winner(place) is var (at, _) ? Frame(place.Row * stride + at / windowWidth, place.Column * stride + at % windowWidth, 1, 1, " class=\"cw-winner\"") : ""),
                "out" => Frame(place.Row, place.Column, 1, 1),
                _ => "",
            };
        }

        static string Frame(int row, int column, int height, int width, string look = "") =>
            string.Create(CultureInfo.InvariantCulture, $"<i{look} style=\"--r:{row};--c:{column};--m:{height};--n:{width}\"></i>");
    }

    /// <summary>One table of the view: an image ("in"), a kernel ("kernel") or the result ("out").</summary>
    internal sealed record Pane(string Role, string Name, double[,] Values, Margins Margins = default);

    /// <summary>How a piece of a sum is written: a zero term grey, a winner strong.</summary>
    internal enum Mark
    {
        None,
        Zero,
        Strong,
    }

    /// <summary>A piece of a sum: a term, an operator, the result.</summary>
    internal readonly record struct Piece(string Text, Mark Mark = Mark.None);
}
