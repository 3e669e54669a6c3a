using System.Globalization;

namespace NotebookRunner.Reporting.Book;

/// <summary>What stands at the top of every page but the first: the way to every lesson, by number, and to the playground.</summary>
internal sealed class Navigation(IReadOnlyList<Chapter> chapters, Playground? playground)
{
    /// <summary>The page's head.</summary>
    /// <param name="current">The page that it stands on.</param>
    internal string Top(string current)
    {
        var pages = chapters.Select((chapter, place) => Link(chapter.Page, chapter.Title, Number(chapter, place), current))
            .Concat(playground is null ? [] : [Link(Playground.Page, Playground.Title, Playground.Title, current)]);
        return $"<header class=\"top\"><nav aria-label=\"Book\"><a href=\"index.html\">ConvNet Workbook</a>" +
            $"<ol>{string.Concat(pages)}</ol></nav></header>";
    }

    /// <summary>A link whose title says where its few letters lead.</summary>
    private static string Link(string page, string title, string text, string current)
    {
        var (address, name) = (Uri.EscapeDataString(page), BookWriter.Encode(title));
        var here = page == current ? " aria-current=\"page\"" : "";
        return $"<li><a href=\"{address}\" title=\"{name}\" aria-label=\"{name}\"{here}>{BookWriter.Encode(text)}</a></li>";
    }

    private static string Number(Chapter chapter, int place)
    {
        var digits = string.Concat(chapter.Title.TakeWhile(char.IsAsciiDigit));
        return digits.Length > 0 ? digits : (place + 1).ToString(CultureInfo.InvariantCulture);
    }
}
