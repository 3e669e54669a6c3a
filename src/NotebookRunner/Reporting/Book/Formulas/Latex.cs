using System.Net;

namespace NotebookRunner.Reporting.Book.Formulas;

/// <summary>
/// The LaTeX of lessons as MathML, which browsers draw by themselves. The commands are those that KaTeX documents and a
/// lesson on machine learning may use; a formula with any other is shown as its source, with the reason.
/// </summary>
internal sealed class Latex
{
    internal const int LongestSource = 20_000;

    private readonly LatexMacros _macros = new();

    /// <summary>A formula as a math element; macros that it defines hold in the formulas after it.</summary>
    internal string ToMathMl(string latex, bool display)
    {
        var source = latex.Trim();
        if (source.EndsWith('\\') && !latex.EndsWith('\\'))
            source += " "; // the command of a space
        try
        {
            if (source.Length > LongestSource)
                throw new FormulaException($"It has {source.Length} characters; {LongestSource} are the most.");
            var formula = new LatexParser(new LatexTokens(source, _macros), _macros).Formula();
            var content = new MathMlWriter(display).Write(formula);
            return $"<math{(display ? " display=\"block\"" : "")}><semantics><mrow>{content}</mrow>" +
                $"<annotation encoding=\"application/x-tex\">{MathMlWriter.Encode(source)}</annotation></semantics></math>";
        }
        catch (Exception e)
        {
            // Whatever a formula brings about is its own failure and not its chapter's.
            var reason = e is FormulaException ? e.Message : $"It cannot be drawn here ({e.GetType().Name}).";
            return $"<code class=\"latex\">{Encode(display ? $"$${source}$$" : $"${source}$")}</code>" +
                $"<span class=\"latex-reason\" role=\"note\">This formula is shown as it is written. {Encode(reason)}</span>";
        }
        finally
        {
            _macros.EndGroups();
        }
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
