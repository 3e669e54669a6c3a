using System.CommandLine;
using NotebookRunner.Host;
using NotebookRunner.Reporting.Book;

namespace NotebookRunner.Commands;

/// <summary>Makes the book from outputs that are there already.</summary>
internal static class BookCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    internal static void AddTo(Command command)
    {
        var paths = NotebookPaths.Argument();
        var output = new Option<string?>("--output", "-o")
        {
            HelpName = "DIR",
            Description = "Where the book goes. Left out: artifacts/book.",
        };
        var committed = new Option<bool>("--committed")
        {
            Description = "Shows the notebooks' own outputs, not those of the last run.",
        };
        command.Add(paths);
        command.Add(output);
        command.Add(committed);
        command.SetAction(options =>
        {
            var folder = Environment.CurrentDirectory;
            var repository = Repository.Find(folder);
            var notebooks = repository.Resolve(options.GetValue(paths) ?? [], folder);
            var target = OutputFolder.Of(options.GetValue(output), folder) ?? repository.Book;
            RunFolder.PublishAbandoned(repository.Executed);
            var book = Write(repository, Sources(repository, notebooks, options.GetValue(committed)), target);
            return Say(book, folder, options.InvocationConfiguration.Output);
        });
    }

    /// <summary>Each notebook with its executed copy of the last run, where there is one of this code.</summary>
    internal static IReadOnlyList<BookSource> Sources(Repository repository, IReadOnlyList<string> notebooks, bool committed) =>
        [.. notebooks.Select(notebook =>
        {
            var copy = Path.Combine(repository.Executed, Path.GetFileName(notebook));
            return new BookSource(notebook, !committed && ExecutedCopy.IsOf(copy, notebook) ? copy : notebook);
        })];

    /// <summary>Writes the book when no other command does, so that its pages are of one book.</summary>
    internal static BookResult Write(
        Repository repository, IReadOnlyList<BookSource> sources, string folder, TimeProvider? time = null)
    {
        using var turn = FolderTurn.Wait(folder, Patience, time);
        WholeFile.RemoveAllAbandoned(folder);
        return BookWriter.Write(repository, sources, folder);
    }

    private static int Say(BookResult book, string folder, TextWriter output)
    {
        foreach (var reason in book.LeftOut)
            output.WriteLine($"Left out: {Ansi.Plain(reason)}");
        output.WriteLine($"{book.Pages} page{(book.Pages == 1 ? "" : "s")}: {Repository.Display(book.Index, folder)}");
        return book.LeftOut.Count == 0 ? ExitCodes.Success : ExitCodes.Usage;
    }
}
