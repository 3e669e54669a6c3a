using System.Globalization;
using NotebookRunner.Host;

namespace NotebookRunner.Reporting;

/// <summary>Times, statuses and lines as the console, the TRX file and the book say them.</summary>
internal static class Words
{
    internal static string Time(TimeSpan time) => time.TotalMinutes < 1
        ? time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s"
        : $"{(int)time.TotalMinutes} min {time.Seconds.ToString("00", CultureInfo.InvariantCulture)} s";

    internal static string Status(CellStatus status) => status switch
    {
        CellStatus.Succeeded => "ok",
        CellStatus.Failed => "FAILED",
        CellStatus.Cancelled => "stopped",
        _ => "skipped",
    };

    internal static string Status(NotebookStatus status) => status switch
    {
        NotebookStatus.Succeeded => "ok",
        NotebookStatus.Failed => "FAILED",
        NotebookStatus.Interrupted => "interrupted",
        NotebookStatus.Rejected => "UNREADABLE",
        NotebookStatus.NotSaved => "NOT SAVED",
        _ => "not run",
    };

    /// <summary>One line of a text, cut to a width with an ellipsis; a terminal's codes go, control characters become spaces.</summary>
    internal static string OneLine(string text, int width)
    {
        var line = string.Concat(Ansi.Strip(text).Select(character => char.IsControl(character) ? ' ' : character)).Trim();
        return line.Length <= width ? line : width <= 1 ? "" : line[..(width - 1)] + "…";
    }

    /// <summary>The command that runs one notebook again, typed from the current folder.</summary>
    internal static string RunAgain(NotebookJob job, RunContext context)
    {
        var project = Repository.Display(Path.Combine(context.Repository.Root, "src", "NotebookRunner"), context.CurrentFolder);
        var notebook = Repository.Display(job.Notebook, context.CurrentFolder);
        var profile = context.Profile == "quick" ? "" : $" --profile {context.Profile}";
        return $"dotnet run --project {Quoted(project)} -- {Quoted(notebook)}{profile}";
    }

    private static string Quoted(string path) => path.Contains(' ') ? $"\"{path}\"" : path;
}
