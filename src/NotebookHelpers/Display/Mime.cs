namespace NotebookHelpers;

internal static class Mime
{
    internal const string Html = "text/html";
    internal const string Text = "text/plain";
    internal const string Svg = "image/svg+xml";
    internal const string Png = "image/png";
    internal const string Headline = HeadlineContract.MimeType;
}
