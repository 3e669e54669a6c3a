using System.Globalization;

namespace NotebookRunner.Reporting.Book;

/// <summary>The network that lives in the page, on a page of its own: the output of the lesson that trained it.</summary>
/// <param name="Lesson">That lesson.</param>
/// <param name="Cell">The number of the cell that shows it.</param>
/// <param name="Output">What it shows.</param>
internal sealed record Playground(Chapter Lesson, int Cell, Output Output)
{
    internal const string Page = "playground.html", Title = "Playground";

    /// <summary>The first playground of the book, if it has one.</summary>
    internal static Playground? Find(IEnumerable<Chapter> chapters) => (
        from chapter in chapters
        from cell in chapter.Numbered()
        from output in cell.Cell.Outputs
        where Is(output)
        select new Playground(chapter, cell.Number, output)).FirstOrDefault();

    /// <summary>Whether an output is one; its class says so, and what it may bring is decided by what its script says.</summary>
    internal static bool Is(Output output) => output is DataOutput { Data: var data } && data.TryGetValue("text/html", out var html) &&
        html.Contains("class=\"convnet-playground\"", StringComparison.Ordinal);

    internal string Html(Navigation navigation)
    {
        var outputs = new OutputHtml();
        var playground = outputs.Render(Output);
        var lesson = string.Create(CultureInfo.InvariantCulture, $"{Uri.EscapeDataString(Lesson.Page)}#Cell-{Cell}");
        return BookWriter.Document($"{Title} – ConvNet Workbook", "", BookWriter.Policy(outputs.Scripts),
            $"""
            {navigation.Top(Page)}
            <main id="Content" class="playground">
            <h1>{Title}</h1>
            <p>A trained network that computes in this page. Draw a digit: it answers with every stroke, and shows what each of its
            layers makes of the drawing. It was trained in <a href="{lesson}">{BookWriter.Encode(Lesson.Title)}</a>.</p>
            {playground}
            </main>
            """);
    }
}
