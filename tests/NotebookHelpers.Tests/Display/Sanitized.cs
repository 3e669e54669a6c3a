using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace NotebookHelpers.Tests.Display;

/// <summary>
/// What strangers' pages leave of an output. GitHub's list of elements and attributes is the one it published (html-pipeline's
/// SanitizationFilter); data URLs of images stay, as its notebook pages keep them. What is not listed goes and its content
/// stays, but for scripts and styles. Jupyter, before a notebook is trusted, keeps more, among it figures and classes.
/// </summary>
internal static class Sanitized
{
    private const string GitHubElements =
        "h1 h2 h3 h4 h5 h6 h7 h8 br b i strong em a pre code img tt div ins del sup sub p ol ul table thead tbody tfoot blockquote " +
        "dl dt dd kbd q samp var hr ruby rt rp li tr td th s strike summary details";

    private const string GitHubAttributes =
        "abbr accept accept-charset accesskey action align alt axis border cellpadding cellspacing char charoff charset checked " +
        "clear cols colspan color compact coords datetime dir disabled enctype for frame headers height hreflang hspace ismap label " +
        "lang maxlength media method multiple name nohref noshade nowrap open prompt readonly rel rev rows rowspan rules scope " +
        "selected shape size span start summary tabindex target title type usemap valign value vspace width itemprop href src";

    internal static string ByGitHub(string html, bool withContentOfStyles = false) =>
        Clean(html, GitHubElements, GitHubAttributes, withContentOfStyles);

    internal static string ByJupyter(string html) =>
        Clean(html, GitHubElements + " figure figcaption picture caption span button progress", GitHubAttributes + " class role", false);

    private static string Clean(string html, string elements, string attributes, bool withContentOfStyles)
    {
        var (kept, known) = (elements.Split(' ').ToHashSet(), attributes.Split(' ').ToHashSet());
        var body = new HtmlParser().ParseDocument($"<!doctype html><body>{html}</body>").Body!;
        foreach (var element in body.QuerySelectorAll("*").Reverse().ToList())
        {
            if (element.LocalName == "script" || element.LocalName == "style" && !withContentOfStyles)
                element.Remove();
            else if (!kept.Contains(element.LocalName))
                element.Replace([.. element.ChildNodes]);
            else
                foreach (var attribute in element.Attributes.Where(attribute => !known.Contains(attribute.Name)).ToList())
                    element.RemoveAttribute(attribute.Name);
        }
        foreach (var comment in body.Descendants().OfType<IComment>().ToList())
            comment.Remove();
        return body.InnerHtml;
    }
}
