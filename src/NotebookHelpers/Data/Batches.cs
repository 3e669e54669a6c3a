using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// A set cut into batches of tensors. The order of an epoch depends on (seed, epoch) alone, not on torch's generators, so
/// that a run can be resumed at any epoch. Pixels stay bytes until their batch is made.
/// </summary>
public sealed class Batches
{
    private readonly int? _shuffleSeed;
    private readonly Distortion? _distortion;
    private readonly Device _device;

    /// <summary>Describes the batches; nothing is made yet.</summary>
    /// <param name="set">The images.</param>
    /// <param name="batchSize">Images in a batch; the article's 128 unless given.</param>
    /// <param name="shuffleSeed">A new order every epoch from this seed; null: the order of the set.</param>
    /// <param name="dropLast">Whether a last batch that is not full is left out.</param>
    /// <param name="device">Where the tensors live; <see cref="Workbook.Device"/> when null.</param>
    /// <param name="distortion">Changes the shape of each image, differently in every epoch; null: none.</param>
    /// <exception cref="ArgumentException">There would be no batch.</exception>
    public Batches(DigitSet set, int batchSize = 128, int? shuffleSeed = null, bool dropLast = false, Device? device = null,
        Distortion? distortion = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        (Set, BatchSize, _shuffleSeed, _distortion) = (set, batchSize, shuffleSeed, distortion);
        Count = dropLast ? set.Count / batchSize : (int)(((long)set.Count + batchSize - 1) / batchSize);
        if (Count == 0)
            throw new ArgumentException(set.Count == 0
                ? "The set is empty, so there is no batch to make."
                : $"The set has {set.Count} images, not one full batch of {batchSize}, and dropLast leaves out the rest: " +
                  "take smaller batches or keep the last.", nameof(set));
        _device = device ?? Workbook.Device;
    }

    /// <summary>The images.</summary>
    public DigitSet Set { get; }

    /// <summary>Images in a batch (the last one may have fewer).</summary>
    public int BatchSize { get; }

    /// <summary>How many batches an epoch has.</summary>
    public int Count { get; }

    /// <summary>
    /// The batches of one epoch, made one at a time. A batch is disposed when the next one is asked for, so a loop over them
    /// leaks nothing; the last batch taken belongs to the caller: First() keeps its batch, ToList() and Last() go past theirs.
    /// </summary>
    /// <param name="epoch">0 or more; with a seed, each epoch has its own order.</param>
    public IEnumerable<Batch> Epoch(int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        // The second stream of an epoch, so that distortions do not follow the order.
        return Enumerate(_shuffleSeed is { } seed ? Permutation.Of(Set.Count, seed, epoch) : null, SplitMix.Of(_shuffleSeed ?? 0, ~epoch));
    }

    private IEnumerable<Batch> Enumerate(int[]? order, SplitMix random)
    {
        var pixels = new byte[Math.Min(BatchSize, Set.Count) * Set.Height * Set.Width];
        for (var number = 0; number < Count; number++)
        {
            var start = number * BatchSize;
            var batch = Make(order, start, Math.Min(BatchSize, Set.Count - start), pixels, ref random);
            yield return batch;
            // Not in a finally: who takes one batch and stops (First()) keeps it.
            batch.Dispose();
        }
    }

    private Batch Make(int[]? order, int start, int count, byte[] pixels, ref SplitMix random)
    {
        var size = Set.Height * Set.Width;
        var original = new byte[_distortion is null ? 0 : size];
        // Written straight into torch's memory: no float array in between, no second copy.
        var images = empty([count, 1, Set.Height, Set.Width], ScalarType.Float32, CPU);
        var labels = empty([count], ScalarType.Int64, CPU);
        var labelValues = MemoryMarshal.Cast<byte, long>(labels.bytes);
        for (var i = 0; i < count; i++)
        {
            var index = order is null ? start + i : order[start + i];
            if (_distortion is null)
            {
                Set.CopyTo(index, pixels.AsSpan(i * size, size));
            }
            else
            {
                Set.CopyTo(index, original);
                _distortion.Apply(original, pixels.AsSpan(i * size, size), Set.Height, Set.Width, ref random);
            }
            labelValues[i] = Set.Label(index);
        }
        ToUnitInterval(pixels.AsSpan(0, count * size), MemoryMarshal.Cast<byte, float>(images.bytes));
        if (_device.type == DeviceType.CPU)
            return new Batch(images, labels);
        using (images)
        using (labels)
            return new Batch(images.to(_device), labels.to(_device));
    }

    /// <summary>Divides bytes by 255; the same floats whether vectors do it or not.</summary>
    internal static void ToUnitInterval(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        var i = 0;
        for (; i <= bytes.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(bytes[i..]), out var low, out var high);
            Store(low, values[i..]);
            Store(high, values[(i + Vector<ushort>.Count)..]);
        }
        for (; i < bytes.Length; i++)
            values[i] = bytes[i] / 255f;

        static void Store(Vector<ushort> source, Span<float> target)
        {
            Vector.Widen(source, out var low, out var high);
            (Vector.ConvertToSingle(low) / 255f).CopyTo(target);
            (Vector.ConvertToSingle(high) / 255f).CopyTo(target[Vector<uint>.Count..]);
        }
    }
}
