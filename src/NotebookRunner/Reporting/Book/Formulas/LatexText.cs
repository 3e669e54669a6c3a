using System.Text;

namespace NotebookRunner.Reporting.Book.Formulas;

/// <summary>Words within formulas, which may hold formulas again.</summary>
internal sealed partial class LatexParser
{
    private static bool IsTextCommand(string name) => name is @"\text" or @"\mbox" || TextFont(name) is not null;

    private static string? TextFont(string name) => name switch
    {
        @"\textrm" or @"\textnormal" or @"\textmd" or @"\textup" => "",
        @"\textbf" => "math-bold",
        @"\textit" or @"\emph" => "math-italic",
        @"\texttt" => "math-mono",
        @"\textsf" => "math-sans",
        _ => null,
    };

    private MathNode Text(string command, string font = "")
    {
        var inner = Joined(font, TextFont(command));
        if (tokens.Peek() != "{")
            return new Words(tokens.Argument(command)[0], inner);
        tokens.Skip(1);
        return TextGroup(command, inner);
    }

    private static string Joined(string font, string? other) => string.IsNullOrEmpty(other) ? font : $"{font} {other}".TrimStart();

    /// <summary>Words up to a group's end, and that.</summary>
    private MathNode TextGroup(string command, string font, string close = "}")
    {
        var words = TextLines(command, font);
        return tokens.Take(close) ? words : throw new FormulaException($"Words have no {close} before {tokens.Peek()}.");
    }

    /// <summary>One row of words, or several with line breaks between them.</summary>
    private MathNode TextLines(string command, string font)
    {
        var lines = new List<TableRow> { new([TextRow(command, font)]) };
        while (IsLineBreak(tokens.PeekText()))
        {
            lines[^1] = lines[^1] with { Gap = LineBreak() };
            lines.Add(new([TextRow(command, font)]));
        }
        return lines is [{ Cells: [var only] }] ? only : new Table(lines, new(Alignment: "left"), []);
    }

    private MathNode TextRow(string command, string font)
    {
        GoDeeper();
        var (nodes, words) = (new List<MathNode>(), new StringBuilder());
        void Flush()
        {
            if (words.Length > 0)
                nodes.Add(new Words(Typeset(words.ToString()), font));
            words.Clear();
        }
        for (var token = tokens.PeekText(); !EndsTextRow(token); token = tokens.PeekText())
        {
            tokens.Skip(1);
            if (TextCharacter(token) is { } character)
                words.Append(character);
            else
            {
                Flush();
                nodes.Add(TextPiece(token, command, font));
            }
        }
        Flush();
        _depth--;
        return nodes is [var only] ? only : new Row(nodes);
    }

    private static bool EndsTextRow(string token) => token is "}" or @"\endgroup" || IsLineBreak(token);

    /// <summary>What a token is in words, if it is a character.</summary>
    private string? TextCharacter(string token)
    {
        if (token is LatexTokens.End)
            throw new FormulaException("Words have no } at their end.");
        if (token is "~" or @"\ " or @"\space" or @"\nobreakspace")
            return "\u00A0";
        if (LatexSymbols.Text.TryGetValue(token, out var character))
            return character;
        if (LatexSymbols.TextAccents.TryGetValue(token, out var mark))
            return (string.Concat(tokens.Argument(token)) + mark).Normalize();
        if (token is @"\," or @"\thinspace")
            return "\u2009";
        return token[0] == '\\' || token is "{" or "$" ? null : token;
    }

    private MathNode TextPiece(string token, string command, string font)
    {
        switch (token)
        {
            case "{":
                return TextGroup(command, font);
            case @"\begingroup":
                return TextGroup(command, font, @"\endgroup");
            case "$" or @"\(":
                var formula = Within(null, () => Lines());
                var end = token == "$" ? "$" : @"\)";
                return tokens.Take(end) ? formula : throw new FormulaException($"A {token} within words has no {end}.");
            case @"\color":
                return new Element("mrow", $"mathcolor=\"{ColorName(token)}\"", TextLines(command, font));
            case @"\bf" or @"\it" or @"\sf" or @"\tt":
                return TextLines(command, Joined(font, TextFont(@"\text" + token[1..])));
            case @"\rm":
                return TextLines(command, "");
            default:
                return IsTextCommand(token) ? Text(token, font)
                    : FontSize(token) is { } size ? InSize(size, () => TextLines(command, font))
                    : Within(TakesWords(token) ? font : null, () => Command(token));
        }
    }

    /// <summary>Whether what a command takes within words is words, too.</summary>
    private static bool TakesWords(string command) => command is @"\textcolor" or @"\underline" or @"\overline" or @"\boxed"
        or @"\cancel" or @"\bcancel" or @"\xcancel" or @"\sout" or @"\phantom" or @"\hphantom" or @"\vphantom" or @"\smash";

    /// <summary>Reads with arguments that are words in this font, or formulas where it is null.</summary>
    private MathNode Within(string? wordsFont, Func<MathNode> read)
    {
        var outer = _wordsFont;
        _wordsFont = wordsFont;
        var content = read();
        _wordsFont = outer;
        return content;
    }

    /// <summary>Quotation marks and dashes as TeX sets them.</summary>
    private static string Typeset(string words) => words
        .Replace("---", "—").Replace("--", "–").Replace("``", "“").Replace("''", "”").Replace('`', '‘').Replace('\'', '’');
}
