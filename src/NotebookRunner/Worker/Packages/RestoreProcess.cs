using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace NotebookRunner.Worker.Packages;

/// <summary>One <c>dotnet restore</c>.</summary>
/// <param name="notebookFolder">The notebook's folder: its global.json says which SDK.</param>
/// <param name="packages">What is asked for, for messages.</param>
internal sealed partial class RestoreProcess(string notebookFolder, IReadOnlyList<PackageRequest> packages)
{
    /// <summary>Restores a project.</summary>
    /// <exception cref="CellException">It cannot be restored; the message says why.</exception>
    internal async Task RunAsync(string project, CancellationToken cancellation)
    {
        using var process = Process.Start(Command(project))!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var error = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            if (process.ExitCode != 0)
                throw Failure(await output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private ProcessStartInfo Command(string project)
    {
        var start = new ProcessStartInfo(DotnetHost.Path)
        {
            ArgumentList = { "restore", project, "--nologo", "--verbosity", "quiet", "-nodeReuse:false", "-tl:off" },
            WorkingDirectory = notebookFolder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        Prepare(start.Environment);
        return start;
    }

    /// <summary>Makes the worker's environment the restore's.</summary>
    internal static void Prepare(IDictionary<string, string?> environment)
    {
        // An outer build (dotnet run, dotnet test) leaves its own settings behind.
        foreach (var name in environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            environment.Remove(name);
        environment.Remove("DOTNET_GCHeapHardLimit"); // --memory limits the cells
        environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        environment["DOTNET_NOLOGO"] = "1";
    }

    private CellException Failure(string output)
    {
        var errors = output.Split('\n').Select(line => RestoreError().Match(line)).Where(match => match.Success)
            .Select(match => match.Groups["error"].Value.Trim()).Distinct().ToList();
        if (errors.Count == 0)
            errors.AddRange(output.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).TakeLast(5));
        var names = string.Join(" and ",
            packages.Select(package => $"{package.Id}{(package.Version is null ? "" : $", {package.Version}")}"));
        var offline = errors.Any(error => error.Contains("NU1301", StringComparison.Ordinal))
            ? "\nA package that is not in the package folder yet has to be fetched once, with a network."
            : "";
        var named = packages.FirstOrDefault(package => errors.Any(error => error.Contains(package.Id, StringComparison.OrdinalIgnoreCase)));
        return new($"{names} cannot be restored:\n{string.Join('\n', errors)}{offline}", (named ?? packages[0]).Line);
    }

    [GeneratedRegex(@"(?<error>error (NU|MSB|NETSDK)\d+: .+?)(\s*\[[^\]]*\.csproj\])?\s*$")]
    private static partial Regex RestoreError();
}
