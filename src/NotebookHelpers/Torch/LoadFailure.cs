using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NotebookHelpers;

/// <summary>Says why a native library of torch could not be loaded, and what to do.</summary>
internal static class LoadFailure
{
    internal const string StartAfresh =
        "Nothing can undo that in a running process: restart the kernel and begin with the cell that calls Workbook.Start().";

    /// <summary>The message of the exception.</summary>
    /// <param name="file">The library.</param>
    /// <param name="reason">What the system said.</param>
    /// <param name="loadedBefore">Libraries of torch that were in the process before ours.</param>
    internal static string Explain(string file, string reason, IReadOnlyList<string> loadedBefore)
    {
        var folder = Path.GetDirectoryName(file);
        var other = loadedBefore.FirstOrDefault(library => Path.GetDirectoryName(library) != folder);
        if (IsMissingSymbol(reason) && other is not null)
            return $"{file} does not fit what is loaded already: TorchSharp was used before Workbook.Start(), or this process uses " +
                $"two versions of it ({other} was there first). {StartAfresh} Reference one version of TorchSharp only. ({reason.Trim()})";
        if (IsMissingSymbol(reason))
            return $"{file} does not fit the libraries that it was loaded with; two versions of libtorch may be in use. {StartAfresh} " +
                $"({reason.Trim()})";
        if (reason.Contains("0x8007007E", StringComparison.OrdinalIgnoreCase))
            return $"{file} is there but a library that it needs is not. libtorch needs the Microsoft Visual C++ 2015–2022 runtime, " +
                $"{Architecture}, in its newest version: install it (\"Visual C++ Redistributable\", vc_redist.{Architecture}.exe, from " +
                $"Microsoft) and restart the kernel. ({reason.Trim()})";
        if (reason.Contains("failed to map segment", StringComparison.Ordinal))
            return $"{file} lies where this system runs no programs (a volume mounted noexec). Set XDG_CACHE_HOME, or NUGET_PACKAGES " +
                $"for a package, to a folder elsewhere and restart the kernel. ({reason.Trim()})";
        return $"{file} is there but the system cannot load it: {reason.Trim()} " +
            "If the file is damaged, delete its folder and restore again.";
    }

    /// <summary>Libraries of torch that this process has loaded, by their full paths.</summary>
    internal static IReadOnlyList<string> LoadedLibraries()
    {
        using var process = Process.GetCurrentProcess();
        return [.. process.Modules.Cast<ProcessModule>().Select(module => module.FileName).Where(IsNative).Distinct()];
    }

    private static bool IsNative(string path) =>
        Path.GetFileNameWithoutExtension(path) is var name && name != "TorchSharp" &&
        (name.StartsWith("libtorch", StringComparison.OrdinalIgnoreCase) || name.EndsWith("LibTorchSharp", StringComparison.Ordinal) ||
         name is "torch" or "torch_cpu" or "c10" or "libc10");

    private static string Architecture => RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    // The words of glibc, of macOS, and Windows's "procedure not found".
    private static bool IsMissingSymbol(string reason) =>
        reason.Contains("undefined symbol", StringComparison.Ordinal) ||
        reason.Contains("Symbol not found", StringComparison.Ordinal) ||
        reason.Contains("0x8007007F", StringComparison.OrdinalIgnoreCase);
}
