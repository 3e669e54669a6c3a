using System.Globalization;
using System.Text;
using NotebookRunner.Host;

namespace NotebookRunner.Reporting.Book;

/// <summary>One notebook's page: prose, code, outputs, a table of contents, the way to the lessons before and after.</summary>
internal sealed class Page(Repository repository, IReadOnlyList<Chapter> chapters, int index, string folder, string? plotly)
{
    private readonly Chapter _chapter = chapters[index];
    private readonly Prose _prose = new();
    private readonly OutputHtml _outputs = new();
    private readonly Playground? _playground = Playground.Find(chapters);

    /// <summary>The page's headings, once it is made.</summary>
    internal IReadOnlyList<Heading> Headings => _prose.Headings;

    internal string Html()
    {
        var content = new StringBuilder();
        var number = 0;
        foreach (var cell in _chapter.Cells.Where(cell => !string.IsNullOrWhiteSpace(cell.Source)))
            content.Append(cell.Kind switch
            {
                CellKind.Markdown => ProseCell(cell),
                CellKind.Code => CodeCell(cell, ++number),
                _ => RawCell(cell),
            });

        var shared = _outputs.UsesPlotly ? plotly : null;
        var hasForms = _chapter.Cells.Any(cell => cell.Answers.Count > 0);
        var forms = hasForms ? $"<script>{ExerciseForm.Script}</script>" : "";
        string[] own = [.. hasForms ? [ExerciseForm.Script] : Array.Empty<string>(), .. shared is null ? Array.Empty<string>() : [shared]];
        var scripts = _outputs.Scripts.Concat(own.Select(KnownViews.Hash)).Distinct();
        return BookWriter.Document(
            $"{_chapter.Title} – ConvNet Workbook", shared is null ? "" : $"<script>{shared}</script>", BookWriter.Policy(scripts),
            $"""
            {new Navigation(chapters, _playground).Top(_chapter.Page)}
            <div class="columns">
            {Contents()}
            <main id="Content">
            {content}{Run()}{Neighbours()}
            </main>
            </div>
            {forms}
            """);
    }

    private string ProseCell(Cell cell)
    {
        var prose = _prose.Render(cell.Source, (url, isPicture) => Link(cell, url, isPicture), Form);
        return $"<section class=\"prose\">{prose}</section>\n";

        string? Form(string exercise) => cell.Answers.FirstOrDefault(answer => answer.Exercise == exercise) is { } answer
            ? ExerciseForm.Html(answer, _chapter.Name)
            : null;
    }

    /// <summary>Text that no kernel and no renderer touches, as an editor shows it.</summary>
    private static string RawCell(Cell cell) =>
        $"<section class=\"prose\"><pre class=\"raw\" tabindex=\"0\">{BookWriter.Encode(cell.Source)}</pre></section>\n";

    private string CodeCell(Cell cell, int number)
    {
        var name = number.ToString(CultureInfo.InvariantCulture);
        var code = Code.Highlight(cell.Source, "csharp");
        var outputs = string.Join("\n", cell.Outputs.Select(_outputs.Render).Where(output => output.Length > 0));
        if (_playground?.Lesson == _chapter && cell.Outputs.Any(Playground.Is))
            outputs += $"<p><a href=\"{Playground.Page}\">The playground on a page of its own</a></p>";
        if (outputs.Length > 0)
            outputs = $"<div class=\"outputs\">{outputs}</div>";
        // The page's own anchors have a capital, as headings' anchors, which are small letters, may be the same words.
        return $"""
            <section class="cell" id="Cell-{name}" aria-label="Cell {name}">
            <a class="number" href="#Cell-{name}" aria-label="Link to cell {name}">{name}</a>{Folded(cell, code, outputs)}</section>

            """;
    }

    /// <summary>Code and outputs; what the cell asks for is behind a line that opens it.</summary>
    private static string Folded(Cell cell, string code, string outputs) => (cell.Folding.Source, cell.Folding.Outputs) switch
    {
        (true, true) => Fold(cell.Folding.Label, cell, code + outputs),
        (true, false) => Fold(cell.Folding.Label, cell, code) + outputs,
        (false, true) when outputs.Length > 0 => code + Fold("Output", null, outputs),
        _ => code + outputs,
    };

    /// <summary>Hidden content under its name and, for code that begins with a comment, that.</summary>
    private static string Fold(string name, Cell? cell, string content)
    {
        var first = cell?.Source.TrimStart().Split('\n')[0].Trim() ?? "";
        var comment = first.StartsWith("//", StringComparison.Ordinal) ? $": {first.TrimStart('/').Trim()}" : "";
        return $"<details class=\"folded\"><summary>{name}{BookWriter.Encode(comment)}</summary>{content}</details>";
    }

