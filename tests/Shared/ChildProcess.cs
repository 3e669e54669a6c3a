using System.Diagnostics;
using System.Text;

namespace ConvNetWorkbook.Tests;

/// <summary>A program that a test starts, with a limit: one that takes longer is ended with all that it started.</summary>
internal static class ChildProcess
{
    /// <summary>Runs it to its end.</summary>
    /// <exception cref="TimeoutException">It took longer than its limit; the message holds what it said until then.</exception>
    internal static async Task<Ended> RunAsync(ProcessStartInfo start, TimeSpan limit)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (new StringBuilder(), new StringBuilder());
        var reading = Task.WhenAll(ReadAsync(process.StandardOutput, output), ReadAsync(process.StandardError, error));
        try
        {
            await Task.WhenAll(process.WaitForExitAsync(), reading).WaitAsync(limit);
            return new(process.ExitCode, TextOf(output), TextOf(error));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(
                $"{start.FileName} {string.Join(' ', start.ArgumentList)} did not end within {limit}. "
                + $"Until then it said:\n{TextOf(output)}\n{TextOf(error)}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static async Task ReadAsync(StreamReader reader, StringBuilder text)
    {
        var buffer = new char[4096];
        while (await reader.ReadAsync(buffer) is var read and > 0)
            lock (text)
                text.Append(buffer, 0, read);
    }

    private static string TextOf(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }

    /// <summary>How a program ended, and what it said.</summary>
    internal sealed record Ended(int ExitCode, string Output, string Error);
}
