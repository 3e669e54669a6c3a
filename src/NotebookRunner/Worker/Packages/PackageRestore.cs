namespace NotebookRunner.Worker.Packages;

/// <summary>
/// Restores NuGet packages by a generated project and <c>dotnet restore</c>. A result is kept by the content that it
/// depends on, so that the next run starts no process.
/// </summary>
internal sealed class PackageRestore(string notebookFolder)
{
    /// <summary>The folder that NuGet keeps packages in.</summary>
    internal static string PackageFolder =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
            ? Path.GetFullPath(folder)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>The packages and all that they depend on.</summary>
    /// <param name="known">What the session has already.</param>
    /// <param name="packages">What it asks for now.</param>
    /// <param name="sources">Further package sources: addresses, or full paths of folders.</param>
    /// <param name="cancellation">Ends the restore.</param>
    /// <exception cref="CellException">They cannot be restored; the message says why.</exception>
    internal async Task<IReadOnlyList<RestoredPackage>> RestoreAsync(
        IReadOnlyList<PackageRequest> known,
        IReadOnlyList<PackageRequest> packages,
        IReadOnlyList<string> sources,
        CancellationToken cancellation)
    {
        var project = new RestoreProject(notebookFolder, [.. known, .. packages], sources);
        var cache = new RestoreCache(project);
        if (cache.Read() is { } before)
            return before;

        var folder = TemporaryFiles.NewFolder();
        try
        {
            await new RestoreProcess(notebookFolder, packages).RunAsync(await project.WriteAsync(folder, cancellation), cancellation);
            var restored = AssetsFile.Read(Path.Combine(folder, "obj", "project.assets.json"));
            IfPossible(() => cache.Write(restored));
            return restored;
        }
        finally
        {
            IfPossible(() => Directory.Delete(folder, recursive: true));
        }
    }

    /// <summary>Keeping a result and tidying up: what is restored is restored without them too.</summary>
    private static void IfPossible(Action act)
    {
        try
        {
            act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
