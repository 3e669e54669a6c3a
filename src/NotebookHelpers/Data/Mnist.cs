using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;

namespace NotebookHelpers;

/// <summary>
/// MNIST (LeCun, Cortes, Burges) and sets in the same four files, such as Fashion-MNIST: found, downloaded where needed,
/// checked, read. Looked for in WORKBOOK_DATA, then in the workbook's data folder, then on mirrors of the original; at last
/// the embedded sample stands in for MNIST and says so. Data that are there but damaged are an error, never replaced.
/// </summary>
public static class Mnist
{
    private static string Usual => "Expected " + string.Join(", ", KnownSet.FileNames) + ", each with or without .gz.";

    /// <summary>Loads a data set with its official split into training and test images.</summary>
    /// <param name="name">
    /// "mnist", "fashion-mnist", or the name of a folder of one's own inside WORKBOOK_DATA or the workbook's data folder. When
    /// null: what WORKBOOK_DATA holds, else MNIST.
    /// </param>
    /// <param name="folder">A folder with the four files; nothing else is tried then.</param>
    /// <param name="progress">Told of a download at most once a second; when null, lines go to standard error.</param>
    /// <param name="cancellation">Stops a download; <see cref="Workbook.Cancellation"/> unless given.</param>
    /// <exception cref="DirectoryNotFoundException">The folder, or the one that WORKBOOK_DATA names, does not exist.</exception>
    /// <exception cref="FileNotFoundException">A file is missing, or a set other than MNIST could not be had.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or the files do not belong together; the message says how.</exception>
    /// <exception cref="OperationCanceledException">A download was cancelled.</exception>
    public static DigitData Load(string? name = null, string? folder = null, Action<DownloadProgress>? progress = null,
        CancellationToken cancellation = default) =>
        Load(name, folder, new DataSources { Progress = progress }, cancellation.CanBeCanceled ? cancellation : Workbook.Cancellation);

    internal static DigitData Load(string? name, string? folder, DataSources sources, CancellationToken cancellation)
    {
        if (name?.AsSpan().IndexOfAny('/', '\\') >= 0)
            throw new ArgumentException($"'{name}' is a path, not a data set's name. Give a folder as the argument 'folder'.", nameof(name));
        var key = string.IsNullOrWhiteSpace(name) ? null : name.Trim();
        var asked = sources.Known.FirstOrDefault(set => set.Key.Equals(key, StringComparison.OrdinalIgnoreCase));
        key = asked?.Key ?? key; // a folder of one's own keeps its capitals
        if (folder is not null)
            return Open(Existing(folder, "The folder"), asked, sources);

        if (sources.WorkbookData is { Length: > 0 } setting && FromSetting(setting, key, asked, sources) is { } data)
            return data;

        key ??= KnownSet.Mnist.Key;
        asked = sources.Known.FirstOrDefault(set => set.Key == key);
        var local = Path.Combine(sources.DataFolder(), key);
        if (asked is null)
            return Directory.Exists(local)
                ? Open(local, null, sources)
                : throw new ArgumentException(
                    $"No data set is called '{name}': known are {string.Join(" and ", sources.Known.Select(set => $"'{set.Key}'"))}, and folders " +
                    "inside WORKBOOK_DATA or the workbook's data folder. Give any other folder as the argument 'folder'.", nameof(name));

        var why = Missing(local) is not { Length: > 0 } missing ? null
            : sources.Offline ? $"data/{key} has no {string.Join(", ", missing)}, and WORKBOOK_OFFLINE forbids to download."
            : new Download(sources, asked).Run(local, missing, cancellation);
        if (why is null)
            return OpenOwn(local, asked, sources);
        return key == KnownSet.Mnist.Key
            ? SampleDigits.Load().AsStandIn(why)
            : throw new FileNotFoundException($"{asked.Title} is not to be had: {why} {Usual} Put them into data/{key}, or give their folder as the argument 'folder'.");
    }

    // An explicit setting that is wrong is an error; only a set asked for by name may lie elsewhere, when another known one is here.
    private static DigitData? FromSetting(string setting, string? key, KnownSet? asked, DataSources sources)
    {
        var folder = Existing(setting, "The environment variable WORKBOOK_DATA names a folder that");
        var inner = Path.Combine(folder, key ?? KnownSet.Mnist.Key);
        if (Directory.Exists(inner) && (key is not null || Missing(folder).Length == KnownSet.FileNames.Length))
            return Open(inner, asked, sources);
        if (key is not null && Missing(folder).Length == KnownSet.FileNames.Length && sources.Known.Any(set => Directory.Exists(Path.Combine(folder, set.Key))))
            return null;
        if (key is not null && Find(folder, KnownSet.FileNames[3]) is { } labels)
        {
            var hash = HashOf(labels);
            if (sources.Known.Any(set => set.Key != key && set.Files[3].Sha256 == hash))
                return null;
        }
        return Open(folder, asked, sources);
    }

    private static string Existing(string folder, string subject)
    {
        var full = Path.GetFullPath(folder);
        if (File.Exists(full))
            throw new DirectoryNotFoundException($"{subject} is a file: {full}. Name the folder that holds the four files.");
        return Directory.Exists(full) ? full : throw new DirectoryNotFoundException(
            $"{subject} does not exist: {full}. {Usual} Correct it, or leave it out to let the workbook find the data.");
    }

    private static string[] Missing(string folder) => [.. KnownSet.FileNames.Where(name => Find(folder, name) is null)];

    private static string? Find(string folder, string name)
    {
        // Some archives write a dot where the original has a hyphen.
        var dotted = name.Replace("-idx", ".idx", StringComparison.Ordinal);
        string[] names = [name, name + ".gz", dotted, dotted + ".gz"];
        return names.Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }

