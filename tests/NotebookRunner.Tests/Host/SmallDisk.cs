namespace NotebookRunner.Tests.Host;

/// <summary>A disk of a few megabytes in memory, for a test that fills it. Only Linux has such, and only its administrator.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    internal string Path { get; }

    internal string File(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Mounts it, or skips the test with the reason.</summary>
    internal static SmallDisk Mount(string path, int megabytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A small disk to fill can be mounted on Linux only.");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Mounting a small disk to fill asks for root.");
        Directory.CreateDirectory(path);
        var isMounted = Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "none", path);
        Assert.SkipUnless(isMounted, "This machine lets nobody mount a small disk.");
        return new SmallDisk(path);
    }

    public void Dispose() => Run("umount", "-l", Path);

    private static bool Run(string command, params string[] arguments) =>
        ChildProcess.RunAsync(new(command, arguments), TimeSpan.FromMinutes(5)).GetAwaiter().GetResult().ExitCode == 0;
}
