namespace NotebookHelpers;

/// <summary>What people have in place of the four files, and what to do with it.</summary>
internal static class FoundInstead
{
    private const int MostNames = 6, MostFiles = 2000;
    private const string Download =
        "The workbook reads the four IDX files; without WORKBOOK_DATA it downloads them by itself.";

    private static readonly (Func<string, bool> Is, string What)[] Kinds =
    [
        (Unfinished, "is a download that was not finished: download it again."),
        (name => IsEmnist(DigitFileName.PrefixOf(name)),
            "is a file of EMNIST, whose images lie with rows and columns exchanged: read it with IdxFile.Read, turn each image " +
            "and make the sets with DigitSet.Create; labels must be 0 to 9, as in its parts \"digits\" and \"mnist\"."),
        (name => Ends(name, ".npz", ".npy"), $"is NumPy's format (Keras keeps MNIST so). {Download}"),
        (name => Ends(name, ".csv", ".csv.gz"), $"is a table as Kaggle offers it (CSV). {Download}"),
        (name => Ends(name, ".zip", ".7z", ".rar", ".tar", ".tgz", ".tar.gz", ".tar.xz", ".tar.bz2"),
            "is an archive: unpack it there."),
        (name => Ends(name, ".bz2", ".xz", ".zst", ".z", ".lzma"), "is compressed otherwise than with gzip: decompress it."),
        (name => Ends(name, ".parquet", ".arrow"), $"is a table as Hugging Face offers it. {Download}"),
        (name => Ends(name, ".arff", ".arff.gz", ".mat"), $"is a table as OpenML and scikit-learn keep it. {Download}"),
        (name => Ends(name, ".pkl", ".pkl.gz", ".pickle", ".pt", ".pth"), $"is a Python object (pickle). {Download}"),
        (name => name.Contains(".tfrecord", StringComparison.OrdinalIgnoreCase), $"is TensorFlow's format. {Download}"),
        (name => Ends(name, ".png", ".jpg", ".jpeg", ".bmp"),
            $"is a picture: single pictures are not read here, DigitSet.Create takes their pixels. {Download}"),
        (name => name.Contains("ubyte", StringComparison.OrdinalIgnoreCase) && DigitFileName.RoleOf(name) is null,
            "may be one of them under another name: give it the usual one."),
    ];

    /// <summary>One or two sentences that begin with a space: what the folder holds, and the cure.</summary>
    internal static string In(string folder)
    {
        if (!Directory.Exists(folder))
            return "";
        var names = Names(folder).Take(MostFiles).ToList();
        if (names.Count == 0)
            return MayBeListed(folder) ? " The folder is empty." : " This user may not look into the folder: change its permissions.";
        return Explained(folder, names) ?? $" It holds {Listed(names)}.";
    }

    /// <summary>Whether a file name's beginning says that it is of EMNIST (Cohen and others, 2017).</summary>
    internal static bool IsEmnist(string prefix) => prefix.StartsWith("emnist", StringComparison.Ordinal);

    private static bool MayBeListed(string folder)
    {
        try
        {
            return Directory.GetFileSystemEntries(folder) is not null;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? Explained(string folder, List<string> names)
    {
        if (names.Find(name => IsDataFile(name) && Directory.Exists(Path.Combine(folder, name))) is { } inTheWay)
            return $" {inTheWay} is a folder, not the file: put the file that belongs there in its place.";
        foreach (var (isOfKind, what) in Kinds)
            if (names.Find(name => isOfKind(Path.GetFileName(name))) is { } found)
                return $" {found} {what}";
        var sets = names.Where(IsDataFile)
            .GroupBy(name => Path.Combine(Path.GetDirectoryName(name)!, DigitFileName.PrefixOf(Path.GetFileName(name))))
            .Where(group => group.Select(name => DigitFileName.RoleOf(Path.GetFileName(name))).Distinct().Count() == 4)
            .Select(group => group.Key).ToList();
        return sets.Count > 1
            ? $" It holds several sets ({string.Join(", ", sets)}): name the folder of one, with only its files in it."
            : null;
    }

    private static bool IsDataFile(string name) => DigitFileName.RoleOf(Path.GetFileName(name)) is not null;

    private static IEnumerable<string> Names(string folder) =>
        new[] { folder }.Concat(DigitFolder.Deeper(folder)).SelectMany(inner =>
            Directory.EnumerateFileSystemEntries(inner, "*", new EnumerationOptions { IgnoreInaccessible = true })
                .Order(StringComparer.Ordinal))
        .Select(entry => Path.GetRelativePath(folder, entry))
        .Where(name => Path.GetFileName(name)[0] != '.');

    private static string Listed(List<string> names) =>
        string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : "");

    private static bool Unfinished(string name) =>
        Ends(name, ".part", ".partial", ".crdownload", ".download", ".opdownload", ".aria2", ".!ut", ".tmp");

    private static bool Ends(string name, params string[] endings) =>
        endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}