    private string Contents()
    {
        var headings = _prose.Headings.Where(heading => heading.Level is 2 or 3).ToList();
        if (headings.Count == 0)
            return "<div class=\"toc\"></div>";
        var items = string.Concat(headings.Select(heading => $"<li class=\"level-{heading.Level}\">{BookWriter.Link(heading)}</li>\n"));
        // Beside the text where there is room, else folded above it; the style sheet shows one of the two.
        return $"""
            <nav class="toc beside" aria-label="On this page"><strong>On this page</strong><ol>
            {items}</ol></nav>
            <nav class="toc above" aria-label="On this page"><details><summary>On this page</summary><ol>
            {items}</ol></details></nav>
            """;
    }

    private string Run() =>
        _chapter.Run.Length == 0 ? "" : $"<p class=\"run\">The outputs on this page: {BookWriter.Encode(_chapter.Run)}.</p>\n";

    private string Neighbours()
    {
        var before = index > 0 ? Neighbour(chapters[index - 1], "prev", "← ", "") : "<span></span>";
        var after = index + 1 < chapters.Count ? Neighbour(chapters[index + 1], "next", "", " →") : "<span></span>";
        return $"<nav class=\"neighbours\" aria-label=\"Lessons before and after\">{before}{after}</nav>";
    }

    private static string Neighbour(Chapter other, string relation, string before, string after) =>
        $"<a rel=\"{relation}\" href=\"{Uri.EscapeDataString(other.Page)}\">{before}{BookWriter.Encode(other.Title)}{after}</a>";

    /// <summary>
    /// Notebooks lead to their pages, pictures come into the page, files of the repository are reached from the book's folder.
    /// </summary>
    private string? Link(Cell cell, string url, bool isPicture)
    {
        if (url.StartsWith('#'))
            return isPicture ? null : url;
        if (url.StartsWith(Prose.Attachment + ":", StringComparison.Ordinal))
            return isPicture ? cell.Attachments.GetValueOrDefault(Uri.UnescapeDataString(url[(Prose.Attachment.Length + 1)..])) : null;
        if (url.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase))
            return isPicture ? url : null;
        if (Uri.TryCreate(url, UriKind.Absolute, out var absolute))
            return !isPicture && absolute.Scheme is "https" or "http" or "mailto" ? url : null;

        var (path, anchor) = url.IndexOf('#') is >= 0 and var hash ? (url[..hash], url[hash..]) : (url, "");
        // A question, as in a.png?raw=true, is one for a server.
        var name = Uri.UnescapeDataString(path.Split('?')[0]);
        if (name.Contains('\0'))
            return null;
        var file = Path.GetFullPath(name, _chapter.Folder);
        var page = chapters.FirstOrDefault(other => Repository.SamePath.Equals(Path.Combine(other.Folder, other.Name + ".ipynb"), file));
        if (page is not null && !isPicture)
            return Uri.EscapeDataString(page.Page) + anchor;
        if (!IsBelow(Home(), file) || !PlainFile.Is(file))
            return null;
        return isPicture
            ? Picture(file)
            : string.Join('/', Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString)) + anchor;
    }

    /// <summary>The folder whose files a page may show: the checkout, or that of a notebook that lies elsewhere.</summary>
    private string Home() =>
        _chapter.Folder == repository.Root || IsBelow(repository.Root, _chapter.Folder) ? repository.Root : _chapter.Folder;

    private static bool IsBelow(string home, string path) => path.StartsWith(home + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string Picture(string file)
    {
        var type = PictureType(file) ?? throw new PictureException("Picture not shown, as browsers draw none of its kind");
        try
        {
            var content = File.ReadAllBytes(file);
            return content.Length > 0
                ? $"data:{type};base64,{Convert.ToBase64String(content)}"
                : throw new PictureException("Picture not shown, as its file is empty");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new PictureException("Picture not shown, as its file cannot be read");
        }
    }

    private static string? PictureType(string file) => Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".png" => "image/png",
        ".jpg" or ".jpeg" => "image/jpeg",
        ".gif" => "image/gif",
        ".svg" => "image/svg+xml",
        ".webp" => "image/webp",
        ".bmp" => "image/bmp",
        ".avif" => "image/avif",
        ".ico" => "image/x-icon",
        _ => null,
    };
}
