namespace NotebookHelpers;

/// <summary>Pixels (0 = paper, 255 = ink) and labels of all images of a data set, stored once and shared by every view.</summary>
internal sealed record PixelStore(byte[] Pixels, byte[] Labels, int Height, int Width, IReadOnlyList<string> Classes)
{
    internal ReadOnlySpan<byte> Image(int index) => Pixels.AsSpan(index * Height * Width, Height * Width);
}

/// <summary>
/// Labelled grey images: a view (which images, each changed how) over bytes that are stored once. Splitting, selecting
/// and augmenting make new views and copy no pixel.
/// </summary>
public sealed class DigitSet
{
    private readonly PixelStore _store;
    private readonly int[] _images;
    private readonly byte[]? _changes;
    private readonly Augmentation[] _augmentations;

    internal DigitSet(PixelStore store, string name, string split, int[] images)
        : this(store, name, split, images, null, [])
    {
    }

    private DigitSet(PixelStore store, string name, string split, int[] images, byte[]? changes, Augmentation[] augmentations)
    {
        (_store, Name, Split) = (store, name, split);
        (_images, _changes, _augmentations) = (images, changes, augmentations);
    }

    /// <summary>Makes a set of images of one's own.</summary>
    /// <param name="pixels">Count × height × width bytes, image by image, row by row: 0 is paper, 255 ink. Not copied.</param>
    /// <param name="labels">The class of each image: an index into <paramref name="classes"/>. Not copied.</param>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="name">The name of the data set.</param>
    /// <param name="split">What part of it this is.</param>
    /// <param name="classes">The names of the classes; the digits 0 to 9 when null.</param>
    /// <exception cref="ArgumentException">Sizes or labels do not fit.</exception>
    public static DigitSet Create(byte[] pixels, byte[] labels, int height, int width, string name = "own digits",
        string split = "train", IReadOnlyList<string>? classes = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        classes ??= KnownSet.Digits;
        if ((Int128)labels.Length * height * width != pixels.Length)
            throw new ArgumentException($"{labels.Length} images of {height}×{width} do not fit {pixels.Length} bytes.", nameof(pixels));
        if (labels.FirstOrDefault(label => label >= classes.Count) is var wrong && wrong >= classes.Count)
            throw new ArgumentException($"A label is {wrong}, but there are {classes.Count} classes.", nameof(labels));
        return new DigitSet(new PixelStore(pixels, labels, height, width, classes), name, split, [.. Enumerable.Range(0, labels.Length)]);
    }

    /// <summary>The data set's name, such as MNIST.</summary>
    public string Name { get; }

    /// <summary>Which part of the data set this is: train, test or validation.</summary>
    public string Split { get; }

    /// <summary>The names of the classes; a label is an index into them.</summary>
    public IReadOnlyList<string> Classes => _store.Classes;

    /// <summary>How many images there are, augmented ones included.</summary>
    public int Count => _images.Length;

    /// <summary>Rows of an image.</summary>
    public int Height => _store.Height;

    /// <summary>Columns of an image.</summary>
    public int Width => _store.Width;

    /// <summary>Whether augmented images are among these.</summary>
    public bool IsAugmented => _changes is not null;

    /// <summary>How the augmented images among these are changed, in the order of the copies.</summary>
    internal IReadOnlyList<Augmentation> Augmentations => _augmentations;

    /// <summary>The class of image <paramref name="index"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public byte Label(int index) => _store.Labels[Stored(index)];

    /// <summary>A copy of image <paramref name="index"/>, its augmentation applied: height × width bytes, from 0 (paper) to 255.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public byte[] Pixels(int index)
    {
        var pixels = new byte[Height * Width];
        CopyTo(index, pixels);
        return pixels;
    }

    /// <summary>Image <paramref name="index"/> as a matrix (height, width) of values from 0 (paper) to 1 (ink), for a network.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public double[,] Matrix(int index)
    {
        var pixels = Pixels(index);
        var matrix = new double[Height, Width];
        for (var i = 0; i < pixels.Length; i++)
            matrix[i / Width, i % Width] = pixels[i] / 255.0;
        return matrix;
    }

    /// <summary>Writes image <paramref name="index"/>, its augmentation applied, to a target of height × width bytes.</summary>
    /// <exception cref="ArgumentException">There is no such image, or the target has another size.</exception>
    public void CopyTo(int index, Span<byte> target)
    {
        var image = _store.Image(Stored(index));
        if (_changes is not null && _changes[index] > 0)
            _augmentations[_changes[index] - 1].Apply(image, target, Height, Width);
        else if (target.Length != image.Length)
            throw new ArgumentException(
                $"An image of {Height}×{Width} has {image.Length} bytes, but the target {target.Length}.", nameof(target));
        else
            image.CopyTo(target);
    }

