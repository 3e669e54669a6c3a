using System.CommandLine;
using NotebookRunner.Host;

namespace NotebookRunner.Commands;

/// <summary>Looks at the machine and says line by line what works and what to do.</summary>
internal static class DoctorCommand
{
    internal static void AddTo(Command command)
    {
        var fix = new Option<bool>("--fix")
        {
            Description = "Also do what can be done here, after saying so: move VS Code's misplaced tool manifest.",
        };
        command.Add(fix);
        command.SetAction(options =>
        {
            var machine = DoctorMachine.This(Repository.Find(Environment.CurrentDirectory).Root);
            return Invoke(machine, options.GetValue(fix), options.InvocationConfiguration.Output);
        });
    }

    internal static int Invoke(DoctorMachine machine, bool fix, TextWriter output)
    {
        var left = 0;
        foreach (var finding in DoctorChecks.All(machine))
        {
            output.WriteLine(finding);
            if (finding.IsWrong && !(fix && finding.Fix is { } cure && Try(cure, output)))
                left++;
        }
        output.WriteLine(left == 0 ? "Nothing is in the way of the lessons." : $"{left} thing{(left == 1 ? "" : "s")} to do.");
        return left == 0 ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static bool Try(Action cure, TextWriter output)
    {
        try
        {
            cure();
            output.WriteLine("fixed  It was moved. Restart VS Code.");
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            output.WriteLine($"to do  It could not be moved: {exception.Message}");
            return false;
        }
    }
}
