using Spectre.Console;

namespace NotebookRunner.Commands;

/// <summary>Makes the console that a command writes to.</summary>
internal static class Consoles
{
    private const int PlainWidth = 120;

    /// <summary>A terminal as Spectre finds it; anything else plain, wide enough for the table, without a trace of ANSI.</summary>
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
