using AngleSharp.Html.Parser;

namespace NotebookHelpers.Tests;

/// <summary>What the tests of all views share: a title that attacks every context it can land in.</summary>
internal static class Hostile
{
    internal const string Text = "\"><script>alert(1)</script><img src=x onerror=alert(2)> ' & </title>]]>--> \u0001";

    /// <summary>Parses a fragment and asserts that nothing in it runs but what the view itself wrote.</summary>
    internal static AngleSharp.Dom.IDocument Parse(string html)
    {
        var document = new HtmlParser().ParseDocument($"<!doctype html><body>{html}</body>");
        foreach (var element in document.Body!.QuerySelectorAll("*"))
            Assert.DoesNotContain(element.Attributes, attribute => attribute.Name.StartsWith("on", StringComparison.Ordinal));
        Assert.All(document.QuerySelectorAll("img"), image => Assert.StartsWith("data:", image.GetAttribute("src")));
        Assert.DoesNotContain(
            document.QuerySelectorAll("script"), script => script.TextContent.StartsWith("alert", StringComparison.Ordinal));
        return document;
    }
}
