using System.Buffers.Binary;
using static TorchSharp.torch;

namespace Benchmarks.Training;

/// <summary>
/// Loads a training set in the way of the reader in TorchSharp's MNIST example: both files whole into memory, then for each
/// image a float array, a tensor of it, and a copy of that into its batch.
/// </summary>
internal static class ExampleLoader
{
    internal static List<(Tensor Images, Tensor Labels)> Load(string folder, int batchSize)
    {
        var images = File.ReadAllBytes(Path.Combine(folder, "train-images-idx3-ubyte"));
        var labels = File.ReadAllBytes(Path.Combine(folder, "train-labels-idx1-ubyte"));
        var count = BinaryPrimitives.ReadInt32BigEndian(images.AsSpan(4));
        int height = BinaryPrimitives.ReadInt32BigEndian(images.AsSpan(8)), width = BinaryPrimitives.ReadInt32BigEndian(images.AsSpan(12));
        var size = height * width;
        var batches = new List<(Tensor, Tensor)>();
        for (var start = 0; start < count; start += batchSize)
        {
            var take = Math.Min(batchSize, count - start);
            using var pixels = zeros(take, size);
            var classes = zeros(take, ScalarType.Int64);
            for (var row = 0; row < take; row++)
            {
                var from = 16 + (start + row) * size;
                using var image = tensor(images[from..(from + size)].Select(value => value / 256f).ToArray());
                pixels.index_put_(image, TensorIndex.Single(row));
                using var label = tensor((long)labels[8 + start + row]);
                classes[row] = label;
            }
            batches.Add((pixels.reshape(take, 1, height, width), classes));
        }
        return batches;
    }
}
