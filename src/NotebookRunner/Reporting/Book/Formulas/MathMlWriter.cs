using System.Text;

namespace NotebookRunner.Reporting.Book.Formulas;

/// <summary>Writes a formula as MathML that browsers draw also without a font for mathematics; see book.css for what it draws.</summary>
/// <param name="display">Whether limits stand above and below, as in a displayed formula.</param>
/// <param name="font">The font that letters are in, empty for the usual one.</param>
/// <param name="level">How small it is: 0 as usual, 1 as scripts are, 2 as scripts of scripts.</param>
internal sealed class MathMlWriter(bool display, string font = "", int level = 0)
{
    private static readonly string[] Tall = ["<mfrac", "<mtable", "<munder"];

    private const string ThinSpace = "<mspace width=\"0.17em\"/>";

    private MathMlWriter Text => display ? new(false, font, level) : this;

    private MathMlWriter Script => new(false, font, Math.Min(level + 1, 2));

    internal string Write(MathNode node) => node switch
    {
        Row row => WriteRow(row.Nodes),
        Symbol symbol => Symbol(symbol, spacing: ""),
        Large large => LargeOperator(large, movable: true),
        Function function => FunctionName(function.Name),
        Scripts scripts => WriteScripts(scripts),
        Stacked stacked => Stack(stacked),
        Fraction fraction => WriteFraction(fraction),
        Root { Degree: { } degree } root => $"<mroot>{Text.Group(root.Content)}{Script.Group(degree)}</mroot>",
        Root root => $"<msqrt>{Text.Write(root.Content)}</msqrt>",
        Accent accent => WriteAccent(accent),
        Fenced fenced => WriteFenced(fenced),
        SizedFence { Size: var size } fence =>
            $"<mo stretchy=\"true\" symmetric=\"true\" minsize=\"{size}\" maxsize=\"{size}\">{Encode(fence.Text)}</mo>",
        LongArrow arrow => Arrow(arrow),
        Space { Width: ['-', ..] } space => $"<mspace style=\"margin-left: {space.Width}\"/>", // MathML has no negative width
        Space space => $"<mspace width=\"{space.Width}\"/>",
        Words words => $"<mtext{Class(words.Font)}>{Encode(words.Text).Replace(' ', '\u00A0')}</mtext>",
        Styled styled => new MathMlWriter(display, styled.Font, level).Write(styled.Content),
        Sized sized => WriteSized(sized),
        Choice choice => Write(choice.Forms[display ? 0 : 1 + level]),
        Drawn drawn => $"<mrow class=\"{drawn.Class}\">{Write(drawn.Content)}</mrow>",
        Element { Content: null } element => $"<{element.Name} {element.Attributes}></{element.Name}>",
        Element element => $"<{element.Name} {element.Attributes}>{Write(element.Content)}</{element.Name}>",
        Classed classed => WriteClassed(classed),
        Negated negated => Negate(negated.Content),
        Table table => WriteTable(table),
        Tagged tagged => $"<mrow>{Write(tagged.Content)}</mrow><mspace width=\"2em\"/>{Text.Group(tagged.Tag)}",
        _ => throw new InvalidOperationException($"A {node.GetType().Name} has no MathML."),
    };

    /// <summary>Text for MathML.</summary>
    internal static string Encode(string text) =>
        text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;");

    private static string Class(string name) => name.Length == 0 ? "" : $" class=\"{name}\"";

    private string Group(MathNode node) => $"<mrow>{Write(node)}</mrow>";

