using System.Text.Json;
using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookHelpers.Tests.Display;

public sealed class ViewTests
{
    private static readonly DigitTile Tile = new(new byte[28 * 28], 28, 28, "7");

    public static TheoryData<string, View, string[]> Views => new()
    {
        { "figure", Figure.Curves("t", "x", "y", Series.Of("a", [1, 2])), ["text/html", "image/svg+xml", "text/plain"] },
        { "grid", new DigitGrid([Tile]), ["text/html", "image/png", "text/plain"] },
        { "table", new SummaryTable("t", ["a"], [[1]]), ["text/html", "text/plain"] },
        {
            "convolution", new ConvolutionView(Convolution.CrossCorrelate(new double[3, 3], Kernels.Blur)),
            ["text/html", "image/svg+xml", "text/plain"]
        },
        { "headline", new Headline("a", "1"), ["text/html", "application/vnd.convnet-workbook.headline+json", "text/plain"] },
    };

    /// <summary>As the kernel does it: an entry for each MIME type that the view's class prefers, or for those given.</summary>
    private static List<(string MimeType, string Value)> Bundle(object value, params string[] mimeTypes)
    {
        var types = mimeTypes.Length > 0 ? mimeTypes : [.. Formatter.GetPreferredMimeTypesFor(value.GetType())];
        return [.. types.Select(type => (type, value.ToDisplayString(type)))];
    }

    [Theory]
    [MemberData(nameof(Views), DisableDiscoveryEnumeration = true)]
    public void TheKernelsFormattingFindsOneBundleByConvention(string name, View view, string[] expected)
    {
        var bundle = Bundle(view);
        Assert.Equal(expected, bundle.Select(entry => entry.MimeType));
        Assert.All(bundle, entry => Assert.NotEmpty(entry.Value));
        Assert.True(bundle.Single(entry => entry.MimeType == "text/html").Value == view.ToHtml(), name);
        Assert.Equal(view.ToText(), bundle.Single(entry => entry.MimeType == "text/plain").Value);
    }

    [Fact]
    public void APngGoesOutAsBase64()
    {
        var grid = new DigitGrid([Tile]);
        var entry = Bundle(grid).Single(entry => entry.MimeType == "image/png");
        Assert.Equal(grid.ToPng(), Convert.FromBase64String(entry.Value));
    }

    [Fact]
    public void UpdatingAnOutputToAnotherKindOfViewWorks()
    {
        // display(figure).Update(table) formats the table as the figure's MIME types.
        var bundle = Bundle(new SummaryTable("t", ["a"], [[1]]), "text/html", "image/svg+xml", "image/png", "text/plain");
        Assert.Equal("", bundle[1].Value);
        Assert.Contains("<table", bundle[0].Value);
    }

    [Fact]
    public void AHeadlineTellsTheRunnerItsNameAndValue()
    {
        var headline = new Headline("Test accuracy \"α\"", "99.1 %");
        var json = Bundle(headline).Single(entry => entry.MimeType.EndsWith("+json", StringComparison.Ordinal)).Value;
        using var document = JsonDocument.Parse(json);
        Assert.Equal("Test accuracy \"α\"", document.RootElement.GetProperty("name").GetString());
        Assert.Equal("99.1 %", document.RootElement.GetProperty("value").GetString());
        Assert.Equal("Test accuracy \"α\": 99.1 %", headline.ToText());
        Assert.Contains(Hostile.Text.TrimEnd('\u0001'), Hostile.Parse(new Headline(Hostile.Text, Hostile.Text).ToHtml()).Body!.TextContent);
    }

    [Fact]
    public void ATableAlignsNumbersRightAndEscapesText()
    {
        var table = new SummaryTable(Hostile.Text, ["Model", "Accuracy", "Errors"], [[Hostile.Text, 0.99071, 93], ["b", 0.995f, null]]);
        var document = Hostile.Parse(table.ToHtml());
        Assert.Equal(["left", "right", "right"], document.QuerySelectorAll("th").Select(cell => cell.GetAttribute("align")));
        Assert.Equal(["0.9907", "93", "0.995", ""], document.QuerySelectorAll("td[align=right]").Select(cell => cell.TextContent));
        Assert.Equal(Hostile.Text.Replace('\u0001', '\uFFFD'), document.QuerySelector("p")!.TextContent);
        Assert.Equal(Hostile.Text.Replace('\u0001', '\uFFFD'), document.QuerySelector("td")!.TextContent);
    }

    [Fact]
    public void NumbersHaveRealMinusSignsStandRightBesideBlanksAndAreNotBroken()
    {
        var table = new SummaryTable(
            "t", ["run", "change", "loss"], [["first-rate", "", -2.5], ["b", "-1.10 ± 0.20", 5.53e-5], ["c", "+0.30", -1.5e18]]);
        var cells = Hostile.Parse(table.ToHtml()).QuerySelectorAll("td");

        Assert.Equal(
            ["first-rate", "", "−2.5", "b", "−1.10 ± 0.20", "5.53·10⁻⁵", "c", "+0.30", "−1.5·10¹⁸"],
            cells.Select(cell => cell.TextContent));
        Assert.All(cells, cell => Assert.Contains("white-space:nowrap", cell.GetAttribute("style")));
        Assert.Equal(["left", "right", "right"], cells.Take(3).Select(cell => cell.GetAttribute("align")));
        var question = new SummaryTable("t", ["question"], [["a text that is broken on a phone"]]);
        var wrapped = Hostile.Parse(question.ToHtml()).QuerySelector("td")!;
        Assert.DoesNotContain("nowrap", wrapped.GetAttribute("style"));
    }

    [Fact]
    public void ATableReadsAsTextToo() => Assert.Equal(
        """
        Results
        Model  Errors
        -----  ------
        LeNet   1,234
        other      93
        """.ReplaceLineEndings("\n"),
        new SummaryTable("Results", ["Model", "Errors"], [["LeNet", 1234], ["other", 93]]).ToText());

    [Fact]
    public void ARowOfAnotherLengthIsRefused() => Assert.Contains("Row 1 of 't' has 1 cells, but there are 2 headers",
        Assert.Throws<ArgumentException>(() => new SummaryTable("t", ["a", "b"], [[1, 2], [1]])).Message);

    [Fact]
    public void ThePublishedFiguresAreTheArticles()
    {
        Assert.Equal(30, Published.AugmentedValidationAccuracy.Count);
        Assert.Equal(0.9950, Published.AugmentedValidationAccuracy.Max());
        Assert.Equal(0.9950, Published.AugmentedValidationAccuracy[^1]);
        Assert.True(Published.AugmentedValidationAccuracy[0] < 0.99 && Published.AugmentedValidationAccuracy[1] > 0.99);
        // the gain that the article calls "0.05 %": 93 mistakes in 10,000 become 50
        Assert.Equal(93, Math.Round((1 - Published.BaselineBest) * 10_000));
        Assert.Equal(50, Math.Round((1 - Published.AugmentedValidationAccuracy[^1]) * 10_000));
    }
}
