namespace NotebookHelpers;

/// <summary>A view with a bitmap: its bundle also holds image/png.</summary>
[TypeFormatterSource(typeof(ViewFormatterSource), PreferredMimeTypes = [Mime.Html, Mime.Png, Mime.Text])]
public abstract class PngView : View
{
    /// <summary>The view as the bytes of a PNG file.</summary>
    public abstract byte[] ToPng();
}
