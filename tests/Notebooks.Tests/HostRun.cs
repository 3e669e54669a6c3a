using System.Diagnostics;

namespace Notebooks.Tests;

/// <summary>
/// The lessons, executed by another host through its script in tools/: by CI before the tests, which name the folder in
/// WORKBOOK_HOSTS, or here, once a test run.
/// </summary>
internal sealed class HostRun
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(45);

    private readonly Lazy<string?> _whyNot;
    private readonly string _name;

    private HostRun(string name)
    {
        _name = name;
        _whyNot = new(WhyNot);
    }

    /// <summary>The released kernel in Jupyter, and dotnet-repl.</summary>
    internal static IReadOnlyDictionary<string, HostRun> All { get; } =
        new[] { "jupyter", "dotnet-repl" }.ToDictionary(name => name, name => new HostRun(name));

    private static string Folder => Environment.GetEnvironmentVariable("WORKBOOK_HOSTS") is { Length: > 0 } made
        ? made
        : Path.Combine(Lesson.Root, "artifacts", "tests", "hosts");

    /// <summary>A lesson as the host executed it; the test is skipped, with the reason, where the host cannot be had.</summary>
    internal Lesson Executed(string lesson)
    {
        if (_whyNot.Value is { } reason)
            Assert.Skip(reason);
        var path = Path.Combine(Folder, _name, lesson);
        Assert.True(File.Exists(path), $"{_name} left no copy of {lesson}: it failed there.");
        return new Lesson(path);
    }

    private string? WhyNot()
    {
        if (Environment.GetEnvironmentVariable("WORKBOOK_HOSTS") is not { Length: > 0 })
        {
            if (OperatingSystem.IsWindows())
                return "The hosts' scripts need bash.";
            Execute();
        }
        var missing = Path.Combine(Folder, $"{_name}.missing"); // where the script says what it misses
        return File.Exists(missing) ? $"{_name} cannot be had here: {File.ReadAllText(missing).Trim()}" : null;
    }

    private void Execute()
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Lesson.Root, "tools", $"run-with-{_name}.sh")])
        {
            Environment = { ["WORKBOOK_HOSTS"] = Folder, ["WORKBOOK_PROFILE"] = "quick" },
        };
        ChildProcess.RunAsync(start, Limit).GetAwaiter().GetResult();
    }
}
