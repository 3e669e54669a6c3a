using System.CommandLine;
using NotebookRunner.Documents;
using NotebookRunner.Host;

namespace NotebookRunner.Commands;

/// <summary>Says what keeps notebooks from being committed, without running them.</summary>
internal static class CheckCommand
{
    internal static void AddTo(Command command)
    {
        var paths = new Argument<string[]>("PATH")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "Notebooks, folders of notebooks, or the beginnings of lessons' names; all lessons when left out.",
        };
        command.Add(paths);
        command.SetAction(options =>
        {
            var folder = Environment.CurrentDirectory;
            var repository = Repository.Find(folder);
            return Invoke(repository, repository.Resolve(options.GetValue(paths) ?? [], folder), folder, options.InvocationConfiguration.Output);
        });
    }

    private static int Invoke(Repository repository, IReadOnlyList<string> notebooks, string folder, TextWriter output)
    {
        var exit = ExitCodes.Success;
        foreach (var notebook in notebooks)
        {
            var name = Repository.Display(notebook, folder);
            try
            {
                var findings = NotebookCheck.Of(notebook, repository.Packages);
                output.WriteLine(findings.Count == 0 ? $"{name}: good" : $"{name}:");
                foreach (var finding in findings)
                    output.WriteLine($"  - {finding}");
                if (findings.Count > 0 && exit == ExitCodes.Success)
                    exit = ExitCodes.Failure;
            }
            catch (NotebookFormatException exception)
            {
                output.WriteLine($"{name}:\n  - {exception.Message}");
                exit = ExitCodes.Usage;
            }
        }
        return exit;
    }
}
