using NotebookRunner.Tests.Host;

namespace NotebookRunner.Tests.Worker;

/// <summary>What cells may count on beyond the recorded ones: every row is a cell of one session, in this order.</summary>
public sealed class SessionOfCells : IAsyncLifetime
{
    private const string UndefinedName =
        "error: (1,9): error CS0103: The name 'undefinedName' does not exist in the current context";

    private const string NobodyGivesIt =
        ", but in a headless run nobody is there to give it. Put the value in a cell tagged 'parameters' and set it with -p NAME=VALUE.";

    internal static readonly (string Source, string[] Outputs)[] Rows =
    [
        ("1.Display(\"text/plain\"); display(2, \"text/plain\");", ["text/plain: 1", "text/plain: 2"]),
        ("var handle = display(\"first\");", ["text/plain: from another thread"]),
        ("await Task.Run(() => handle.Update(\"from another thread\"));", []),
        ("var html = display(HTML(\"<i>a</i>\")); html.Update(HTML(\"<i>b</i>\"));", ["text/html: <i>b</i>"]),
        ("((object)null).Display(\"text/plain\");", ["text/plain: <null>"]),
        ("new[] { 1, 2 }.DisplayTable();", [
            "text/csv: value\n1\n2\n",
            "text/html: <table><thead><tr><td><span>value</span></td></tr></thead><tbody>" +
            "<tr><td><div class=\"dni-plaintext\"><pre>1</pre></div></td></tr>" +
            "<tr><td><div class=\"dni-plaintext\"><pre>2</pre></div></td></tr></tbody></table>"]),
        ("\"<u>x</u>\".DisplayAs(\"text/html\");", ["text/html: <u>x</u>"]),
        ("Javascript(\"alert(1)\");", ["text/html: <script type=\"text/javascript\">alert(1)</script>"]),
        ("new Microsoft.DotNet.Interactive.Formatting.LaTeXString(\"x^2\")", ["text/latex: x^2"]),
        ("using static Microsoft.DotNet.Interactive.Formatting.PocketViewTags;\ndiv[@class: \"x\"](b(\"hi\"), \"<t>\")",
            ["text/html: <div class=\"x\"><b>hi</b>&lt;t&gt;</div>"]),
        ("display(42, \"text/nonsense\")", ["error: System.ArgumentException: No formatter is registered for MIME type text/nonsense."]),
        // A type that promises a MIME type and has no formatter for it kills the real kernel.
        ("class TypeFormatterSourceAttribute : Attribute { public Type FormatterSourceType => typeof(Source); " +
         "public string[] PreferredMimeTypes => new[] { \"image/x\" }; }\n" +
         "public class Source { public System.Collections.Generic.IEnumerable<object> CreateTypeFormatters() { yield break; } }\n" +
         "[TypeFormatterSource] public class Promising { }\nnew Promising()",
            ["error: System.ArgumentException: No formatter is registered for MIME type image/x."]),
        ("public class Cyclic { public Cyclic Self => this; public override string ToString() => \"c\"; }\n" +
         "display(new Cyclic(), \"text/plain\");", ["text/plain: " + string.Join("", CyclicLines())]),
        ("public class Throwing { public int P => throw new Exception(\"bad\"); public override string ToString() => \"t\"; }\n" +
         "display(new Throwing(), \"text/html\").FormattedValues[0].Value.Contains(\"System.Exception: bad\") ? \"shown\" : \"lost\"",
            ["*", "text/plain: shown"]),
        ("Enumerable.Range(0, 1000000).Select(i => i.ToString())", ["*"]),
        ("display(new byte[] { 1, 2, 3 }, \"text/plain\");", ["text/plain: [ 1, 2, 3 ]"]),
        ("var union = 1; var closed = 2; union + closed", ["text/html: <div class=\"dni-plaintext\"><pre>3</pre></div>"]),
        ("Console.Write(\"\\u001b[31mred\\u001b[0m\");", ["stdout: \u001b[31mred\u001b[0m"]),
        ("var appended = \"a\".Display(); appended.Update(\"b\"); appended.Update(\"c\");", ["text/plain: a", "text/plain: c"]),
        ("#!time\nvar timed = 1;", ["*"]),
        ("#!html\n<b>x</b>\n#!fsharp\nlet x = 1", ["*"]),
        ("using Microsoft.DotNet.Interactive;\n" +
         "await Kernel.Root.SendAsync(new Microsoft.DotNet.Interactive.Commands.SubmitCode(\"var sent = 5;\\nsent\"));",
            ["text/html: <div class=\"dni-plaintext\"><pre>5</pre></div>"]),
        ("1\n#!markdown\n# A",
            ["text/html: <div class=\"dni-plaintext\"><pre>1</pre></div>", "text/html: <p>1</p>\n<h1 id=\"a\">A</h1>\n"]),
        ("var t = new System.Threading.Thread(() => Console.WriteLine(\"thread\"));\nt.Start(); t.Join();", ["stdout: thread\n"]),
        ("Console.Write(\"a\"); Console.Out.WriteLine(); Console.Out.Write(new[] { 'b', 'c' }, 0, 2); Console.WriteLine(1.5);",
            ["stdout: a\nbc1.5\n"]),
        ("Console.ReadLine()", ["error: System.InvalidOperationException: The cell waits for input" + NobodyGivesIt]),
        ("await GetInputAsync(\"Your name\")",
            ["error: System.Exception: System.InvalidOperationException: The cell waits for input (\"Your name\")" + NobodyGivesIt]),
        ("if (DateTime.Now.Year > 2000) return \"early\";\n\"late\"", ["text/plain: early"]),
        ("var (a, b) = (1, 2);", []),
        ("$\"{a}{b}\"", ["text/plain: 12"]),
        ("var partial = 1;\npartial = 2;\nint.Parse(\"x\");\npartial = 3;",
            ["error: System.FormatException: The input string 'x' was not in a correct format."]),
        ("partial.ToString()", ["text/plain: 2"]),
        ("throw new Exception(\"outer\", new ArgumentException(\"inner\"));",
            ["error: System.Exception: outer\n ---> System.ArgumentException: inner\n   --- End of inner exception stack trace ---"]),
        // Errors that say nothing, or of lines that are not there, fail their cell and nothing else.
        ("class Silent : Exception { public override string Message => null; }\nthrow new Silent();", ["*"]),
        ("#line 900 \"elsewhere.cs\"\nvar q = undefinedName;", ["*"]),
        ("#!html\n<b>bold</b>\n", ["text/html: <b>bold</b>"]),
        ("string Where([System.Runtime.CompilerServices.CallerFilePath] string file = \"x\", " +
         "[System.Runtime.CompilerServices.CallerLineNumber] int line = 0)" +
         " => $\"'{file}' {line}\";\nvar called = Where();\ncalled + Where()", ["text/plain: '' 2'' 3"]),
        ("#!csharp\n\n\nvar x = undefinedName;", [UndefinedName]),
        ("var y = 1;\n#!import \"helper.cs\"\nvar z = undefinedName;", [UndefinedName]),
        ("new Helper().Answer.ToString() + y", ["text/plain: 421"]),
        ("#!import other.ipynb", ["text/markdown: # Other", "text/plain: other's value", "stdout: other's stream\n"]),
        ("fromOther", ["text/plain: from other"]),
        ("#!import \"book.dib\"", ["text/markdown: # Title", "text/plain: dib", "text/html: <b>dib</b>"]),
        ("#load \"helper2.csx\"\nLoaded()", ["text/plain: loaded"]),
        ("#!import \"itself.csx\"", ["error: 'itself.csx' imports itself."]),
        ("#!import \"program.fsx\"", ["error: 'program.fsx' cannot be imported: .csx, .cs, .dib and .ipynb files can."]),
        ("#!import \"broken.ipynb\"", ["error: broken.ipynb is no notebook: the file is empty."]),
        ("#!import \"throws.csx\"", ["error: System.InvalidOperationException: in a file"]),
        ("typeof(Spectre.Console.AnsiConsole)",
            ["error: (1,8): error CS0246: The type or namespace name 'Spectre' could not be found " +
             "(are you missing a using directive or an assembly reference?)"]),
        ("File.Exists(\"x\")", ["error: (1,1): error CS0103: The name 'File' does not exist in the current context"]),
        ("System.IO.Directory.SetCurrentDirectory(\"sub\");", []),
        ("#!import \"inner.csx\"\nInner()", ["text/plain: inner"]),
        ("System.IO.Directory.SetCurrentDirectory(\"..\");", []),
        ("#!who", ["*"]),
        ("Microsoft.DotNet.Interactive.KernelInvocationContext.Current.CancellationToken.CanBeCanceled.ToString()", ["text/plain: True"]),
        ("((Func<System.Threading.CancellationToken>)AppContext.GetData(\"NotebookRunner.Cancellation\"))().CanBeCanceled.ToString()",
            ["text/plain: True"]),
        ("Environment.GetEnvironmentVariable(\"WORKBOOK_PROFILE\")", ["text/plain: quick"]),
        ("AppDomain.CurrentDomain.GetAssemblies().Count(a => a.GetName().Name is \"FSharp.Core\" or \"Plotly.NET\").ToString()",
            ["text/plain: 0"]),
        // The tasks of a cell that has ended write nowhere, not into the next cell.
        ("var ended = new TaskCompletionSource();\n" +
         "var late = Task.Run(async () => { await ended.Task; Console.WriteLine(\"late\"); display(\"late\"); });", []),
        ("ended.SetResult(); await late; \"next\"", ["text/plain: next"]),
    ];

