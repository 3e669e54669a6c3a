namespace NotebookHelpers;

/// <summary>
/// MNIST (LeCun, Cortes, Burges) and sets in the same four files, such as Fashion-MNIST: found, downloaded where needed,
/// checked, read. Looked for in WORKBOOK_DATA, then in the workbook's data folder, then on mirrors of the original; at last
/// the embedded sample stands in for MNIST and says so. Data that are there but damaged are an error, never replaced.
/// </summary>
public static class Mnist
{
    private static readonly string Usual = "Expected " + string.Join(", ", DigitFileName.Usual) + ", each with or without .gz.";

    /// <summary>Loads a data set with its official split into training and test images.</summary>
    /// <param name="name">
    /// "mnist", "fashion-mnist", or the name of a folder of one's own inside WORKBOOK_DATA or the workbook's data folder. When
    /// null: what WORKBOOK_DATA holds, else MNIST.
    /// </param>
    /// <param name="folder">
    /// A folder with the four files, or one in which they lie up to two folders deeper (torchvision's root); nothing else is
    /// tried then.
    /// </param>
    /// <param name="progress">Told of a download at most once a second; when null, lines go to standard error.</param>
    /// <param name="cancellation">Stops a download; <see cref="Workbook.Cancellation"/> unless given.</param>
    /// <exception cref="ArgumentException">The name is a path, or no data set is called so.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder, or the one that WORKBOOK_DATA names, does not exist.</exception>
    /// <exception cref="FileNotFoundException">A file is missing, or a set other than MNIST could not be had.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or the files do not belong together; the message says how.</exception>
    /// <exception cref="OperationCanceledException">A download was cancelled.</exception>
    public static DigitData Load(string? name = null, string? folder = null, Action<DownloadProgress>? progress = null,
        CancellationToken cancellation = default) =>
        Load(name, folder, new DataSources { Progress = progress }, cancellation.CanBeCanceled ? cancellation : Workbook.Cancellation);

    internal static DigitData Load(string? name, string? folder, DataSources sources, CancellationToken cancellation)
    {
        var request = Asked(name, sources);
        if (folder is not null)
            return Open(Locate(Existing(folder, "The folder"), request), request, sources);
        if (sources.WorkbookData is { Length: > 0 } setting && FromSetting(setting, request, sources) is { } data)
            return data;
        return FromOwnFolder(request.Key is null ? Asked(KnownSet.Mnist.Key, sources) : request, sources, cancellation);
    }

    private static Request Asked(string? name, DataSources sources)
    {
        if (name?.AsSpan().IndexOfAny('/', '\\') >= 0)
            throw new ArgumentException(
                $"'{name}' is a path, not a data set's name. Give a folder as the argument 'folder'.", nameof(name));
        var key = string.IsNullOrWhiteSpace(name) ? null : name.Trim();
        var known = sources.Known.FirstOrDefault(set => set.Key.Equals(key, StringComparison.OrdinalIgnoreCase));
        return new Request(known?.Key ?? key, known); // a folder of one's own keeps its capitals
    }

    private static DigitFolder Locate(string folder, Request request) => DigitFolder.Look(folder, request.Key ?? KnownSet.Mnist.Key);

    // An explicit setting that is wrong is an error; only a set asked for by name may lie elsewhere, when another known one is here.
    private static DigitData? FromSetting(string setting, Request request, DataSources sources)
    {
        var folder = Existing(setting, "The environment variable WORKBOOK_DATA names a folder that");
        var here = Locate(folder, request);
        var inner = Path.Combine(folder, request.Key ?? KnownSet.Mnist.Key);
        if (Directory.Exists(inner) && (request.Key is not null || !here.IsIn(folder)))
            return Open(Locate(inner, request), request, sources);
        return request.Key is not null && HoldsAnother(here, request.Key, sources) ? null : Open(here, request, sources);
    }

    private static bool HoldsAnother(DigitFolder folder, string key, DataSources sources)
    {
        if (folder.IsEmpty)
            return sources.Known.Any(set => Directory.Exists(Path.Combine(folder.Path, set.Key)));
        if (!folder.IsComplete)
            return false;
        var hash = ContentHash.Of(folder.Paths[3], sources.Known.Max(set => set.Files[3].Length));
        return sources.Known.Any(set => set.Key != key && set.Files[3].Sha256 == hash);
    }