    /// <summary>
    /// The number that the original of image <paramref name="index"/> has in the whole data set (training images first, then
    /// test images, in the files' order): two views share an image if they share this number.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public int OriginalIndex(int index) => Stored(index);

    /// <summary>How many images each class has.</summary>
    public int[] LabelCounts()
    {
        var counts = new int[Classes.Count];
        foreach (var image in _images)
            counts[_store.Labels[image]]++;
        return counts;
    }

    /// <summary>
    /// Holds out a validation set: <paramref name="count"/> images drawn at random, without replacement; the others stay
    /// for training. Both keep the order of this set.
    /// </summary>
    /// <param name="count">At least 1, fewer than there are.</param>
    /// <param name="seed">Decides which.</param>
    /// <exception cref="ArgumentOutOfRangeException">Nothing would remain on one side.</exception>
    /// <exception cref="InvalidOperationException">The set is augmented.</exception>
    public (DigitSet Train, DigitSet Validation) Validation(int count, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(count, Count);
        if (IsAugmented)
            throw new InvalidOperationException(
                "Split first, augment then: otherwise shifted copies of validation images stay in the training set.");
        var order = Permutation.Of(Count, seed);
        Array.Sort(order, 0, count);
        Array.Sort(order, count, Count - count);
        return (Select(order[count..], "train"), Select(order[..count], "validation"));
    }

    /// <summary>The first <paramref name="count"/> images, or all when there are fewer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public DigitSet Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Select([.. Enumerable.Range(0, Math.Min(count, Count))]);
    }

    /// <summary>The images with these indices, in this order; one may occur more than once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no image with one of the indices.</exception>
    public DigitSet Select(params int[] indices) => Select(indices, Split);

    /// <summary>The images whose label satisfies a condition.</summary>
    public DigitSet Where(Func<byte, bool> label) =>
        Select([.. Enumerable.Range(0, Count).Where(index => label(Label(index)))]);

    /// <summary>
    /// This set followed by one changed copy of it for each augmentation, in order, as a view: with n images here, image i
    /// is image i mod n, changed by augmentation i / n (0: not changed). Labels stay.
    /// </summary>
    /// <exception cref="InvalidOperationException">The set is augmented already: give all augmentations at once.</exception>
    /// <exception cref="ArgumentException">More than 255 augmentations, or more images than an array can number.</exception>
    public DigitSet Augmented(params IReadOnlyList<Augmentation> augmentations)
    {
        if (IsAugmented)
            throw new InvalidOperationException("The set is augmented already; give all augmentations in one call.");
        if (augmentations.Count > byte.MaxValue || (augmentations.Count + 1L) * Count > Array.MaxLength)
            throw new ArgumentException($"{augmentations.Count} augmentations of {Count} images are too many.", nameof(augmentations));
        if (augmentations.Count == 0)
            return this;
        var images = new int[(augmentations.Count + 1) * Count];
        var changes = new byte[images.Length];
        for (var block = 0; block <= augmentations.Count; block++)
        {
            _images.CopyTo(images, block * Count);
            changes.AsSpan(block * Count, Count).Fill((byte)block);
        }
        return new DigitSet(_store, Name, Split, images, changes, [.. augmentations]);
    }

    /// <summary>A copy in which every image is changed in the same way; labels and classes stay.</summary>
    /// <param name="change">The change.</param>
    public DigitSet Changed(ImageChange change)
    {
        var size = Height * Width;
        var pixels = new byte[(long)Count * size];
        Parallel.For(0, Count, () => new byte[size], (index, _, original) =>
        {
            CopyTo(index, original);
            change.Apply(original, pixels.AsSpan(index * size, size), Height, Width);
            return original;
        }, _ => { });
        var labels = _images.Select(image => _store.Labels[image]).ToArray();
        return Create(pixels, labels, Height, Width, Name, $"{Split}, {change}", Classes);
    }

    /// <summary>A short description: name, split, count and size.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Name}, {Split}: {Count:N0} images of {Height}×{Width}{(IsAugmented ? ", augmented" : "")}");

    internal static DigitSet Together(DigitSet first, DigitSet second) =>
        new(first._store, first.Name, "all", [.. first._images, .. second._images]);

    internal static (DigitSet First, DigitSet Second) Divide(DigitSet train, DigitSet test, int[] order, int first)
    {
        int[] all = [.. train._images, .. test._images];
        int[] permuted = [.. order.Select(index => all[index])];
        return (new DigitSet(train._store, train.Name, train.Split, permuted[first..]),
            new DigitSet(train._store, train.Name, test.Split, permuted[..first]));
    }

    private DigitSet Select(int[] indices, string split) => new(_store, Name, split,
        [.. indices.Select(Stored)], _changes is null ? null : [.. indices.Select(index => _changes[index])], _augmentations);

    private int Stored(int index)
    {
        if ((uint)index >= (uint)_images.Length)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"There are {_images.Length} images, numbered from 0.");
        return _images[index];
    }
}
