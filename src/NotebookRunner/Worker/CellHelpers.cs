using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookRunner.Worker;

/// <summary>
/// What cells see beside the kernel's own helpers. The kernel's display shows a value under one id and returns a handle
/// with another, so that the handle's Update changes nothing; the compiler prefers these, which keep one id.
/// </summary>
public static class CellHelpers
{
#pragma warning disable IDE1006 // the name is the kernel's
    /// <summary>Shows a value in the running cell's output, at once.</summary>
    /// <param name="value">The value.</param>
    /// <returns>A handle whose Update replaces what was shown.</returns>
    public static DisplayedValue display(object? value) => Show(value, []);

    /// <summary>Shows a value in the running cell's output, at once.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">The MIME types to show it as.</param>
    /// <returns>A handle whose Update replaces what was shown.</returns>
    public static DisplayedValue display(object? value, params ReadOnlySpan<string> mimeTypes) => Show(value, mimeTypes.ToArray());
#pragma warning restore IDE1006

    private static DisplayedValue Show(object? value, string[] mimeTypes)
    {
        FormatterGuard.Check(value, mimeTypes);
        // On a thread that no cell's context flows to, the kernel's own way is taken: the value goes to the console.
        return KernelInvocationContext.Current is { } context
            ? KernelInvocationContextExtensions.Display(context, value, mimeTypes)
            : Kernel.display(value, mimeTypes);
    }
}
