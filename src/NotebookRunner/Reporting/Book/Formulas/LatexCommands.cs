using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NotebookRunner.Reporting.Book.Formulas;

/// <summary>Commands that take arguments.</summary>
internal sealed partial class LatexParser
{
    private MathNode Command(string name)
    {
        GoDeeper();
        var content =
            Simple(name) ?? Fraction(name) ?? Stack(name) ?? InFont(name) ?? Marked(name) ?? Spaced(name) ?? Special(name)
            ?? throw new FormulaException($"{name} is not supported here.");
        _depth--;
        return content;
    }

    /// <summary>Symbols, names of functions, spaces: what the tables hold.</summary>
    private MathNode? Simple(string name)
    {
        if (LatexSymbols.Symbols.TryGetValue(name, out var symbol))
            return name == @"\dots" && StandsBetweenTerms(tokens.Peek()) ? LatexSymbols.Symbols[@"\cdots"] : symbol;
        if (LatexSymbols.LargeSymbols.TryGetValue(name, out var large))
            return new Large(large, HasLimits: !LatexSymbols.IsIntegral(name));
        if (LatexSymbols.Functions.Contains(name))
            return new Function(new Words(name[1..], ""), HasLimits: false);
        if (LatexSymbols.LimitFunctions.TryGetValue(name, out var words))
            return new Function(new Words(words.Replace('_', '\u2009'), ""), HasLimits: true);
        if (LatexSymbols.Spaces.TryGetValue(name, out var width))
            return new Space(width);
        return name == @"\ " ? new Space("0.33em") : null;
    }

    // As in TeX: the dots of a sum are at the height of its signs, those of a list at the height of its commas.
    private static bool StandsBetweenTerms(string next) => next is "+" or "-" or "=" or "<" or ">" ||
        LatexSymbols.Symbols.GetValueOrDefault(next)?.Role is Role.Binary or Role.Relation || LatexSymbols.LargeSymbols.ContainsKey(next);

    private MathNode? Fraction(string name) => name switch
    {
        @"\frac" => new Fraction(Argument(name), Argument(name)),
        @"\dfrac" or @"\cfrac" => InStyle(new Fraction(Argument(name), Argument(name)), display: true),
        @"\tfrac" => InStyle(new Fraction(Argument(name), Argument(name)), display: false),
        @"\binom" => Binomial("(", Argument(name), Argument(name), ")"),
        @"\dbinom" => InStyle(Binomial("(", Argument(name), Argument(name), ")"), display: true),
        @"\tbinom" => InStyle(Binomial("(", Argument(name), Argument(name), ")"), display: false),
        @"\genfrac" => GeneralFraction(name),
        @"\sqrt" => OptionalArgument() is { } degree ? new Root(Argument(name), degree) : new Root(Argument(name), null),
        _ => null,
    };

    private static Fenced Binomial(string open, MathNode above, MathNode below, string close) =>
        new(open, [new Fraction(above, below, "0")], [], close);

    private static Sized InStyle(MathNode content, bool display) => new(content, display, 0);

    private MathNode GeneralFraction(string name)
    {
        string Optional() => tokens.Argument(name) is [var fence] ? LatexSymbols.Fence(fence) ?? "" : "";
        var (open, close, thickness, style) = (Optional(), Optional(), tokens.Word(name), tokens.Word(name));
        var line = thickness.Length == 0 ? null : thickness == "0" ? "0" : Length(thickness);
        var fraction = new Fenced(open, [new Fraction(Argument(name), Argument(name), line)], [], close);
        return style is "0" or "1" ? InStyle(fraction, style == "0") : fraction;
    }

    /// <summary>A command between what it puts above and what it puts below, as in <c>{n \choose k}</c>.</summary>
    private MathNode? Infix(string name, List<MathNode> before, Place place)
    {
        if (name is not (@"\over" or @"\atop" or @"\choose" or @"\brace" or @"\brack" or @"\above"))
            return null;
        tokens.Skip(1);
        var line = name == @"\above" ? LengthOf(name) : null;
        var (above, below) = (new Row(before), Rest(place));
        return name switch
        {
            @"\over" or @"\above" => new Fraction(above, below, line),
            @"\choose" => Binomial("(", above, below, ")"),
            @"\brace" => Binomial("{", above, below, "}"),
            @"\brack" => Binomial("[", above, below, "]"),
            _ => new Fraction(above, below, "0"),
        };
    }

