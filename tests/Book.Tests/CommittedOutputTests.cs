using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using NotebookHelpers.Tests.Display;

namespace Book.Tests;

/// <summary>
/// Every output that is committed with the lessons, as strangers' pages leave it: GitHub, and Jupyter before a notebook is trusted.
/// The pages are left in artifacts/tests/sanitized, to be looked at.
/// </summary>
public sealed class CommittedOutputTests(Browser browser)
{
    private const int ShortestSource = 16;

    /// <summary>What a section lacks that had a figure, a table or words, and what it shows that nobody is to read.</summary>
    private const string Look =
        """
        async () => {
          const colors = image => {
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
            const context = canvas.getContext("2d"), found = new Set();
            context.drawImage(image, 0, 0);
            const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
            for (let at = 0; at < data.length && found.size < 2; at += 4) found.add(data.slice(at, at + 4).join());
            return found.size;
          };
          const wrong = [];
          for (const section of document.querySelectorAll("section")) {
            const say = what => wrong.push(section.title + ": " + what);
            const images = [...section.querySelectorAll("img")], tables = [...section.querySelectorAll("table")];
            if (images.length < Number(section.dataset.pictures)) say("a picture is missing");
            if (tables.filter(table => table.innerText.trim() || table.querySelector("img")).length < Number(section.dataset.tables))
              say("a table is missing");
            if (!images.length && !section.innerText.trim()) say("nothing is left");
            for (const image of images) {
              await image.decode().catch(() => {});
              const isShown = image.naturalWidth > 0 && image.clientWidth > 10 && image.clientHeight > 10;
              if (!(image.complete && isShown)) say("a picture is not drawn");
              else if (image.naturalWidth > 100 && colors(image) < 2) say("a picture is one plain color");
              if (!image.alt) say("a picture has no words");
            }
            if (/querySelector|addEventListener|;base64,/.test(section.innerText)) say("source is shown");
          }
          if (document.querySelector("section script, section style, section [style]")) wrong.push("a script or a style is left");
          return wrong;
        }
        """;

    public static TheoryData<string, string> Pages =>
        [.. Browser.Lessons.SelectMany(lesson => new[] { "GitHub", "Jupyter" }.Select(place => (lesson, place)))];

    [Theory, MemberData(nameof(Pages))]
    public async Task Every_figure_is_still_there_and_no_source_is_shown(string lesson, string place)
    {
        var outputs = Outputs(lesson);
        var sections = outputs.Select((html, index) => Section($"output {index}", html, place));
        var folder = Directory.CreateDirectory(Path.Combine(Browser.Root, "artifacts", "tests", "sanitized")).FullName;
        var file = Path.Combine(folder, $"{lesson}-{place}.html");
        File.WriteAllText(file, $"<!doctype html><html><meta charset=utf-8><body>{string.Concat(sections)}</body></html>");

        await using var open = await browser.OpenAsync(file);

        Assert.Empty(await open.Page.EvaluateAsync<string[]>(Look));
        Assert.Empty(open.Troubles);
        var shown = await open.Page.InnerTextAsync("body");
        Assert.All(outputs.SelectMany(Sources).Distinct(), source => Assert.DoesNotContain(source, shown));
    }

    private static string Section(string title, string html, string place)
    {
        var original = new HtmlParser().ParseDocument(html);
        // A figure is one picture at least, however many a live view draws in it.
        var pictures = original.QuerySelectorAll("figure, img")
            .Count(element => element.LocalName == "figure" || element.Closest("figure") is null);
        var tables = original.QuerySelectorAll("table").Length;
        var clean = place == "GitHub" ? Sanitized.ByGitHub(html, withContentOfStyles: true) : Sanitized.ByJupyter(html);
        return $"<section title='{title}' data-pictures='{pictures}' data-tables='{tables}'>{clean}</section>\n";
    }

    /// <summary>The lines of an output's scripts, of their data and of its style sheets, as far as they can be told from words.</summary>
    private static IEnumerable<string> Sources(string html) =>
        new HtmlParser().ParseDocument(html).QuerySelectorAll("script, style")
            .SelectMany(element => element.TextContent.Split('\n'))
            .Select(line => line.Trim())
            .Where(line => line.Length >= ShortestSource)
            .Select(line => line[..Math.Min(line.Length, 60)]);

    private static List<string> Outputs(string lesson) =>
    [
        .. JsonNode.Parse(File.ReadAllText(Path.Combine(Browser.Root, "notebooks", lesson + ".ipynb")))!["cells"]!.AsArray()
            .SelectMany(cell => cell!["outputs"]?.AsArray() ?? [])
            .Select(output => output!["data"]?["text/html"])
            .OfType<JsonNode>()
            .Select(html => html is JsonArray lines ? string.Concat(lines.Select(line => (string?)line)) : (string)html!),
    ];
}
