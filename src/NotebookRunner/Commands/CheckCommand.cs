using System.CommandLine;
using NotebookRunner.Documents;
using NotebookRunner.Host;

namespace NotebookRunner.Commands;

/// <summary>Says what keeps notebooks from being committed, without running them.</summary>
internal static class CheckCommand
{
    internal static void AddTo(Command command)
    {
        var paths = NotebookPaths.Argument();
        command.Add(paths);
        command.SetAction(options =>
        {
            var folder = Environment.CurrentDirectory;
            var repository = Repository.Find(folder);
            var exits = repository.Resolve(options.GetValue(paths) ?? [], folder)
                .Select(notebook => Check(notebook, repository, folder, options.InvocationConfiguration.Output)).ToList();
            return exits.Contains(ExitCodes.Usage) ? ExitCodes.Usage : exits.Max();
        });
    }

    private static int Check(string notebook, Repository repository, string folder, TextWriter output)
    {
        var name = Repository.Display(notebook, folder);
        try
        {
            var findings = NotebookCheck.Of(notebook, repository.Packages);
            output.WriteLine(findings.Count == 0 ? $"{name}: good" : $"{name}:");
            foreach (var finding in findings)
                output.WriteLine($"  - {Ansi.Plain(finding)}");
            return findings.Count == 0 ? ExitCodes.Success : ExitCodes.Failure;
        }
        catch (Exception e)
        {
            var why = e is NotebookFormatException ? e.Message : $"it cannot be checked: {e.Message}";
            output.WriteLine($"{name}:\n  - {Ansi.Plain(why)}");
            return ExitCodes.Usage;
        }
    }
}