    private string WriteRow(IReadOnlyList<MathNode> nodes)
    {
        var row = new StringBuilder();
        for (var at = 0; at < nodes.Count; at++)
        {
            var (before, node, after) = (at > 0 ? nodes[at - 1] : null, nodes[at], at + 1 < nodes.Count ? nodes[at + 1] : null);
            if (node.Role == Role.Function && before?.Role is Role.Ordinary or Role.Close)
                row.Append(ThinSpace);
            if (font is "upright" or "bold" or "mono" or "sans" or "name" && Joined(nodes, at) is { Length: > 1 } letters)
            {
                row.Append(Letters(letters));
                at += letters.Length - 1;
            }
            else
                row.Append(node is Symbol symbol ? Symbol(symbol, Spacing(nodes, at)) : Write(node));
            // log x has a space, log(x) has none
            if (node.Role == Role.Function && after is not Fenced and not Symbol { IsFence: true } &&
                after?.Role is Role.Ordinary or Role.Function or Role.Large)
                row.Append(ThinSpace);
        }
        return row.ToString();
    }

    /// <summary>Where an operator's neighbours take space from it: before a value that has a sign, and between two relations.</summary>
    private static string Spacing(IReadOnlyList<MathNode> nodes, int at)
    {
        var (before, after) = (Neighbour(nodes, at, -1), Neighbour(nodes, at, 1));
        var beforeValue = before is Role.Relation or Role.Binary or Role.Open or Role.Punctuation or Role.Function or Role.Large;
        return nodes[at] switch
        {
            Symbol { Text: "−" or "+" or "±" or "∓" } when beforeValue => " form=\"prefix\"",
            { Role: Role.Relation } when before == Role.Relation && after == Role.Relation => " lspace=\"0\" rspace=\"0\"",
            { Role: Role.Relation } when before == Role.Relation => " lspace=\"0\"",
            { Role: Role.Relation } when after == Role.Relation => " rspace=\"0\"",
            _ => "",
        };
    }

    /// <summary>The next thing to the left or right, which space does not part.</summary>
    private static Role? Neighbour(IReadOnlyList<MathNode> nodes, int at, int step)
    {
        do
            at += step;
        while (at >= 0 && at < nodes.Count && nodes[at] is Space);
        return at >= 0 && at < nodes.Count ? nodes[at].Role : null;
    }

    /// <summary>Letters and digits that one font makes a word of.</summary>
    private static string Joined(IReadOnlyList<MathNode> nodes, int at)
    {
        var letters = "";
        for (; at < nodes.Count && nodes[at] is Symbol { Shape: Shape.Letter or Shape.Upright, Text: [var letter] }; at++)
            if (char.IsLetter(letter))
                letters += letter;
            else
                break;
        return letters;
    }

    private string Symbol(Symbol symbol, string spacing) => symbol.Shape switch
    {
        Shape.Letter => Letters(symbol.Text),
        Shape.Upright when font is not ("" or "italic") && char.IsLetter(symbol.Text, 0) => Letters(symbol.Text),
        Shape.Upright => $"<mi mathvariant=\"normal\">{Encode(symbol.Text)}</mi>",
        Shape.Number => Number(symbol.Text),
        Shape.Text => $"<mtext>{Encode(symbol.Text)}</mtext>",
        Shape.Fence when symbol.Text is "|" or "‖" => $"<mo stretchy=\"false\" lspace=\"0\" rspace=\"0\">{symbol.Text}</mo>",
        Shape.Fence => $"<mo stretchy=\"false\">{Encode(symbol.Text)}</mo>",
        _ when symbol.Text[0] == '′' => Primes(symbol.Text),
        _ when font == "name" && symbol.Text == "−" => "<mo lspace=\"0\" rspace=\"0\">-</mo>",
        _ when symbol.Role == Role.Punctuation => $"<mo separator=\"true\">{symbol.Text}</mo>",
        _ when font is "bold" or "bold-italic" => $"<mo class=\"math-bold\"{spacing}>{Encode(symbol.Text)}</mo>",
        _ => $"<mo{spacing}>{Encode(symbol.Text)}</mo>",
    };

    private static string Primes(string primes) => $"<mo form=\"postfix\" lspace=\"0\" rspace=\"0\">{primes}</mo>";

    private string Number(string digits) => font switch
    {
        "" or "italic" or "upright" or "name" => $"<mn>{digits}</mn>",
        "blackboard" => $"<mn>{MathLetters.Blackboard(digits)}</mn>",
        _ => $"<mn class=\"{FontClass}\">{digits}</mn>",
    };

