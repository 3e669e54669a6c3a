namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>A value as text of one MIME type. The kernel's own type of this name, as far as C# cells use it.</summary>
/// <param name="mimeType">The MIME type.</param>
/// <param name="value">The text, or base64 for a binary type.</param>
public class FormattedValue(string mimeType, string value)
{
    /// <summary>The MIME type.</summary>
    public string MimeType { get; } = string.IsNullOrWhiteSpace(mimeType)
        ? throw new ArgumentException("Value cannot be null or whitespace.", nameof(mimeType))
        : mimeType;

    /// <summary>The text, or base64 for a binary type.</summary>
    public string Value { get; } = value;

    /// <summary>Whether a front end need not show it; the kernel's property, which C# cells leave as it is.</summary>
    public bool SuppressDisplay { get; set; }

    /// <summary>Formats a value as one MIME type, its preferred one by default.</summary>
    public static FormattedValue CreateSingleFromObject(object? value, string? mimeType = null)
    {
        mimeType ??= PreferredFor(value).First();
        return new(mimeType, Format(value, mimeType));
    }

    /// <summary>Formats a value as several MIME types, its preferred ones by default.</summary>
    public static IReadOnlyList<FormattedValue> CreateManyFromObject(object? value, params string[]? mimeTypes)
    {
        if (mimeTypes is null or [])
            mimeTypes = [.. PreferredFor(value)];
        return [.. mimeTypes.Select(mimeType => new FormattedValue(mimeType, Format(value, mimeType)))];
    }

    /// <summary>The MIME type and the value's first line, short, as the kernel writes it.</summary>
    public override string ToString()
    {
        const int Longest = 50;
        var lines = (Value ?? "").Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var first = lines.FirstOrDefault("");
        return $"{MimeType}: {(first.Length > Longest ? first[..Longest] + " ..." : lines.Length > 1 ? first + " ..." : first)}";
    }

    private static IReadOnlyCollection<string> PreferredFor(object? value)
    {
        NotebookRunner.Worker.KernelFormatters.Register(); // a cell may have reset them all
        return Formatter.GetPreferredMimeTypesFor(value?.GetType());
    }

    private static string Format(object? value, string mimeType)
    {
        // A type that prefers a MIME type which no formatter writes for it sends Formatting into an endless recursion,
        // which ends the process; here it is an error of the cell.
        var type = value?.GetType() ?? typeof(object);
        if (Formatter.GetPreferredMimeTypesFor(type).Contains(mimeType)
            && !Formatter.RegisteredFormatters().Any(formatter => formatter.MimeType == mimeType && Applies(formatter.Type, type)))
            throw new ArgumentException($"No formatter is registered for MIME type {mimeType}.");
        return value.ToDisplayString(mimeType);
    }

    private static bool Applies(Type formatted, Type type) =>
        formatted.IsAssignableFrom(type)
        || (formatted.IsGenericTypeDefinition && BaseTypes(type).Concat(type.GetInterfaces())
            .Any(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == formatted));

    private static IEnumerable<Type> BaseTypes(Type? type)
    {
        for (; type is not null; type = type.BaseType)
            yield return type;
    }
}
