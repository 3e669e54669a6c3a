using System.CommandLine;

namespace NotebookRunner.Commands;

/// <summary>The notebooks that a command is for; <see cref="Host.Repository.Resolve"/> finds them.</summary>
internal static class NotebookPaths
{
    internal static Argument<string[]> Argument() => new("PATH")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Notebooks, folders of notebooks, or the beginnings of lessons' names; all lessons when left out.",
    };
}
