using System.Net;
using ColorCode;

namespace NotebookRunner.Reporting.Book;

/// <summary>Highlighted source code; the classes are ColorCode's, the colours the book's style sheet's.</summary>
internal static class Code
{
    /// <summary>Code in one of the languages that notebooks here use, else as it is.</summary>
    internal static string Highlight(string code, string? language)
    {
        var text = code.ReplaceLineEndings("\n").Trim('\n');
        var html = language?.ToLowerInvariant() switch
        {
            "csharp" or "c#" or "cs" or "csx" => CSharpColors.Highlight(text),
            "fsharp" or "f#" => Colored(text, Languages.FSharp),
            "python" or "py" => Colored(text, Languages.Python),
            "xml" or "html" => Colored(text, Languages.Xml),
            "powershell" => Colored(text, Languages.PowerShell),
            _ => WebUtility.HtmlEncode(text),
        };
        return $"<pre class=\"code\" tabindex=\"0\"><code>{html}</code></pre>";
    }

    /// <summary>What ColorCode makes, without the <c>div</c> and <c>pre</c> around it and the line breaks of its system.</summary>
    private static string Colored(string text, ILanguage language)
    {
        var html = new HtmlClassFormatter().GetHtmlString(text, language).ReplaceLineEndings("\n");
        var start = html.IndexOf("<pre>", StringComparison.Ordinal) + "<pre>".Length;
        var end = html.LastIndexOf("</pre>", StringComparison.Ordinal);
        return html[start..end].Trim('\n');
    }
}
