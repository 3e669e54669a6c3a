using System.Text.RegularExpressions;

namespace NotebookRunner.Worker;

/// <summary>One line of a cell that is no code: it says what to do. It begins its line.</summary>
internal abstract partial record Directive
{
    private static readonly Dictionary<string, string> Languages = new(StringComparer.Ordinal)
    {
        ["#!csharp"] = CellCode.CSharp,
        ["#!c#"] = CellCode.CSharp,
        ["#!C#"] = CellCode.CSharp,
        ["#!html"] = "html",
        ["#!javascript"] = "javascript",
        ["#!js"] = "javascript",
        ["#!markdown"] = "markdown",
    };

    // What the released kernel has beyond C#: other languages, and what passes values between them.
    private static readonly HashSet<string> OfOtherHosts = new(StringComparer.Ordinal)
    {
        "#!about", "#!lsmagic", "#!set", "#!share", "#!connect", "#!value", "#!kql", "#!sql", "#!http", "#!mermaid", "#!pwsh",
        "#!powershell", "#!fsharp", "#!f#", "#!F#", "#!nuget-restore", "#!spawn", "#!python", "#!vscode",
    };

    /// <summary><c>#r "nuget: …"</c></summary>
    internal sealed record Package(PackageRequest Request) : Directive;

    /// <summary><c>#i "nuget: …"</c></summary>
    internal sealed record Source(string Text) : Directive;

    /// <summary>What follows is in this language.</summary>
    internal sealed record Language(string Name) : Directive;

    /// <summary>A step of its own, in its place.</summary>
    internal sealed record Step(CellStep Does) : Directive;

    /// <summary>The directive in a line, where there is one; within another language only magic commands count.</summary>
    /// <exception cref="CellException">It is unknown or makes no sense.</exception>
    internal static Directive? Parse(string line, int number, string language) =>
        language == CellCode.CSharp && ParsePackage(line, number) is { } package ? package : ParseMagic(line, number);

    /// <summary>Whether a line is a directive, right or wrong.</summary>
    internal static bool Begins(string line) =>
        MagicLine().IsMatch(line) || PackageLine().IsMatch(line) || EmptyPackageLine().IsMatch(line) || SourceLine().IsMatch(line);

    private static Directive? ParsePackage(string line, int number)
    {
        if (PackageLine().Match(line) is { Success: true } package)
        {
            var version = package.Groups["version"].Value.Trim();
            return new Package(new(package.Groups["id"].Value.Trim(), version.Length > 0 ? version : null, number));
        }
        if (SourceLine().Match(line) is { Success: true } source)
            return new Source(source.Groups["source"].Value);
        if (EmptyPackageLine().Match(line) is { Success: true } empty)
        {
            var reference = empty.Groups["reference"];
            throw Error(number, reference.Index + 1, $"DNI210: Unable to parse package reference: {reference.Value}");
        }
        return null;
    }

    private static Directive? ParseMagic(string line, int number)
    {
        if (MagicLine().Match(line) is not { Success: true } magic)
            return null;
        var (name, rest) = (magic.Groups["name"].Value, magic.Groups["rest"].Value.Trim());
        var isOurs = Languages.TryGetValue(name, out var language) || name is "#!import" or "#!time";
        if (isOurs && UnknownOption().Match(line) is { Success: true } option)
            throw Error(number, option.Index + 1, $"DNI103: Unrecognized parameter name '{option.Value}'");
        if (language is not null)
            return new Language(language);
        return name switch
        {
            "#!import" => new Step(new CellStep.Import(FileOf(rest, number), number)),
            "#!who" or "#!whos" => new Step(new CellStep.Magic(line, number)),
            "#!time" => new Step(new CellStep.Time()),
            _ when OfOtherHosts.Contains(name) => throw new CellException(
                $"'{name}' cannot be used here: this runner has C# only. VS Code with the Polyglot Notebooks extension, " +
                "Jupyter with the kernel .net-csharp and dotnet-repl have it.", number),
            _ => throw Error(number, 1, $"DNI101: Unknown magic command '{name}'"),
        };
    }

    private static string FileOf(string rest, int number)
    {
        var file = FileOption().Replace(rest.Trim('"'), "").Trim('"');
        return file.Length > 0 ? file : throw Error(number, 1, "DNI104: Missing required parameter '--file'");
    }

    private static CellException Error(int line, int column, string says) => new($"({line},{column}): error {says}", line);

    [GeneratedRegex(@"^(?<name>#![^\s]*)(?<rest>.*)$")]
    private static partial Regex MagicLine();

    [GeneratedRegex(@"^#r\s+""?\s*nuget:(?<id>\s*[^""\s,][^"",]*)(?:,(?<version>[^""]*))?""?\s*(?://.*)?$")]
    private static partial Regex PackageLine();

    [GeneratedRegex(@"^#r\s+(?<reference>""?\s*nuget:\s*(?:,[^""]*)?(?:""|$))")]
    private static partial Regex EmptyPackageLine();

    [GeneratedRegex(@"^#i\s+""?\s*nuget:(?<source>[^""]*?[^""\s][^""]*?)""?\s*$")]
    private static partial Regex SourceLine();

    [GeneratedRegex(@"(?<=\s)--(?!file\b)\S+")]
    private static partial Regex UnknownOption();

    [GeneratedRegex(@"^--file\s+")]
    private static partial Regex FileOption();
}
