using System.Text.RegularExpressions;

namespace NotebookRunner;

/// <summary>Colours and cursor movements of a terminal: a notebook and a page have neither.</summary>
internal static partial class Ansi
{
    internal static string Strip(string text) => Codes().Replace(text, "");

    /// <summary>A notebook's text as a terminal may have it: no codes, no control characters but \n and \t.</summary>
    internal static string Plain(string text) =>
        string.Concat(Strip(text).Select(letter => char.IsControl(letter) && letter is not ('\n' or '\t') ? ' ' : letter));

    [GeneratedRegex(@"\x1B(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1B]*(?:\x07|\x1B\\)|[@-Z\\-_])")]
    private static partial Regex Codes();
}
