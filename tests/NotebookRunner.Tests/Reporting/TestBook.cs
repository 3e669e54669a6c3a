using System.Text.Json.Nodes;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using NotebookRunner.Host;
using NotebookRunner.Reporting.Book;
using NotebookRunner.Tests.Host;

namespace NotebookRunner.Tests.Reporting;

/// <summary>A repository of a test's own whose notebooks become a book.</summary>
internal sealed class TestBook : IDisposable
{
    internal TestBook()
    {
        Directory.CreateDirectory(Folder.File("notebooks"));
        File.WriteAllText(Folder.File("Workbook.slnx"), "<Solution />");
    }

    internal TemporaryFolder Folder { get; } = new();

    public void Dispose() => Folder.Dispose();

    internal void Notebook(string name, params JsonObject[] cells) => Folder.Notebook(Path.Combine("notebooks", name + ".ipynb"), cells);

    /// <summary>Writes the book of all notebooks.</summary>
    internal Pages Build()
    {
        var repository = new Repository(Folder.Path);
        var sources = repository.Lessons().Select(lesson => new BookSource(lesson, lesson)).ToList();
        BookWriter.Write(repository, sources, Folder.File("book"));
        return new Pages(Folder.File("book"));
    }

    /// <summary>A code cell with an output of HTML.</summary>
    internal static JsonObject Html(string html) => NotebookJson.Code("x", NotebookJson.Data("text/html", html));

    /// <summary>A view's script as the library writes it.</summary>
    internal static string View(string file)
    {
        using var reader = new StreamReader(typeof(BookWriter).Assembly.GetManifestResourceStream("views/" + file)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    internal static string Policy(IHtmlDocument page) =>
        page.QuerySelector("meta[http-equiv=Content-Security-Policy]")!.GetAttribute("content")!;

    /// <summary>A book's pages, parsed.</summary>
    internal sealed class Pages(string book)
    {
        internal IHtmlDocument Index => this["index"];

        internal IHtmlDocument this[string name] => new HtmlParser().ParseDocument(File.ReadAllText(Path.Combine(book, name + ".html")));
    }
}
