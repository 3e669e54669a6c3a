using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace NotebookHelpers;

/// <summary>A drawing that is filled from the top: lines of text, which it breaks where they would pass the edge, and drawings.</summary>
internal sealed class SvgPage(int width)
{
    internal const int Margin = 14;
    private const int LineHeight = 20;
    private const int Letter = 8; // as wide as one is, at most
    private readonly StringBuilder _content = new();
    private int _y = Margin;

    /// <summary>Writes a text, as wide as the page at most.</summary>
    internal void Write(string text, string look = "") =>
        Write(text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => (word + " ", look)));

    /// <summary>Writes pieces that each stay on one line; the look is attributes of a tspan.</summary>
    internal void Write(IEnumerable<(string Text, string Look)> pieces)
    {
        var line = new StringBuilder();
        var length = 0;
        foreach (var (text, look) in pieces)
        {
            if (length > 0 && (length + text.Length) * Letter > width - 2 * Margin)
                End();
            length += text.Length;
            line.Append($"<tspan{look}>{Html.Encode(text)}</tspan>");
        }
        if (length > 0)
            End();

        void End()
        {
            var y = (_y + LineHeight - 6).ToString(CultureInfo.InvariantCulture);
            _content.Append($"<text x=\"{Margin}\" y=\"{y}\" xml:space=\"preserve\">{line}</text>");
            _y += LineHeight;
            length = 0;
            line.Clear();
        }
    }

    /// <summary>Places a drawing under what is there; it takes its colours from the page.</summary>
    internal void Draw(string svg, int x = 0)
    {
        var drawing = XElement.Parse(svg);
        drawing.Elements().Where(element => element.Name.LocalName is "style" or "title").Remove();
        drawing.SetAttributeValue("x", x);
        drawing.SetAttributeValue("y", _y);
        _content.Append(drawing.ToString(SaveOptions.DisableFormatting));
        Skip((int)Math.Ceiling((double)drawing.Attribute("height")!));
    }

    /// <summary>Leaves room.</summary>
    internal void Skip(int height = Margin) => _y += height;

    /// <summary>The document.</summary>
    /// <param name="alternative">What a reader who does not see it is told.</param>
    internal string ToSvg(string alternative) => SvgDocument.Of(width, _y, _content.ToString(), alternative);
}
