using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookRunner.Worker;

/// <summary>
/// A type that prefers a MIME type which no formatter writes for it (its own is gone, or a cell reset all formatters) sends
/// the kernel's formatting into an endless recursion, which ends the process; here it is an error of the cell.
/// </summary>
internal static class FormatterGuard
{
    /// <summary>Lets pass what can be formatted.</summary>
    /// <exception cref="ArgumentException">No formatter is there for a MIME type.</exception>
    internal static void Check(object? value, IReadOnlyCollection<string> mimeTypes)
    {
        var type = value?.GetType() ?? typeof(object);
        var preferred = Formatter.GetPreferredMimeTypesFor(value?.GetType()).ToList();
        foreach (var mimeType in mimeTypes.Count > 0 ? preferred.Intersect(mimeTypes) : preferred)
            if (!Formatter.RegisteredFormatters().Any(formatter => formatter.MimeType == mimeType && Applies(formatter.Type, type)))
                throw new ArgumentException($"No formatter is registered for MIME type {mimeType}.");
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
