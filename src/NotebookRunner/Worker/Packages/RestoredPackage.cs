namespace NotebookRunner.Worker.Packages;

/// <summary>One package of a restore, with the files that this machine's session needs of it.</summary>
/// <param name="Id">The package.</param>
/// <param name="Version">The version taken.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Assemblies">Managed assemblies, full paths.</param>
/// <param name="Natives">Native libraries for this system, full paths.</param>
internal sealed record RestoredPackage(
    string Id, string Version, string Folder, IReadOnlyList<string> Assemblies, IReadOnlyList<string> Natives);
