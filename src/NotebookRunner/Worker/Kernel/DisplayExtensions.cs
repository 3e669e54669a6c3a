using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.Formatting.TabularData;
using NotebookRunner.Worker;

#nullable disable annotations // as in the kernel, whose signatures the compiler's messages show

namespace System;

/// <summary>The kernel's <c>value.Display()</c>, which every cell sees because it sees System.</summary>
public static class DisplayExtensions
{
    /// <summary>Shows a value in the running cell's output, at once.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">The MIME types to show it as, by default those that its type prefers.</param>
    public static DisplayedValue Display(this object value, params string[] mimeTypes) =>
        Show(value, FormattedValue.CreateManyFromObject(value, mimeTypes));

    /// <summary>Shows text as it is, as a MIME type.</summary>
    public static DisplayedValue DisplayAs(this string value, string mimeType) => Show(value, [new(mimeType, value)]);

    /// <summary>Shows a sequence as a table, a row an element and a column a property.</summary>
    public static DisplayedValue DisplayTable<T>(this IEnumerable<T> value, params string[] mimeTypes) =>
        value is null ? Display(null, mimeTypes) : Display(value.ToTabularDataResource(), mimeTypes);

    private static DisplayedValue Show(object value, IReadOnlyList<FormattedValue> formatted)
    {
        var displayed = new DisplayedValue(value, formatted);
        CellContext.Current?.Display(displayed.DisplayId, formatted);
        return displayed;
    }
}
