using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace NotebookRunner.Reporting.Book;

/// <summary>
/// Code that is nested deeper than anybody writes: telling its keywords from names would end the process, whose stack has an end,
/// or take minutes. It stays plain.
/// </summary>
internal static partial class CodeDepth
{
    private const int MostBrackets = 100;
    private const int MostNodes = 400;

    /// <summary>Whether to parse it would take too long.</summary>
    internal static bool IsExcessive(string code)
    {
        var (brackets, angles) = (0, 0);
        foreach (var character in code.Replace("<<", ""))
        {
            brackets = Math.Max(0, brackets + character switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 });
            // A list of types ends with its statement; a comparison has no second bracket.
            angles = character is ';' or '{' or '}' ? 0 : Math.Max(0, angles + character switch { '<' => 1, '>' => -1, _ => 0 });
            if (Math.Max(brackets, angles) > MostBrackets)
                return true;
        }
        return NestedStrings().IsMatch(code);
    }

    /// <summary>Whether its tree is deeper than a walk through it can go.</summary>
    internal static bool IsExcessive(SyntaxNode root)
    {
        var open = new Stack<(SyntaxNode Node, int Depth)>([(root, 0)]);
        while (open.TryPop(out var now))
            foreach (var child in now.Node.ChildNodes())
            {
                if (now.Depth >= MostNodes)
                    return true;
                open.Push((child, now.Depth + 1));
            }
        return false;
    }

    // Each level is read once more for every level around it.
    [GeneratedRegex("""(?:\$[$@]*"+[^"]*\{[^"]*){8}""", RegexOptions.NonBacktracking)]
    private static partial Regex NestedStrings();
}
