using System.Globalization;
using System.Runtime.ExceptionServices;

namespace NotebookHelpers;

/// <summary>What the four files of a set hold.</summary>
/// <param name="Pixels">All images, those for training first: one array, of which splits and permutations are lists of indices.</param>
/// <param name="Labels">Their labels.</param>
/// <param name="Train">How many images are for training.</param>
/// <param name="Height">Rows of an image.</param>
/// <param name="Width">Columns of an image.</param>
/// <param name="Hashes">The SHA-256 of each file, decompressed, in the order of <see cref="DigitFileName.Usual"/>.</param>
internal sealed record DigitFiles(byte[] Pixels, byte[] Labels, int Train, int Height, int Width, string[] Hashes)
{
    /// <summary>How many images are for testing.</summary>
    internal int Test => Labels.Length - Train;

    /// <summary>Opens the files, checks that they belong together, and reads them.</summary>
    /// <exception cref="InvalidDataException">A file is damaged, or the files do not fit each other; the message says how.</exception>
    internal static DigitFiles Read(string[] paths)
    {
        var files = new List<FileStream>();
        var readers = new List<IdxReader>();
        try
        {
            for (var i = 0; i < paths.Length; i++)
            {
                files.Add(PlainFile.Open(paths[i]));
                readers.Add(Open(files[i], paths[i], rank: i % 2 == 0 ? 3 : 1));
            }
            CheckShapes(readers, paths);
            return ReadContent(readers, paths);
        }
        finally
        {
            readers.ForEach(reader => reader.Dispose());
            files.ForEach(file => file.Dispose());
        }
    }

    private static IdxReader Open(FileStream file, string path, int rank)
    {
        try
        {
            return new IdxReader(file, path, rank, limit: Array.MaxLength / 2);
        }
        catch (InvalidDataException e) when (File.Exists(path + ".gz"))
        {
            // As a broken-off extraction leaves them.
            throw new InvalidDataException(
                $"{e.Message} Or delete it: {Path.GetFileName(path)}.gz lies beside it and is read when this one is gone.", e);
        }
    }

    private static void CheckShapes(List<IdxReader> readers, string[] paths)
    {
        for (var i = 0; i < 4; i += 2)
            if (readers[i].Shape[0] != readers[i + 1].Shape[0])
                throw new InvalidDataException(
                    $"The counts differ: {paths[i]} has {Number(readers[i].Shape[0])} images, " +
                    $"{paths[i + 1]} has {Number(readers[i + 1].Shape[0])} labels. " +
                    "Every image needs one label; get both files from the same source.");
        if (!readers[0].Shape.AsSpan(1).SequenceEqual(readers[2].Shape.AsSpan(1)))
            throw new InvalidDataException(
                $"The image sizes differ: {paths[0]} has {readers[0].Shape[1]}×{readers[0].Shape[2]} pixels, " +
                $"{paths[2]} has {readers[2].Shape[1]}×{readers[2].Shape[2]}. Get both files from the same source.");
    }

    private static DigitFiles ReadContent(List<IdxReader> readers, string[] paths)
    {
        int train = readers[1].Size, trainPixels = readers[0].Size;
        var pixels = GC.AllocateUninitializedArray<byte>(trainPixels + readers[2].Size);
        var labels = new byte[train + readers[3].Size];
        var hashes = new string[4];
        InParallel(
            () => hashes[0] = readers[0].ReadHashed(pixels.AsSpan(0, trainPixels)),
            () => hashes[2] = readers[2].ReadHashed(pixels.AsSpan(trainPixels)),
            () =>
            {
                hashes[1] = readers[1].ReadHashed(labels.AsSpan(0, train));
                hashes[3] = readers[3].ReadHashed(labels.AsSpan(train));
            });
        CheckLabels(labels.AsSpan(0, train), paths[1]);
        CheckLabels(labels.AsSpan(train), paths[3]);
        return new DigitFiles(pixels, labels, train, readers[0].Shape[1], readers[0].Shape[2], hashes);
    }

    private static void InParallel(params Action[] actions)
    {
        try
        {
            Parallel.Invoke(actions);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private static void CheckLabels(ReadOnlySpan<byte> labels, string path)
    {
        var wrong = labels.IndexOfAnyExceptInRange((byte)0, (byte)9);
        if (wrong >= 0)
            throw new InvalidDataException(
                $"{path}: label number {Number(wrong)} is {labels[wrong]}, but labels are 0 to 9. The file is damaged or of another set.");
    }

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
