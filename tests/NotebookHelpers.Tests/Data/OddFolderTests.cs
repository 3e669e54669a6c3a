namespace NotebookHelpers.Tests.Data;

/// <summary>Folders and files as people really have them: they load, or the message names the cure.</summary>
public sealed class OddFolderTests : IDisposable
{
    private static readonly string[] Names = DigitFileName.Usual;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string[]> Layouts => new()
    {
        { "torchvision's root", Under("MNIST/raw/") },
        { "torchvision's root, both kept", [.. Under("MNIST/raw/"), .. Under("MNIST/raw/", ".gz")] },
        { "one folder deeper", Under("mnist_dataset/") },
        { "two folders deeper, with spaces", Under("My Downloads/archive (2)/") },
        { "capitals", [.. Names.Select(name => name.ToUpperInvariant() + ".GZ")] },
        { "a dot for the hyphen", [.. Names.Select(name => name.Replace("-idx", ".idx"))] },
        { "a folder round each file", [.. Names.Select(name => $"{name}/{name}")] },
        { "a folder round each file with a dot", [.. Names.Select(name => $"{name}/{name.Replace("-idx", ".idx")}")] },
        { "both, as Kaggle has them", [.. Names.Select(name => $"{name}/{name}"), .. Names.Select(name => name.Replace("-idx", ".idx"))] },
        { "saved twice", [.. Names.Select(name => name + " (1).gz")] },
        { "a browser's second download beside the first", [.. Names, Names[0] + " (1)"] },
        { "spaces", [.. Names.Select(name => $" {name.Replace('-', ' ')} .gz")] },
        { "underscores and test", [.. Names.Select(name => name.Replace('-', '_').Replace("t10k", "test"))] },
        { "a prefix", [.. Names.Select(name => "mnist-" + name + ".gz")] },
        { "macOS companions", [.. Names, .. Names.Select(name => "._" + name), .. Names.Select(name => "__MACOSX/._" + name)] },
        { "of one gzipped twice over only the name", [.. Names.Select(name => name + ".gz.gz")] },
    };

    [Theory, MemberData(nameof(Layouts))]
    public void TheFourFilesAreFound(string layout, string[] files)
    {
        foreach (var file in files)
        {
            var content = Path.GetFileName(file).StartsWith("._", StringComparison.Ordinal)
                ? [0, 5, 22, 7, 0, 2, 0, 0]
                : Tiny.Contents[RoleByHand(file)];
            Write(file, file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? IdxFileTests.Gzip(content) : content);
        }
        foreach (var data in new[] { Load(), Load(setting: _folder.Path), Load("mnist", setting: _folder.Path) })
        {
            var found = (data.Name, data.IsVerified, data.Train.Count, data.Test.Count);
            Assert.True(found == ("Tiny", true, 20, 10), $"{layout}: {found}");
        }
    }

    [Fact]
    public void OfAFileThatWasNotExtractedToItsEndTheGzippedOneIsNamed()
    {
        foreach (var (name, role) in Names.Select((name, role) => (name, role)))
            Write(name + ".gz", IdxFileTests.Gzip(Tiny.Contents[role]));
        foreach (var content in new[] { [], Tiny.Contents[2][..9], Tiny.Contents[2][..^1] })
        {
            Write(Names[2], content);

            var error = Assert.Throws<InvalidDataException>(() => Load(setting: _folder.Path));

            Assert.Contains($"Or delete it: {Names[2]}.gz lies beside it", error.Message);
        }
        File.Delete(Path.Combine(_folder.Path, Names[2]));
        Assert.Equal("Tiny", Load(setting: _folder.Path).Name);
    }

    [Fact]
    public void OfSeveralSetsTheOneAskedForIsTaken()
    {
        WriteAll("MNIST/raw/", Tiny.Contents);
        WriteAll("Oth-ER/raw/", Tiny.OtherContents);
        Assert.Equal("Tiny", Load().Name);
        Assert.Equal("Other", Load("other").Name);
        Assert.Equal("Other", Load("other", setting: _folder.Path).Name);
    }

    [Fact]
    public void OfSeveralUnknownSetsNoneIsGuessed()
    {
        WriteAll("a/", Tiny.Make(3));
        WriteAll("b/", Tiny.Make(4));
        var error = Assert.Throws<FileNotFoundException>(() => Load());
        Assert.Contains("It holds several sets (", error.Message);
        Assert.Contains("name the folder of one", error.Message);
    }

