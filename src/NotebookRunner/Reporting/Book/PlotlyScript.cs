using System.Reflection;

namespace NotebookRunner.Reporting.Book;

/// <summary>
/// The copy of plotly.js inside Plotly.NET's package. A page that draws with it holds it: browsers check no file's hash where
/// a page is opened as a file, and a page's policy allows scripts by their hashes only.
/// </summary>
internal static class PlotlyScript
{
    /// <summary>
    /// Its text, out of Plotly.NET.dll beside the built library; null when that is not there or damaged, and figures stay pictures.
    /// </summary>
    internal static string? Read(string chartsFolder)
    {
        var library = Path.Combine(chartsFolder, "Plotly.NET.dll");
        try
        {
            return File.Exists(library) ? ReadResource(library) : null;
        }
        catch (Exception e) when (e is BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Only the resource is read, so neither F# nor anything else that Plotly.NET needs is loaded.
    private static string? ReadResource(string library)
    {
        var assembly = Assembly.LoadFile(library);
        var name = assembly.GetManifestResourceNames().FirstOrDefault(resource =>
            resource.Contains("plotly", StringComparison.OrdinalIgnoreCase) &&
            resource.EndsWith(".js", StringComparison.OrdinalIgnoreCase));
        if (name is null)
            return null;
        using var script = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return script.ReadToEnd().ReplaceLineEndings("\n");
    }
}
