namespace NotebookHelpers;

/// <summary>
/// Something a cell shows: a value that holds its data and formats itself as HTML and as plain text, and as a picture
/// if it derives from <see cref="SvgView"/> or <see cref="PngView"/>. A view never prints, and needs no kernel
/// assembly: notebooks find its formatters by convention.
/// </summary>
[TypeFormatterSource(typeof(ViewFormatterSource), PreferredMimeTypes = [Mime.Html, Mime.Text])]
public abstract class View
{
    /// <summary>The view as a fragment of HTML that needs no network and, to be read, no script.</summary>
    public abstract string ToHtml();

    /// <summary>The view as plain text, for terminals, logs and screen readers.</summary>
    public abstract string ToText();

    /// <summary>The figure that the runner's summary shows for this view; most have none.</summary>
    internal virtual Headline? InSummary => null;

    /// <inheritdoc />
    public sealed override string ToString() => ToText();
}
