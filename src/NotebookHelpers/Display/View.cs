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

/// <summary>A view with a drawing: its bundle also holds image/svg+xml.</summary>
[TypeFormatterSource(typeof(ViewFormatterSource), PreferredMimeTypes = [Mime.Html, Mime.Svg, Mime.Text])]
public abstract class SvgView : View
{
    /// <summary>The view as an SVG document that needs neither scripts nor fonts of its own.</summary>
    public abstract string ToSvg();
}

/// <summary>A view with a bitmap: its bundle also holds image/png.</summary>
[TypeFormatterSource(typeof(ViewFormatterSource), PreferredMimeTypes = [Mime.Html, Mime.Png, Mime.Text])]
public abstract class PngView : View
{
    /// <summary>The view as the bytes of a PNG file.</summary>
    public abstract byte[] ToPng();
}

internal static class Mime
{
    internal const string Html = "text/html";
    internal const string Text = "text/plain";
    internal const string Svg = "image/svg+xml";
    internal const string Png = "image/png";
    internal const string Headline = HeadlineContract.MimeType;
}
