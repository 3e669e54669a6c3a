using System.Globalization;

namespace NotebookHelpers;

/// <summary>
/// The sentences of <see cref="HyperparameterView"/>, from the file that its script is given too: a line each, with what it is
/// about, the condition under which it is said, and its text with names of values in braces.
/// </summary>
internal sealed record Sentence(string About, string When, string Text)
{
    /// <summary>All of them, in the order in which they are said.</summary>
    internal static IReadOnlyList<Sentence> All { get; } =
        [.. Html.Embedded("HyperparameterView.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    /// <summary>Those about something whose condition holds, with its values.</summary>
    internal static IEnumerable<string> Of(string about, IReadOnlyDictionary<string, object> values) => All
        .Where(sentence => sentence.About == about && values.GetValueOrDefault(sentence.When) is true)
        .Select(sentence => values.Aggregate(sentence.Text, (text, value) => text.Replace($"{{{value.Key}}}", Written(value.Value))));

    private static Sentence Parse(string line)
    {
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        return line[..colon].Split(' ') is [var about, var when]
            ? new(about, when, line[(colon + 2)..])
            : throw new InvalidOperationException($"HyperparameterView.txt has a line that is not 'about when: text': {line}");
    }

    private static string Written(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!.Replace('-', '−');
}
