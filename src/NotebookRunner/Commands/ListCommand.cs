using NotebookRunner.Host;
using NotebookRunner.Reporting.Book;

namespace NotebookRunner.Commands;

/// <summary>Lists the lessons: name, code cells, title.</summary>
internal static class ListCommand
{
    internal static int Invoke(TextWriter output)
    {
        var folder = Environment.CurrentDirectory;
        var lessons = Repository.Find(folder).Lessons();
        var width = lessons.Select(lesson => Repository.Display(lesson, folder).Length).DefaultIfEmpty().Max();
        foreach (var lesson in lessons)
            output.WriteLine($"{Repository.Display(lesson, folder).PadRight(width)}  {Ansi.Plain(About(lesson))}");
        if (lessons.Count == 0)
            output.WriteLine("There are no lessons in notebooks/.");
        return ExitCodes.Success;
    }

    private static string About(string lesson)
    {
        try
        {
            var chapter = Chapter.Read(new BookSource(lesson, lesson));
            return $"{chapter.CodeCells,3} cells  {chapter.Title}";
        }
        catch (Exception e)
        {
            return $"  cannot be read: {e.Message}";
        }
    }
}
