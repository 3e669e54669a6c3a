namespace NotebookHelpers;

/// <summary>
/// Says which class formats a type. .NET Interactive looks for an attribute of this name, whatever its namespace,
/// so that a library can format its own types without a reference to any kernel package.
/// </summary>
/// <param name="formatterSourceType">A class with a public parameterless constructor and a method CreateTypeFormatters.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface)]
public sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    /// <summary>The class that makes the formatters.</summary>
    public Type FormatterSourceType { get; } = formatterSourceType;

    /// <summary>The MIME types of one output's bundle, in order of preference.</summary>
    public string[] PreferredMimeTypes { get; set; } = [];
}

/// <summary>Makes the formatters of every <see cref="View"/>, one for each MIME type of its bundle.</summary>
public sealed class ViewFormatterSource
{
    /// <summary>Called by the kernel, once for each concrete view type.</summary>
    public IEnumerable<object> CreateTypeFormatters() =>
    [
        new ViewFormatter(Mime.Html, view => view.ToHtml()),
        new ViewFormatter(Mime.Text, view => view.ToText()),
    ];
}

/// <summary>Formats a view as one MIME type; the kernel reads these members by name.</summary>
/// <param name="mimeType">The MIME type that <paramref name="format"/> writes.</param>
/// <param name="format">Makes the text of a view in that type.</param>
public sealed class ViewFormatter(string mimeType, Func<View, string> format)
{
    /// <summary>The MIME type that this formatter writes.</summary>
    public string MimeType { get; } = mimeType;

    /// <summary>Writes <paramref name="instance"/> if it is a view; says whether it was.</summary>
    public bool Format(object instance, TextWriter writer)
    {
        if (instance is not View view)
            return false;
        writer.Write(format(view));
        return true;
    }
}
