using Spectre.Console;

namespace NotebookRunner.Commands;

/// <summary>Makes the console that a command writes to.</summary>
internal static class Consoles
{
    // Wide enough that nothing is broken into lines which a log's reader did not ask for.
    private const int PlainWidth = 4000;

    /// <summary>A terminal as Spectre finds it; anything else plain, without a trace of ANSI.</summary>
    internal static IAnsiConsole For(TextWriter output)
    {
        if (ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected)
            return AnsiConsole.Console;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = PlainWidth;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
