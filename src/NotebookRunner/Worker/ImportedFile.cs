using NotebookRunner.Documents;

namespace NotebookRunner.Worker;

/// <summary>A file that <c>#!import</c> names, as the pieces of text that it brings into the session.</summary>
internal static class ImportedFile
{
    /// <summary>A file's text, or one cell of a notebook, and the language that it begins in.</summary>
    internal sealed record Piece(string Language, string Text);

    /// <summary>Reads a file; a relative path is the working directory's.</summary>
    /// <exception cref="CellException">It is of no kind that can be imported, or no notebook.</exception>
    internal static async Task<IReadOnlyList<Piece>> ReadAsync(string path, CellStep.Import import)
    {
        if (File.Exists(path) && !PlainFile.Is(path))
            throw new CellException($"'{import.File}' cannot be imported: it is a pipe or a device, not a file.", import.Line);
        var text = await File.ReadAllTextAsync(path);
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".cs" or ".csx" => [new(CellCode.CSharp, text)],
            ".dib" => [new(CellCode.CSharp, WithoutMeta(text))],
            ".ipynb" => Cells(text, import),
            ".html" => [new("html", text)],
            ".js" => [new("javascript", text)],
            ".fs" or ".fsx" or ".ps1" or ".http" =>
                throw new CellException($"'{import.File}' cannot be imported: .csx, .cs, .dib and .ipynb files can.", import.Line),
            // In the kernel's words.
            _ => throw new CellException(
                $"System.InvalidOperationException: Unrecognized extension for a notebook: {Path.GetExtension(path)}", import.Line),
        };
    }

    private static List<Piece> Cells(string text, CellStep.Import import)
    {
        try
        {
            return [.. NotebookDocument.Parse(text, import.File).Cells
                .Where(cell => cell.IsCode || cell.Node["cell_type"].AsText() == "markdown")
                .Select(cell => new Piece(cell.IsCode ? cell.Language ?? CellCode.CSharp : MarkdownCell, cell.Source))];
        }
        catch (NotebookFormatException e)
        {
            throw new CellException(e.Message, import.Line);
        }
    }

    /// <summary>The language of a notebook's own Markdown cells, which editors draw from the Markdown itself.</summary>
    internal const string MarkdownCell = "text/markdown";

    // A .dib file begins with a section of JSON about its kernels; its lines stay, blank, so that the rest keep their numbers.
    private static string WithoutMeta(string text)
    {
        var inMeta = false;
        return string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line =>
        {
            if (line.StartsWith("#!", StringComparison.Ordinal))
                inMeta = line.TrimEnd() == "#!meta";
            return inMeta ? "" : line;
        }));
    }
}
