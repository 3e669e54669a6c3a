namespace ConvNetWorkbook.Shared;

/// <summary>How a lesson's figure travels from the library to the runner's summary.</summary>
internal static class HeadlineContract
{
    /// <summary>The MIME type of a JSON object with a name and a value, or of an array of such.</summary>
    internal const string MimeType = "application/vnd.convnet-workbook.headline+json";
}
