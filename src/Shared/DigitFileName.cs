using System.Text.RegularExpressions;

namespace ConvNetWorkbook.Shared;

/// <summary>
/// What the four files of a set of digits are called: as the original names them, or as archives, browsers and other
/// libraries leave them (a dot for the hyphen, capitals, "test" for "t10k", "(1)", twice ".gz").
/// </summary>
internal static partial class DigitFileName
{
    /// <summary>The usual names, in the order of their roles; each may be gzipped, named .gz then.</summary>
    internal static readonly string[] Usual =
        ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    /// <summary>Which of the four files a name means, in whatever way it is written; null when none.</summary>
    internal static int? RoleOf(string fileName) => Pattern().Match(fileName) is { Success: true } match
        ? (Begins(match, "split", "tr") ? 0 : 2) + (Begins(match, "kind", "im") ? 0 : 1)
        : null;

    /// <summary>What stands before the usual name: "emnist-digits-" for instance.</summary>
    internal static string PrefixOf(string fileName) => Pattern().Match(fileName).Groups["prefix"].Value.ToLowerInvariant();

    private static bool Begins(Match match, string group, string with) =>
        match.Groups[group].Value.StartsWith(with, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("""
        ^\s*(?<prefix>.*?)
        (?<split>train|training|t10k|test)[-_.\x20]*(?<kind>images?|labels?)
        ([-_.\x20]*idx[-_.\x20]?\d)?([-_.\x20]*ubyte)?
        (\x20?\(\d+\)|\x20-\x20copy|\x20copy)?
        (\.(idx|bin))?(\s*\.gz)*(\x20?\(\d+\))?\s*$
        """, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Pattern();
}
