namespace NotebookRunner.Reporting.Book.Formulas;

/// <summary>What a command stands for.</summary>
/// <param name="Arguments">How many arguments it takes.</param>
/// <param name="Body">Its tokens; <c>#1</c> is the first argument.</param>
/// <param name="Default">The first argument where it is left out, if it may be.</param>
internal sealed record LatexMacro(int Arguments, IReadOnlyList<string> Body, List<string>? Default = null)
{
    /// <summary>Its body with these arguments in it; null when that would be more than so many tokens.</summary>
    internal List<string>? Replacement(List<List<string>> arguments, int most)
    {
        var tokens = new List<string>();
        for (var at = 0; at < Body.Count; at++)
        {
            List<string> piece = [Body[at]];
            if (Body[at] == "#" && at + 1 < Body.Count && Body[at + 1] is [>= '1' and <= '9'] digit && digit[0] - '1' < arguments.Count)
            {
                piece = arguments[digit[0] - '1'];
                at++;
            }
            if (tokens.Count + piece.Count > most)
                return null;
            tokens.AddRange(piece);
        }
        return tokens;
    }
}

/// <summary>The commands that stand for other LaTeX: those that KaTeX has, and those that an author defines.</summary>
internal sealed class LatexMacros
{
    private static readonly Dictionary<string, LatexMacro> Known = new (string Name, int Arguments, string Body)[]
    {
        (@"\argmax", 0, @"\operatorname*{arg\,max}"),
        (@"\argmin", 0, @"\operatorname*{arg\,min}"),
        (@"\plim", 0, @"\operatorname*{plim}"),
        (@"\varlimsup", 0, @"\operatorname*{\overline{lim}}"),
        (@"\varliminf", 0, @"\operatorname*{\underline{lim}}"),
        (@"\varinjlim", 0, @"\operatorname*{\underrightarrow{lim}}"),
        (@"\varprojlim", 0, @"\operatorname*{\underleftarrow{lim}}"),
        (@"\stackrel", 2, @"\mathrel{\overset{#1}{#2}}"),
        (@"\pmod", 1, @"\mkern8mu(\mathrm{mod}\mkern6mu #1)"),
        (@"\pod", 1, @"\mkern8mu(#1)"),
        (@"\mod", 1, @"\mkern12mu\mathrm{mod}\mkern6mu #1"),
        (@"\bmod", 0, @"\mathbin{\mathrm{mod}}"),
        (@"\bra", 1, @"\langle #1|"),
        (@"\ket", 1, @"|#1\rangle"),
        (@"\braket", 1, @"\langle #1\rangle"),
        (@"\Bra", 1, @"\left\langle #1\right|"),
        (@"\Ket", 1, @"\left|#1\right\rangle"),
        (@"\Braket", 1, @"\left\langle #1\right\rangle"),
        (@"\Set", 1, @"\left\{\, #1\,\right\}"),
        (@"\set", 1, @"\{\, #1\,\}"),
        (@"\R", 0, @"\mathbb{R}"),
        (@"\N", 0, @"\mathbb{N}"),
        (@"\Z", 0, @"\mathbb{Z}"),
        (@"\reals", 0, @"\mathbb{R}"),
        (@"\Reals", 0, @"\mathbb{R}"),
        (@"\natnums", 0, @"\mathbb{N}"),
        (@"\cnums", 0, @"\mathbb{C}"),
        (@"\Complex", 0, @"\mathbb{C}"),
        (@"\Bbbk", 0, @"\mathbb{k}"),
        (@"\KaTeX", 0, @"\text{KaTeX}"),
        (@"\LaTeX", 0, @"\text{LaTeX}"),
        (@"\TeX", 0, @"\text{TeX}"),
        (@"\rq", 0, "'"),
        (@"\angln", 0, @"\angl{n}"),
        (@"\mathstrut", 0, @"\vphantom{(}"),
        (@"\hbox", 1, @"\text{#1}"),
        (@"\fbox", 1, @"\boxed{\text{#1}}"),
        (@"\bgroup", 0, "{"),
        (@"\egroup", 0, "}"),
        (@"\operatornamewithlimits", 1, @"\operatorname*{#1}"),
    }.ToDictionary(macro => macro.Name, macro => new LatexMacro(macro.Arguments, LatexTokens.Split(macro.Body)));

    private readonly Dictionary<string, LatexMacro> _defined = [];

