using System.Runtime.Loader;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookRunner.Worker.Packages;

/// <summary>
/// Loads what packages bring for the kernel: the extensions in a package's folder interactive-extensions/dotnet, which
/// register formatters above all. One that fails says so, and the cell goes on.
/// </summary>
/// <param name="kernel">What extensions are given.</param>
/// <param name="import">Runs an extension's script in the session.</param>
/// <param name="paths">Cuts machine paths.</param>
internal sealed class KernelExtensionLoader(CompositeKernel kernel, Func<CellContext, string, Task> import, MachinePaths paths)
{
    private const string Script = "extension.dib";

    /// <summary>Loads a package's extensions, where it has any.</summary>
    internal async Task LoadAsync(CellContext run, RestoredPackage package)
    {
        var folder = Path.Combine(package.Folder, "interactive-extensions", "dotnet");
        if (!Directory.Exists(folder))
            return;
        foreach (var file in Directory.GetFiles(folder, "*.dll").Order(StringComparer.Ordinal))
            await TryAsync(run, file, () => LoadAssemblyAsync(file));
        if (Path.Combine(folder, Script) is var script && File.Exists(script))
            await TryAsync(run, script, () => import(run, script));
    }

    private async Task LoadAssemblyAsync(string file)
    {
        var extensions = AssemblyLoadContext.Default.LoadFromAssemblyPath(file).ExportedTypes
            .Where(type => type is { IsAbstract: false, IsGenericTypeDefinition: false } && typeof(IKernelExtension).IsAssignableFrom(type))
            .ToList();
        if (extensions.Count == 0)
            return;
        // The kernel's words, without the user's folder.
        $"Loading extensions from `{Path.GetFileName(file)}`".DisplayAs(PlainTextFormatter.MimeType);
        foreach (var extension in extensions)
            await ((IKernelExtension)Activator.CreateInstance(extension)!).OnLoadAsync(kernel);
    }

    private async Task TryAsync(CellContext run, string file, Func<Task> load)
    {
        try
        {
            await load();
        }
        catch (Exception exception) when (!run.Cancellation.IsCancellationRequested)
        {
            var why = exception.GetBaseException();
            run.Outputs.Write("stderr",
                $"The kernel extension {Path.GetFileName(file)} could not be loaded " +
                $"({why.GetType().Name}: {paths.Cut(why.Message)}); the cell goes on without it.\n");
        }
    }
}
