using System.Reflection;

namespace NotebookRunner.Reporting.Book;

/// <summary>The copy of plotly.js inside Plotly.NET's package, which every figure of the book shares.</summary>
internal static class PlotlyScript
{
    /// <summary>Copies it out of Plotly.NET.dll beside the built library; false when it is not there, and figures stay pictures.</summary>
    internal static bool Write(string chartsFolder, string target)
    {
        var library = Path.Combine(chartsFolder, "Plotly.NET.dll");
        if (!File.Exists(library))
            return false;
        // Only the resource is read, so neither F# nor anything else that Plotly.NET needs is loaded.
        var assembly = Assembly.LoadFile(library);
        var name = assembly.GetManifestResourceNames().FirstOrDefault(resource =>
            resource.Contains("plotly", StringComparison.OrdinalIgnoreCase) &&
            resource.EndsWith(".js", StringComparison.OrdinalIgnoreCase));
        if (name is null)
            return false;
        using var script = assembly.GetManifestResourceStream(name)!;
        if (File.Exists(target) && new FileInfo(target).Length == script.Length)
            return true;
        using var file = File.Create(target);
        script.CopyTo(file);
        return true;
    }
}
