using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace NotebookHelpers;

/// <summary>An SVG that is filled from the top: lines of text, which it breaks where they would pass the edge, and drawings.</summary>
internal sealed class SvgPage(int width)
{
    internal const int Margin = 14;
    private const int LineHeight = 20;
    private readonly StringBuilder _content = new();
    private int _y = Margin;

    /// <summary>Writes a text, as wide as the page at most.</summary>
    internal void Write(string text, string look = "") =>
        Write(text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => (word + " ", look)));

    /// <summary>Writes pieces that each stay on one line; the look is attributes of a tspan.</summary>
    internal void Write(IEnumerable<(string Text, string Look)> pieces)
    {
        // SVG breaks no lines: a piece that would pass the edge (8 units a character, at most) starts the next one
        var line = new StringBuilder();
        var length = 0;
        foreach (var (text, look) in pieces)
        {
            if (length > 0 && (length + text.Length) * 8 > width - 2 * Margin)
                End();
            length += text.Length;
            line.Append($"<tspan{look}>{Html.Encode(text)}</tspan>");
        }
        if (length > 0)
            End();

        void End()
        {
            _content.Append(CultureInfo.InvariantCulture, $"<text x=\"{Margin}\" y=\"{_y + LineHeight - 6}\" fill=\"#1a1a1a\" xml:space=\"preserve\">{line}</text>");
            _y += LineHeight;
            length = 0;
            line.Clear();
        }
    }

    /// <summary>Places a drawing under what is there.</summary>
    internal void Draw(XElement drawing, int x = 0)
    {
        drawing.SetAttributeValue("x", x);
        drawing.SetAttributeValue("y", _y);
        _content.Append(drawing.ToString(SaveOptions.DisableFormatting));
        Skip((int)drawing.Attribute("height")!);
    }

    /// <summary>Leaves room.</summary>
    internal void Skip(int height = Margin) => _y += height;

    /// <summary>The document.</summary>
    /// <param name="alternative">What a reader who does not see it is told.</param>
    internal string ToSvg(string alternative) => string.Create(CultureInfo.InvariantCulture,
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{_y}\" viewBox=\"0 0 {width} {_y}\" font-family=\"system-ui,sans-serif\" font-size=\"14\" role=\"img\"><title>{Html.Encode(alternative)}</title><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>{_content}</svg>");
}
