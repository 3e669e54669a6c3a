namespace NotebookHelpers;

/// <summary>One of a set's four files: the SHA-256 and the length of its decompressed content.</summary>
internal sealed record KnownFile(string Name, string Sha256, int Length);

/// <summary>A data set that is known by checksum and can be downloaded.</summary>
/// <param name="Key">Its name as a folder: "fashion-mnist".</param>
/// <param name="Title">Its name for readers.</param>
/// <param name="Classes">What the labels 0 to 9 mean.</param>
/// <param name="Files">The four files, in the order of <see cref="DigitFileName.Usual"/>.</param>
/// <param name="Mirrors">Addresses of folders that hold them, gzipped; the first is asked first.</param>
internal sealed record KnownSet(string Key, string Title, IReadOnlyList<string> Classes, KnownFile[] Files, string[] Mirrors)
{
    /// <summary>Rows of an image.</summary>
    internal int Height { get; init; } = 28;

    /// <summary>Columns of an image.</summary>
    internal int Width { get; init; } = 28;

    /// <summary>How many images there are to learn from: a labels' file has eight bytes before its labels.</summary>
    internal int TrainCount => Files[1].Length - 8;

    /// <summary>How many images there are to test on.</summary>
    internal int TestCount => Files[3].Length - 8;

    internal static readonly string[] Digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    internal static readonly KnownSet Mnist = new("mnist", "MNIST", Digits,
        FilesOf(
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
        ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"]);

    internal static readonly KnownSet FashionMnist = new("fashion-mnist", "Fashion-MNIST",
        ["T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"],
        FilesOf(
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
        ["https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
            "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"]);

    internal static readonly KnownSet[] All = [Mnist, FashionMnist];

    private static KnownFile[] FilesOf(string trainImages, string trainLabels, string testImages, string testLabels) =>
    [
        new(DigitFileName.Usual[0], trainImages, 16 + 60_000 * 28 * 28),
        new(DigitFileName.Usual[1], trainLabels, 8 + 60_000),
        new(DigitFileName.Usual[2], testImages, 16 + 10_000 * 28 * 28),
        new(DigitFileName.Usual[3], testLabels, 8 + 10_000),
    ];
}
