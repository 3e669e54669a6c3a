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
    private const int LargestSide = 32, MostChannels = 3, NarrowestPage = 640;
    private readonly string _title;

    private protected WindowView(string? title) => _title = title ?? "";

    /// <summary>Size of the window, stride, padding, and what becomes of the image's size.</summary>
    public abstract string Settings { get; }

    /// <summary>The result, height × width: the feature map or the pooled map.</summary>
    public abstract double[,] Values { get; }

    /// <summary>How a piece of a sum is written: a zero term grey, a winner strong.</summary>
    internal enum Mark
    {
        None,
        Zero,
        Strong,
    }

    /// <summary>The first two places of the window, in the order in which it slides.</summary>
    internal IEnumerable<(int Row, int Column)> FirstTwo => Values.GetLength(1) > 1
        ? [(0, 0), (0, 1)]
        : Tables.Places(Values).Take(2);

    // What the two views say of theirs.
    private protected abstract string Kind { get; }
    private protected abstract (int Height, int Width, int Stride) Window { get; }
    private protected abstract IEnumerable<object> Parts { get; } // Pane or string
    private protected abstract string Summary { get; }
    private protected abstract IEnumerable<Piece> Formula((int Row, int Column) place);
    private protected abstract SvgView Picture((int Row, int Column) place);

    /// <inheritdoc />
    public sealed override string ToHtml() => Html.View("window", Html.Drawing(ToSvg(), ToText()),
        $"data-kind=\"{Kind}\" data-lm-suppress-shortcuts=\"true\"", Data(), "WindowView.js");

    /// <inheritdoc />
    public sealed override string ToSvg()
    {
        var pictures = FirstTwo.Select(place => (Place: place, Drawing: Picture(place).ToSvg())).ToArray();
        var page = new SvgPage(Math.Max(NarrowestPage, pictures.Max(picture => int.Parse(SvgDocument.Size(picture.Drawing).Width))));
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

    /// <summary>What is written when the window stands there: place, terms and result.</summary>
    internal IEnumerable<Piece> Sentence((int Row, int Column) place) =>
        Formula(place).Prepend(new($"Row {place.Row}, column {place.Column}: "));

    /// <summary>
    /// Where in the window, counted row by row, the cell is that gave the result, and how many hold its value; null if all
    /// cells gave it.
    /// </summary>
    private protected virtual (int At, int Alike)? Winner((int Row, int Column) place) => null;

    /// <summary>
    /// The result, after an = if what is written left of it gives what is written here, and a ≈ if rounding keeps it from that.
    /// </summary>
    private protected static Piece Result(double written, double value) =>
        new($" {(Math.Abs(written - Notation.AsWritten(value)) > 1e-9 ? "≈" : "=")} {Notation.Number(value)}");

    /// <summary>Refuses what would be too large to look at.</summary>
    private protected static void Check(int height, int width, Margins padding, int channels)
    {
        var (rows, columns) = (height + padding.Top + padding.Bottom, width + padding.Left + padding.Right);
        if (Math.Max(rows, columns) > LargestSide)
            throw new ArgumentException(
                $"The image is {rows}×{columns} with its padding, but a view in which each cell can be pointed at takes up to " +
                $"{LargestSide}×{LargestSide}. Take a part of the image (of a tensor: image[.., .., ..20, ..20]), or show the result " +
                "itself or one of its windows.");
        if (channels > MostChannels)
            throw new ArgumentException(
                $"The image has {channels} channels, but the view has room for {MostChannels} side by side. Choose one of them, or " +
                "show one window of the result.");
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

    /// <summary>All that the script shows: the tables, and for every place its window's winner and its sentence.</summary>
    private object Data()
    {
        var (height, width, stride) = Window;
        return new
        {
            title = _title,
            settings = Settings,
            height,
            width,
            stride,
            parts = Parts.Select(part => part is Pane pane ? pane.ToData() : part),
            winners = Tables.Places(Values).Select(place => Winner(place)?.At),
            sentences = Tables.Places(Values).Select(place => Joined(Sentence(place))),
            style = Html.Embedded("WindowView.css"),
        };
    }

    /// <summary>Pieces that follow each other in one look as one: text and look in turn, no look first.</summary>
    private static IEnumerable<string[]> Joined(IEnumerable<Piece> pieces)
    {
        var (text, mark) = ("", Mark.None);
        foreach (var piece in pieces)
        {
            if (piece.Mark != mark && text != "")
            {
                yield return Data(text, mark);
                text = "";
            }
            (text, mark) = (text + piece.Text, piece.Mark);
        }
        yield return Data(text, mark);

        static string[] Data(string text, Mark mark) => mark == Mark.None ? [text] : [text, mark.ToString().ToLowerInvariant()];
    }

    /// <summary>A piece of a sum: a term, an operator, the result.</summary>
    internal readonly record struct Piece(string Text, Mark Mark = Mark.None);

    /// <summary>One table of the view: an image ("in"), a kernel ("kernel") or the result ("out").</summary>
    internal sealed record Pane(string Role, string Name, double[,] Values, Margins Margins = default)
    {
        private const int Steps = 32;

        /// <summary>Texts, colours in steps from −32 to 32, and the frame of padding around them.</summary>
        internal object ToData()
        {
            var scale = Tables.Largest(Values.Cast<double>());
            var (rows, columns) = (Values.GetLength(0), Values.GetLength(1));
            return new
            {
                role = Role,
                name = Name,
                columns,
                texts = Tables.Places(Values).Select(Text),
                shades = Values.Cast<double>().Select(value => Shade(value / scale)),
                margins = new[] { Margins.Top, Margins.Left, Margins.Bottom, Margins.Right },
                isPicture = Math.Max(rows, columns) > MatrixPanel.LargestTable,
            };
        }

        private static double Shade(double value) => double.IsNaN(value) ? 0 : Math.Round(Steps * Math.Clamp(value, -1, 1));

        private string Text((int Row, int Column) place) =>
            double.IsNaN(Values[place.Row, place.Column]) && IsMargin(place) ? "·" : Notation.Number(Values[place.Row, place.Column]);

        private bool IsMargin((int Row, int Column) place) =>
            place.Row < Margins.Top || place.Row >= Values.GetLength(0) - Margins.Bottom
            || place.Column < Margins.Left || place.Column >= Values.GetLength(1) - Margins.Right;
    }
}
