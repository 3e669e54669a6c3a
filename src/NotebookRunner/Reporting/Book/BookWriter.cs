using System.Globalization;
using System.Net;
using System.Text;
using NotebookRunner.Host;

namespace NotebookRunner.Reporting.Book;

/// <summary>Writes the book: an index and a page a notebook, for a browser that may have no network and no server.</summary>
internal static class BookWriter
{
    private const string Home = "index.html", StyleSheet = "assets/book.css";

    /// <summary>
    /// Writes into a folder; pages of an earlier book that are not in this one are removed. A notebook that cannot be read or
    /// shown is left out, and said so.
    /// </summary>
    internal static BookResult Write(Repository repository, IReadOnlyList<BookSource> sources, string folder)
    {
        var leftOut = new List<string>();
        var chapters = Read(sources, leftOut);
        WholeFile.Write(Path.Combine(folder, StyleSheet), Style());
        var charts = Path.Combine(repository.Artifacts, "NotebookHelpers", "charts");

        var plotly = PlotlyScript.Read(charts);
        var pages = Rendered(repository, chapters, folder, plotly, leftOut);
        // The others led to a page that cannot be written, so they are made again without it.
        while (!Written(chapters, pages, folder, leftOut))
            pages = Rendered(repository, chapters, folder, plotly, leftOut);
        RemoveOldPages(folder, chapters);
        var playground = Playground.Find(chapters);
        if (playground is not null)
            WholeFile.Write(Path.Combine(folder, Playground.Page), playground.Html(new Navigation(chapters, playground)));
        var home = Path.Combine(folder, Home);
        WholeFile.Write(home, Index(chapters, [.. pages.Select(page => page.Sections)], playground));
        return new BookResult(home, chapters.Count, leftOut);
    }