    public static TheoryData<string, string> Hints => new()
    {
        { "mnist.npz", "Keras" },
        { "x_train.npy", "NumPy" },
        { "mnist_train.csv", "Kaggle" },
        { "train.csv", "Kaggle" },
        { "archive.zip", "unpack it" },
        { "mnist.tar.gz", "unpack it" },
        { "train-images-idx3-ubyte.zip", "unpack it" },
        { "train-images-idx3-ubyte.xz", "decompress it" },
        { "train-images-idx3-ubyte.gz.part", "download it again" },
        { "t10k-labels-idx1-ubyte.gz.crdownload", "download it again" },
        { "emnist-digits-train-images-idx3-ubyte.gz", "rows and columns exchanged" },
        { "gzip/emnist-letters-train-images-idx3-ubyte.gz", "rows and columns exchanged" },
        { "mnist/train-00000-of-00001.parquet", "Hugging Face" },
        { "mnist_784.arff", "OpenML" },
        { "mnist.pkl.gz", "pickle" },
        { "MNIST/processed/training.pt", "pickle" },
        { "3.0.1/mnist-train.tfrecord-00000-of-00001", "TensorFlow" },
        { "training/0/1.png", "DigitSet.Create" },
        { "train-images-idx3-ubyte.gz.txt", "give it the usual one" },
        { "notes.txt", "It holds notes.txt." },
    };

    [Theory, MemberData(nameof(Hints))]
    public void WhatIsThereInsteadIsNamedWithItsCure(string file, string hint)
    {
        Write(file, [1, 2, 3]);
        foreach (var load in new Action[] { () => Load(), () => Load(setting: _folder.Path) })
        {
            var error = Assert.Throws<FileNotFoundException>(load);
            Assert.Contains("has no train-images-idx3-ubyte", error.Message);
            Assert.Contains(Path.GetFileName(file), error.Message);
            Assert.Contains(hint, error.Message);
        }
    }

    [Fact]
    public void AnEmptyFolderIsCalledEmpty() =>
        Assert.Contains("The folder is empty.", Assert.Throws<FileNotFoundException>(() => Load()).Message);

