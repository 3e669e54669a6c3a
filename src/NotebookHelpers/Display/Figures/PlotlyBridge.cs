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

    private static readonly Lazy<Type> Charts = new(Load, LazyThreadSafetyMode.PublicationOnly);   // a failure is tried again

    /// <summary>The load context of the charts' assembly.</summary>
    internal static AssemblyLoadContext Context => AssemblyLoadContext.GetLoadContext(Charts.Value.Assembly)!;

    /// <summary>The figure as JSON, {"data": […], "layout": {…}}; null for a chart without anything to draw.</summary>
    /// <exception cref="InvalidOperationException">The charts' folder is missing; the message says what to do.</exception>
    internal static string? Draw(Chart chart) => chart switch
    {
        CurveChart { Curves.Count: > 0 } curves => Curves(curves),
        BarChart { Groups.Count: > 0 } bars => Bars(bars),
        HeatChart cells => Cells(cells),
        _ => null,
    };

    private static string Curves(CurveChart chart) => Call("Curves", [.. Titles(chart),
        Each(chart.Curves, curve => Plain(curve.Name)),
        Each(chart.Curves, curve => curve.X),
        Each(chart.Curves, curve => curve.Y),
        Colors(chart.Curves.Count),
        Each(chart.Curves, curve => curve.Style.ToString().ToLowerInvariant()),
        Each(chart.Curves, curve => curve.IsMarked ? curve.Marker : -1)]);

    private static string Bars(BarChart chart) => Call("Bars", [.. Titles(chart),
        Each(chart.Categories, Plain),
        Each(chart.Groups, group => Plain(group.Name)),
        Each(chart.Groups, group => group.Values),
        Colors(chart.Groups.Count)]);

    private static string Cells(HeatChart chart)
    {
        var colors = new HeatColors(chart.Values);
        return Call("Cells", [.. Titles(chart),
            Each(chart.Columns, Plain),
            Each(chart.Rows, Plain),
            Rows(chart.Values),
            Plain(chart.Texts, "<br>"),
            Plain(chart.Texts, ", "),
            Each(Rows(chart.Values), row => Each(row, value => colors.Of(value).Ink)),
            Plain(chart.Scale),
            colors.Low,
            colors.High,
            Each(colors.Stops, stop => stop.At),
            Each(colors.Stops, stop => stop.Color)]);
    }

    private static string[] Titles(Chart chart) => [Plain(chart.Title), Plain(chart.XTitle), Plain(chart.YTitle)];

    private static TResult[] Each<T, TResult>(IEnumerable<T> items, Func<T, TResult> part) => [.. items.Select(part)];

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
            ?? throw new InvalidOperationException(
                $"{AssemblyName}.dll is neither in the folder 'charts' beside NotebookHelpers.dll nor in the repository's artifacts. " +
                "Run 'dotnet build' in the repository to have interactive charts.");
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
        var beside = RepositoryRoot.FolderOf(typeof(PlotlyBridge).Assembly);
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
