using System.Text;

namespace NotebookRunner.Reporting.Book.Formulas;

/// <summary>
/// Reads a formula: rows of atoms with their scripts. Commands are in LatexCommands.cs, environments in LatexTables.cs,
/// words in LatexText.cs.
/// </summary>
internal sealed partial class LatexParser(LatexTokens tokens, LatexMacros macros)
{
    private const int DeepestNesting = 300;

    private int _depth;
    private MathNode? _tag;
    private string? _wordsFont; // of the words that a command within words takes; null where it takes formulas

    internal MathNode Formula()
    {
        var content = Lines();
        if (tokens.Peek() is var rest && rest != LatexTokens.End)
            throw new FormulaException(Stray(rest));
        return _tag is { } tag ? new Tagged(content, tag) : content;
    }

    private static string Stray(string token) => token switch
    {
        "&" => "An & stands outside of a table.",
        "}" => "A } has no {.",
        "$" => "A $ stands within it.",
        _ => $"{token} stands alone.",
    };

    /// <summary>Where a row stands, which decides what ends it: in a line, in an optional argument, in a table's cell.</summary>
    private enum Place
    {
        Line,
        Brackets,
        Cell,
    }

    /// <summary>One row, or several with line breaks between them.</summary>
    private MathNode Lines(Place place = Place.Line)
    {
        var lines = new List<TableRow>();
        while (true)
        {
            var row = Row(place);
            if (!IsLineBreak(tokens.Peek()) && lines.Count == 0)
                return row;
            if (!IsLineBreak(tokens.Peek()))
                return new Table(row.Nodes.Count > 0 ? [.. lines, new([row])] : lines, new(Alignment: "left", Display: true), []);
            lines.Add(new([row], Gap: LineBreak()));
        }
    }

    private static bool IsLineBreak(string token) => token is @"\\" or @"\cr" or @"\newline";

    /// <summary>
    /// A line break, and the space that it asks for. As in KaTeX, a bracket is a length only directly behind the backslashes;
    /// behind a space it begins the next line, and a star does so everywhere.
    /// </summary>
    private string? LineBreak()
    {
        var line = tokens.Next();
        if (line != @"\\" || tokens.At(0) != "[")
            return null;
        return Length(string.Concat(tokens.Expanded(tokens.Optional(line)!)).Trim());
    }

    /// <summary>Atoms with their scripts, up to what ends a row there.</summary>
    private Row Row(Place place)
    {
        GoDeeper();
        var nodes = new List<MathNode>();
        while (tokens.Peek() is var token && !EndsRow(token, place))
        {
            if (LatexMacros.Defines(token))
                Define(token);
            else if (Infix(token, nodes, place) is { } fraction)
                nodes = [fraction];
            else if (Switch(token, place) is { } rest)
                nodes.Add(rest);
            else if (Scripted(Atom()) is not Row { Nodes.Count: 0 } and var atom)
                nodes.Add(atom);
        }
        _depth--;
        return new Row(nodes);
    }

    /// <summary>Counts a row or a command that is within others; who calls takes it back at its end.</summary>
    private void GoDeeper()
    {
        if (++_depth > DeepestNesting)
            throw new FormulaException($"It is nested more than {DeepestNesting} deep.");
    }

    /// <summary>What follows in the same group: in a cell to its end, elsewhere with the lines below it.</summary>
    private MathNode Rest(Place place) => place == Place.Cell ? Row(place) : Lines(place);

    private static bool EndsRow(string token, Place place) =>
        token is LatexTokens.End or "}" or "&" or "$" or @"\end" or @"\endgroup" or @"\right" or @"\middle" or @"\)" ||
        IsLineBreak(token) || place == Place.Brackets && token == "]";

    private void Define(string command)
    {
        tokens.Skip(1);
        macros.Define(command, tokens);
    }

