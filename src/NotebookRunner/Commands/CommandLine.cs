using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using NotebookRunner.Host;

namespace NotebookRunner.Commands;

/// <summary>The runner's command line: <c>run</c> (also without its name), <c>check</c>, <c>book</c>, <c>list</c>, <c>doctor</c>.</summary>
internal static class CommandLine
{
    /// <summary>Parses and runs; the exit codes are those of <see cref="ExitCodes"/>.</summary>
    internal static async Task<int> InvokeAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // Ctrl-C is ours to handle: see Interrupt
        };
        try
        {
            var parsed = Build().Parse(arguments);
            if (parsed.Action is ParseErrorAction wrong)
            {
                wrong.ShowHelp = false; // it would push the message out of sight
                wrong.ShowTypoCorrections = false; // anything may be a path
            }
            return await parsed.InvokeAsync(configuration);
        }
        catch (UsageException exception)
        {
            await error.WriteLineAsync(exception.Message);
            return ExitCodes.Usage;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"Cannot go on: {FileTrouble.Words(exception)}");
            return ExitCodes.Usage;
        }
    }

    private static RootCommand Build()
    {
        var root = new RootCommand(
            "Runs the workbook's notebooks, each in a process of its own, and makes a book of them. " +
            "Without a command: run, all lessons, in the quick profile.");
        var run = new Command("run", "Executes notebooks; writes executed copies and the book.");
        var check = new Command("check",
            "Checks the notebooks without running them: format, stale outputs, package versions, errors, paths, size.");
        var book = new Command("book", "Makes the HTML book from the executed copies, without running anything.");
        var list = new Command("list", "Lists the lessons.");
        var doctor = new Command("doctor",
            "Looks at the machine: SDK, library, tools, MNIST, Jupyter, VS Code; says what works and what to do.");
        RunCommand.AddTo(root);
        RunCommand.AddTo(run);
        CheckCommand.AddTo(check);
        BookCommand.AddTo(book);
        list.SetAction(result => ListCommand.Invoke(result.InvocationConfiguration.Output));
        DoctorCommand.AddTo(doctor);
        root.Add(run);
        root.Add(check);
        root.Add(book);
        root.Add(list);
        root.Add(doctor);

        AddExamples(root, new Dictionary<Command, string>
        {
            [root] = RunExamples + "\n" + ExitCodesHelp,
            [run] = RunExamples + "\n" + ExitCodesHelp,
            [check] = CheckExamples,
            [book] = BookExamples,
            [list] = ListExamples,
            [doctor] = DoctorExamples,
        });
        return root;
    }

    private static void AddExamples(RootCommand root, Dictionary<Command, string> examples)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, examples);
    }

    private const string RunExamples =
        """
        Examples (dotnet run --project src/NotebookRunner -- …):
          run                                   all lessons, quick profile
          run 05                                the lesson whose name begins with 05
          run notebooks/05-baseline-training.ipynb --profile full --in-place
          run 05 -p epochs=3 --timeout 600 --memory 4000
          run my-notebooks --output /tmp/executed --no-book
          run --fail-fast --trx results/notebooks.trx
        """ + "\n";

    private const string DoctorExamples =
        """
        Examples (dotnet run --project src/NotebookRunner -- …):
          doctor                                what works here, and what to do
          doctor --fix                          also moves VS Code's misplaced tool manifest

        Exit codes:
          0  nothing is in the way of the lessons
          1  bad usage
          2  something is to be done; every line says what
        """ + "\n";

    private const string CheckExamples =
        """
        Examples (dotnet run --project src/NotebookRunner -- …):
          check                                 all lessons, as they are to be committed
          check 04 my-notebooks

        Exit codes:
          0  all of them may be committed
          1  bad usage, or a file that is no notebook
          2  something is wrong with at least one; every finding is listed
        """ + "\n";

    private const string BookExamples =
        """
        Examples (dotnet run --project src/NotebookRunner -- …):
          book                                  from the executed copies; from a lesson's own outputs where there is none
          book --committed                      from the outputs that are committed with the lessons
          book 01 02 --output /tmp/book

        Exit codes:
          0  the book is made
          1  bad usage, or a file that is no notebook
        """ + "\n";

    private const string ListExamples =
        """
        Example:
          dotnet run --project src/NotebookRunner -- list

        Exit codes:
          0  the lessons are listed
          1  bad usage
        """ + "\n";

    private const string ExitCodesHelp =
        """
        Exit codes:
          0  every cell succeeded
          1  bad usage, or a notebook that cannot be read
          2  a cell failed, what came of it cannot be written, or the run was interrupted
        """ + "\n";

    private sealed class HelpWithExamples(HelpAction help, Dictionary<Command, string> examples) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var exitCode = help.Invoke(parseResult);
            if (examples.TryGetValue(parseResult.CommandResult.Command, out var text))
                parseResult.InvocationConfiguration.Output.WriteLine(text);
            return exitCode;
        }
    }
}