    private MathNode? Stack(string name)
    {
        switch (name)
        {
            case @"\overset":
                var over = Argument(name);
                return new Stacked(Argument(name), null, over);
            case @"\underset":
                var under = Argument(name);
                return new Stacked(Argument(name), under, null);
            case @"\underbrace" or @"\overbrace" or @"\underbracket" or @"\overbracket":
                return WithNote(new Drawn(Argument(name), name[1..]));
            case @"\substack":
                var content = Argument(name);
                return new Table(content is Table lines ? lines.Rows : [new([content])], new(Class: "math-small"), []);
            default:
                return LongArrow(name);
        }
    }

    /// <summary>A brace's note stands above or below it, however the formula is set.</summary>
    private MathNode WithNote(Drawn braced)
    {
        var under = braced.Class.StartsWith("under", StringComparison.Ordinal);
        if (!tokens.Take(under ? "_" : "^"))
            return braced;
        var note = Argument(@"\" + braced.Class);
        return under ? new Stacked(braced, note, null) : new Stacked(braced, null, note);
    }

    private static readonly string[] LongArrows =
    [
        "leftarrow", "rightarrow", "Leftarrow", "Rightarrow", "leftrightarrow", "Leftrightarrow", "hookleftarrow", "hookrightarrow",
        "twoheadleftarrow", "twoheadrightarrow", "mapsto", "leftharpoonup", "leftharpoondown", "rightharpoonup", "rightharpoondown",
        "leftrightharpoons", "rightleftharpoons",
    ];

    /// <summary>An arrow that grows with what stands on it: the name of a short one with an x before it.</summary>
    private LongArrow? LongArrow(string name)
    {
        var arrow = name switch
        {
            @"\xlongequal" => "=",
            @"\xtofrom" => "⇄",
            [_, 'x', .. var rest] when LongArrows.Contains(rest) => LatexSymbols.Symbols.GetValueOrDefault("\\" + rest)?.Text,
            _ => null,
        };
        if (arrow is null)
            return null;
        var below = OptionalArgument();
        return new LongArrow(arrow, Argument(name), below);
    }

    private MathNode? InFont(string name) => name switch
    {
        @"\mathrm" => new Styled(Argument(name), "upright"),
        @"\mathbf" or @"\bold" => new Styled(Argument(name), "bold"),
        @"\boldsymbol" or @"\bm" or @"\pmb" => new Styled(Argument(name), "bold-italic"),
        @"\mathit" or @"\mathnormal" => new Styled(Argument(name), "italic"),
        @"\mathsf" or @"\mathsfit" => new Styled(Argument(name), "sans"),
        @"\mathtt" => new Styled(Argument(name), "mono"),
        @"\mathbb" or @"\Bbb" => new Styled(Argument(name), "blackboard"),
        @"\mathcal" or @"\mathscr" => new Styled(Argument(name), "script"),
        @"\mathfrak" or @"\frak" => new Styled(Argument(name), "fraktur"),
        @"\operatorname" => OperatorName(name),
        @"\mathop" => new Function(Argument(name), HasLimits: true),
        @"\mathbin" => new Classed(Argument(name), Role.Binary),
        @"\mathrel" => new Classed(Argument(name), Role.Relation),
        @"\mathopen" => new Classed(Argument(name), Role.Open),
        @"\mathclose" => new Classed(Argument(name), Role.Close),
        @"\mathpunct" => new Classed(Argument(name), Role.Punctuation),
        @"\mathord" or @"\mathinner" or @"\vcenter" => new Row([Argument(name)]),
        _ => IsTextCommand(name) ? Text(name) : null,
    };

    private Function OperatorName(string name)
    {
        var limits = tokens.Take("*");
        return new Function(new Styled(Argument(name), "name"), limits);
    }

    private MathNode? Marked(string name)
    {
        if (LatexSymbols.Accents.TryGetValue(name, out var mark))
            return new Accent(Argument(name), mark, IsWide: false);
        if (LatexSymbols.WideAccents.TryGetValue(name, out mark))
            return new Accent(Argument(name), mark, IsWide: true);
        if (LatexSymbols.UnderAccents.TryGetValue(name, out mark))
            return new Accent(Argument(name), mark, IsWide: true, IsUnder: true);
        return name switch
        {
            @"\overline" or @"\underline" or @"\underbar" => new Drawn(Argument(name), name == @"\underbar" ? "underline" : name[1..]),
            @"\overlinesegment" or @"\underlinesegment" => new Drawn(Argument(name), name[1..]),
            @"\boxed" or @"\cancel" or @"\bcancel" or @"\xcancel" or @"\sout" or @"\phase" =>
                new Drawn(Argument(name), "math-" + name[1..]),
            @"\angl" => new Drawn(Text(name), "math-angl"),
            @"\not" => new Negated(Argument(name)),
            _ => null,
        };
    }

    private MathNode? Spaced(string name)
    {
        switch (name)
        {
            case @"\hspace" or @"\hskip" or @"\kern" or @"\mkern" or @"\mskip":
                tokens.Take("*");
                return new Space(LengthOf(name));
            case @"\phantom":
                return new Element("mphantom", "", Argument(name));
            case @"\hphantom":
                return new Element("mpadded", "height=\"0\" depth=\"0\"", new Element("mphantom", "", Argument(name)));
            case @"\vphantom":
                return new Element("mpadded", "width=\"0\"", new Element("mphantom", "", Argument(name)));
            case @"\smash":
                var nothing = string.Concat(tokens.Optional(name) ?? []) switch
                {
                    "t" => "height=\"0\"",
                    "b" => "depth=\"0\"",
                    "" or "tb" or "bt" => "height=\"0\" depth=\"0\"",
                    var other => throw new FormulaException($"{name} takes t or b (its top or its bottom); {other} is neither."),
                };
                return new Element("mpadded", nothing, Argument(name));
            case @"\mathrlap" or @"\rlap":
                return new Element("mpadded", "width=\"0\"", name[1] == 'm' ? Argument(name) : Text(name));
            case @"\mathllap" or @"\mathclap" or @"\llap" or @"\clap": // the style sheet lets it stand out to the left or both sides
                return new Drawn(new Element("mrow", "", name[1] == 'm' ? Argument(name) : Text(name)), $"math-{name[^4..]}");
            case @"\raisebox":
                return new Element("mpadded", $"voffset=\"{Length(tokens.Word(name))}\"", Text(name));
            case @"\rule":
                var rise = tokens.Optional(name) is { } raised ? $"voffset=\"{Length(string.Concat(raised))}\"" : "";
                var (width, height) = (Length(tokens.Word(name)), Length(tokens.Word(name)));
                var rule = new Element("mspace", $"class=\"math-rule\" width=\"{width}\" height=\"{height}\"", null);
                return rise.Length == 0 ? rule : new Element("mpadded", rise, rule);
            default:
                return null;
        }
    }

    private MathNode? Special(string name)
    {
        switch (name)
        {
            case @"\left":
                return Fences();
            case @"\begin":
                return Environment();
            case @"\tag":
                var plain = tokens.Take("*");
                var text = Text(name);
                _tag = plain ? text : new Row([new Words("(", ""), text, new Words(")", "")]);
                return new Row([]);
            case @"\label": // a place to refer to, which is not seen
                tokens.Argument(name);
                return new Row([]);
            case @"\nonumber" or @"\notag" or @"\allowbreak" or @"\nobreak" or @"\relax" or @"\/" or @"\@":
                return new Row([]);
            case @"\mathchoice":
                return new Choice([Argument(name), Argument(name), Argument(name), Argument(name)]);
            case @"\textcolor":
                return new Element("mrow", $"mathcolor=\"{ColorName(name)}\"", Argument(name));
            case @"\colorbox":
                return new Element("mrow", $"mathbackground=\"{ColorName(name)}\"", Text(name));
            case @"\fcolorbox":
                var border = ColorName(name);
                var colors = $"style=\"border-color:{border}\" mathbackground=\"{ColorName(name)}\"";
                return new Element("mrow", $"class=\"math-boxed\" {colors}", Text(name));
            case @"\verb":
                tokens.Take("*"); // which shows spaces as signs
                return new Words(tokens.Verbatim(), "math-mono");
            case @"\char":
                return new Words(CharacterOf(name), "");
            default:
                return Size(name) is { } size ? new SizedFence(SizedFence(name), size, SizeRole(name)) : null;
        }
    }

    private Fenced Fences()
    {
        var open = Fence(@"\left");
        macros.BeginGroup();
        var (parts, between) = (new List<MathNode> { Lines() }, new List<string>());
        while (tokens.Take(@"\middle"))
        {
            between.Add(Fence(@"\middle"));
            parts.Add(Lines());
        }
        macros.EndGroup();
        if (!tokens.Take(@"\right"))
            throw new FormulaException(@"A \left has no \right.");
        return new Fenced(open, parts, between, Fence(@"\right"));
    }

    /// <summary>A fence, which may stand in braces here.</summary>
    private string SizedFence(string command) => tokens.Peek() == "{"
        ? Fence(command, string.Concat(tokens.Expanded(tokens.Argument(command))).Trim())
        : Fence(command);

    private static string? Size(string name) => name.TrimEnd('l', 'r', 'm') switch
    {
        @"\big" => "1.2em",
        @"\Big" => "1.623em",
        @"\bigg" => "2.047em",
        @"\Bigg" => "2.47em",
        _ => null,
    };

    private static Role SizeRole(string name) => name[^1] switch
    {
        'l' => Role.Open,
        'r' => Role.Close,
        'm' => Role.Relation,
        _ => Role.Ordinary,
    };

    private string ColorName(string command)
    {
        var color = tokens.Word(command);
        if (HexColor().IsMatch(color))
            return color[0] == '#' ? color : "#" + color;
        return NamedColor().IsMatch(color)
            ? color
            : throw new FormulaException($"{command} takes a colour's name or #rrggbb; {color} is neither.");
    }

    private string CharacterOf(string command)
    {
        var hex = tokens.Take("\"");
        var digits = "";
        while (tokens.At(0) is [var digit] && (hex ? char.IsAsciiHexDigit(digit) : char.IsAsciiDigit(digit)) && digits.Length < 6)
        {
            digits += digit;
            tokens.Skip(1);
        }
        var style = hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        return int.TryParse(digits, style, CultureInfo.InvariantCulture, out var code) && code > 0x1F && Rune.IsValid(code)
            ? char.ConvertFromUtf32(code)
            : throw new FormulaException($"{command} takes a character's number.");
    }

    /// <summary>A length as CSS has it; TeX's own units become shares of the letter's size.</summary>
    private static string Length(string length)
    {
        var match = LengthPattern().Match(length);
        if (!match.Success || !double.TryParse(match.Groups["value"].Value, CultureInfo.InvariantCulture, out var value))
            throw new FormulaException(
                $"A length is a number with a unit (em, ex, mu, pt, px, cm, mm, in); {(length.Length == 0 ? "nothing" : length)} is none.");
        var size = match.Groups["unit"].Value switch
        {
            "mu" => value / 18,
            "ex" => value * 0.43,
            "pt" => value / 10,
            "px" => value / 16,
            "cm" => value * 2.845,
            "mm" => value * 0.2845,
            "in" => value * 7.227,
            "pc" => value * 1.2,
            "bp" => value * 0.1004,
            "dd" or "nd" => value * 0.107,
            "cc" or "nc" => value * 1.284,
            "sp" => value / 655_360,
            _ => value,
        };
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Clamp(size, -50, 50):0.###}em");
    }

    /// <summary>A length in braces, or one that ends with its unit.</summary>
    private string LengthOf(string command)
    {
        if (tokens.Peek() == "{")
            return Length(tokens.Word(command));
        var length = "";
        while (!LengthPattern().IsMatch(length) && tokens.Peek() is [var next] &&
            (char.IsAsciiLetterOrDigit(next) || next is '.' or '-' or '+'))
            length += tokens.Next();
        return Length(length);
    }

    [GeneratedRegex(@"^\s*(?<value>[-+]?\s*(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))\s*(?<unit>em|ex|mu|pt|px|cm|mm|in|pc|bp|dd|cc|nd|nc|sp)\s*$")]
    private static partial Regex LengthPattern();

    [GeneratedRegex("^#[0-9a-fA-F]{3}$|^#?[0-9a-fA-F]{6}$")]
    private static partial Regex HexColor();

    [GeneratedRegex("^[a-zA-Z]+$")]
    private static partial Regex NamedColor();
}
