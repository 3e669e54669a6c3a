using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using NotebookRunner.Host;

namespace NotebookRunner.Reporting;

/// <summary>A run as a Visual Studio test result file, one test a notebook: what CI servers read.</summary>
internal static class TrxReport
{
    private const string UnitTestType = "13cdc9d9-ddb5-4fa4-a97d-d965ccfc6d4b", ResultsList = "8c84fa94-04c1-424b-9868-57a2d4851a1d";
    private static readonly XNamespace Ns = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <summary>Writes the file, and its folder where there is none.</summary>
    /// <exception cref="IOException">It cannot be written; an older one stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of a permission.</exception>
    internal static void Write(string path, ExecutionResult run, RunContext context)
    {
        using var text = new MemoryStream();
        Build(run, context).Save(text);
        WholeFile.Write(path, text.ToArray());
    }

    /// <summary>Whether a file is an older report, or empty.</summary>
    internal static bool MayReplace(string path) =>
        new FileInfo(path).Length == 0 || File.ReadLines(path).Take(2).Any(line => line.Contains("<TestRun", StringComparison.Ordinal));

    internal static XDocument Build(ExecutionResult run, RunContext context) => new(
        new XDeclaration("1.0", "utf-8", null),
        Element("TestRun",
            [("id", Id("run " + Stamp(context.Started))), ("name", "Notebooks")],
            Times(context.Started, context.Started + run.Elapsed),
            Element("Results", [], [.. Results(run, context)]),
            Element("TestDefinitions", [], [.. run.Notebooks.Select(notebook => Definition(notebook.Job))]),
            Element("TestEntries", [], [.. run.Notebooks.Select(notebook => Entry(notebook.Job))]),
            Element("TestLists", [], Element("TestList", [("name", "Results Not in a List"), ("id", ResultsList)])),
            Counters(run)));

    private static XElement Times(DateTimeOffset start, DateTimeOffset finish) => Element("Times",
        [("creation", Stamp(start)), ("queuing", Stamp(start)), ("start", Stamp(start)), ("finish", Stamp(finish))]);

    private static IEnumerable<XElement> Results(ExecutionResult run, RunContext context)
    {
        var start = context.Started;
        foreach (var notebook in run.Notebooks)
        {
            var end = start + notebook.Elapsed;
            yield return Result(notebook, context, start, end);
            start = end;
        }
    }

    private static XElement Result(NotebookResult notebook, RunContext context, DateTimeOffset start, DateTimeOffset end) =>
        Element("UnitTestResult",
            [
                ("executionId", ExecutionId(notebook.Job)),
                ("testId", Id(notebook.Job.Name)),
                ("testName", notebook.Job.Name),
                ("computerName", "localhost"),
                ("duration", notebook.Elapsed.ToString(@"hh\:mm\:ss\.fffffff", CultureInfo.InvariantCulture)),
                ("startTime", Stamp(start)),
                ("endTime", Stamp(end)),
                ("testType", UnitTestType),
                ("outcome", Outcome(notebook.Status)),
                ("testListId", ResultsList),
                ("relativeResultsDirectory", ExecutionId(notebook.Job)),
            ],
            Output(notebook, context));

    private static XElement Output(NotebookResult notebook, RunContext context)
    {
        var lines = notebook.Cells.Select(cell => PlainProgress.CellLine(cell, notebook.CodeCells))
            .Concat(notebook.Headlines.Select(figure => $"  {figure.Name}: {figure.Value}"));
        var output = Element("Output", [], TextElement("StdOut", string.Join("\n", lines)));
        if (notebook.Status != NotebookStatus.Succeeded)
            output.Add(Element("ErrorInfo", [],
                TextElement("Message", Message(notebook)),
                TextElement("StackTrace", $"Run it alone: {Words.RunAgain(notebook.Job, context)}")));
        return output;
    }

    private static string Message(NotebookResult notebook)
    {
        var failures = notebook.FailedCells.Select(cell =>
            $"cell {cell.Number}{(cell.Error?.Line is { } line ? $", line {line}" : "")}: {cell.Error?.Name}: {cell.Error?.Message}");
        return string.Join("\n", new[] { notebook.Message }.OfType<string>().Concat(failures));
    }

    private static XElement Definition(NotebookJob job) => Element("UnitTest",
        [("name", job.Name), ("storage", job.Notebook), ("id", Id(job.Name))],
        Element("Execution", [("id", ExecutionId(job))]),
        Element("TestMethod", [("codeBase", job.Notebook), ("className", "Notebooks"), ("name", job.Name)]));

    private static XElement Entry(NotebookJob job) => Element("TestEntry",
        [("testId", Id(job.Name)), ("executionId", ExecutionId(job)), ("testListId", ResultsList)]);

    private static XElement Counters(ExecutionResult run)
    {
        var total = run.Notebooks.Count;
        var executed = run.Notebooks.Count(notebook => notebook.Status != NotebookStatus.NotRun);
        var passed = run.Notebooks.Count(notebook => notebook.Status == NotebookStatus.Succeeded);
        return Element("ResultSummary", [("outcome", passed == total ? "Completed" : "Failed")],
            Element("Counters",
            [
                ("total", total), ("executed", executed), ("passed", passed), ("failed", executed - passed),
                ("notExecuted", total - executed),
            ]));
    }

    private static string Outcome(NotebookStatus status) => status switch
    {
        NotebookStatus.Succeeded => "Passed",
        NotebookStatus.NotRun => "NotExecuted",
        _ => "Failed",
    };

    private static XElement Element(string name, (string Name, object Value)[] attributes, params XElement[] content) =>
        new(Ns + name, attributes.Select(attribute => new XAttribute(attribute.Name, Clean(attribute.Value))), content);

    private static XElement TextElement(string name, string text) => new(Ns + name, Clean(text));

    private static string Stamp(DateTimeOffset time) => time.ToString("o", CultureInfo.InvariantCulture);

    private static string ExecutionId(NotebookJob job) => Id("execution " + job.Name);

    private static string Id(string name) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16)).ToString();

    /// <summary>XML 1.0 has no place for most control characters, escaped or not.</summary>
    private static string Clean(object value) =>
        string.Concat(string.Create(CultureInfo.InvariantCulture, $"{value}").ReplaceLineEndings("\n").EnumerateRunes().Select(rune =>
            rune.Value is '\n' or '\t' or >= 0x20 and not (0xFFFE or 0xFFFF) ? rune.ToString() : "\uFFFD"));
}