    internal WorkerHarness Run { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("sub"));
        void Write(string name, string text) => File.WriteAllText(folder.File(name), text);
        Write("helper.cs", "public class Helper { public int Answer = 42; }");
        Write("helper2.csx", "string Loaded() => \"loaded\";");
        Write("itself.csx", "#!import \"itself.csx\"");
        Write("program.fsx", "let x = 1");
        Write("broken.ipynb", "");
        Write("throws.csx", "// first line\nthrow new InvalidOperationException(\"in a file\");");
        Write("sub/inner.csx", "string Inner() => \"inner\";");
        Write("book.dib",
            "#!meta\n\n{\"kernelInfo\":{\"defaultKernelName\":\"csharp\"}}\n\n#!markdown\n\n# Title\n\n" +
            "#!csharp\n\n\"dib\"\n\n#!html\n\n<b>dib</b>\n");
        folder.Notebook("other.ipynb",
            NotebookJson.Markdown("# Other"),
            NotebookJson.Code("var fromOther = \"from other\";\n\"other's value\""),
            NotebookJson.Code("Console.WriteLine(\"other's stream\");"));
        Run = await WorkerHarness.OfAsync(folder, [.. Rows.Select(row => row.Source)]);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static IEnumerable<string> CyclicLines()
    {
        // Six levels, then the summary: Formatter.RecursionLimit.
        yield return "Cyclic";
        for (var level = 1; level <= 6; level++)
            yield return $"\n{new string(' ', 4 + (2 * level))}Self: {(level < 6 ? "Cyclic" : "c")}";
    }
}