    private string FontClass => font switch
    {
        "bold" or "bold-italic" => "math-bold",
        "mono" => "math-mono",
        "sans" => "math-sans",
        _ => "",
    };

    private string Letters(string letters) => font switch
    {
        "" => $"<mi>{Encode(letters)}</mi>",
        "italic" => $"<mi class=\"math-italic\">{Encode(letters)}</mi>",
        "bold-italic" => $"<mi class=\"math-bold\">{Encode(letters)}</mi>",
        "blackboard" => $"<mi>{MathLetters.Blackboard(letters)}</mi>",
        "script" => $"<mi>{MathLetters.Script(letters)}</mi>",
        "fraktur" => $"<mi>{MathLetters.Fraktur(letters)}</mi>",
        _ => $"<mi mathvariant=\"normal\"{Class(FontClass)}>{Encode(letters)}</mi>",
    };

    private string LargeOperator(Large large, bool movable) =>
        $"<mo largeop=\"true\"{(movable ? "" : " movablelimits=\"false\"")}>{large.Text}</mo>";

    private string FunctionName(MathNode name) => name switch
    {
        Words words => $"<mi>{Encode(words.Text)}</mi>",
        Styled { Font: "name", Content: Row row } when PlainName(row) is { } letters =>
            $"<mi{(letters.Length == 1 ? " mathvariant=\"normal\"" : "")}>{Encode(letters)}</mi>",
        _ => $"<mrow>{Write(name)}</mrow>",
    };

    /// <summary>The name of a function that is letters, digits, hyphens and spaces only.</summary>
    private static string? PlainName(Row row)
    {
        var name = new StringBuilder();
        foreach (var node in row.Nodes)
            if (node is Symbol { Shape: Shape.Letter or Shape.Upright or Shape.Number } or Symbol { Text: "−" })
                name.Append(((Symbol)node).Text.Replace('−', '-'));
            else if (node is Space { Width: not ['-', ..] })
                name.Append('\u2009');
            else
                return null;
        return name.ToString();
    }

    private string WriteScripts(Scripts scripts)
    {
        var limits = scripts.Limits switch
        {
            Limits.Stacked => true,
            Limits.Beside => false,
            _ => display && scripts.Base is Large { HasLimits: true } or Function { HasLimits: true },
        };
        limits &= scripts.Limits == Limits.Stacked || display;
        var (both, below, above) = limits ? ("munderover", "munder", "mover") : ("msubsup", "msub", "msup");
        var (primes, over) = limits ? ("", scripts.Over) : LeadingPrimes(scripts.Over);
        var content = scripts.Base is Large large
            ? $"<mrow>{LargeOperator(large, movable: scripts.Limits == Limits.AsUsual)}</mrow>"
            : Group(scripts.Base);
        if (primes.Length > 0)
            content = $"<mrow>{content}{Primes(primes)}</mrow>";
        return (scripts.Under, over) switch
        {
            (null, null) => content,
            (null, not null) => $"<{above}>{content}{Script.Group(over)}</{above}>",
            (not null, null) => $"<{below}>{content}{Script.Group(scripts.Under)}</{below}>",
            _ => $"<{both}>{content}{Script.Group(scripts.Under)}{Script.Group(over)}</{both}>",
        };
    }

    /// <summary>Primes, which fonts draw raised already and which as a superscript would be tiny, and what stands behind them.</summary>
    private static (string Primes, MathNode? Behind) LeadingPrimes(MathNode? over)
    {
        IReadOnlyList<MathNode> nodes = over switch { null => [], Row row => row.Nodes, _ => [over] };
        var primes = nodes.TakeWhile(node => node is Symbol { Text: ['′', ..] }).Cast<Symbol>().ToList();
        var rest = primes.Count == 0 ? over : primes.Count == nodes.Count ? null : new Row([.. nodes.Skip(primes.Count)]);
        return (string.Concat(primes.Select(prime => prime.Text)), rest);
    }

    private string Stack(Stacked stacked) => (stacked.Under, stacked.Over) switch
    {
        ({ } under, null) => $"<munder>{Group(stacked.Base)}{Script.Group(under)}</munder>",
        (null, { } over) => $"<mover>{Group(stacked.Base)}{Script.Group(over)}</mover>",
        var (under, over) => $"<munderover>{Group(stacked.Base)}{Script.Group(under!)}{Script.Group(over!)}</munderover>",
    };

    private string WriteFraction(Fraction fraction)
    {
        var line = fraction.Thickness is { } thickness ? $" linethickness=\"{thickness}\"" : "";
        var writer = display ? Text : Script;
        return $"<mfrac{line}>{writer.Group(fraction.Above)}{writer.Group(fraction.Below)}</mfrac>";
    }

    private string WriteAccent(Accent accent)
    {
        var (element, kind) = accent.IsUnder ? ("munder", "accentunder") : ("mover", "accent");
        var mark = $"<mo stretchy=\"{(accent.IsWide ? "true" : "false")}\">{accent.Mark}</mo>";
        return $"<{element} {kind}=\"true\">{Group(accent.Base)}{mark}</{element}>";
    }

    private string WriteSized(Sized sized)
    {
        var style = sized.Display is { } given ? $" displaystyle=\"{(given ? "true" : "false")}\" scriptlevel=\"{sized.Level}\"" : "";
        var size = sized.Size is { } share ? $" mathsize=\"{share}\"" : "";
        var writer = new MathMlWriter(sized.Display ?? display, font, sized.Level ?? level);
        return $"<mstyle{style}{size}>{writer.Write(sized.Content)}</mstyle>";
    }

    private string WriteClassed(Classed classed)
    {
        var content = Write(classed.Content);
        var width = classed.Kind switch { Role.Binary => "0.22em", Role.Relation => "0.28em", _ => "" };
        // An operator brings its own space.
        if (width.Length == 0 || IsOperator(classed.Content) || classed.Content is Row { Nodes: [var only] } && IsOperator(only))
            return $"<mrow>{content}</mrow>";
        return $"<mspace width=\"{width}\"/><mrow>{content}</mrow><mspace width=\"{width}\"/>";
    }

    private static bool IsOperator(MathNode node) => node is Symbol { Shape: Shape.Operator } or Stacked;

    private string Negate(MathNode node)
    {
        var content = Write(node);
        var end = content.IndexOf("</m", StringComparison.Ordinal);
        return end < 0 ? content : content.Insert(end, "\u0338");
    }

    /// <summary>
    /// Fences around something tall. Browsers stretch them only with a font for mathematics, which many machines lack, so
    /// the style sheet draws them; the characters stay in the formula, unseen, for screen readers.
    /// </summary>
    private string WriteFenced(Fenced fenced)
    {
        var parts = fenced.Parts.Select(Write).ToList();
        var tall = parts.Any(part => Tall.Any(element => part.Contains(element, StringComparison.Ordinal)));
        var content = new StringBuilder(tall && fenced.Between.Count > 0 ? $"<mrow>{parts[0]}</mrow>" : parts[0]);
        foreach (var (fence, part) in fenced.Between.Zip(parts.Skip(1)))
            content.Append(tall ? DrawnFence(fence, "left", $"<mrow>{part}</mrow>") : Fence(fence, false) + part);
        return tall
            ? DrawnFence(fenced.Open, "left", DrawnFence(fenced.Close, "right", $"<mrow>{content}</mrow>"))
            : $"<mrow>{Fence(fenced.Open, false)}{content}{Fence(fenced.Close, false)}</mrow>";
    }

    private static string Fence(string symbol, bool stretches) =>
        symbol.Length == 0 ? "" : $"<mo stretchy=\"{(stretches ? "true" : "false")}\">{Encode(symbol)}</mo>";

    private static string DrawnFence(string fence, string side, string content)
    {
        var shape = (fence, side) switch
        {
            ("(", "left") or (")", "right") => "paren",
            ("[", "left") or ("]", "right") => "bracket",
            ("{", "left") or ("}", "right") => "brace",
            ("⌊", "left") or ("⌋", "right") => "floor",
            ("⌈", "left") or ("⌉", "right") => "ceil",
            ("|", _) => "bar",
            ("‖", _) => "double",
            _ => "",
        };
        if (shape.Length == 0)
            return side == "left" ? $"<mrow>{Fence(fence, true)}{content}</mrow>" : $"<mrow>{content}{Fence(fence, true)}</mrow>";
        var unseen = $"<mo class=\"unseen\" stretchy=\"false\">{Encode(fence)}</mo>";
        return $"<mrow class=\"fence {shape}-{side}\">{(side == "left" ? unseen + content : content + unseen)}</mrow>";
    }

    private string Arrow(LongArrow arrow)
    {
        const string Margin = "<mspace width=\"0.5em\"/>";
        var line = $"<mo stretchy=\"true\">{Encode(arrow.Arrow)}</mo>";
        var over = $"<mrow>{Margin}{Script.Write(arrow.Over)}{Margin}</mrow>";
        return arrow.Under is { } under
            ? $"<munderover>{line}<mrow>{Margin}{Script.Write(under)}{Margin}</mrow>{over}</munderover>"
            : $"<mover>{line}{over}</mover>";
    }

    private string WriteTable(Table table)
    {
        var cells = new MathMlWriter(table.Style.Display && display, font, level);
        var (columns, rows) = (Columns(table), new StringBuilder());
        for (var index = 0; index < table.Rows.Count; index++)
        {
            var (row, cell) = (table.Rows[index], 0);
            var gap = row.Gap is { } space ? $" style=\"padding-bottom: calc(.5ex + {space})\"" : "";
            var lines = (row.Cells.Count == 0 ? " math-apart" : "") + row.LineAbove + row.LineBelow;
            rows.Append("<mtr>");
            foreach (var column in columns)
            {
                var place = column.Length > 0 ? "math-" + column : Alignment(table, index, cell);
                var content = HasCells(column) && cell < row.Cells.Count ? cells.Write(row.Cells[cell]) : "";
                rows.Append($"<mtd class=\"{place}{lines}\"{gap}>{content}</mtd>");
                cell += HasCells(column) ? 1 : 0;
            }
            if (row.Tag is { } tag)
                rows.Append($"<mtd class=\"math-tag\">{Text.Write(tag)}</mtd>");
            rows.Append("</mtr>");
        }
        var styled = table.Style.Class == "math-small" ? " scriptlevel=\"1\"" : "";
        return $"<mtable{(table.Style.Display ? " displaystyle=\"true\"" : "")}{styled}{Class(table.Style.Class)}>{rows}</mtable>";
    }

    /// <summary>What was asked of each column; empty for those that stand as the environment has it.</summary>
    private static List<string> Columns(Table table)
    {
        var widest = table.Rows.Max(row => row.Cells.Count);
        var columns = table.Columns.ToList();
        var count = columns.Count(HasCells);
        for (; count > widest && !columns[^1].Contains(' '); count--)
            columns.RemoveAt(columns.Count - 1); // it would have neither cells nor lines
        for (; count < widest; count++)
            columns.Add(table.Columns.Count > 0 ? "center" : "");
        return columns;
    }

    private static bool HasCells(string column) => !column.StartsWith(Table.Between, StringComparison.Ordinal);

    private static string Alignment(Table table, int row, int column) => table.Style.Alignment switch
    {
        "left" => "math-left",
        "pairs" or "joined" when column % 2 == 1 => "math-left math-tight",
        "pairs" when column > 0 => "math-right math-tight math-next-pair",
        "pairs" or "joined" => "math-right math-tight",
        "lines" => row == 0 ? "math-left" : row == table.Rows.Count - 1 ? "math-right" : "math-center",
        _ => "math-center",
    };
}
