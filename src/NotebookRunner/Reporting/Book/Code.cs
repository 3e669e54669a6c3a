using System.Net;
using ColorCode;

namespace NotebookRunner.Reporting.Book;

/// <summary>Highlighted source code; the classes are ColorCode's, the colours the book's style sheet's.</summary>
internal static class Code
{
    /// <summary>Code in one of the languages that notebooks here use, else as it is.</summary>
    internal static string Highlight(string code, string? language)
    {
        ILanguage? known = language?.ToLowerInvariant() switch
        {
            "csharp" or "c#" or "cs" => Languages.CSharp,
            "fsharp" or "f#" => Languages.FSharp,
            "python" or "py" => Languages.Python,
            "json" => null,
            "xml" or "html" => Languages.Xml,
            "powershell" => Languages.PowerShell,
            _ => null,
        };
        var text = code.ReplaceLineEndings("\n").Trim('\n');
        if (known is null)
            return $"<pre class=\"code\" tabindex=\"0\"><code>{WebUtility.HtmlEncode(text)}</code></pre>";
        // ColorCode wraps its spans in <div class="csharp"><pre>…</pre></div>.
        var html = new HtmlClassFormatter().GetHtmlString(text, known);
        var start = html.IndexOf("<pre>", StringComparison.Ordinal) + "<pre>".Length;
        var end = html.LastIndexOf("</pre>", StringComparison.Ordinal);
        return $"<pre class=\"code\" tabindex=\"0\"><code>{html[start..end].Trim('\n')}</code></pre>";
    }
}
