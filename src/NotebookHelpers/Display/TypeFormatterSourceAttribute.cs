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