    // For each open group what it changed, as it was before.
    private readonly Stack<Dictionary<string, LatexMacro?>> _before = [];

    internal LatexMacro? Find(string token) =>
        token.Length > 1 && token[0] == '\\' ? _defined.GetValueOrDefault(token) ?? Known.GetValueOrDefault(token) : null;

    /// <summary>Begins a group, such as what stands in braces: what is defined in it ends with it, unless it is global.</summary>
    internal void BeginGroup() => _before.Push([]);

    /// <summary>Ends the innermost group.</summary>
    internal void EndGroup()
    {
        foreach (var (name, macro) in _before.Pop())
            if (macro is null)
                _defined.Remove(name);
            else
                _defined[name] = macro;
    }

    /// <summary>Ends every group that is still open, as those of a formula that cannot be read are.</summary>
    internal void EndGroups()
    {
        while (_before.Count > 0)
            EndGroup();
    }

    internal static bool Defines(string command) =>
        command is @"\def" or @"\gdef" or @"\edef" or @"\xdef" or @"\newcommand" or @"\renewcommand" or @"\providecommand"
            or @"\DeclareMathOperator" or @"\let" or @"\global" or @"\long";

    /// <summary>Reads what follows \def, \newcommand and their kin.</summary>
    internal void Define(string command, LatexTokens tokens)
    {
        var isGlobal = false;
        while (command is @"\global" or @"\long") // the latter lets arguments have paragraphs, of which a formula has none
        {
            isGlobal |= command == @"\global";
            var prefix = command;
            if (!Defines(command = tokens.Next()))
                throw new FormulaException($"{prefix} stands before a definition; {command} is none.");
        }
        isGlobal |= command is @"\gdef" or @"\xdef";
        var starred = At(tokens, "*");
        var name = string.Concat(tokens.Argument(command)).Trim();
        if (name.Length < 2 || name[0] != '\\')
            throw new FormulaException($"{command} defines a command; {name} is none.");
        var macro = command switch
        {
            @"\def" or @"\gdef" => Plain(command, tokens),
            @"\edef" or @"\xdef" => Expanded(Plain(command, tokens), tokens),
            @"\let" => Alias(tokens),
            @"\DeclareMathOperator" => new(0, [@"\operatorname", starred ? "*" : " ", "{", .. tokens.Argument(command), "}"]),
            _ => New(command, tokens),
        };
        if (command != @"\providecommand" || Find(name) is null)
            Set(name, macro, isGlobal);
    }

    private void Set(string name, LatexMacro macro, bool isGlobal)
    {
        if (isGlobal)
            foreach (var changed in _before)
                changed.Remove(name);
        else if (_before.TryPeek(out var changed))
            changed.TryAdd(name, _defined.GetValueOrDefault(name));
        _defined[name] = macro;
    }

    private LatexMacro Alias(LatexTokens tokens)
    {
        At(tokens, "=");
        var other = tokens.Argument(@"\let");
        if (other.Count == 0)
            throw new FormulaException(@"\let takes a command or a character; there is none in its braces.");
        return Find(other[0]) ?? new(0, other);
    }

    private static LatexMacro Plain(string command, LatexTokens tokens)
    {
        var arguments = 0;
        for (; tokens.At(0) == "#"; arguments++)
            tokens.Skip(2);
        return new(arguments, tokens.Argument(command));
    }

    /// <summary>The same macro with what the macros in it stand for now, whatever they will stand for later.</summary>
    private static LatexMacro Expanded(LatexMacro macro, LatexTokens tokens) => macro with { Body = tokens.Expanded(macro.Body) };

    private static LatexMacro New(string command, LatexTokens tokens)
    {
        var count = tokens.Optional(command) is { } number ? string.Concat(number).Trim() : "0";
        if (count is not [>= '0' and <= '9'])
            throw new FormulaException($"{command} takes a number of arguments from 0 to 9; {count} is none.");
        var first = tokens.Optional(command);
        return new(count[0] - '0', tokens.Argument(command), first);
    }

    /// <summary>Takes a token that may be there, macro or not.</summary>
    private static bool At(LatexTokens tokens, string token)
    {
        while (tokens.At(0) == " ")
            tokens.Skip(1);
        var there = tokens.At(0) == token;
        tokens.Skip(there ? 1 : 0);
        return there;
    }
}