    private static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        using var reader = new IdxReader(file, path);
        return Hash(reader, new byte[reader.Size]);
    }

    internal static string Hash(IdxReader reader, Span<byte> target)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        reader.ReadValues(target, hash);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // The workbook's own folder holds what was downloaded, so its content is known and easily had again.
    private static DigitData OpenOwn(string folder, KnownSet asked, DataSources sources)
    {
        try
        {
            return Open(folder, asked, sources, strict: true);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException(
                $"{e.Message.TrimEnd()} Delete the file to have it downloaded again; keep a set of your own in a folder of its own, named by WORKBOOK_DATA.", e);
        }
    }

    private static DigitData Open(string folder, KnownSet? asked, DataSources sources, bool strict = false)
    {
        if (Missing(folder) is { Length: > 0 } missing)
            throw new FileNotFoundException($"{folder} has no {string.Join(", no ", missing)}. {Usual}");
        string[] paths = [.. KnownSet.FileNames.Select(name => Find(folder, name)!)];

        var files = new List<FileStream>();
        var readers = new List<IdxReader>();
        try
        {
            for (var i = 0; i < paths.Length; i++)
            {
                files.Add(File.OpenRead(paths[i]));
                readers.Add(new IdxReader(files[i], paths[i], rank: i % 2 == 0 ? 3 : 1, limit: Array.MaxLength / 2));
            }
            CheckShapes(readers, paths);
            int height = readers[0].Shape[1], width = readers[0].Shape[2];
            int train = readers[0].Shape[0], test = readers[2].Shape[0];
            // One array for all images: splits and permutations are lists of indices into it.
            var pixels = GC.AllocateUninitializedArray<byte>(readers[0].Size + readers[2].Size);
            var labels = new byte[train + test];
            var hashes = ReadAll(readers, pixels, labels);
            CheckLabels(labels.AsSpan(0, train), paths[1]);
            CheckLabels(labels.AsSpan(train), paths[3]);

            var known = Identify(hashes, paths, asked, sources, strict);
            var title = known?.Title ?? new DirectoryInfo(folder).Name;
            var store = new PixelStore(pixels, labels, height, width, known?.Classes ?? KnownSet.Digits);
            return new DigitData(title,
                new DigitSet(store, title, "train", [.. Enumerable.Range(0, train)]),
                new DigitSet(store, title, "test", [.. Enumerable.Range(train, test)]), isVerified: known is not null);
        }
        finally
        {
            readers.ForEach(reader => reader.Dispose());
            files.ForEach(file => file.Dispose());
        }
    }

    private static void CheckShapes(List<IdxReader> readers, string[] paths)
    {
        for (var i = 0; i < 4; i += 2)
            if (readers[i].Shape[0] != readers[i + 1].Shape[0])
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                    $"The counts differ: {paths[i]} has {readers[i].Shape[0]:N0} images, {paths[i + 1]} has {readers[i + 1].Shape[0]:N0} labels. Every image needs one label; get both files from the same source."));
        if (!readers[0].Shape.AsSpan(1).SequenceEqual(readers[2].Shape.AsSpan(1)))
            throw new InvalidDataException(
                $"The image sizes differ: {paths[0]} has {readers[0].Shape[1]}×{readers[0].Shape[2]} pixels, {paths[2]} has {readers[2].Shape[1]}×{readers[2].Shape[2]}. Get both files from the same source.");
    }

    private static string[] ReadAll(List<IdxReader> readers, byte[] pixels, byte[] labels)
    {
        var hashes = new string[4];
        int trainPixels = readers[0].Size, train = readers[1].Size;
        try
        {
            Parallel.Invoke(
                () => hashes[0] = Hash(readers[0], pixels.AsSpan(0, trainPixels)),
                () => hashes[2] = Hash(readers[2], pixels.AsSpan(trainPixels)),
                () =>
                {
                    hashes[1] = Hash(readers[1], labels.AsSpan(0, train));
                    hashes[3] = Hash(readers[3], labels.AsSpan(train));
                });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
        return hashes;
    }

    private static void CheckLabels(ReadOnlySpan<byte> labels, string path)
    {
        var wrong = labels.IndexOfAnyExceptInRange((byte)0, (byte)9);
        if (wrong >= 0)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"{path}: label number {wrong:N0} is {labels[wrong]}, but labels are 0 to 9. The file is damaged or of another set."));
    }

    // All four checksums of a known set: that set. None: a set of one's own, which only its own folder may hold. Some: damage.
    private static KnownSet? Identify(string[] hashes, string[] paths, KnownSet? asked, DataSources sources, bool strict)
    {
        static int Matches(KnownSet set, string[] hashes) => set.Files.Where((file, i) => file.Sha256 == hashes[i]).Count();
        var nearest = strict ? asked! : sources.Known.MaxBy(set => Matches(set, hashes))!;
        var matches = Matches(nearest, hashes);
        if (matches == 0 && !strict)
            return null;
        if (matches < 4)
        {
            var i = Array.FindIndex(nearest.Files, file => file.Sha256 != hashes[Array.IndexOf(nearest.Files, file)]);
            throw new InvalidDataException(
                $"{paths[i]}: damaged, or not of {nearest.Title}: the SHA-256 of its decompressed content should be {nearest.Files[i].Sha256} but is {hashes[i]}. " +
                (strict ? "" : "Other files here are of that set; get this one again."));
        }
        if (asked is not null && asked != nearest)
            throw new InvalidDataException($"{Path.GetDirectoryName(paths[0])} holds {nearest.Title}, but {asked.Title} was asked for. Give the folder of that set, or leave the name out.");
        return nearest;
    }
}
