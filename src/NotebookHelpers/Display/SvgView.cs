namespace NotebookHelpers;

/// <summary>A view with a drawing: its bundle also holds image/svg+xml.</summary>
[TypeFormatterSource(typeof(ViewFormatterSource), PreferredMimeTypes = [Mime.Html, Mime.Svg, Mime.Text])]
public abstract class SvgView : View
{
    /// <summary>The view as an SVG document that needs neither scripts nor fonts of its own.</summary>
    public abstract string ToSvg();
}
