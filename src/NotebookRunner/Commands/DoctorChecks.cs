using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookRunner.Commands;

/// <summary>Looks at one thing after the other that a reader's editor needs. Nothing is changed.</summary>
internal static class DoctorChecks
{
    private const string Extension = "ms-dotnettools.dotnet-interactive-vscode", Manifest = "dotnet-tools.json";

    internal static IEnumerable<DoctorFinding> All(DoctorMachine machine) =>
        [
            Sdk(machine), Library(machine), Tools(machine), Mnist(machine), Jupyter(machine), Polyglot(machine),
            .. MisplacedManifests(machine),
        ];

    private static DoctorFinding Sdk(DoctorMachine machine) => machine.SdkVersion() is { Length: > 0 } version
        ? new("SDK", $".NET SDK {version}.")
        : new("SDK", "dotnet does not run here with the version that global.json asks for.",
            "Install the .NET 10 SDK (10.0.100 or later).");

    private static DoctorFinding Library(DoctorMachine machine)
    {
        var folder = Path.Combine(machine.Root, "artifacts", "NotebookHelpers");
        string[] needed = ["NotebookHelpers.dll", "TorchSharp.Numerics.dll", Path.Combine("charts", "NotebookHelpers.Charts.dll")];
        return needed.FirstOrDefault(file => !File.Exists(Path.Combine(folder, file))) is { } missing
            ? new("Library", $"artifacts/NotebookHelpers has no {missing.Replace('\\', '/')}.", "Run: dotnet build")
            : new("Library", "built.");
    }

    private static DoctorFinding Tools(DoctorMachine machine)
    {
        const string Subject = "Tools";
        var packages = machine.Variable("NUGET_PACKAGES") is { Length: > 0 } own ? own : Path.Combine(machine.Home, ".nuget", "packages");
        try
        {
            var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(machine.Root, ".config", Manifest)));
            var tools = manifest!["tools"]!.AsObject()
                .Select(tool => (Id: tool.Key, Version: (string?)tool.Value!["version"] ?? "?")).ToList();
            var missing = tools.Where(tool => !Directory.Exists(Path.Combine(packages, tool.Id, tool.Version))).ToList();
            return missing.Count == 0
                ? new(Subject, $"{string.Join(", ", tools.Select(tool => $"{tool.Id} {tool.Version}"))} restored.")
                : new(Subject, $"{string.Join(", ", missing.Select(tool => $"{tool.Id} {tool.Version}"))} not restored.",
                    "Run: dotnet tool restore", IsNeeded: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException
            or InvalidOperationException or NullReferenceException)
        {
            return new(Subject, $".config/{Manifest} cannot be read ({exception.Message}).", $"Run: git checkout .config/{Manifest}");
        }
    }

    private static DoctorFinding Mnist(DoctorMachine machine)
    {
        const string Subject = "MNIST", Otherwise = "The lessons download it when they first need it, or use 5,000 sample digits.";
        var named = machine.Variable("WORKBOOK_DATA") is { Length: > 0 } value ? value : null;
        var folder = named ?? Path.Combine(machine.Root, "data", "mnist");
        var missing = DigitFileName.Usual
            .Where(file => !File.Exists(Path.Combine(folder, file)) && !File.Exists(Path.Combine(folder, file + ".gz"))).ToList();
        if (missing.Count == 0)
            return new(Subject, $"the four files are in {(named is null ? "data/mnist" : named)}.");
        if (HasOtherNames(folder))
            return new(Subject, $"four files are in {named ?? "data/mnist"} under other names, which the library knows too.");
        return named is null
            ? new(Subject, $"data/mnist lacks {missing.Count} of four files.", Otherwise, IsNeeded: false)
            : new(Subject, $"WORKBOOK_DATA names {named}, which lacks {string.Join(", ", missing)}.",
                "Name a folder that has them, or unset it.");
    }

    /// <summary>Whether files there have the names of all four, spelt otherwise or up to two folders deeper.</summary>
    private static bool HasOtherNames(string folder)
    {
        const int Most = 10_000;
        var below = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2, IgnoreInaccessible = true };
        return Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*", below).Take(Most)
            .Select(file => DigitFileName.RoleOf(Path.GetFileName(file))).OfType<int>().Distinct().Count() == 4;
    }

    private static DoctorFinding Jupyter(DoctorMachine machine)
    {
        var folder = machine.KernelFolders().FirstOrDefault(kernels => File.Exists(Path.Combine(kernels, ".net-csharp", "kernel.json")));
        return folder is not null
            ? new("Jupyter", $"the kernel .net-csharp is registered in {folder}.")
            : new("Jupyter", "the kernel .net-csharp is not registered.",
                "For JupyterLab or VS Code's Jupyter extension: dotnet tool restore, then dotnet dotnet-interactive jupyter install",
                IsNeeded: false);
    }

    private static DoctorFinding Polyglot(DoctorMachine machine)
    {
        var found = machine.ExtensionFolders().Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateDirectories(folder, Extension + "-*"))
            .Select(Path.GetFileName).Order(StringComparer.Ordinal).LastOrDefault();
        return found is not null
            ? new("VS Code", $"Polyglot Notebooks {found[(Extension.Length + 1)..]} is installed.")
            : new("VS Code", "the extension Polyglot Notebooks was not found.",
                $"To read in VS Code: code --install-extension {Extension}", IsNeeded: false);
    }

    /// <summary>
    /// SDKs from 10.0.102 on write the extension's tool manifest beside the folder .config in which the extension looks for it;
    /// from its second start on its activation fails, and a notebook stays at "Detecting Kernels".
    /// </summary>
    private static IEnumerable<DoctorFinding> MisplacedManifests(DoctorMachine machine)
    {
        foreach (var folder in machine.GlobalStorages().Select(storage => Path.Combine(storage, Extension)))
        {
            var (written, wanted) = (Path.Combine(folder, Manifest), Path.Combine(folder, ".config", Manifest));
            if (File.Exists(written) && !File.Exists(wanted))
                yield return new("VS Code", $"{written} is where the extension does not look, so it starts once and then no more.",
                    $"Move it to {wanted}: doctor --fix does it.", Fix: () => Move(written, wanted));
            else if (File.Exists(wanted))
                yield return new("VS Code", $"the extension's tool manifest is in its place, {wanted}.");
        }
    }

    private static void Move(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Move(from, to);
    }
}
