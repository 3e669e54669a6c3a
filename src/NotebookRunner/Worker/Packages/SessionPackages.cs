using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookRunner.Worker.Packages;

/// <summary>The packages of a session: what cells asked for, and what came of it.</summary>
internal sealed class SessionPackages(string notebookFolder) : IDisposable
{
    private readonly PackageRestore _restore = new(notebookFolder);
    private readonly PackageLoader _loader = new();
    private readonly List<PackageRequest> _requested = [];
    private readonly List<string> _sources = [];
    private readonly Dictionary<string, RestoredPackage> _restored = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Restores what a cell asks for, and shows it as the kernel does.</summary>
    /// <returns>The packages that are new to the session, dependencies included.</returns>
    /// <exception cref="CellException">They cannot be had; the message says why.</exception>
    internal async Task<IReadOnlyList<RestoredPackage>> AddAsync(CellContext run, CellStep.Restore step)
    {
        CheckVersions(step.Packages);
        _sources.AddRange(step.Sources.Where(source => !_sources.Contains(source)).Distinct());
        var shown = Display(new([.. _sources.Order(StringComparer.Ordinal)], Names(step.Packages.Select(package => package.Id)), [], 0));
        CheckSources();
        if (step.Packages.Count == 0)
            return [];
        var fresh = step.Packages.Where(package => !IsRequested(package.Id)).DistinctBy(package => package.Id.ToUpperInvariant()).ToList();
        try
        {
            var added = fresh.Count == 0 ? [] : Take(await _restore.RestoreAsync(
                _requested, fresh, [.. _sources.Select(source => source.Trim())], run.Cancellation));
            _requested.AddRange(fresh);
            shown.Update(Installed([.. step.Packages.Select(package => _restored[package.Id])]));
            return added;
        }
        catch (CellException)
        {
            shown.Update(Installed([]));
            throw;
        }
    }

    public void Dispose() => _loader.Dispose();

    private bool IsRequested(string id) => _requested.Any(other => other.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    private void CheckVersions(IEnumerable<PackageRequest> packages)
    {
        foreach (var package in packages)
        {
            var known = _restored.GetValueOrDefault(package.Id)?.Version
                ?? _requested.FirstOrDefault(other => other.Id.Equals(package.Id, StringComparison.OrdinalIgnoreCase))?.Version;
            if (known is not null && package.Version is not (null or "*" or "*-*") && package.Version != known)
                throw new CellException(
                    $"{package.Id} version {package.Version} cannot be added because version {known} was added previously.", package.Line);
        }
    }

    private void CheckSources()
    {
        if (_sources.RemoveAll(source => !Uri.TryCreate(source.Trim(), UriKind.Absolute, out _)) > 0)
            throw new CellException("PackageManagement Error 999 Invalid URI: The format of the URI could not be determined.");
    }

    private List<RestoredPackage> Take(IReadOnlyList<RestoredPackage> all)
    {
        var added = all.Where(package => _restored.TryAdd(package.Id, package)).ToList();
        added.ForEach(_loader.Add);
        return added;
    }

    private InstallPackagesMessage Installed(IReadOnlyList<RestoredPackage> packages) =>
        new([.. _sources.Order(StringComparer.Ordinal)], [], Names(packages.Select(package => $"{package.Id}, {package.Version}")), 0);

    private static List<string> Names(IEnumerable<string> names) => [.. names.Distinct().Order(StringComparer.Ordinal)];

    private static DisplayedValue Display(InstallPackagesMessage message) =>
        KernelInvocationContextExtensions.Display(KernelInvocationContext.Current, message);
}