public sealed class SessionTests(SessionOfCells session) : IClassFixture<SessionOfCells>
{
    public static TheoryData<int, string> Rows =>
        [.. SessionOfCells.Rows.Select((row, index) => new TheoryDataRow<int, string>(index, row.Source))];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Cell_gives_what_it_should(int index, string source)
    {
        var expected = SessionOfCells.Rows[index].Outputs;
        var found = session.Run.Outputs(index);
        Assert.True(expected.Length == found.Count, $"{source} gave {string.Join(" | ", found)}");
        Assert.All(expected.Zip(found), pair =>
        {
            if (pair.First != "*")
                Assert.Equal(pair.First, pair.Second);
        });
    }

    [Fact]
    public void Error_names_the_line_of_the_cell_even_below_directives()
    {
        var index = Array.FindIndex(SessionOfCells.Rows, row => row.Source.StartsWith("#!csharp\n\n\n", StringComparison.Ordinal));
        var error = session.Run.Cells[index].Error!;
        Assert.Equal(("CS0103", 4, 9, "var x = undefinedName;"), (error.Name, error.Line!.Value, error.Column!.Value, error.SourceLine));
        Assert.StartsWith("(4,9): error CS0103", session.Run.Traceback(index));
        Assert.EndsWith("    var x = undefinedName;\n            ^", session.Run.Traceback(index));
    }

    [Fact]
    public void Thrown_exception_names_its_line_and_no_machine()
    {
        var index = Array.FindIndex(SessionOfCells.Rows, row => row.Source.StartsWith("var partial", StringComparison.Ordinal));
        var error = session.Run.Cells[index].Error!;
        Assert.Equal(("System.FormatException", 3, "int.Parse(\"x\");"), (error.Name, error.Line!.Value, error.SourceLine));
        Assert.Contains($"   at cell {index + 1}, line 3", session.Run.Traceback(index));
        Assert.DoesNotContain("Submission#", session.Run.Traceback(index));
        Assert.DoesNotContain("Scripting", session.Run.Traceback(index));
    }

    [Fact]
    public void Exception_in_an_imported_file_names_the_file_and_its_line()
    {
        var index = Array.FindIndex(SessionOfCells.Rows, row => row.Source.Contains("throws.csx", StringComparison.Ordinal));
        Assert.Contains("   at throws.csx, line 2", session.Run.Traceback(index));
    }

    [Fact]
    public void Cells_are_counted_in_the_file() =>
        Assert.Equal(
            Enumerable.Range(1, SessionOfCells.Rows.Length),
            session.Run.Copy!["cells"]!.AsArray().Select(cell => (int)cell!["execution_count"]!));
}
