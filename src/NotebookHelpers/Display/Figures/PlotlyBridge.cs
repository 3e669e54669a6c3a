using System.Reflection;
using System.Runtime.Loader;

namespace NotebookHelpers;

/// <summary>
/// Calls NotebookHelpers.Charts, which uses Plotly.NET. Plotly.NET 6 needs FSharp.Core 10.1, notebook kernels hold an
/// older one; so the charts and all they need lie in a folder of their own and live in a load context that looks there
/// first. Only strings, numbers and arrays cross the border.
/// </summary>
internal static class PlotlyBridge
{
    /// <summary>The plotly.js that Plotly.NET 6.0.0 writes for and carries.</summary>
    internal const string PlotlyJsVersion = "2.28.0";

    private const string AssemblyName = "NotebookHelpers.Charts";

    private static readonly Lazy<Type> Charts = new(Load);

    /// <summary>The load context of the charts' assembly.</summary>
    internal static AssemblyLoadContext Context => AssemblyLoadContext.GetLoadContext(Charts.Value.Assembly)!;

    /// <summary>The figure as JSON, {"data": […], "layout": {…}}; null for a chart without anything to draw.</summary>
    /// <exception cref="InvalidOperationException">The charts' folder is missing; the message says what to do.</exception>
    internal static string? Draw(Chart chart) => chart switch
    {
        CurveChart { Curves.Count: > 0 } c => Call("Curves", Plain(c.Title), Plain(c.XTitle), Plain(c.YTitle),
            c.Curves.Select(curve => Plain(curve.Name)).ToArray(), c.Curves.Select(curve => curve.X).ToArray(), c.Curves.Select(curve => curve.Y).ToArray(),
            Colors(c.Curves.Count), c.Curves.Select(curve => curve.Style.ToString().ToLowerInvariant()).ToArray(), c.Curves.Select(curve => curve.Marker).ToArray()),
        BarChart { Groups.Count: > 0 } b => Call("Bars", Plain(b.Title), Plain(b.XTitle), Plain(b.YTitle),
            b.Categories.Select(Plain).ToArray(), b.Groups.Select(group => Plain(group.Name)).ToArray(), b.Groups.Select(group => group.Values).ToArray(), Colors(b.Groups.Count)),
        HeatChart h when new StaticChart.HeatColors(h.Values) is var colors => Call("Cells", Plain(h.Title), Plain(h.XTitle), Plain(h.YTitle),
            h.Columns.Select(Plain).ToArray(), h.Rows.Select(Plain).ToArray(), Rows(h.Values), Plain(h.Texts, "<br>"), Plain(h.Texts, ", "),
            Rows(h.Values).Select(row => row.Select(value => colors.Of(value).Ink).ToArray()).ToArray(), Plain(h.Scale),
            colors.Low, colors.High, colors.Stops.Select(stop => stop.At).ToArray(), colors.Stops.Select(stop => stop.Color).ToArray()),
        _ => null,
    };

    /// <summary>Text in plotly's notation, where tags and entities have a meaning.</summary>
    private static string Plain(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    private static string[][] Plain(string[,] texts, string lineBreak) =>
        [.. Rows(texts).Select(row => row.Select(text => Plain(text).Replace("\n", lineBreak)).ToArray())];

    private static string[] Colors(int count) => [.. Enumerable.Range(0, count).Select(Chart.Color)];

    private static T[][] Rows<T>(T[,] values) => [.. Enumerable.Range(0, values.GetLength(0))
        .Select(row => Enumerable.Range(0, values.GetLength(1)).Select(column => values[row, column]).ToArray())];

    private static string Call(string method, params object[] arguments) =>
        (string)Charts.Value.GetMethod(method)!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;

    private static Type Load()
    {
        var folder = Folders().FirstOrDefault(candidate => File.Exists(Path.Combine(candidate, AssemblyName + ".dll")))
            ?? throw new InvalidOperationException($"{AssemblyName}.dll is neither in the folder 'charts' beside NotebookHelpers.dll nor in the repository's artifacts. Run 'dotnet build' in the repository to have interactive charts.");
        return new FolderContext(folder)
            .LoadFromAssemblyPath(Path.Combine(folder, AssemblyName + ".dll"))
            .GetType("NotebookHelpers.Charts.PlotlyCharts", throwOnError: true)!;
    }

    /// <summary>
    /// Beside this library; else, for a program that has a copy of the library, in the artifacts of the repository that
    /// the library or the current folder lies in. (Workbook.Root would ask for TorchSharp, which a figure does not need.)
    /// </summary>
    private static IEnumerable<string> Folders()
    {
        var beside = Path.GetDirectoryName(typeof(PlotlyBridge).Assembly.Location) is { Length: > 0 } folder ? folder : AppContext.BaseDirectory;
        yield return Path.Combine(beside, "charts");
        if (RepositoryRoot.Above(beside, Environment.CurrentDirectory) is { } root)
            yield return Path.Combine(root, "artifacts", "NotebookHelpers", "charts");
    }

    private sealed class FolderContext(string folder) : AssemblyLoadContext("NotebookHelpers.Charts")
    {
        protected override Assembly? Load(AssemblyName name)
        {
            var path = Path.Combine(folder, name.Name + ".dll");
            return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }
    }
}
