using System.Text.RegularExpressions;

namespace NotebookHelpers;

/// <summary>A method of the library as its source says it, read from the repository that the notebook lies in.</summary>
public sealed partial class SourceView : View
{
    private readonly string _place;
    private readonly string[] _lines;

    private SourceView(string place, string[] lines) => (_place, _lines) = (place, lines);

    /// <summary>Finds a method; of several of one name the first.</summary>
    /// <param name="file">Its file below src/NotebookHelpers, with slashes.</param>
    /// <param name="method">Its name.</param>
    /// <exception cref="FileNotFoundException">The repository, or the file in it, is not there.</exception>
    /// <exception cref="ArgumentException">The file has no such method.</exception>
    public static SourceView Of(string file, string method)
    {
        var library = RepositoryRoot.FolderOf(typeof(SourceView).Assembly);
        var root = RepositoryRoot.Above(Environment.CurrentDirectory, library) ?? throw new FileNotFoundException(
            "The library's source is read from the repository, which was not found above the notebook. Open the notebook inside a clone.");
        var path = Path.Combine([root, "src", "NotebookHelpers", .. file.Split('/')]);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no src/NotebookHelpers/{file}. Give its place in that folder, with slashes.");
        var lines = File.ReadAllLines(path);
        var first = Array.FindIndex(lines, line => IsDeclaration(line, method));
        if (first < 0)
            throw new ArgumentException($"src/NotebookHelpers/{file} declares no method '{method}'.", nameof(method));
        var last = End(lines, first);
        var indent = Indent(lines[first]);
        return new SourceView($"src/NotebookHelpers/{file}, lines {first + 1} to {last + 1}",
            [.. lines[first..(last + 1)].Select(line => line.Length > indent ? line[indent..] : line.Trim())]);
    }

    /// <inheritdoc />
    public override string ToHtml()
    {
        var code = $"<code>{Html.Encode(string.Join('\n', _lines))}</code>";
        return $"<p style=\"{Html.Card};margin:4px 0\">{Html.Encode(_place).Replace("/", "/<wbr>")}</p>" +
            $"<pre style=\"font-size:13px;line-height:1.4;margin:0;white-space:pre-wrap;overflow-wrap:anywhere\">{code}</pre>";
    }

    /// <inheritdoc />
    public override string ToText() => string.Join('\n', _lines.Prepend(_place));

    private static bool IsDeclaration(string line, string method) =>
        Declaration().Match(line) is { Success: true } found && found.Groups["name"].Value == method;

    /// <summary>The closing brace below the method's first letter, or the end of its one expression.</summary>
    private static int End(string[] lines, int first)
    {
        var indent = new string(' ', Indent(lines[first]));
        var body = Array.FindIndex(lines, first, line => line == indent + "{" || line.EndsWith(';'));
        return lines[body].EndsWith(';') ? body : Array.IndexOf(lines, indent + "}", body);
    }

    private static int Indent(string line) => line.Length - line.TrimStart().Length;

    [GeneratedRegex(@"^\s*(public|internal|private|protected) [^=;()]*?\b(?<name>\w+)(<[^()]*>)?\(")]
    private static partial Regex Declaration();
}
