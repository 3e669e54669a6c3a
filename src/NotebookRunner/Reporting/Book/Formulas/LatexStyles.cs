using System.Globalization;

namespace NotebookRunner.Reporting.Book.Formulas;

/// <summary>Commands that change everything up to the end of their group: fonts, styles, sizes, colours.</summary>
internal sealed partial class LatexParser
{
    private double _size = 1; // of letters, as a share of the usual one

    private MathNode? Switch(string name, Place place)
    {
        if (Style(name, () => Rest(place)) is not { } style)
            return null;
        tokens.Skip(1);
        return style();
    }

    private Func<MathNode>? Style(string name, Func<MathNode> rest) => name switch
    {
        @"\bf" => () => new Styled(rest(), "bold"),
        @"\rm" => () => new Styled(rest(), "upright"),
        @"\it" => () => new Styled(rest(), "italic"),
        @"\sf" => () => new Styled(rest(), "sans"),
        @"\tt" => () => new Styled(rest(), "mono"),
        @"\cal" => () => new Styled(rest(), "script"),
        @"\displaystyle" => () => new Sized(rest(), true, 0),
        @"\textstyle" => () => new Sized(rest(), false, 0),
        @"\scriptstyle" => () => new Sized(rest(), false, 1),
        @"\scriptscriptstyle" => () => new Sized(rest(), false, 2),
        @"\color" => () => new Element("mrow", $"mathcolor=\"{ColorName(name)}\"", rest()),
        _ when FontSize(name) is { } size => () => InSize(size, rest),
        _ => null,
    };

    /// <summary>A size counts from the usual one, whatever size surrounds it; MathML's counts from what surrounds it.</summary>
    private Sized InSize(double size, Func<MathNode> read)
    {
        var outer = _size;
        _size = size;
        var content = read();
        _size = outer;
        return new Sized(content, null, null, string.Create(CultureInfo.InvariantCulture, $"{size / outer:0.#%}"));
    }

    private static double? FontSize(string name) => name switch
    {
        @"\tiny" => 0.5,
        @"\scriptsize" => 0.7,
        @"\footnotesize" => 0.8,
        @"\small" => 0.9,
        @"\normalsize" => 1,
        @"\large" => 1.2,
        @"\Large" => 1.44,
        @"\LARGE" => 1.728,
        @"\huge" => 2.074,
        @"\Huge" => 2.488,
        _ => null,
    };
}
