using NotebookRunner.Host;
using NotebookRunner.Reporting.Book;

namespace NotebookRunner.Commands;

/// <summary>Lists the lessons: name, title, code cells.</summary>
internal static class ListCommand
{
    internal static int Invoke(TextWriter output)
    {
        var folder = Environment.CurrentDirectory;
        var lessons = Repository.Find(folder).Lessons();
        var rows = lessons.Select(lesson => (Path: Repository.Display(lesson, folder), Chapter: Chapter.Read(new BookSource(lesson, lesson)))).ToList();
        var width = rows.Select(row => row.Path.Length).DefaultIfEmpty().Max();
        foreach (var (path, chapter) in rows)
            output.WriteLine($"{path.PadRight(width)}  {chapter.CodeCells,3} cells  {chapter.Title}");
        if (rows.Count == 0)
            output.WriteLine("There are no lessons in notebooks/.");
        return ExitCodes.Success;
    }
}
