using System.Globalization;
using System.Text;

namespace NotebookRunner.Reporting.Book.Formulas;

/// <summary>
/// LaTeX as TeX reads it: commands (<c>\name</c>), single characters and spaces, without comments. Macros give way to
/// what they stand for when they are reached.
/// </summary>
internal sealed class LatexTokens
{
    /// <summary>What stands behind the last token.</summary>
    internal const string End = "";

    private const string Space = " ";
    private const int MostExpansions = 1000, MostTokens = 100_000;

    private readonly List<string> _tokens;
    private readonly LatexMacros _macros;
    private int _at, _expansions;

    internal LatexTokens(string source, LatexMacros macros)
        : this(Split(source), macros)
    {
    }

    private LatexTokens(List<string> tokens, LatexMacros macros) => (_tokens, _macros) = (tokens, macros);

    /// <summary>The token that comes next in a formula, where spaces mean nothing.</summary>
    internal string Peek()
    {
        SkipSpaces();
        return PeekText();
    }

    /// <summary>The token that comes next in text, where a space is one.</summary>
    internal string PeekText()
    {
        while (_macros.Find(At(0)) is { } macro)
            Expand(macro);
        return At(0);
    }

    /// <summary>The token after so many others; spaces count and macros stay.</summary>
    internal string At(int ahead) => _at + ahead < _tokens.Count ? _tokens[_at + ahead] : End;

    internal string Next()
    {
        var token = Peek();
        Skip(1);
        return token;
    }

    internal void Skip(int count) => _at = Math.Min(_at + count, _tokens.Count);

    /// <summary>Takes the next token if it is this one.</summary>
    internal bool Take(string token)
    {
        if (Peek() != token)
            return false;
        Skip(1);
        return true;
    }

    /// <summary>The tokens of a group in braces, without them, or the one token that comes next; macros stay.</summary>
    internal List<string> Argument(string command)
    {
        SkipSpaces();
        if (At(0) is End or "}")
            throw new FormulaException($"{command} lacks an argument.");
        if (At(0) != "{")
        {
            Skip(1);
            return [_tokens[_at - 1]];
        }
        Skip(1);
        return Until("}", command);
    }

    /// <summary>The tokens between brackets, where there are any.</summary>
    internal List<string>? Optional(string command)
    {
        SkipSpaces();
        if (At(0) != "[")
            return null;
        Skip(1);
        return Until("]", command);
    }

    /// <summary>An argument that is a name, a length or a colour.</summary>
    internal string Word(string command) => string.Concat(Argument(command)).Trim();

    /// <summary>What these tokens are when every macro among them has given way; counts as the formula's own expansions.</summary>
    internal List<string> Expanded(IReadOnlyList<string> tokens)
    {
        var inner = new LatexTokens([.. tokens], _macros) { _expansions = _expansions };
        while (inner.PeekText() != End)
            inner.Skip(1);
        _expansions = inner._expansions;
        return inner._tokens;
    }

    /// <summary>What \verb has between two equal characters.</summary>
    internal string Verbatim()
    {
        var (mark, text) = (At(0), new StringBuilder());
        Skip(1);
        for (; At(0) != mark; Skip(1))
            text.Append(At(0) == End ? throw new FormulaException($@"\verb has no second {mark}.") : At(0));
        Skip(1);
        return text.ToString();
    }

    /// <summary>Splits LaTeX; a command takes the spaces behind it with it.</summary>
    internal static List<string> Split(string source)
    {
        var tokens = new List<string>();
        for (var at = 0; at < source.Length;)
        {
            var length = Length(source, at);
            if (source[at] == '%')
                length = source.IndexOf('\n', at) is >= 0 and var end ? end + 1 - at : source.Length - at; // with its line's end
            else if (!char.IsWhiteSpace(source[at]))
                tokens.Add(source.Substring(at, length));
            else if (tokens.Count == 0 || tokens[^1] != Space && !IsWord(tokens[^1]))
                tokens.Add(Space);
            at += length;
        }
        return tokens;
    }

    /// <summary>Whether a token is a command with a name of letters.</summary>
    internal static bool IsWord(string token) => token.Length > 1 && token[0] == '\\' && char.IsAsciiLetter(token[1]);

    private static int Length(string source, int at)
    {
        if (source[at] != '\\')
            return Math.Max(1, StringInfo.GetNextTextElementLength(source, at));
        var end = at + 1;
        while (end < source.Length && (char.IsAsciiLetter(source[end]) || source[end] == '@'))
            end++;
        return end > at + 1 ? end - at : end < source.Length ? 1 + StringInfo.GetNextTextElementLength(source, end) : 1;
    }

    private List<string> Until(string close, string command)
    {
        var (depth, start) = (0, _at);
        for (; At(0) != End; Skip(1))
            if (depth == 0 && At(0) == close)
            {
                Skip(1);
                return _tokens[start..(_at - 1)];
            }
            else if (At(0) is "{" or "}")
                depth += At(0) == "{" ? 1 : -1;
        throw new FormulaException($"The argument of {command} has no {close}.");
    }

    private void Expand(LatexMacro macro)
    {
        if (++_expansions > MostExpansions)
            throw new FormulaException($"{At(0)} stands for itself again and again.");
        var (name, start) = (At(0), _at);
        Skip(1);
        var arguments = new List<List<string>>();
        if (macro.Default is { } given)
            arguments.Add(Optional(name) ?? given);
        while (arguments.Count < macro.Arguments)
            arguments.Add(Argument(name));
        _tokens.RemoveRange(start, _at - start);
        _tokens.InsertRange(start, macro.Replacement(arguments, MostTokens - _tokens.Count)
            ?? throw new FormulaException($"{name} stands for too much: a formula has at most {MostTokens} commands and characters."));
        _at = start;
    }

    private void SkipSpaces()
    {
        while (At(0) == Space)
            _at++;
    }
}
