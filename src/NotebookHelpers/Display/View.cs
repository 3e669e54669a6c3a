namespace NotebookHelpers;

/// <summary>
/// Something a cell shows: a value that holds its data and formats itself as HTML, as a picture and as plain text.
/// A view never prints, and needs no kernel assembly: notebooks find its formatters by convention.
/// </summary>
[TypeFormatterSource(typeof(ViewFormatterSource), PreferredMimeTypes = [Mime.Html, Mime.Text])]
public abstract class View
{
    /// <summary>The view as a fragment of HTML that needs no network and, to be read, no script.</summary>
    public abstract string ToHtml();

    /// <summary>The view as plain text, for terminals, logs and screen readers.</summary>
    public abstract string ToText();

    /// <inheritdoc />
    public sealed override string ToString() => ToText();
}

internal static class Mime
{
    internal const string Html = "text/html";
    internal const string Text = "text/plain";
    internal const string Svg = "image/svg+xml";
    internal const string Png = "image/png";
}
