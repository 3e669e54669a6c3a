namespace Experiments;

/// <summary>Runs a command so that what goes wrong is a sentence on standard error and exit code 2, never a trace.</summary>
internal static class Guarded
{
    internal static int Run(Func<int> command)
    {
        try
        {
            return command();
        }
        catch (Exception exception) when (
            exception is ArgumentException or IOException or InvalidDataException or UnauthorizedAccessException
                or ArithmeticException or InvalidOperationException or DllNotFoundException or OperationCanceledException)
        {
            Console.Error.WriteLine(exception.Message);
            return 2;
        }
    }
}
