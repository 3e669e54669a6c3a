using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(NotebookHelpers.Tests.Display.Chromium))]

namespace NotebookHelpers.Tests.Display;

/// <summary>The system's own Chromium; without one the tests that ask for it are skipped and say so.</summary>
public sealed class Chromium : IAsyncDisposable
{
    /// <summary>How long anything may take, in milliseconds: more than a page needs on a machine that does much else.</summary>
    private const int Limit = 180_000;

    private readonly Lazy<Task<IBrowser?>> _browser;
    private IPlaywright? _playwright;

    public Chromium() => _browser = new(LaunchAsync);

    /// <summary>Opens a page of HTML with a light or a dark surrounding; what its scripts complain about goes into the list.</summary>
    internal async Task<IPage> OpenAsync(string html, bool dark = false, int width = 1000, string body = "", List<string>? troubles = null)
    {
        var browser = await _browser.Value;
        Assert.SkipWhen(browser is null, InstalledBrowser.Missing);
        var context = await browser!.NewContextAsync(new()
        {
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new() { Width = width, Height = 900 },
            Offline = true,
        });
        context.SetDefaultTimeout(Limit);
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => troubles?.Add(error);
        await page.SetContentAsync($"<!doctype html><html style=\"color-scheme:light dark\"><body {body}>{html}</body></html>");
        return page;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_browser.IsValueCreated && await _browser.Value is { } browser)
            await browser.DisposeAsync();
        _playwright?.Dispose();
    }

    private async Task<IBrowser?> LaunchAsync()
    {
        if (InstalledBrowser.Find() is not { } executable)
            return null;
        _playwright = await Playwright.CreateAsync();
        return await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = executable,
            Timeout = Limit,
            Args = InstalledBrowser.Arguments,
        });
    }
}
