using System.Text.RegularExpressions;

namespace NotebookRunner;

/// <summary>Colours and cursor movements of a terminal: a notebook and a page have neither.</summary>
internal static partial class Ansi
{
    internal static string Strip(string text) => Codes().Replace(text, "");

    [GeneratedRegex(@"\x1B(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1B]*(?:\x07|\x1B\\)|[@-Z\\-_])")]
    private static partial Regex Codes();
}
