using System.Globalization;
using System.Text;

namespace NotebookRunner.Reporting.Book;

/// <summary>
/// The LaTeX of lessons as MathML, which browsers draw by themselves: fractions, roots, scripts, sums, Greek, accents,
/// fences, text, matrices and cases. A command that is not known is shown as its source.
/// </summary>
internal static class Latex
{
    /// <summary>A formula as a math element. One with unbalanced braces or fences is shown as its source.</summary>
    internal static string ToMathMl(string latex, bool display)
    {
        var source = latex.Trim();
        try
        {
            var content = new Parser(source, display).Formula();
            return $"<math{(display ? " display=\"block\"" : "")}><semantics><mrow>{content}</mrow>" +
                $"<annotation encoding=\"application/x-tex\">{Encode(source)}</annotation></semantics></math>";
        }
        catch (FormatException)
        {
            return $"<code class=\"latex\">{Encode(display ? $"$${source}$$" : $"${source}$")}</code>";
        }
    }

    private static string Encode(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;");

    private static string Operator(string symbol) => $"<mo>{Encode(symbol)}</mo>";

    private static string Identifier(string symbol) => $"<mi>{Encode(symbol)}</mi>";

    private static string Upright(string name) => $"<mi mathvariant=\"normal\">{Encode(name)}</mi>";

    private static string Fence(string symbol, bool stretches) =>
        symbol.Length == 0 ? "" : $"<mo stretchy=\"{(stretches ? "true" : "false")}\">{Encode(symbol)}</mo>";

    /// <summary>
    /// Fences around something tall. Browsers stretch them only with a font for mathematics, which many machines lack, so
    /// the style sheet draws them; the characters stay in the formula, unseen, for screen readers.
    /// </summary>
    private static string Fenced(string open, string content, string close)
    {
        var tall = content.Contains("<mfrac", StringComparison.Ordinal) || content.Contains("<mtable", StringComparison.Ordinal) ||
            content.Contains("<munder", StringComparison.Ordinal);
        if (!tall)
            return $"<mrow>{Fence(open, false)}{content}{Fence(close, false)}</mrow>";
        return Drawn(open, "left", Drawn(close, "right", $"<mrow>{content}</mrow>"));
    }

    private static string Drawn(string fence, string side, string content)
    {
        var shape = fence switch
        {
            "(" or ")" => "paren",
            "[" or "]" => "bracket",
            "{" or "}" => "brace",
            "|" => "bar",
            "‖" => "double",
            "⌊" or "⌋" => "floor",
            "⌈" or "⌉" => "ceil",
            _ => "",
        };
        if (shape.Length == 0)
            return side == "left" ? $"<mrow>{Fence(fence, true)}{content}</mrow>" : $"<mrow>{content}{Fence(fence, true)}</mrow>";
        var unseen = $"<mo class=\"unseen\" stretchy=\"false\">{Encode(fence)}</mo>";
        return $"<mrow class=\"fence {shape}-{side}\">{(side == "left" ? unseen + content : content + unseen)}</mrow>";
    }

    private static string Space(string width) => $"<mspace width=\"{width}\"/>";

    private sealed class Parser(string source, bool display)
    {
        private int _at;

        internal string Formula()
        {
            var content = Row(() => false);
            return _at == source.Length ? content : throw new FormatException($"'{source[_at]}' has no partner.");
        }

        /// <summary>Atoms with their scripts, up to the end, a closing brace or whatever the caller waits for.</summary>
        private string Row(Func<bool> ends)
        {
            var row = new StringBuilder();
            while (true)
            {
                SkipSpace();
                if (_at >= source.Length || source[_at] is '}' or '&' || Sees(@"\\") || Sees(@"\end") || Sees(@"\right") && !IsLetter(_at + 6) || ends())
                    return row.ToString();
                var atom = Atom();
                row.Append(Scripted(atom));
                SkipSpace();
                // log x has a space, log(x) has none
                if (atom.IsFunction && _at < source.Length && source[_at] is not ('(' or '[' or '}' or '^' or ',') && !Sees(@"\left"))
                    row.Append(Space("0.17em"));
            }
        }

        private string Scripted(Piece atom)
        {
            string? under = null, over = null;
            while (true)
            {
                SkipSpace();
                if (_at >= source.Length)
                    break;
                if (Sees(@"\limits") || Sees(@"\nolimits"))
                {
                    atom = atom with { Limits = Sees(@"\limits") };
                    Command();
                }
                else if (source[_at] == '_' && under is null)
                {
                    _at++;
                    under = Argument();
                }
                else if (source[_at] == '^' && over is null)
                {
                    _at++;
                    over = Argument();
                }
                else if (source[_at] == '\'')
                {
                    var primes = 0;
                    for (; _at < source.Length && source[_at] == '\''; _at++)
                        primes++;
                    over = Operator(new string('′', primes)) + over;
                }
                else
                    break;
            }
            var (both, below, above) = atom.Limits && (display || atom.Always) ? ("munderover", "munder", "mover") : ("msubsup", "msub", "msup");
            return (under, over) switch
            {
                (null, null) => atom.MathMl,
                (not null, not null) => $"<{both}>{Group(atom.MathMl)}{Group(under)}{Group(over)}</{both}>",
                (not null, null) => $"<{below}>{Group(atom.MathMl)}{Group(under)}</{below}>",
                _ => $"<{above}>{Group(atom.MathMl)}{Group(over!)}</{above}>",
            };
        }

        private Piece Atom()
        {
            var character = source[_at];
            if (character == '{')
                return Group(Braced());
            if (character == '\\')
                return FromCommand();
            if (char.IsAsciiDigit(character) || character == '.' && char.IsAsciiDigit(Peek(1)))
                return $"<mn>{Number()}</mn>";
            if (character is '_' or '^')
                return "<mrow></mrow>"; // a script on nothing, as in {}^{2}
            var symbol = char.IsHighSurrogate(character) && _at + 1 < source.Length ? source.Substring(_at, 2) : source[_at].ToString();
            _at += symbol.Length;
            return symbol switch
            {
                "-" => Operator("−"),
                "*" => Operator("∗"),
                "~" => Space("0.33em"),
                "(" or ")" or "[" or "]" or "|" or "/" => Fence(symbol, stretches: false),
                "," or ";" => $"<mo separator=\"true\">{symbol}</mo>",
                _ when char.IsLetter(symbol, 0) => Identifier(symbol),
                _ => Operator(symbol),
            };
        }

        private string Number()
        {
            var digits = new StringBuilder();
            while (_at < source.Length)
            {
                if (char.IsAsciiDigit(source[_at]) || source[_at] == '.' && char.IsAsciiDigit(Peek(1)))
                    digits.Append(source[_at++]);
                else if (Sees("{,}") && char.IsAsciiDigit(Peek(3)))
                {
                    digits.Append(',');
                    _at += 3;
                }
                else
                    break;
            }
            return digits.ToString();
        }

        private Piece FromCommand()
        {
            var name = Command();
            if (Symbols.Identifiers.TryGetValue(name, out var identifier))
                return name.Length > 0 && char.IsUpper(name[0]) ? Upright(identifier) : Identifier(identifier);
            if (Symbols.Operators.TryGetValue(name, out var symbol))
                return Operator(symbol);
            if (Symbols.Fences.TryGetValue(name, out var fence))
                return Fence(fence, stretches: false);
            if (Symbols.Large.TryGetValue(name, out var large))
                return new Piece($"<mo largeop=\"true\">{large}</mo>", Limits: name is not ("int" or "iint" or "oint"));
            if (Symbols.Functions.Contains(name))
                return new Piece(Identifier(name), Limits: name is "max" or "min" or "lim" or "sup" or "inf" or "det" or "Pr" or "gcd", IsFunction: true);
            if (name is "argmax" or "argmin")
                return new Piece(Identifier("arg\u2009" + name[3..]), Limits: true, IsFunction: true);
            if (Symbols.Spaces.TryGetValue(name, out var width))
                return Space(width);
            if (Symbols.Accents.TryGetValue(name, out var accent))
                return $"<mover accent=\"true\">{Group(Argument())}<mo stretchy=\"{(name is "widehat" or "widetilde" or "overrightarrow" ? "true" : "false")}\">{accent}</mo></mover>";

            switch (name)
            {
                case "frac" or "dfrac" or "tfrac" or "cfrac":
                    return $"<mfrac>{Group(Argument())}{Group(Argument())}</mfrac>";
                case "binom":
                    return Latex.Fenced("(", $"<mfrac linethickness=\"0\">{Group(Argument())}{Group(Argument())}</mfrac>", ")");
                case "sqrt":
                    return Optional() is { } degree
                        ? $"<mroot>{Group(Argument())}{Group(degree)}</mroot>"
                        : $"<msqrt>{Argument()}</msqrt>";
                case "text" or "textrm" or "textnormal" or "mbox":
                    return $"<mtext>{Encode(Verbatim()).Replace(' ', '\u00A0')}</mtext>";
                case "textbf":
                    return $"<mtext class=\"math-bold\">{Encode(Verbatim()).Replace(' ', '\u00A0')}</mtext>";
                case "textit":
                    return $"<mtext class=\"math-italic\">{Encode(Verbatim()).Replace(' ', '\u00A0')}</mtext>";
                case "texttt" or "mathtt":
                    return $"<mtext class=\"math-mono\">{Encode(Verbatim()).Replace(' ', '\u00A0')}</mtext>";
                case "mathrm" or "mathsf" or "operatorname" or "mathop":
                    SkipStar();
                    return new Piece(Upright(Verbatim().Replace(@"\,", "\u2009").Replace(@"\", "")), Limits: name == "mathop", IsFunction: name is "mathop" or "operatorname");
                case "mathbf" or "boldsymbol" or "bm":
                    return $"<mrow class=\"math-bold\">{Argument()}</mrow>";
                case "mathit":
                    return Identifier(Verbatim());
                case "mathbb":
                    return Identifier(string.Concat(Verbatim().Select(Symbols.Blackboard)));
                case "mathcal" or "mathscr":
                    return Identifier(string.Concat(Verbatim().Select(Symbols.Script)));
                case "underbrace" or "overbrace":
                    return new Piece($"<mrow class=\"{name}\">{Argument()}</mrow>", Limits: true, Always: true);
                case "underline" or "overline":
                    return $"<mrow class=\"{name}\">{Argument()}</mrow>";
                case "left":
                    return Fenced();
                case "big" or "Big" or "bigg" or "Bigg" or "bigl" or "bigr" or "Bigl" or "Bigr" or "biggl" or "biggr" or "middle":
                    var size = name == "middle" ? "" : name[0] == 'B' ? " minsize=\"1.8em\"" : " minsize=\"1.3em\"";
                    return $"<mo stretchy=\"true\"{size}>{Encode(Delimiter())}</mo>";
                case "begin":
                    return Environment();
                case "displaystyle" or "textstyle" or "scriptstyle" or "nonumber" or "notag" or "hfill":
                    return "";
                case "not":
                    return Argument().Replace("</mo>", "\u0338</mo>");
                default:
                    return $"<mtext class=\"math-unknown\">\\{Encode(name)}</mtext>";
            }
        }

        private Piece Fenced()
        {
            var open = Delimiter();
            var content = Row(() => false);
            if (!Sees(@"\right"))
                throw new FormatException(@"\left has no \right.");
            Command();
            return Latex.Fenced(open, content, Delimiter());
        }

        private string Delimiter()
        {
            SkipSpace();
            if (_at >= source.Length)
                throw new FormatException("A delimiter is missing.");
            if (source[_at] != '\\')
            {
                var plain = source[_at++].ToString();
                return plain switch { "." => "", "<" => "⟨", ">" => "⟩", _ => plain };
            }
            var name = Command();
            return Symbols.Fences.TryGetValue(name, out var fence) ? fence : throw new FormatException($@"\{name} is no delimiter.");
        }

        private Piece Environment()
        {
            var kind = Verbatim();
            var name = kind.TrimEnd('*');
            var columns = name == "array" ? Verbatim().Where(char.IsLetter).ToArray() : [];
            var rows = new StringBuilder();
            while (true)
            {
                var column = 0;
                rows.Append("<mtr>");
                while (true)
                {
                    rows.Append($"<mtd class=\"{Alignment(name, column, columns)}\">{Row(() => false)}</mtd>");
                    if (_at >= source.Length || source[_at] != '&')
                        break;
                    _at++;
                    column++;
                }
                rows.Append("</mtr>");
                if (!Sees(@"\\"))
                    break;
                _at += 2;
                Optional();
                SkipSpace();
                if (Sees(@"\end"))
                    break; // a line break after the last line makes no further line
            }
            if (!Sees(@"\end"))
                throw new FormatException($@"\begin{{{kind}}} has no end.");
            Command();
            if (Verbatim() != kind)
                throw new FormatException($@"\begin{{{kind}}} has another end.");
            var aligned = name is "aligned" or "align" or "gathered" or "gather" or "split" or "eqnarray" or "equation";
            var table = $"<mtable{(aligned ? " displaystyle=\"true\"" : "")}>{rows}</mtable>";
            var (open, close) = name switch
            {
                "pmatrix" => ("(", ")"),
                "bmatrix" => ("[", "]"),
                "Bmatrix" => ("{", "}"),
                "vmatrix" => ("|", "|"),
                "Vmatrix" => ("‖", "‖"),
                "cases" => ("{", ""),
                "matrix" or "smallmatrix" or "array" => ("", ""),
                _ when aligned => ("", ""),
                _ => throw new FormatException($"The environment {kind} is not known."),
            };
            return Latex.Fenced(open, table, close);
        }

        private static string Alignment(string environment, int column, char[] columns) => environment switch
        {
            "cases" => "math-left",
            "aligned" or "align" or "split" or "eqnarray" => column % 2 == 0 ? "math-right math-tight" : "math-left math-tight",
            "array" when column < columns.Length => columns[column] switch { 'l' => "math-left", 'r' => "math-right", _ => "math-center" },
            _ => "math-center",
        };

        /// <summary>What a command or a script takes: a group in braces, or the one atom that follows.</summary>
        private string Argument()
        {
            SkipSpace();
            if (_at >= source.Length || source[_at] == '}')
                throw new FormatException("An argument is missing.");
            if (source[_at] == '{')
                return Braced();
            // \frac12 takes one digit each
            if (char.IsAsciiDigit(source[_at]))
                return $"<mn>{source[_at++]}</mn>";
            return Atom().MathMl;
        }

        private string Braced()
        {
            _at++;
            var content = Row(() => false);
            if (_at >= source.Length || source[_at] != '}')
                throw new FormatException("A brace has no partner.");
            _at++;
            return content;
        }

        private string? Optional()
        {
            SkipSpace();
            if (_at >= source.Length || source[_at] != '[')
                return null;
            _at++;
            var content = Row(() => source[_at] == ']');
            if (_at >= source.Length)
                throw new FormatException("A bracket has no partner.");
            _at++;
            return content;
        }

        private string Verbatim()
        {
            SkipSpace();
            if (_at >= source.Length || source[_at] != '{')
                return _at < source.Length ? source[_at++].ToString() : throw new FormatException("An argument is missing.");
            var depth = 0;
            for (var start = _at + 1; _at < source.Length; _at++)
                if (source[_at] == '{' && source[_at - 1] != '\\')
                    depth++;
                else if (source[_at] == '}' && source[_at - 1] != '\\' && --depth == 0)
                    return source[start.._at++].Replace(@"\_", "_").Replace(@"\%", "%").Replace(@"\&", "&").Replace(@"\#", "#").Replace(@"\$", "$");
            throw new FormatException("A brace has no partner.");
        }

        /// <summary>Reads \name, or \ and one other character.</summary>
        private string Command()
        {
            _at++;
            var start = _at;
            while (IsLetter(_at))
                _at++;
            if (_at == start && _at < source.Length)
                _at++;
            return source[start.._at];
        }

        private void SkipStar()
        {
            if (_at < source.Length && source[_at] == '*')
                _at++;
        }

        private void SkipSpace()
        {
            while (_at < source.Length && (char.IsWhiteSpace(source[_at]) || source[_at] == '%' && SkipComment()))
                _at++;
        }

        private bool SkipComment()
        {
            while (_at + 1 < source.Length && source[_at + 1] != '\n')
                _at++;
            return true;
        }

        private bool Sees(string text) => string.CompareOrdinal(source, _at, text, 0, text.Length) == 0;

        private bool IsLetter(int index) => index < source.Length && char.IsAsciiLetter(source[index]);

        private char Peek(int ahead) => _at + ahead < source.Length ? source[_at + ahead] : '\0';

        private static string Group(string mathMl) => $"<mrow>{mathMl}</mrow>";
    }

    /// <summary>A piece of MathML; scripts on one with limits stand above and below it, in displayed formulas or always.</summary>
    private sealed record Piece(string MathMl, bool Limits = false, bool Always = false, bool IsFunction = false)
    {
        public static implicit operator Piece(string mathMl) => new(mathMl);
    }

    private static class Symbols
    {
        internal static readonly Dictionary<string, string> Identifiers = Table(
            "alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν " +
            "xi ξ pi π rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω " +
            "Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω " +
            "infty ∞ partial ∂ nabla ∇ ell ℓ hbar ℏ emptyset ∅ varnothing ∅ imath ı jmath ȷ Re ℜ Im ℑ aleph ℵ degree ° top ⊤ bot ⊥ prime ′");

        internal static readonly Dictionary<string, string> Operators = Table(
            "cdot ⋅ times × ast ∗ star ⋆ div ÷ pm ± mp ∓ circ ∘ bullet • odot ⊙ otimes ⊗ oplus ⊕ ominus ⊖ setminus ∖ " +
            "le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ lt < gt > ll ≪ gg ≫ approx ≈ equiv ≡ sim ∼ simeq ≃ cong ≅ propto ∝ " +
            "to → rightarrow → leftarrow ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ iff ⟺ implies ⟹ " +
            "mapsto ↦ longrightarrow ⟶ uparrow ↑ downarrow ↓ gets ← in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ " +
            "cup ∪ cap ∩ wedge ∧ land ∧ vee ∨ lor ∨ neg ¬ lnot ¬ forall ∀ exists ∃ ldots … dots … cdots ⋯ vdots ⋮ ddots ⋱ " +
            "mid ∣ parallel ∥ perp ⊥ colon : therefore ∴ triangleq ≜ % % # # & & $ $ _ _ dotsc … dotsb ⋯ bmod mod");

        internal static readonly Dictionary<string, string> Fences = Table(
            "lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ langle ⟨ rangle ⟩ lvert | rvert | vert | lVert ‖ rVert ‖ Vert ‖ | ‖ " +
            "{ { } } lbrace { rbrace } lbrack [ rbrack ]");

        internal static readonly Dictionary<string, string> Large = Table(
            "sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigodot ⨀");

        internal static readonly HashSet<string> Functions =
        [
            "max", "min", "log", "ln", "exp", "sin", "cos", "tan", "tanh", "sinh", "cosh", "lim", "sup", "inf", "det", "dim", "arg",
            "gcd", "deg", "Pr", "ker",
        ];

        internal static readonly Dictionary<string, string> Spaces = Table(
            "quad 1em qquad 2em , 0.17em thinspace 0.17em : 0.22em ; 0.28em ! -0.17em enspace 0.5em");

        internal static readonly Dictionary<string, string> Accents = Table(
            "hat ^ widehat ^ bar ¯ tilde ~ widetilde ~ vec → overrightarrow → dot ˙ ddot ¨ check ˇ");

        static Symbols() => Spaces[" "] = "0.33em";

        internal static string Blackboard(char letter) => letter switch
        {
            'C' => "ℂ",
            'H' => "ℍ",
            'N' => "ℕ",
            'P' => "ℙ",
            'Q' => "ℚ",
            'R' => "ℝ",
            'Z' => "ℤ",
            >= 'A' and <= 'Z' => char.ConvertFromUtf32(0x1D538 + letter - 'A'),
            '1' => "𝟙",
            _ => letter.ToString(CultureInfo.InvariantCulture),
        };

        internal static string Script(char letter) => letter switch
        {
            'B' => "ℬ",
            'E' => "ℰ",
            'F' => "ℱ",
            'H' => "ℋ",
            'I' => "ℐ",
            'L' => "ℒ",
            'M' => "ℳ",
            'R' => "ℛ",
            >= 'A' and <= 'Z' => char.ConvertFromUtf32(0x1D49C + letter - 'A'),
            _ => letter.ToString(CultureInfo.InvariantCulture),
        };

        private static Dictionary<string, string> Table(string text)
        {
            var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return Enumerable.Range(0, words.Length / 2).ToDictionary(index => words[2 * index], index => words[2 * index + 1]);
        }
    }
}
