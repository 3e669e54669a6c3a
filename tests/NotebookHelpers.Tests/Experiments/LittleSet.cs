using NotebookHelpers.Tests.Data;

namespace NotebookHelpers.Tests.Experiments;

/// <summary>A data set of a few sample digits, as files that other processes find by WORKBOOK_DATA.</summary>
internal static class LittleSet
{
    /// <summary>What a grid calls it.</summary>
    internal const string Name = "little";

    /// <summary>Writes 300 training and 100 test digits, as MNIST's files are.</summary>
    /// <param name="folder">What WORKBOOK_DATA shall name.</param>
    internal static void Write(string folder)
    {
        var digits = SampleDigits.Load();
        var set = Directory.CreateDirectory(Path.Combine(folder, Name)).FullName;
        Write(set, "train", digits.Train.Take(300));
        Write(set, "t10k", digits.Test.Take(100));
    }

    private static void Write(string folder, string split, DigitSet set)
    {
        var images = Enumerable.Range(0, set.Count);
        File.WriteAllBytes(Path.Combine(folder, $"{split}-images-idx3-ubyte"),
            IdxFileTests.Idx([set.Count, set.Height, set.Width], [.. images.SelectMany(image => set.Pixels(image).ToArray())]));
        File.WriteAllBytes(Path.Combine(folder, $"{split}-labels-idx1-ubyte"),
            IdxFileTests.Idx([set.Count], [.. images.Select(image => (byte)set.Label(image))]));
    }
}