    private static DigitData FromOwnFolder(Request request, DataSources sources, CancellationToken cancellation)
    {
        var (key, known) = request;
        var folder = Path.Combine(sources.DataFolder(), key!);
        if (known is null)
            return Directory.Exists(folder) ? Open(Locate(folder, request), request, sources) : throw UnknownName(key!, sources);

        var why = Locate(folder, request).Missing is not { Length: > 0 } missing ? null
            : sources.Offline ? $"data/{key} has no {string.Join(", ", missing)}, and WORKBOOK_OFFLINE forbids to download."
            : new Download(sources, known).Run(folder, missing, cancellation);
        if (why is null)
            return OpenOwn(Locate(folder, request), request, sources);
        return key == KnownSet.Mnist.Key
            ? SampleDigits.Load().AsStandIn(why)
            : throw new FileNotFoundException(
                $"{known.Title} is not to be had: {why} {Usual} Put them into data/{key}, or give their folder as the argument 'folder'.");
    }

    private static ArgumentException UnknownName(string name, DataSources sources) => new(
        $"No data set is called '{name}': known are {string.Join(" and ", sources.Known.Select(set => $"'{set.Key}'"))}, and folders " +
        "inside WORKBOOK_DATA or the workbook's data folder. Give any other folder as the argument 'folder'.", nameof(name));

    private static string Existing(string folder, string subject)
    {
        var full = Path.GetFullPath(folder);
        if (File.Exists(full))
            throw new DirectoryNotFoundException($"{subject} is a file: {full}. Name the folder that holds the four files.");
        return Directory.Exists(full) ? full : throw new DirectoryNotFoundException(
            $"{subject} does not exist: {full}. {Usual} Correct it, or leave it out to let the workbook find the data.");
    }

    // The workbook's own folder holds what was downloaded, so its content is known and easily had again.
    private static DigitData OpenOwn(DigitFolder folder, Request request, DataSources sources)
    {
        try
        {
            return Open(folder, request, sources, only: request.Known);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException(
                $"{e.Message.TrimEnd()} Delete the file to have it downloaded again; keep a set of your own in a folder of its own, " +
                "named by WORKBOOK_DATA.", e);
        }
    }

    private static DigitData Open(DigitFolder folder, Request request, DataSources sources, KnownSet? only = null)
    {
        if (!folder.IsComplete)
            throw new FileNotFoundException(folder.WhyIncomplete(Usual));
        var content = Read(folder.Paths, sources);
        var identity = Identity.Of(content, folder.Paths, sources.Known, only);
        if (identity is not null && request.Known is { } asked && asked != identity)
            throw new InvalidDataException(
                $"{folder.Path} holds {identity.Title}, but {asked.Title} was asked for. " +
                "Give the folder of that set, or leave the name out.");

        var title = identity?.Title ?? new DirectoryInfo(folder.Path).Name;
        var store = new PixelStore(content.Pixels, content.Labels, content.Height, content.Width, identity?.Classes ?? KnownSet.Digits);
        var train = new DigitSet(store, title, "train", [.. Enumerable.Range(0, content.Train)]);
        var test = new DigitSet(store, title, "test", [.. Enumerable.Range(content.Train, content.Test)]);
        return identity is not null
            ? DigitData.Verified(title, train, test)
            : DigitData.OfOnesOwn(title, train, test, Identity.Difference(content, request.Known ?? sources.Known[0]));
    }

    private static DigitFiles Read(string[] paths, DataSources sources)
    {
        try
        {
            return DigitFiles.Read(paths);
        }
        catch (InvalidDataException e) when (Identity.Exchanged(paths, sources.Known) is { } exchanged)
        {
            throw new InvalidDataException(exchanged, e);
        }
    }

    /// <summary>What was asked for: a set's name, or null for whatever is there, and the known set of that name, if any.</summary>
    private readonly record struct Request(string? Key, KnownSet? Known);
}
