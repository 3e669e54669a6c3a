using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookRunner.Worker;

/// <summary>
/// What cells compile against. Every file becomes one reference for the whole session, so that the compiler can share
/// its symbols; of the runner's own dependencies only those are visible that the kernel has too.
/// </summary>
internal sealed class SessionReferences(string baseFolder) : MetadataReferenceResolver
{
    private static readonly ConcurrentDictionary<string, PortableExecutableReference> Files = new(StringComparer.Ordinal);

    private static readonly Dictionary<string, string> Trusted =
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .GroupBy(file => Path.GetFileNameWithoutExtension(file), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase);

    private static readonly string FrameworkFolder =
        RuntimeEnvironment.GetRuntimeDirectory().TrimEnd(Path.DirectorySeparatorChar);

    private readonly ScriptMetadataResolver _resolver = ScriptMetadataResolver.Default.WithBaseDirectory(baseFolder);
    private readonly ConcurrentDictionary<string, PortableExecutableReference?> _missing = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The references of a session's beginning: scripting's own defaults and the assemblies of the helpers.</summary>
    internal static ImmutableArray<MetadataReference> Default { get; } =
    [
        .. ScriptOptions.Default.MetadataReferences.OfType<UnresolvedMetadataReference>()
            .Select(reference => Trusted.GetValueOrDefault(reference.Reference)).OfType<string>().Select(FromFile),
        FromFile(Trusted["System.Private.CoreLib"]),
        FromFile(Trusted["System.Linq"]),
        FromFile(Trusted["System.Collections"]),
        FromFile(typeof(Formatter).Assembly.Location),
        FromFile(typeof(Kernel).Assembly.Location),
        FromFile(typeof(CellHelpers).Assembly.Location),
    ];

    /// <inheritdoc />
    public override bool ResolveMissingAssemblies => true;

    /// <summary>The one reference to a file.</summary>
    internal static PortableExecutableReference FromFile(string file) =>
        Files.GetOrAdd(file, static path => MetadataReference.CreateFromFile(path));

    /// <inheritdoc />
    public override ImmutableArray<PortableExecutableReference> ResolveReference(
        string reference, string? baseFilePath, MetadataReferenceProperties properties) =>
        // Relative to the working directory, as in the kernel, whatever file the directive stands in.
        [.. _resolver.ResolveReference(reference, null, properties).Select(found => found.FilePath is { } file ? FromFile(file) : found)];

    /// <inheritdoc />
    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity) =>
        _missing.GetOrAdd($"{definition.Display}|{referenceIdentity.Name}", _ =>
        {
            if (Trusted.TryGetValue(referenceIdentity.Name, out var file) && IsVisible(file, referenceIdentity.Name))
                return FromFile(file);
            var beside = definition is PortableExecutableReference { FilePath: { } path } && path != typeof(CellHelpers).Assembly.Location
                ? Path.Combine(Path.GetDirectoryName(path)!, referenceIdentity.Name + ".dll")
                : null;
            return File.Exists(beside) ? FromFile(beside) : null;
        });

    /// <inheritdoc />
    public override bool Equals(object? other) => ReferenceEquals(this, other);

    /// <inheritdoc />
    public override int GetHashCode() => baseFolder.GetHashCode(StringComparison.Ordinal);

    private static bool IsVisible(string file, string name) =>
        Path.GetDirectoryName(file) == FrameworkFolder
        || name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)
        || name.StartsWith("Microsoft.DotNet.Interactive", StringComparison.Ordinal)
        || name is "Microsoft.AspNetCore.Html.Abstractions" or "System.Reactive";
}
