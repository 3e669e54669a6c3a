namespace NotebookHelpers;

/// <summary>Formats a view as one MIME type; the kernel reads these members by name.</summary>
/// <param name="mimeType">The MIME type that <paramref name="format"/> writes.</param>
/// <param name="format">Makes the text of a view in that type; null for a view that has none.</param>
public sealed class ViewFormatter(string mimeType, Func<View, string?> format)
{
    /// <summary>The MIME type that this formatter writes.</summary>
    public string MimeType { get; } = mimeType;

    /// <summary>Writes <paramref name="instance"/> if it is a view that has this MIME type; says whether it was.</summary>
    public bool Format(object instance, TextWriter writer)
    {
        if (instance is not View view || format(view) is not { } text)
            return false;
        writer.Write(text);
        return true;
    }
}
