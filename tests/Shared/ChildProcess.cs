using System.Diagnostics;

namespace ConvNetWorkbook.Tests;

/// <summary>A program that a test starts, with a limit: one that takes longer is ended with all that it started.</summary>
internal static class ChildProcess
{
    /// <summary>Runs it to its end.</summary>
    /// <exception cref="TimeoutException">It took longer than its limit.</exception>
    internal static async Task<Ended> RunAsync(ProcessStartInfo start, TimeSpan limit)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await Task.WhenAll(process.WaitForExitAsync(), output, error).WaitAsync(limit);
            return new(process.ExitCode, await output, await error);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{start.FileName} {string.Join(' ', start.ArgumentList)} did not end within {limit}.");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>How a program ended, and what it said.</summary>
    internal sealed record Ended(int ExitCode, string Output, string Error);
}
