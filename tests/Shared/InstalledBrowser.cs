namespace ConvNetWorkbook.Tests;

/// <summary>The machine's own Chromium, Chrome or Edge, as tests start it.</summary>
internal static class InstalledBrowser
{
    /// <summary>Why a test is skipped where there is none.</summary>
    internal const string Missing =
        "No Chromium, Chrome or Edge was found on this machine (looked for in CHROME_PATH, on the PATH and where installers put them).";

    /// <summary>What each is started with: its sandbox cannot be had by root or in most containers, and the pages are ours.</summary>
    internal static readonly string[] Arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"];

    /// <summary>The program: what CHROME_PATH names, else one on the PATH, else one where the systems' installers put it.</summary>
    internal static string? Find() =>
        Places().Prepend(Environment.GetEnvironmentVariable("CHROME_PATH") ?? "").FirstOrDefault(File.Exists);

    private static IEnumerable<string> Places()
    {
        string[] names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string[] programs =
        [
            Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles),
            Environment.GetFolderPath(Environment.SpecialFolder.ProgramFilesX86),
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData),
        ];
        return
        [
            .. names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))),
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            "/Applications/Chromium.app/Contents/MacOS/Chromium",
            "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
            .. programs.Select(folder => Path.Combine(folder, "Google", "Chrome", "Application", "chrome.exe")),
            .. programs.Select(folder => Path.Combine(folder, "Microsoft", "Edge", "Application", "msedge.exe")),
        ];
    }
}
