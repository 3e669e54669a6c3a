using System.Buffers.Binary;
using System.IO.Compression;
using NotebookHelpers;

namespace Benchmarks.Training;

/// <summary>The same files for both sides, whatever the set at hand: IDX as it is, and gzipped; gone with this object.</summary>
internal sealed class MeasuredFiles : IDisposable
{
    internal MeasuredFiles(DigitData data)
    {
        Directory.CreateDirectory(SideProcess.Gzipped(Folder));
        Write("train", data.Train);
        Write("t10k", data.Test);
    }

    internal string Folder { get; } = Directory.CreateTempSubdirectory("convnet-benchmark-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private void Write(string split, DigitSet set)
    {
        var images = new byte[16 + set.Count * set.Height * set.Width];
        var labels = new byte[8 + set.Count];
        int[] header = [0x803, set.Count, set.Height, set.Width, 0x801, set.Count];
        for (var i = 0; i < header.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(i < 4 ? images.AsSpan(4 * i) : labels.AsSpan(4 * (i - 4)), header[i]);
        for (var i = 0; i < set.Count; i++)
        {
            set.CopyTo(i, images.AsSpan(16 + i * set.Height * set.Width, set.Height * set.Width));
            labels[8 + i] = set.Label(i);
        }
        foreach (var (kind, bytes) in new[] { ("images-idx3-ubyte", images), ("labels-idx1-ubyte", labels) })
        {
            File.WriteAllBytes(Path.Combine(Folder, $"{split}-{kind}"), bytes);
            var archive = Path.Combine(SideProcess.Gzipped(Folder), $"{split}-{kind}.gz");
            using var gzipped = new GZipStream(File.Create(archive), CompressionLevel.Optimal);
            gzipped.Write(bytes);
        }
    }
}
