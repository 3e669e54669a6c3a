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