    [Fact]
    public void AFolderThatMayNotBeListedIsNotCalledEmpty()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has other permissions.");
            return;
        }
        WriteAll("inner/", Tiny.Contents);
        var inner = _folder.File("inner");
        var before = File.GetUnixFileMode(inner);
        File.SetUnixFileMode(inner, UnixFileMode.None);
        try
        {
            Assert.SkipWhen(File.Exists(_folder.File("inner", Names[0])), "This user may look into every folder.");
            var message = Assert.Throws<FileNotFoundException>(() => Mnist.Load(folder: inner)).Message;
            Assert.EndsWith("This user may not look into the folder: change its permissions.", message);
        }
        finally
        {
            File.SetUnixFileMode(inner, before);
        }
    }

    public static TheoryData<string> DataFiles => [.. Names, .. Names.Select(name => name + ".gz")];

    [Theory, MemberData(nameof(DataFiles))]
    public void AFolderWithADataFilesNameIsCalledAFolder(string file)
    {
        WriteAll("", [.. Names.Select((name, i) => file.StartsWith(name, StringComparison.Ordinal) ? null : Tiny.Contents[i])]);
        Directory.CreateDirectory(_folder.File(file));
        Assert.Contains($" {file} is a folder, not the file", Assert.Throws<FileNotFoundException>(() => Load()).Message);
        Assert.Contains("it is a folder", Assert.Throws<InvalidDataException>(() => IdxFile.Read(_folder.File(file))).Message);
    }

    [Fact]
    public void ALinkThatLeadsNowhereIsCalledThat()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links ask for rights on Windows.");
        WriteAll("", [null, .. Tiny.Contents[1..]]);
        File.CreateSymbolicLink(_folder.File(Names[0]), _folder.File("nowhere"));
        Assert.Contains("it is a link to " + _folder.File("nowhere"), Assert.Throws<InvalidDataException>(() => Load()).Message);
    }

    [Theory]
    [InlineData("named pipe", false)]
    [InlineData("named pipe", true)]
    [InlineData("socket", false)]
    [InlineData("socket", true)]
    [InlineData("device", true)]
    public void WhatWouldBeWaitedForIsRefused(string kind, bool linked)
    {
        WriteAll("", [null, .. Tiny.Contents[1..]]);
        using var thing = new NotAFile(kind, linked ? _folder.File("elsewhere") : _folder.File(Names[0]));
        if (linked)
            File.CreateSymbolicLink(_folder.File(Names[0]), _folder.File("elsewhere"));
        Assert.Contains(kind, NotAFile.Refused<InvalidDataException>(() => Load()).Message);
        Assert.Contains(kind, NotAFile.Refused<InvalidDataException>(() => IdxFile.Read(_folder.File(Names[0]))).Message);
    }

    [Fact]
    public void AnEmptyFileIsCalledEmptyNotAPipe()
    {
        WriteAll("", [[], .. Tiny.Contents[1..]]);
        Assert.Contains("the file is empty", Assert.Throws<InvalidDataException>(() => Load()).Message);
    }

    /// <summary>All orders of the four files but the right one.</summary>
    public static TheoryData<int, int, int, int> Exchanges =>
    [
        .. from first in Enumerable.Range(0, 4)
           from second in Enumerable.Range(0, 4)
           from third in Enumerable.Range(0, 4)
           let order = (first, second, third, fourth: 6 - first - second - third)
           where first != second && second != third && first != third && order != (0, 1, 2, 3)
           select order,
    ];

    [Theory, MemberData(nameof(Exchanges))]
    public void ExchangedNamesAreNamed(int first, int second, int third, int fourth)
    {
        int[] contents = [first, second, third, fourth];
        WriteAll("", [.. contents.Select(i => Tiny.Contents[i])]);
        var error = Assert.Throws<InvalidDataException>(() => Load());
        Assert.Contains("All four files of Tiny are here, but under exchanged names", error.Message);
        for (var i = 0; i < 4; i++)
        {
            var named = error.Message.Contains($"{_folder.File(Names[i])} holds {Names[contents[i]]}", StringComparison.Ordinal);
            Assert.Equal(contents[i] != i, named);
        }
    }

    [Fact]
    public void OneFileTwiceIsNoExchange()
    {
        WriteAll("", [Tiny.Contents[0], Tiny.Contents[1], Tiny.Contents[0], Tiny.Contents[1]]);
        Assert.DoesNotContain("exchanged", Assert.Throws<InvalidDataException>(() => Load()).Message);
    }

    [Fact]
    public void AChangedCopySaysInHowMuchItDiffers()
    {
        WriteAll("", Tiny.Make(7, train: 17, test: 12, height: 6, width: 6, testWidth: 6));
        var text = Load().ToText();
        Assert.Contains("unlike Tiny, it has 3 training images fewer (17, not 20), 2 test images more (12, not 10), ", text);
        Assert.Contains(", images of 6×6 pixels in place of 5×4", text);
        WriteAll("", Tiny.Make(8));
        Assert.Contains(
            "it has as many images as Tiny and of the same size, "
            + "but other content: how many images or labels are changed cannot be told", Load().ToText());
    }

    [Fact]
    public void ACopyOfWhichOneFileIsUnchangedSaysInHowMuchItDiffers()
    {
        var cut = Tiny.Make(7, train: 17);
        WriteAll("", [cut[0], cut[1], Tiny.Contents[2], Tiny.Contents[3]]);
        Assert.Contains("3 training images fewer (17, not 20)", Assert.Throws<InvalidDataException>(() => Load()).Message);
    }

    private static string[] Under(string folder, string ending = "") => [.. Names.Select(name => folder + name + ending)];

    // Written without the library's own reading of names.
    private static int RoleByHand(string file)
    {
        var name = Path.GetFileName(file).ToLowerInvariant();
        return (name.Contains("train") ? 0 : 2) + (name.Contains("images") ? 0 : 1);
    }

    private void WriteAll(string under, IReadOnlyList<byte[]?> contents)
    {
        for (var i = 0; i < 4; i++)
            if (contents[i] is { } content)
                Write(under + Names[i], content);
    }

    private void Write(string file, byte[] content)
    {
        var path = _folder.File(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }

    private DigitData Load(string? name = null, string? setting = null)
    {
        var sources = new DataSources
        {
            WorkbookData = setting,
            DataFolder = () => _folder.File("own place"),
            Offline = true,
            Known = [Tiny.Set, Tiny.Other],
            Handler = () => throw new InvalidOperationException("Offline, yet the network was used."),
        };
        return Mnist.Load(name, setting is null ? _folder.Path : null, sources, CancellationToken.None);
    }
}
