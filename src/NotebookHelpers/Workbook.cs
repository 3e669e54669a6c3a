using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using TorchSharp;

namespace NotebookHelpers;

/// <summary>What every notebook starts with: libtorch, the seed, the repository's folders, the profile.</summary>
public static class Workbook
{
    // What fails is tried again when it is asked for again: the reader may have mended it meanwhile.
    private static readonly Lazy<string> LazyRoot = new(FindRoot, LazyThreadSafetyMode.PublicationOnly);
    private static readonly Lazy<torch.Device> LazyDevice = new(
        () => TorchRuntime.Load().Cuda && torch.cuda.is_available() ? torch.CUDA : torch.CPU, LazyThreadSafetyMode.PublicationOnly);

    /// <summary>
    /// Loads libtorch, seeds torch's generators, makes the culture invariant, and says what the notebook runs on; a cell
    /// shows the value.
    /// </summary>
    /// <param name="seed">The seed of everything random in the notebook.</param>
    /// <param name="torchIsOptional">
    /// Whether a notebook goes on where there is no libtorch for the machine; it asks <see cref="HasTorch"/> before it uses torch.
    /// </param>
    /// <exception cref="DllNotFoundException">libtorch cannot be loaded; the message says what to do.</exception>
    /// <exception cref="InvalidOperationException">WORKBOOK_PROFILE is neither full nor quick.</exception>
    public static WorkbookStatus Start(int seed = 42, bool torchIsOptional = false)
    {
        FreedMemory.Keep();   // a thread that has an arena keeps it: so before torch allocates
        // The lessons' numbers are written the same way on every machine, whatever its language.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Seed = seed;
        AppContext.SetData("ConvNetWorkbook.Seed", seed);   // for the runner, which notes where a notebook's outputs come from
        return torchIsOptional && TorchRuntime.WhyNotHere() is { } why
            ? new WorkbookStatus(Profile, seed, why)
            : Seeded(seed, TorchRuntime.Load());
    }

    /// <summary>Whether there is a libtorch for this machine; without it only lessons 1 and 2 run, and not all of their cells.</summary>
    public static bool HasTorch => TorchRuntime.WhyNotHere() is null;

    // Not inlined: without TorchSharp it cannot even be compiled, and Load is to say so first, in plain words.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WorkbookStatus Seeded(int seed, TorchRuntimeInfo runtime)
    {
        torch.manual_seed(seed);
        return new WorkbookStatus(Profile, seed, Device.ToString(), torch.get_num_threads(), runtime.TorchSharpVersion);
    }

    /// <summary>The seed given to <see cref="Start"/>.</summary>
    public static int Seed { get; private set; } = 42;

    /// <summary>The repository's root: the nearest folder with a Workbook.slnx above the current one or above this library.</summary>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    public static string Root => LazyRoot.Value;

    /// <summary>The folder for data sets and checkpoints: <c>data</c> in <see cref="Root"/>.</summary>
    public static string DataFolder => Path.Combine(Root, "data");

    /// <summary>
    /// How much a notebook does: <c>full</c> (the article's settings; the default) or <c>quick</c> (a small slice, for a
    /// first look and for tests). Read from the environment variable WORKBOOK_PROFILE.
    /// </summary>
    /// <exception cref="InvalidOperationException">The variable has another value.</exception>
    public static string Profile => Environment.GetEnvironmentVariable("WORKBOOK_PROFILE")?.ToLowerInvariant() switch
    {
        null or "" or "full" => "full",
        "quick" => "quick",
        var other => throw new InvalidOperationException(
            $"WORKBOOK_PROFILE is '{other}', but only 'full' and 'quick' are known. Set it to one of them, or unset it for 'full'."),
    };

    /// <summary>Whether the profile is quick.</summary>
    public static bool IsQuick => Profile == "quick";

    /// <summary>One value for the full profile, another for the quick one.</summary>
    public static T Choose<T>(T full, T quick) => IsQuick ? quick : full;

    /// <summary>Where tensors live: the CPU, unless a CUDA build of TorchSharp is referenced and a GPU is there.</summary>
    public static torch.Device Device => LazyDevice.Value;

    /// <summary>
    /// Cancelled when the reader interrupts the running cell, where the host offers that; otherwise never. The Polyglot
    /// kernel's token is found by reflection (no kernel package is referenced), this project's runner offers its own.
    /// </summary>
    public static CancellationToken Cancellation
    {
        get
        {
            if (AppContext.GetData("NotebookRunner.Cancellation") is Func<CancellationToken> runner)
                return runner();
            var kernel = AppDomain.CurrentDomain.GetAssemblies()
                .FirstOrDefault(assembly => assembly.GetName().Name == "Microsoft.DotNet.Interactive");
            var context = kernel?.GetType("Microsoft.DotNet.Interactive.KernelInvocationContext");
            var current = context?.GetProperty("Current", BindingFlags.Public | BindingFlags.Static)?.GetValue(null);
            return current is not null && context!.GetProperty("CancellationToken")?.GetValue(current) is CancellationToken token
                ? token
                : CancellationToken.None;
        }
    }

    private static string FindRoot()
    {
        string[] starts = [Environment.CurrentDirectory, RepositoryRoot.FolderOf(typeof(Workbook).Assembly)];
        return RepositoryRoot.Above(starts) ?? throw new DirectoryNotFoundException(
            $"The workbook's root (the folder with Workbook.slnx) was not found above {string.Join(" or ", starts)}. " +
            "Open the notebook inside a clone of the repository; a program elsewhere finds its data by WORKBOOK_DATA.");
    }
}