    private MathNode Scripted(MathNode atom)
    {
        MathNode? under = null, over = null;
        var limits = Limits.AsUsual;
        while (true)
        {
            var token = tokens.Peek();
            if (token is @"\limits" or @"\nolimits")
            {
                tokens.Skip(1);
                limits = token == @"\limits" ? Limits.Stacked : Limits.Beside;
            }
            else if (token == "_")
                under = Script(under, "subscripts");
            else if (token == "^")
                over = Script(over is Symbol { Text: ['′', ..] } ? null : over, "superscripts", over);
            else if (token == "'" && over is null)
                over = Primes();
            else
                break;
        }
        return under is null && over is null ? atom : new Scripts(atom, under, over, limits);
    }

    private MathNode Script(MathNode? there, string kind, MathNode? primes = null)
    {
        if (there is not null)
            throw new FormulaException($"Something has two {kind}; put braces around the one that has the other.");
        var script = Argument(tokens.Next());
        return primes is null ? script : new Row([primes, script]);
    }

    private Symbol Primes()
    {
        var primes = new StringBuilder();
        while (tokens.Take("'"))
            primes.Append('′');
        return new(primes.ToString(), Shape.Operator, Role.Ordinary);
    }

    private MathNode Atom()
    {
        var token = tokens.Peek();
        if (token is "{" or @"\begingroup")
            return Braced();
        if (token is "_" or "^" or "'")
            return new Row([new Row([])]); // a script on nothing, as in {}^{2}
        if (IsDigit(token) || token == "." && IsDigit(tokens.At(1)))
            return Number();
        tokens.Skip(1);
        if (token[0] == '\\' && token.Length > 1)
            return Command(token);
        return token switch
        {
            "~" => new Space("0.33em"),
            "#" or "\\" => throw new FormulaException(Stray(token)),
            _ => LatexSymbols.Character(token),
        };
    }

    private Symbol Number()
    {
        var digits = new StringBuilder();
        while (true)
            if (IsDigit(tokens.At(0)) || tokens.At(0) == "." && IsDigit(tokens.At(1)))
            {
                digits.Append(tokens.At(0));
                tokens.Skip(1);
            }
            else if (tokens.At(0) == "{" && tokens.At(1) == "," && tokens.At(2) == "}" && IsDigit(tokens.At(3)))
            {
                digits.Append(',');
                tokens.Skip(3);
            }
            else
                return new(digits.ToString(), Shape.Number, Role.Ordinary);
    }

    private static bool IsDigit(string token) => token is [>= '0' and <= '9'];

    /// <summary>What a command or a script takes: a group in braces, or the one atom that follows.</summary>
    private MathNode Argument(string command)
    {
        if (_wordsFont is { } font)
            return Text(command, font);
        var token = tokens.Peek();
        if (token is "{" or @"\begingroup")
            return Braced();
        if (EndsRow(token, Place.Line) || token is "^" or "_")
            throw new FormulaException($"{command} lacks an argument.");
        if (!IsDigit(token))
            return Atom();
        tokens.Skip(1); // \frac12 takes one digit each
        return new Symbol(token, Shape.Number, Role.Ordinary);
    }

    private MathNode Braced()
    {
        var open = tokens.Next();
        var close = open == "{" ? "}" : @"\endgroup";
        var content = Group(() => Lines());
        if (!tokens.Take(close))
            throw new FormulaException($"A {open} has no {close}{(tokens.Peek() == LatexTokens.End ? "" : $" before {tokens.Peek()}")}.");
        return content;
    }

    /// <summary>What it reads is a group: definitions in it end with it.</summary>
    private T Group<T>(Func<T> read)
    {
        macros.BeginGroup();
        var content = read();
        macros.EndGroup();
        return content;
    }

    private MathNode? OptionalArgument()
    {
        if (!tokens.Take("["))
            return null;
        var content = Group(() => Lines(Place.Brackets));
        return tokens.Take("]") ? content : throw new FormulaException("A [ has no ].");
    }

    private string Fence(string command) => Fence(command, tokens.Next());

    private static string Fence(string command, string token) => LatexSymbols.Fence(token)
        ?? throw new FormulaException($"{command} takes a fence; {(token == LatexTokens.End ? "nothing" : token)} is none.");
}
