using System.Runtime.InteropServices;

namespace NotebookHelpers;

/// <summary>Which machines the package libtorch-cpu has libraries for, known without loading any.</summary>
internal static class TorchPlatform
{
    /// <summary>That package's version, the one which TorchSharp asks for.</summary>
    internal const string Version = "2.10.0";

    private static readonly string[] WithPackage = ["linux-x64", "win-x64", "osx-arm64"];

    private const string FirstLessons =
        "Lessons 1 and 2 need torch only in the cells that compare with it: the others run here too, from the second cell on.";

    /// <summary>This process's system and processor as packages name them, such as linux-x64 or linux-musl-arm64.</summary>
    internal static string RuntimeId { get; } =
        (OperatingSystem.IsWindows() ? "win-" : OperatingSystem.IsMacOS() ? "osx-" : IsMusl ? "linux-musl-" : "linux-") +
        RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>Null where there is a package; otherwise which machine this is, that there is none for it, and what to do.</summary>
    internal static string? WhyNot(string runtimeId)
    {
        if (WithPackage.Contains(runtimeId))
            return null;
        var (machine, cure) = runtimeId switch
        {
            "win-arm64" => ("Windows on Arm64",
                $"Reference the package libtorch-cpu-win-arm64 {Version} too (in a notebook: " +
                $"#r \"nuget: libtorch-cpu-win-arm64, {Version}\", " +
                "before the first cell's own lines), or use the x64 build of .NET, which Windows runs on Arm64 as well."),
            "win-x86" => ("a 32-bit process", "Use the x64 build of .NET."),
            "osx-x64" => ("a Mac with an Intel processor",
                "PyTorch gave up Intel Macs with version 2.3. Use a Linux container for x64, a Linux or Windows machine, or a codespace."),
            ['l', 'i', 'n', 'u', 'x', '-', 'm', 'u', 's', 'l', '-', ..] => ("a Linux with the C library musl, such as Alpine",
                "libtorch needs glibc: use Debian 13, Ubuntu 24.04 or another distribution with glibc on x64; " +
                "the usual .NET images have one."),
            "linux-arm64" => ("Linux on Arm64",
                "Use a Linux or Windows machine with an x64 processor, a codespace, or a container for linux/amd64 (Docker emulates it)."),
            _ => (runtimeId, "Use Linux or Windows on x64, or macOS on Arm64."),
        };
        return $"libtorch does not run here: the package libtorch-cpu {Version} has libraries for {string.Join(", ", WithPackage)} only, " +
            $"and this is {machine} ({runtimeId}). {cure} {FirstLessons}";
    }

    // The portable runtime calls itself linux-musl-x64, the one that Alpine builds alpine.3.22-x64.
    private static bool IsMusl => RuntimeInformation.RuntimeIdentifier is var id &&
        (id.Contains("musl", StringComparison.Ordinal) || id.StartsWith("alpine", StringComparison.Ordinal));
}