    private static List<Chapter> Read(IReadOnlyList<BookSource> sources, List<string> leftOut)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { Home, Playground.Page };
        var chapters = new List<Chapter>();
        foreach (var source in sources)
            try
            {
                var chapter = Chapter.Read(source);
                chapters.Add(chapter with { Page = Unique(chapter.Page, names) });
            }
            catch (Exception e)
            {
                leftOut.Add(e is UsageException ? e.Message : $"{source.Executed} cannot be read: {e.Message}");
            }
        return chapters;
    }

    /// <summary>The chapters' pages. One that cannot be shown is taken out, and the others, which led to it, are made again.</summary>
    private static List<(string Html, IReadOnlyList<Heading> Sections)> Rendered(
        Repository repository, List<Chapter> chapters, string folder, string? plotly, List<string> leftOut)
    {
        var pages = new List<(string, IReadOnlyList<Heading>)>();
        while (pages.Count < chapters.Count)
            try
            {
                var page = new Page(repository, chapters, pages.Count, folder, plotly);
                pages.Add((page.Html(), [.. page.Headings.Where(heading => heading.Level == 2)]));
            }
            catch (Exception e)
            {
                leftOut.Add($"{chapters[pages.Count].Name} cannot be shown: {e.Message}");
                chapters.RemoveAt(pages.Count);
                pages.Clear();
            }
        return pages;
    }

    /// <summary>Writes the pages; chapters whose page cannot be written, as its name may be too long, are taken out.</summary>
    /// <returns>Whether all are there.</returns>
    private static bool Written(
        List<Chapter> chapters, List<(string Html, IReadOnlyList<Heading>)> pages, string folder, List<string> leftOut)
    {
        var lost = new HashSet<Chapter>();
        foreach (var (chapter, (html, _)) in chapters.Zip(pages))
            try
            {
                WholeFile.Write(Path.Combine(folder, chapter.Page), html);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                leftOut.Add($"{chapter.Name} has no page: {e.Message}");
                lost.Add(chapter);
            }
        return chapters.RemoveAll(lost.Contains) == 0;
    }

    /// <summary>The frame that all pages share.</summary>
    internal static string Document(string title, string script, string policy, string body) =>
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="{policy}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="generator" content="ConvNet Workbook notebook runner">
        <title>{Encode(title)}</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="{StyleSheet}">
        {script}
        </head>
        <body>
        <a class="skip" href="#Content">Skip to the content</a>
        {body}
        </body>
        </html>

        """.ReplaceLineEndings("\n");

    /// <summary>Nothing from outside; of scripts only those of these SHA-256 hashes.</summary>
    internal static string Policy(IEnumerable<string> hashes)
    {
        var scripts = string.Join(' ', hashes.Order(StringComparer.Ordinal).Select(hash => $"'sha256-{hash}'"));
        return $"default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src data:; " +
            $"script-src {(scripts.Length == 0 ? "'none'" : scripts)}; base-uri 'none'; form-action 'none'";
    }

    internal static string Encode(string text) => WebUtility.HtmlEncode(text);

    /// <summary>The lessons' map: what each is about, the way into every section, and what its run measured.</summary>
    private static string Index(List<Chapter> chapters, List<IReadOnlyList<Heading>> sections, Playground? playground)
    {
        // A heading that several lessons have (Recap, Exercises) does not tell one from another.
        var common = sections.SelectMany(headings => headings.Select(heading => heading.Text).Distinct())
            .GroupBy(text => text).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet();
        var lessons = new StringBuilder();
        foreach (var (chapter, headings) in chapters.Zip(sections))
        {
            var page = Uri.EscapeDataString(chapter.Page);
            lessons.Append($"<li><h2><a href=\"{page}\">{Encode(chapter.Title)}</a></h2>");
            if (chapter.Lead.Length > 0)
                lessons.Append($"<p>{Encode(chapter.Lead)}</p>");
            var own = headings.Where(heading => !common.Contains(heading.Text)).ToList();
            if (own.Count > 0)
                lessons.Append($"<ul class=\"sections\">{string.Concat(own.Select(heading => $"<li>{Link(heading, page)}</li>\n"))}</ul>");
            foreach (var figure in chapter.Headlines)
                lessons.Append($"<p class=\"figure\">{Encode(figure.Name)}: <strong>{Encode(figure.Value)}</strong></p>");
            if (chapter.Failed)
                lessons.Append("<p class=\"failed\">A cell of this lesson failed in the run that is shown.</p>");
            lessons.Append("</li>\n");
        }
        var run = chapters.Select(chapter => chapter.Run).Distinct().ToList() is [{ Length: > 0 } same] ? $" ({Encode(same)})" : "";
        var play = playground is null ? ""
            : $"<p>The network that the lessons train can be tried at once: <a href=\"{Playground.Page}\">draw a digit</a>.</p>";
        return Document("ConvNet Workbook", "", Policy([]),
            $"""
            <main id="Content" class="index">
            <header>
            <h1>ConvNet Workbook</h1>
            <p>Convolutional networks by doing, in C#: every figure on these pages is the output of the code above it.
            The lessons are notebooks; this book shows them as they were executed{run}.</p>
            {play}
            </header>
            <ol class="lessons">
            {lessons}</ol>
            </main>
            """);
    }

    /// <summary>A link to a heading, on its own page or from another.</summary>
    internal static string Link(Heading heading, string page = "") =>
        $"<a href=\"{page}#{Uri.EscapeDataString(heading.Id)}\">{Encode(heading.Text)}</a>";

    /// <summary>A page's name that no other has; some file systems take capitals for small letters.</summary>
    private static string Unique(string page, HashSet<string> names)
    {
        var name = page;
        for (var again = 2; !names.Add(name); again++)
            name = $"{Path.GetFileNameWithoutExtension(page)}-{again.ToString(CultureInfo.InvariantCulture)}.html";
        return name;
    }

    private static void RemoveOldPages(string folder, List<Chapter> chapters)
    {
        // Only what a book put there: a page that links the book's style sheet.
        var made = chapters.Select(chapter => chapter.Page).ToHashSet();
        foreach (var page in Directory.EnumerateFiles(folder, "*.html").Where(page => !made.Contains(Path.GetFileName(page))))
            try
            {
                if (PlainFile.Is(page) && File.ReadLines(page).Take(12).Any(line => line.Contains(StyleSheet, StringComparison.Ordinal)))
                    File.Delete(page);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // What cannot be read or deleted stays.
            }
    }

    private static string Style()
    {
        using var stream = typeof(BookWriter).Assembly.GetManifestResourceStream("book.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>Where a book was written.</summary>
/// <param name="Index">Its first page.</param>
/// <param name="Pages">How many notebooks are in it.</param>
/// <param name="LeftOut">The notebooks that could not be read or shown, each with the reason.</param>
internal sealed record BookResult(string Index, int Pages, IReadOnlyList<string> LeftOut);
