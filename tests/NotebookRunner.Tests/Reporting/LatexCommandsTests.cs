using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NotebookRunner.Reporting.Book.Formulas;

namespace NotebookRunner.Tests.Reporting;

/// <summary>The commands that KaTeX documents, one by one, beside the characters that they stand for (tests/Reference).</summary>
public sealed partial class LatexCommandsTests
{
    private const string NotDrawn = "-";

    private static readonly (string Formula, string Drawn)[] Rows =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "latex-commands.tsv")).Where(line => line[0] != '%')
            .Select(line => line.Split('\t')).Select(row => (row[0], row[1])),
    ];

    [Fact]
    public void Each_is_drawn_with_its_characters_or_shown_as_its_source_with_its_name()
    {
        string[] wrong = [.. Rows.Select(row => (Expected: row, Found: Found(row.Formula)))
            .Where(row => row.Found != row.Expected.Drawn).Select(row => $"{row.Expected}: {row.Found}")];

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_name_in_our_tables_is_among_them()
    {
        IEnumerable<string> ours =
        [
            .. LatexSymbols.Symbols.Keys, .. LatexSymbols.LargeSymbols.Keys, .. LatexSymbols.Functions, .. LatexSymbols.LimitFunctions.Keys,
            .. LatexSymbols.Spaces.Keys, .. LatexSymbols.Accents.Keys, .. LatexSymbols.WideAccents.Keys, .. LatexSymbols.UnderAccents.Keys,
            .. LatexSymbols.Text.Keys, .. LatexSymbols.TextAccents.Keys,
        ];
        var named = Rows.SelectMany(row => Command().Matches(row.Formula)).Select(command => command.Value).ToHashSet();

        Assert.Empty(ours.Except(named));
    }

    /// <summary>What the formula shows, or the reason where it is shown as its source and the reason does not name its command.</summary>
    private static string Found(string formula)
    {
        var html = new Latex().ToMathMl(formula, display: true);
        if (html.StartsWith("<code", StringComparison.Ordinal))
        {
            var reason = WebUtility.HtmlDecode(html[html.LastIndexOf("written.", StringComparison.Ordinal)..]);
            return reason.Contains(Command().Match(formula).Value, StringComparison.Ordinal) ? NotDrawn : reason;
        }
        var math = XElement.Parse(html);
        math.Descendants("annotation").Remove();
        return string.Concat(math.Value.Where(character => !char.IsWhiteSpace(character)));
    }

    [GeneratedRegex(@"\\([A-Za-z]+|.)")]
    private static partial Regex Command();
}
