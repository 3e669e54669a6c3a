namespace NotebookHelpers;

/// <summary>
/// Makes the formatters of every <see cref="View"/>, one for each MIME type that any view can have. Which of them a
/// bundle holds is said by the attribute's PreferredMimeTypes: the kernel writes an entry for each, an empty one for
/// a formatter that declines, and fails on a type that is listed without a formatter. So a view's class lists only
/// what its objects really have. The others are there for <c>display(view).Update(other)</c>, which keeps the MIME
/// types of what was shown first.
/// </summary>
public sealed class ViewFormatterSource
{
    /// <summary>Called by the kernel, once for each concrete view type.</summary>
    public IEnumerable<object> CreateTypeFormatters() =>
    [
        new ViewFormatter(Mime.Html, view => view.ToHtml()),
        new ViewFormatter(Mime.Svg, view => (view as SvgView)?.ToSvg()),
        new ViewFormatter(Mime.Png, view => view is PngView picture ? Convert.ToBase64String(picture.ToPng()) : null),
        new ViewFormatter(Mime.Headline, view => view.InSummary?.ToJson()),
        new ViewFormatter(Mime.Text, view => view.ToText()),
    ];
}
