using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace NotebookRunner.Documents;

/// <summary>What keeps a notebook from being committed: each finding says what was expected, what was found and what to do.</summary>
internal static partial class NotebookCheck
{
    private const int LargestFile = 1_500_000, MostRefused = 20;

    /// <summary>
    /// What VS Code's Polyglot extension writes, so that opening a lesson changes nothing; pygments_lexer, which it keeps,
    /// is what nbconvert colours code by.
    /// </summary>
    private static readonly JsonNode HostMetadata = JsonNode.Parse(
        """
        {
          "kernelspec": { "display_name": ".NET (C#)", "language": "C#", "name": ".net-csharp" },
          "language_info": { "name": "polyglot-notebook", "pygments_lexer": "csharp" },
          "polyglot_notebook": { "kernelInfo": { "defaultKernelName": "csharp", "items": [ { "name": "csharp", "aliases": [] } ] } }
        }
        """)!;

    /// <summary>All that is wrong with a notebook; nothing when it may be committed.</summary>
    /// <param name="path">The notebook.</param>
    /// <param name="packages">The repository's Directory.Packages.props.</param>
    /// <exception cref="NotebookFormatException">The file is no notebook.</exception>
    internal static IReadOnlyList<string> Of(string path, string packages)
    {
        var name = Path.GetFileName(path);
        var text = NotebookDocument.ReadText(path, name);
        var notebook = NotebookDocument.Parse(text, name);
        return
        [
            .. Refused(NotebookDocument.ReadJson(text, name)), .. Format(notebook, text), .. Outdated(notebook),
            .. Versions(notebook, packages), .. Outputs(notebook), .. notebook.Cells.SelectMany(ExerciseAnswer.Faults),
            .. Size(Encoding.UTF8.GetByteCount(text)),
        ];
    }

    private static IEnumerable<string> Refused(JsonObject json)
    {
        var refused = NotebookSchema.Refused(json).ToList();
        return refused.Take(MostRefused).Select(finding => $"the notebook format 4.5 refuses it: {finding}")
            .Concat(refused.Count > MostRefused ? [$"… and {refused.Count - MostRefused} more that the format refuses"] : []);
    }

    private static IEnumerable<string> Size(int bytes) => bytes <= LargestFile
        ? []
        : [$"the file has {bytes:N0} bytes, more than {LargestFile:N0}: make its pictures or tables smaller"];

    private static IEnumerable<string> Format(NotebookDocument notebook, string text)
    {
        if (notebook.ToJson() != text)
            yield return "it is not written as Jupyter writes it (indented by one, LF, sources as lists of lines, an id in every cell): " +
                "run it with --in-place";
        foreach (var (name, expected) in HostMetadata.AsObject())
            if (!JsonNode.DeepEquals(expected, notebook.Metadata?[name]))
                yield return $"its metadata \"{name}\" is {notebook.Metadata?[name]?.ToJsonString() ?? "missing"}, " +
                    $"but editors expect {expected!.ToJsonString()}";
        if (notebook.Cells.Any(cell => cell.Node["metadata"].At("vscode", "languageId") is not null))
            yield return "cells name their language in metadata \"vscode.languageId\", which VS Code removes when it saves: remove it";
        foreach (var twice in notebook.Cells.Select(cell => cell.Node["id"].AsText()).OfType<string>().GroupBy(id => id)
            .Where(group => group.Count() > 1))
            yield return $"{twice.Count()} cells have the id {twice.Key}: give each its own";
    }

    private static IEnumerable<string> Outdated(NotebookDocument notebook)
    {
        const string Again = "run it with --profile full --in-place on MNIST";
        var recorded = notebook.Metadata?[Provenance.Key];
        if (recorded is null)
            yield return $"it does not say what run its outputs come from: {Again}";
        else if (recorded.At("source_sha256").AsText() != Provenance.HashOf(notebook))
            yield return $"its outputs are stale, its code was changed since they were made: {Again}";
        else if (recorded.At("profile").AsText() != "full" || recorded.At("data").AsText() is { } data && data != "MNIST")
            yield return $"its outputs come from the {recorded.At("profile")} profile on {recorded.At("data")}: {Again}";
        var counts = notebook.Cells.Where(cell => cell is { IsCode: true, IsSkipped: false } && cell.Source.Trim().Length > 0)
            .Select(cell => cell.Node["execution_count"].AsNumber()).ToList();
        if (!counts.SequenceEqual(Enumerable.Range(1, counts.Count).Select(count => (int?)count)))
            yield return $"its cells were not run once each from top to bottom: {Again}";
    }

    private static IEnumerable<string> Versions(NotebookDocument notebook, string packages)
    {
        var pinned = XDocument.Load(packages).Descendants("PackageVersion")
            .ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value.Trim('[', ']'));
        foreach (var reference in notebook.Cells.Where(cell => cell.IsCode).SelectMany(cell => Package().Matches(cell.Source)))
        {
            var (id, version) = (reference.Groups["id"].Value, reference.Groups["version"].Value);
            if (pinned.GetValueOrDefault(id) is not { } expected)
                yield return $"it uses the package {id}, which Directory.Packages.props does not name";
            else if (expected != version)
                yield return $"it uses {id} {version}, but the repository uses {expected}";
        }
    }

    private static IEnumerable<string> Outputs(NotebookDocument notebook)
    {
        var number = 0;
        foreach (var cell in notebook.Cells.Where(cell => cell.IsCode))
        {
            number++;
            foreach (var output in cell.Outputs.OfType<JsonObject>())
            {
                if (output["output_type"].AsText() == "error" && !cell.RaisesException)
                    yield return $"cell {number} failed with {output["ename"]}: {output["evalue"]}";
                if (MachinePath().Match(Base64().Replace(output.ToString(), "")) is { Success: true } path)
                    yield return $"cell {number} shows a path of the machine that ran it, at '{path.Value}'";
            }
            if (MachinePath().Match(cell.Source) is { Success: true } own)
                yield return $"cell {number} names a path of one machine, at '{own.Value}'";
        }
    }

    [GeneratedRegex(@"#r ""nuget:\s*(?<id>[\w.\-]+)\s*,\s*(?<version>[^""\s]+)\s*""")]
    private static partial Regex Package();

    [GeneratedRegex(@"(?<![\w.:>/])(/(home|root|tmp|Users|mnt|var)/\S{0,40}|[A-Z]:\\[\w\\]{1,40})")]
    private static partial Regex MachinePath();

    [GeneratedRegex("[A-Za-z0-9+/=]{100,}")]
    private static partial Regex Base64();
}
