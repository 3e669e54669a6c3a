using System.Text.RegularExpressions;

namespace NotebookRunner.Worker;

/// <summary>A NuGet package that a cell asks for.</summary>
/// <param name="Id">The package.</param>
/// <param name="Version">As written; null for none.</param>
/// <param name="Line">The directive's line, from 1 within the text.</param>
internal sealed record PackageRequest(string Id, string? Version, int Line);

/// <summary>What a cell does, step by step.</summary>
internal abstract record CellStep
{
    /// <summary>Restore packages, all of them together; sources are as written, spaces and all, as the kernel shows them.</summary>
    internal sealed record Restore(IReadOnlyList<PackageRequest> Packages, IReadOnlyList<string> Sources) : CellStep;

    /// <summary>Run a file in the session.</summary>
    internal sealed record Import(string File, int Line) : CellStep;

    /// <summary>Show the session's variables.</summary>
    internal sealed record ListVariables(bool WithValues) : CellStep;

    /// <summary>Run code.</summary>
    /// <param name="Language">csharp, html, javascript or markdown.</param>
    /// <param name="Text">The code.</param>
    /// <param name="Lines">For each line of it, its line in the cell, from 1.</param>
    internal sealed record Run(string Language, string Text, IReadOnlyList<int> Lines) : CellStep;
}

/// <summary>
/// Splits a cell at its directives as the kernel does: a directive begins its line; packages come before the code of
/// their part of the cell; code without any directive of the kernel's goes to the compiler untouched.
/// </summary>
internal static partial class CellCode
{
    internal const string CSharp = "csharp";

    private static readonly Dictionary<string, string> Languages = new(StringComparer.Ordinal)
    {
        ["#!csharp"] = CSharp,
        ["#!c#"] = CSharp,
        ["#!C#"] = CSharp,
        ["#!html"] = "html",
        ["#!javascript"] = "javascript",
        ["#!js"] = "javascript",
        ["#!markdown"] = "markdown",
    };

    /// <summary>The steps of a cell.</summary>
    /// <param name="source">The cell's text.</param>
    /// <param name="language">The language that it begins in.</param>
    /// <exception cref="CellException">A directive is unknown or makes no sense; then nothing of the cell runs.</exception>
    internal static IReadOnlyList<CellStep> Split(string source, string language = CSharp)
    {
        var lines = source.ReplaceLineEndings("\n").Split('\n');
        if (!lines.Any(IsDirective))
            return [new CellStep.Run(language, source, [.. Enumerable.Range(1, lines.Length)])];

        var steps = new List<CellStep>();
        var packages = new List<PackageRequest>();
        var sources = new List<string>();
        var code = new List<(string Text, int Line)>();
        var partBegin = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var (line, number) = (lines[i], i + 1);
            if (Package().Match(line) is { Success: true } package && language == CSharp)
            {
                var version = package.Groups["version"].Value.Trim();
                packages.Add(new(package.Groups["id"].Value.Trim(), version.Length > 0 ? version : null, number));
            }
            else if (Source().Match(line) is { Success: true } feed && language == CSharp)
            {
                sources.Add(feed.Groups["source"].Value);
            }
            else if (EmptyPackage().Match(line) is { Success: true } empty && language == CSharp)
            {
                var reference = empty.Groups["reference"];
                throw new CellException(
                    $"({number},{reference.Index + 1}): error DNI210: Unable to parse package reference: {reference.Value}", number);
            }
            else if (Magic().Match(line) is not { Success: true } magic)
            {
                code.Add((line, number));
            }
            else if (Languages.TryGetValue(magic.Groups["name"].Value, out var switched))
            {
                EndPart();
                language = switched;
            }
            else if (magic.Groups["name"].Value == "#!import")
            {
                EndCode();
                var file = magic.Groups["rest"].Value.Trim().Trim('"');
                if (file.Length == 0)
                    throw new CellException($"({number},1): error DNI104: Missing required parameter '--file'", number);
                steps.Add(new CellStep.Import(FileOption().Replace(file, "").Trim('"'), number));
            }
            else if (magic.Groups["name"].Value is "#!who" or "#!whos")
            {
                if (UnknownOption().Match(line) is { Success: true } option)
                    throw new CellException($"({number},{option.Index + 1}): error DNI103: Unrecognized parameter name '{option.Value}'", number);
                EndCode();
                steps.Add(new CellStep.ListVariables(magic.Groups["name"].Value == "#!whos"));
            }
            else
            {
                throw new CellException(
                    $"({number},1): error DNI101: Unknown magic command '{magic.Groups["name"].Value}'", number);
            }
        }
        EndPart();
        return steps;

        void EndPart()
        {
            EndCode();
            if (packages.Count + sources.Count > 0)
                steps.Insert(partBegin, new CellStep.Restore([.. packages], [.. sources]));
            packages.Clear();
            sources.Clear();
            partBegin = steps.Count;
        }

        void EndCode()
        {
            // As the kernel: the blank lines in front do not count.
            var text = code.SkipWhile(line => string.IsNullOrWhiteSpace(line.Text)).ToList();
            code.Clear();
            if (text.Count > 0)
                steps.Add(new CellStep.Run(
                    language, string.Join('\n', text.Select(line => line.Text)), [.. text.Select(line => line.Line)]));
        }
    }

    private static bool IsDirective(string line) =>
        Magic().IsMatch(line) || Package().IsMatch(line) || EmptyPackage().IsMatch(line) || Source().IsMatch(line);

    [GeneratedRegex(@"^(?<name>#![^\s]*)(?<rest>.*)$")]
    private static partial Regex Magic();

    [GeneratedRegex(@"^#r\s+""?\s*nuget:(?<id>\s*[^""\s,][^"",]*)(?:,(?<version>[^""]*))?""?\s*(?://.*)?$")]
    private static partial Regex Package();

    [GeneratedRegex(@"^#r\s+(?<reference>""?\s*nuget:\s*(?:,[^""]*)?(?:""|$))")]
    private static partial Regex EmptyPackage();

    [GeneratedRegex(@"(?<=\s)--\S+")]
    private static partial Regex UnknownOption();

    [GeneratedRegex(@"^#i\s+""?\s*nuget:(?<source>[^""]*?[^""\s][^""]*?)""?\s*$")]
    private static partial Regex Source();

    [GeneratedRegex(@"^--file\s+")]
    private static partial Regex FileOption();
}
