using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Hosts.Tests;

/// <summary>nbconvert, which makes nbviewer's pages, colors a lesson's code by the lexer that its metadata names.</summary>
public sealed partial class ColoringTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coloring");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_lessons_code_is_colored_as_CSharp_although_the_language_has_the_editors_name()
    {
        await NeedNbconvertAsync();
        var lesson = JsonNode.Parse(File.ReadAllText(Directory.GetFiles(Path.Combine(Tools.Root, "notebooks"), "02-*.ipynb").Single()))!;
        lesson["cells"]!.AsArray().RemoveAll(cell => (string?)cell!["cell_type"] != "code");   // prose names its own languages
        foreach (var cell in lesson["cells"]!.AsArray())
            cell!["outputs"]!.AsArray().Clear();
        Assert.Equal("polyglot-notebook", (string?)lesson["metadata"]!["language_info"]!["name"]);

        Assert.True(await ColoredAsync("as-it-is", lesson) > 500);

        lesson["metadata"]!["language_info"]!.AsObject().Remove("pygments_lexer");
        Assert.Equal(0, await ColoredAsync("without-the-lexer", lesson));
    }

    /// <summary>How many pieces of code have a color.</summary>
    private async Task<int> ColoredAsync(string name, JsonNode notebook)
    {
        var file = Path.Combine(_folder.FullName, name);
        await File.WriteAllTextAsync(file + ".ipynb", notebook.ToJsonString());
        var ended = await NbconvertAsync("--to", "html", file + ".ipynb");
        Assert.True(ended.ExitCode == 0, ended.Error);
        return Keyword().Count(await File.ReadAllTextAsync(file + ".html"));
    }

    private async Task NeedNbconvertAsync()
    {
        try
        {
            var version = await NbconvertAsync("--version");
            Assert.SkipUnless(version.ExitCode == 0, $"nbconvert does not run here: {version.Error.Trim()}");
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            Assert.Skip($"There is no Jupyter here: {missing.Message}");
        }
    }

    private Task<ChildProcess.Ended> NbconvertAsync(params string[] arguments)
    {
        var start = new System.Diagnostics.ProcessStartInfo("jupyter", ["nbconvert", .. arguments])
        {
            WorkingDirectory = _folder.FullName,
        };
        return ChildProcess.RunAsync(start, TimeSpan.FromMinutes(5));
    }

    // Pygments' classes: keywords, names, strings, numbers; plain text has none of them.
    [GeneratedRegex("<span class=\"(k|kt|kd|n|nf|nc|s|m|mi|c1)\">")]
    private static partial Regex Keyword();
}
