using System.CommandLine;
using NotebookRunner.Host;
using NotebookRunner.Reporting.Book;

namespace NotebookRunner.Commands;

/// <summary>Makes the book from outputs that are there already.</summary>
internal static class BookCommand
{
    internal static void AddTo(Command command)
    {
        var paths = new Argument<string[]>("PATH")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "Notebooks, folders of notebooks, or the beginnings of lessons' names; all lessons when left out.",
        };
        var output = new Option<string?>("--output", "-o") { HelpName = "DIR", Description = "Where the book goes. Left out: artifacts/book." };
        var committed = new Option<bool>("--committed") { Description = "Shows the notebooks' own outputs, not those of the last run." };
        command.Add(paths);
        command.Add(output);
        command.Add(committed);
        command.SetAction(options =>
        {
            var folder = Environment.CurrentDirectory;
            var repository = Repository.Find(folder);
            RunFolder.PublishAbandoned(repository.Executed);
            var sources = Sources(repository, repository.Resolve(options.GetValue(paths) ?? [], folder), options.GetValue(committed));
            var target = options.GetValue(output) is { } given ? Path.GetFullPath(given, folder) : repository.Book;
            var book = BookWriter.Write(repository, sources, target);
            options.InvocationConfiguration.Output.WriteLine(
                $"{book.Pages} page{(book.Pages == 1 ? "" : "s")}: {Repository.Display(book.Index, folder)}");
            return ExitCodes.Success;
        });
    }

    /// <summary>Each notebook with its executed copy of the last run, where there is one.</summary>
    internal static IReadOnlyList<BookSource> Sources(Repository repository, IReadOnlyList<string> notebooks, bool committed) =>
        [.. notebooks.Select(notebook =>
        {
            var copy = Path.Combine(repository.Executed, Path.GetFileName(notebook));
            return new BookSource(notebook, !committed && File.Exists(copy) ? copy : notebook);
        })];
}
