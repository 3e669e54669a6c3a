using System.Diagnostics;

namespace NotebookRunner.Commands;

/// <summary>Where the doctor looks: real folders, or a test's own.</summary>
/// <param name="Root">The repository.</param>
/// <param name="Home">The user's folder.</param>
/// <param name="Roaming">
/// Where programs keep the user's settings: <c>~/.config</c>, <c>%APPDATA%</c>, <c>~/Library/Application Support</c>.
/// </param>
/// <param name="Variable">An environment variable's value.</param>
/// <param name="SdkVersion">What <c>dotnet --version</c> says in the repository; null when it fails.</param>
internal sealed record DoctorMachine(string Root, string Home, string Roaming, Func<string, string?> Variable, Func<string?> SdkVersion)
{
    internal static DoctorMachine This(string root)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var roaming = OperatingSystem.IsMacOS()
            ? Path.Combine(home, "Library", "Application Support")
            : Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return new(root, home, roaming, Environment.GetEnvironmentVariable, () => AskForSdk(root));
    }

    /// <summary>The folders of VS Code and its kin that hold what extensions keep for all workspaces.</summary>
    internal IEnumerable<string> GlobalStorages() =>
    [
        .. new[] { "Code", "Code - Insiders", "VSCodium" }.Select(editor => Path.Combine(Roaming, editor, "User", "globalStorage")),
        .. new[] { ".vscode-server", ".vscode-server-insiders" }
            .Select(server => Path.Combine(Home, server, "data", "User", "globalStorage")),
        Path.Combine(Home, ".local", "share", "code-server", "User", "globalStorage"),
    ];

    /// <summary>The folders that their extensions are installed in.</summary>
    internal IEnumerable<string> ExtensionFolders() =>
    [
        .. new[] { ".vscode", ".vscode-insiders", ".vscode-oss", ".vscode-server", ".vscode-server-insiders" }
            .Select(editor => Path.Combine(Home, editor, "extensions")),
        Path.Combine(Home, ".local", "share", "code-server", "extensions"),
    ];

    /// <summary>The folders that Jupyter looks for kernels in.</summary>
    internal IEnumerable<string> KernelFolders() =>
        (Variable("JUPYTER_PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Concat([
            Variable("JUPYTER_DATA_DIR") is { Length: > 0 } own ? own : Path.Combine(Home, ".local", "share", "jupyter"),
            Path.Combine(Home, "Library", "Jupyter"), Path.Combine(Roaming, "jupyter"),
        ])
        .Select(folder => Path.Combine(folder, "kernels"));

    private static string? AskForSdk(string root)
    {
        try
        {
            using var dotnet = Process.Start(new ProcessStartInfo("dotnet", ["--version"])
            {
                WorkingDirectory = root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            dotnet.ErrorDataReceived += (_, _) => { };
            dotnet.BeginErrorReadLine();
            var version = dotnet.StandardOutput.ReadToEndAsync();
            if (!dotnet.WaitForExit(TimeSpan.FromSeconds(60)))
                dotnet.Kill(entireProcessTree: true);
            return dotnet.HasExited && dotnet.ExitCode == 0 ? version.Result.Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
