using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

#nullable disable annotations // as in the kernel, whose signatures the compiler's messages show

namespace Microsoft.DotNet.Interactive;

/// <summary>
/// The helpers that every C# cell sees (the kernel begins a session with <c>using static Microsoft.DotNet.Interactive.Kernel</c>).
/// </summary>
public sealed class Kernel
{
    private Kernel(string name) => Name = name;

    /// <summary>The kernel that runs the cell.</summary>
    public static Kernel Current { get; } = new("csharp");

    /// <summary>The kernel that it belongs to.</summary>
    public static Kernel Root { get; } = new(".NET");

    /// <summary>The kernel's name.</summary>
    public string Name { get; }

    /// <summary>Shows a value in the running cell's output, at once.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">The MIME types to show it as, by default those that its type prefers.</param>
    /// <returns>A handle whose Update replaces what was shown.</returns>
    public static DisplayedValue display(object value, params string[] mimeTypes) => value.Display(mimeTypes);

    /// <summary>A value that shows as HTML.</summary>
    public static IHtmlContent HTML(string content) => content.ToHtmlContent();

    /// <summary>Adds a style sheet to the page, by a script in the running cell's output.</summary>
    public static void CSS(string content) => Javascript(
        $$"""
        var css = `{{content}}`,
        head = document.head || document.getElementsByTagName('head')[0],
        style = document.createElement('style');

        head.appendChild(style);

        style.type = 'text/css';
        if (style.styleSheet) {
          style.styleSheet.cssText = css;
        } else {
          style.appendChild(document.createTextNode(css));
        }
        """);

    /// <summary>Runs a script in the page, from the running cell's output.</summary>
    public static void Javascript(string scriptContent) =>
        $"""<script type="text/javascript">{scriptContent}</script>""".DisplayAs(HtmlFormatter.MimeType);

    /// <summary>Asks the reader, who is not there in a headless run.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public static Task<string> GetInputAsync(string prompt = "", string typeHint = "text") =>
        Task.FromException<string>(NotebookRunner.Worker.NoInput.Error(prompt));

    /// <summary>Asks the reader, who is not there in a headless run.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public static Task<string> GetPasswordAsync(string prompt = "") => GetInputAsync(prompt, "password");
}

/// <summary>The running cell, by the name that the kernel has for it.</summary>
public sealed class KernelInvocationContext
{
    private readonly NotebookRunner.Worker.CellContext _run;

    private KernelInvocationContext(NotebookRunner.Worker.CellContext run) => _run = run;

    /// <summary>The running cell; null when none runs.</summary>
    public static KernelInvocationContext Current =>
        NotebookRunner.Worker.CellContext.Current is { } run ? new(run) : null;

    /// <summary>Cancelled when the cell is interrupted.</summary>
    public CancellationToken CancellationToken => _run.Cancellation;

    /// <summary>The kernel that runs the cell.</summary>
    public Kernel HandlingKernel => Kernel.Current;

    /// <summary>Whether the cell has ended.</summary>
    public bool IsComplete => _run.HasEnded;
}

/// <summary>What else code can do with the running cell.</summary>
public static class KernelInvocationContextExtensions
{
    /// <summary>Shows a value in the cell's output.</summary>
    public static DisplayedValue Display(this KernelInvocationContext context, object value, params string[] mimeTypes) => value.Display(mimeTypes);

    /// <summary>Shows text as it is, as a MIME type.</summary>
    public static DisplayedValue DisplayAs(this KernelInvocationContext context, string value, string mimeType, params string[] additionalMimeTypes) =>
        value.DisplayAs(mimeType);
}
