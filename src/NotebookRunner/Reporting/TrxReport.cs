using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using NotebookRunner.Host;

namespace NotebookRunner.Reporting;

/// <summary>A run as a Visual Studio test result file, one test a notebook: what CI servers read.</summary>
internal static class TrxReport
{
    private static readonly XNamespace Ns = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
    private const string UnitTestType = "13cdc9d9-ddb5-4fa4-a97d-d965ccfc6d4b";
    private const string ResultsList = "8c84fa94-04c1-424b-9868-57a2d4851a1d";

    /// <summary>Writes the file, and its folder where there is none.</summary>
    internal static void Write(string path, ExecutionResult run, RunContext context, DateTimeOffset start)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        Build(run, context, start).Save(path);
    }

    internal static XDocument Build(ExecutionResult run, RunContext context, DateTimeOffset start)
    {
        var finish = start + run.Elapsed;
        var executed = run.Notebooks.Count(notebook => notebook.Status != NotebookStatus.NotRun);
        var passed = run.Notebooks.Count(notebook => notebook.Status == NotebookStatus.Succeeded);
        return new XDocument(new XDeclaration("1.0", "utf-8", null), new XElement(Ns + "TestRun",
            new XAttribute("id", Id("run " + Stamp(start))),
            new XAttribute("name", "Notebooks"),
            new XElement(Ns + "Times",
                new XAttribute("creation", Stamp(start)), new XAttribute("queuing", Stamp(start)),
                new XAttribute("start", Stamp(start)), new XAttribute("finish", Stamp(finish))),
            new XElement(Ns + "Results", Results(run, context, start)),
            new XElement(Ns + "TestDefinitions", run.Notebooks.Select(notebook => new XElement(Ns + "UnitTest",
                new XAttribute("name", notebook.Job.Name),
                new XAttribute("storage", notebook.Job.Notebook),
                new XAttribute("id", Id(notebook.Job.Name)),
                new XElement(Ns + "Execution", new XAttribute("id", Id("execution " + notebook.Job.Name))),
                new XElement(Ns + "TestMethod",
                    new XAttribute("codeBase", notebook.Job.Notebook),
                    new XAttribute("className", "Notebooks"),
                    new XAttribute("name", notebook.Job.Name))))),
            new XElement(Ns + "TestEntries", run.Notebooks.Select(notebook => new XElement(Ns + "TestEntry",
                new XAttribute("testId", Id(notebook.Job.Name)),
                new XAttribute("executionId", Id("execution " + notebook.Job.Name)),
                new XAttribute("testListId", ResultsList)))),
            new XElement(Ns + "TestLists", new XElement(Ns + "TestList",
                new XAttribute("name", "Results Not in a List"), new XAttribute("id", ResultsList))),
            new XElement(Ns + "ResultSummary",
                new XAttribute("outcome", passed == run.Notebooks.Count ? "Completed" : "Failed"),
                new XElement(Ns + "Counters",
                    new XAttribute("total", run.Notebooks.Count),
                    new XAttribute("executed", executed),
                    new XAttribute("passed", passed),
                    new XAttribute("failed", executed - passed),
                    new XAttribute("notExecuted", run.Notebooks.Count - executed)))));
    }

    private static IEnumerable<XElement> Results(ExecutionResult run, RunContext context, DateTimeOffset start)
    {
        foreach (var notebook in run.Notebooks)
        {
            var end = start + notebook.Elapsed;
            var element = new XElement(Ns + "UnitTestResult",
                new XAttribute("executionId", Id("execution " + notebook.Job.Name)),
                new XAttribute("testId", Id(notebook.Job.Name)),
                new XAttribute("testName", notebook.Job.Name),
                new XAttribute("computerName", "localhost"),
                new XAttribute("duration", notebook.Elapsed.ToString(@"hh\:mm\:ss\.fffffff", CultureInfo.InvariantCulture)),
                new XAttribute("startTime", Stamp(start)),
                new XAttribute("endTime", Stamp(end)),
                new XAttribute("testType", UnitTestType),
                new XAttribute("outcome", Outcome(notebook.Status)),
                new XAttribute("testListId", ResultsList),
                new XAttribute("relativeResultsDirectory", Id("execution " + notebook.Job.Name)));
            start = end;
            var output = new XElement(Ns + "Output");
            var lines = notebook.Cells.Select(cell => PlainProgress.CellLine(cell, notebook.CodeCells))
                .Concat(notebook.Headlines.Select(figure => $"  {figure.Name}: {figure.Value}"));
            output.Add(new XElement(Ns + "StdOut", Clean(string.Join("\n", lines))));
            if (notebook.Status != NotebookStatus.Succeeded)
                output.Add(new XElement(Ns + "ErrorInfo",
                    new XElement(Ns + "Message", Clean(Message(notebook))),
                    new XElement(Ns + "StackTrace", Clean($"Run it alone: {Words.RunAgain(notebook.Job, context)}"))));
            element.Add(output);
            yield return element;
        }
    }

    private static string Message(NotebookResult notebook)
    {
        var failures = notebook.FailedCells.Select(cell =>
            $"cell {cell.Number}{(cell.Error?.Line is { } line ? $", line {line}" : "")}: {cell.Error?.Name}: {cell.Error?.Message}");
        return string.Join("\n", new[] { notebook.Message }.OfType<string>().Concat(failures));
    }

    private static string Outcome(NotebookStatus status) => status switch
    {
        NotebookStatus.Succeeded => "Passed",
        NotebookStatus.NotRun => "NotExecuted",
        _ => "Failed",
    };

    private static string Stamp(DateTimeOffset time) => time.ToString("o", CultureInfo.InvariantCulture);

    private static string Id(string name) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16)).ToString();

    /// <summary>XML 1.0 has no place for most control characters, escaped or not.</summary>
    private static string Clean(string text) =>
        string.Concat(text.ReplaceLineEndings("\n").EnumerateRunes().Select(rune =>
            rune.Value is '\n' or '\t' or >= 0x20 and not (0xFFFE or 0xFFFF) ? rune.ToString() : "\uFFFD"));
}
