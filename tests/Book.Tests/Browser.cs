using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Book.Tests.Browser))]

namespace Book.Tests;

/// <summary>
/// The book, made of the outputs that are committed with the lessons, and the system's own Chromium to read it with.
/// Without a browser the tests are skipped and say so.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    /// <summary>How long anything may take, in milliseconds: more than a page needs on a machine that does much else.</summary>
    private const float Patience = 600_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal static string Root { get; } = FindRoot();

    internal static string Folder { get; } = Path.Combine(Root, "artifacts", "tests", "book");

    internal static string Screenshots { get; } = Path.Combine(Root, "artifacts", "screenshots");

    internal static IEnumerable<string> Lessons =>
        Directory.EnumerateFiles(Path.Combine(Root, "notebooks"), "*.ipynb")
            .Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)!;

    internal static IEnumerable<string> Pages => Lessons.Prepend("index").Append("playground").Select(name => name + ".html");

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
        await MakeBookAsync(Folder);

        if (InstalledBrowser.Find() is not { } executable)
            return;
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = executable,
            Timeout = Patience,
            Args = InstalledBrowser.Arguments,
        });
    }

    /// <summary>
    /// A page of the book, opened as a file, with everything that went wrong while it loaded. Where the clock is stopped, its timers
    /// wait until the test lets time pass.
    /// </summary>
    internal async Task<OpenPage> OpenAsync(
        string name, ColorScheme colors = ColorScheme.Light, int width = 1200, bool script = true, bool bypassPolicy = false,
        bool stopClock = false)
    {
        if (_browser is null)
            Assert.Skip(InstalledBrowser.Missing);
        var context = await _browser.NewContextAsync(new()
        {
            ColorScheme = colors,
            ViewportSize = new() { Width = width, Height = 900 },
            JavaScriptEnabled = script,
            BypassCSP = bypassPolicy,
            ReducedMotion = ReducedMotion.NoPreference,
        });
        context.SetDefaultTimeout(Patience);
        context.SetDefaultNavigationTimeout(Patience);
        var troubles = new List<string>();
        await context.RouteAsync("**/*", async route =>
        {
            if (route.Request.Url.StartsWith("file:", StringComparison.Ordinal))
            {
                await route.ContinueAsync();
                return;
            }
            troubles.Add($"asked for {route.Request.Url}");
            await route.AbortAsync();
        });
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                troubles.Add($"console: {message.Text}");
        };
        page.PageError += (_, error) => troubles.Add($"script: {error}");
        page.RequestFailed += (_, request) => troubles.Add($"not loaded: {request.Url}");
        if (stopClock)
            await page.Clock.InstallAsync();
        await page.GotoAsync(new Uri(Path.Combine(Folder, name)).AbsoluteUri);
        if (stopClock)
            await page.Clock.PauseAtAsync(DateTime.UtcNow.AddHours(1));
        return new OpenPage(context, page, troubles);
    }

    /// <summary>Has the runner make a book of all lessons, or of the notebooks given, from their own outputs.</summary>
    internal static async Task MakeBookAsync(string folder, params string[] notebooks)
    {
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "NotebookRunner.dll"), "book", .. notebooks, "--committed"];
        var book = await ChildProcess.RunAsync(
            new("dotnet", [.. arguments, "--output", folder]) { WorkingDirectory = Root }, TimeSpan.FromMinutes(10));
        if (book.ExitCode != 0)
            throw new InvalidOperationException($"The book could not be made: {book.Error}");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Workbook.slnx")))
            folder = folder.Parent
                ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} has a Workbook.slnx.");
        return folder.FullName;
    }
}

/// <summary>An open page; disposing it closes its window.</summary>
internal sealed record OpenPage(IBrowserContext Context, IPage Page, List<string> Troubles) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Context.DisposeAsync();
}
