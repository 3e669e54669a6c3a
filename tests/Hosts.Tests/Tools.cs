using System.Diagnostics;

namespace Hosts.Tests;

/// <summary>The repository and the tools that its manifest names.</summary>
internal static class Tools
{
    internal static string Root { get; } = RepositoryRoot.Above(AppContext.BaseDirectory)!;

    private static readonly Lazy<string?> WhyNot = new(() => Run(Root, "dotnet", "tool", "restore") is { ExitCode: not 0, Output: var said }
        ? $"The released kernel cannot be restored here: {said.Trim()}"
        : null);

    /// <summary>Restores the tools; a test that needs them is skipped, with the reason, where no feed answers.</summary>
    internal static void Need()
    {
        if (WhyNot.Value is { } reason)
            Assert.Skip(reason);
    }

    /// <summary>Runs a program to its end, five minutes at most.</summary>
    internal static (int ExitCode, string Output) Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder };
        var ended = ChildProcess.RunAsync(start, TimeSpan.FromMinutes(5)).GetAwaiter().GetResult();
        return (ended.ExitCode, ended.Output + ended.Error);
    }
}
