using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;

namespace NotebookHelpers.Tests.Data;

/// <summary>Two small sets that count as known, so that no test needs the real files.</summary>
internal static class Tiny
{
    internal static readonly byte[][] Contents = Make(1);
    internal static readonly byte[][] OtherContents = Make(2);
    internal static readonly KnownSet Set = Known("mnist", "Tiny", Contents);
    internal static readonly KnownSet Other = Known("other", "Other", OtherContents);

    /// <summary>Writes the four files, the odd ones gzipped; a null leaves one out.</summary>
    internal static void Write(string folder, IReadOnlyList<byte[]?> contents)
    {
        Directory.CreateDirectory(folder);
        for (var i = 0; i < 4; i++)
        {
            var path = Path.Combine(folder, DigitFileName.Usual[i]);
            if (contents[i] is { } content && i % 2 == 0)
                File.WriteAllBytes(path, content);
            else if (contents[i] is { } zipped)
                File.WriteAllBytes(path + ".gz", IdxFileTests.Gzip(zipped));
        }
    }

    internal static byte[][] Make(int seed, int train = 20, int test = 10, int height = 5, int width = 4, int testWidth = 4)
    {
        var random = new Random(seed);
        byte[] Bytes(int count, int below)
        {
            var bytes = new byte[count];
            random.NextBytes(bytes);
            return [.. bytes.Select(value => (byte)(value % below))];
        }
        return
        [
            IdxFileTests.Idx([train, height, width], Bytes(train * height * width, 256)), IdxFileTests.Idx([train], Bytes(train, 10)),
            IdxFileTests.Idx([test, height, testWidth], Bytes(test * height * testWidth, 256)), IdxFileTests.Idx([test], Bytes(test, 10)),
        ];
    }

    private static KnownSet Known(string key, string title, byte[][] contents) => new(key, title, KnownSet.Digits,
        [
            .. contents.Select((content, i) =>
                new KnownFile(DigitFileName.Usual[i], Convert.ToHexStringLower(SHA256.HashData(content)), content.Length)),
        ],
        ["https://one.invalid/data/", "https://two.invalid/"])
    { Height = 5, Width = 4 };
}

public sealed class MnistTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AKnownSetIsRecognisedWhateverItsFolderIsCalled()
    {
        Tiny.Write(_folder.Path, Tiny.Contents);
        var data = Load(folder: _folder.Path);
        Assert.Equal(("Tiny", true, false), (data.Name, data.IsVerified, data.IsSample));
        Assert.Equal((20, 10, 5, 4), (data.Train.Count, data.Test.Count, data.Train.Height, data.Train.Width));
        Assert.Equal(Tiny.Contents[0][16..36], data.Train.Pixels(0));
        Assert.Equal(Tiny.Contents[2][^20..], data.Test.Pixels(9));
        Assert.Equal(Tiny.Contents[3][^1], data.Test.Label(9));
        Assert.Equal("Tiny: 20 training and 10 test images of 5×4 pixels in 10 classes; checksums verified.", data.ToText());
    }

    [Fact]
    public void ASetOfOnesOwnLoadsAndSaysThatItIsNotVerified()
    {
        var folder = _folder.File("my digits & yours");
        Tiny.Write(folder, Tiny.Make(9, train: 3, test: 2));
        var data = Load(folder: folder);
        Assert.Equal(("my digits & yours", false, 3), (data.Name, data.IsVerified, data.Train.Count));
        Assert.Contains("a set of your own", data.ToText());
        Assert.Contains("my digits &amp; yours", data.ToHtml());
        Assert.Equal(3, Load(name: "mnist", folder: folder).Train.Count);
    }

    [Fact]
    public void FileNamesWithADotAreFoundToo()
    {
        Tiny.Write(_folder.Path, Tiny.Contents);
        foreach (var path in Directory.GetFiles(_folder.Path))
            File.Move(path, path.Replace("-idx", ".idx", StringComparison.Ordinal));
        Assert.Equal("Tiny", Load(folder: _folder.Path).Name);
    }

    public static TheoryData<int, byte[]?, string> Faults => new()
    {
        { 2, null, "has no t10k-images-idx3-ubyte. Expected train-images-idx3-ubyte, " },
        { 0, [], "is empty" },
        { 0, Tiny.Contents[0][..^1], "truncated" },
        { 1, [.. Tiny.Contents[1], 0], "too long" },
        { 0, Tiny.Contents[1], "wrong rank: expected 3 (images, height, width), found 1" },
        { 3, Tiny.Contents[2], "wrong rank: expected 1 (one label each), found 3" },
        { 1, [.. Tiny.Contents[1][..^1], 10], "label number 19 is 10, but labels are 0 to 9" },
        { 1, IdxFileTests.Idx([19], new byte[19]), "has 20 images" },
        { 3, IdxFileTests.Idx([11], new byte[11]), "has 11 labels" },
        { 2, Tiny.Make(1, testWidth: 7)[2], "has 5×4 pixels" },
        {
            0, [.. Tiny.Contents[0][..^1], (byte)~Tiny.Contents[0][^1]],
            "the SHA-256 of its decompressed content should be"
        },
        { 3, Tiny.OtherContents[3], "damaged, or not of Tiny" },
    };

    [Theory, MemberData(nameof(Faults))]
    public void DamageIsAnErrorByEveryWayToTheFolderAndNeverTheSample(int file, byte[]? content, string message)
    {
        var contents = Tiny.Contents.ToArray<byte[]?>();
        contents[file] = content;
        var folder = _folder.File("mnist");
        Tiny.Write(folder, contents);
        Check(() => Load(folder: folder));
        Check(() => Load(setting: folder));
        Check(() => Load(name: "mnist", setting: folder));
        Check(() => Load(setting: _folder.Path));
        if (content is not null)
            Check(() => Load());

        void Check(Action load)
        {
            var error = Assert.ThrowsAny<IOException>(Wrap(load));
            Assert.Contains(message, error.Message);
            Assert.Contains(DigitFileName.Usual[file], error.Message);
        }
    }

    [Fact]
    public void AFolderThatIsNotThereIsAnErrorNotAFallThrough()
    {
        Tiny.Write(_folder.File("mnist"), Tiny.Contents);
        var wrong = _folder.File("nowhere");
        Assert.Contains("WORKBOOK_DATA", Assert.Throws<DirectoryNotFoundException>(() => Load(setting: wrong)).Message);
        Assert.Contains(wrong, Assert.Throws<DirectoryNotFoundException>(() => Load(folder: wrong)).Message);
        var file = _folder.File("mnist/" + DigitFileName.Usual[0]);
        Assert.Contains("is a file", Assert.Throws<DirectoryNotFoundException>(() => Load(setting: file)).Message);
        Assert.Throws<FileNotFoundException>(() => Load(setting: Directory.CreateDirectory(_folder.File("hollow")).FullName));
    }

    [Fact]
    public void TheSettingMayHoldAFolderForEachSet()
    {
        Tiny.Write(_folder.File("a/mnist"), Tiny.Contents);
        Tiny.Write(_folder.File("a/other"), Tiny.OtherContents);
        Tiny.Write(_folder.File("a/third"), Tiny.Make(3));
        Tiny.Write(_folder.File("a/My Digits"), Tiny.Make(4));
        Tiny.Write(_folder.File("Own"), Tiny.Make(5));
        Assert.Equal("Tiny", Load(setting: _folder.File("a")).Name);
        Assert.Equal("Other", Load("Other", setting: _folder.File("a")).Name);
        Assert.Equal("third", Load("third", setting: _folder.File("a")).Name);
        Assert.Equal("My Digits", Load("My Digits", setting: _folder.File("a")).Name);
        Assert.Equal("Own", Load("Own").Name);
        Assert.Equal("Own", Load("Own", setting: _folder.File("a")).Name);
    }

    [Fact]
    public void ASetAskedForByNameIsTakenFromItsOwnPlaceWhenTheSettingHoldsAnother()
    {
        Tiny.Write(_folder.File("a"), Tiny.Contents);
        Tiny.Write(_folder.File("other"), Tiny.OtherContents);
        Assert.Equal("Other", Load("other", setting: _folder.File("a")).Name);
        Assert.Equal("Other", Load(setting: _folder.File("other")).Name);
        Assert.Contains("holds Tiny, but Other was asked for",
            Assert.Throws<InvalidDataException>(() => Load("other", folder: _folder.File("a"))).Message);
    }

    [Fact]
    public void WithoutDataOfflineTheSampleStandsInLoudly()
    {
        var data = Load();
        Assert.True(data.IsSample);
        Assert.StartsWith("*** These are 5,000 sample digits, not MNIST. ***", data.ToText());
        Assert.Contains("WORKBOOK_OFFLINE forbids", data.ToText());
        Assert.Contains("role=\"alert\"", data.ToHtml());
        Assert.DoesNotContain(_folder.Path, data.ToHtml());
    }

    [Fact]
    public void ASetThatDigitsCannotStandInForIsAnError()
    {
        Assert.Contains("Other is not to be had", Assert.Throws<FileNotFoundException>(() => Load("other")).Message);
        Assert.Contains("'mnist' and 'other'", Assert.Throws<ArgumentException>(() => Load("letters")).Message);
        Assert.Contains("'folder'", Assert.Throws<ArgumentException>(() => Load("../mnist")).Message);
    }

    [Fact]
    public void AnUnknownSetInTheWorkbooksOwnPlaceOfMnistIsRefused()
    {
        Tiny.Write(_folder.File("mnist"), Tiny.Make(5));
        var error = Assert.Throws<InvalidDataException>(() => Load());
        Assert.Contains("Delete the file to have it downloaded again", error.Message);
    }

    // InvalidDataException is no IOException, though the files' other faults are.
    private static Action Wrap(Action load) => () =>
    {
        try
        {
            load();
        }
        catch (InvalidDataException e)
        {
            throw new IOException(e.Message, e);
        }
    };

    private DigitData Load(string? name = null, string? folder = null, string? setting = null) => Mnist.Load(name, folder, new DataSources
    {
        WorkbookData = setting,
        DataFolder = () => _folder.Path,
        Offline = true,
        Known = [Tiny.Set, Tiny.Other],
        Handler = () => throw new InvalidOperationException("Offline, yet the network was used."),
    }, CancellationToken.None);
}

public sealed class DownloadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<Uri> _requests = [];
    private readonly List<DownloadProgress> _progress = [];

    // Its time passes when a mirror says so: a slow machine is no slow mirror.
    private readonly FakeTimeProvider _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheFourFilesAreDownloadedOnceAndKeptGzipped()
    {
        var data = Load(Serve);
        Assert.Equal(("Tiny", true), (data.Name, data.IsVerified));
        Assert.Equal(
            DigitFileName.Usual.Select(name => $"https://one.invalid/data/{name}.gz"),
            _requests.Select(request => request.ToString()));
        Assert.Equal(DigitFileName.Usual.Select(name => name + ".gz").Order(), Files());
        Assert.Equal("Tiny", Load(Serve).Name);
        Assert.Equal(4, _requests.Count);
    }

    [Fact]
    public void OnlyWhatIsMissingIsDownloaded()
    {
        Tiny.Write(_folder.File("mnist"), [Tiny.Contents[0], null, Tiny.Contents[2], null]);
        Assert.Equal("Tiny", Load(Serve).Name);
        Assert.Equal(["train-labels-idx1-ubyte.gz", "t10k-labels-idx1-ubyte.gz"], _requests.Select(request => request.Segments[^1]));
    }

    public static TheoryData<string, string> BadMirrors => new()
    {
        { "404", "HTTP status 404" },
        { "refused", "connection refused" },
        { "truncated", "ended" },
        { "cut", "truncated" },
        { "other bytes", "the SHA-256 differs" },
        { "web page", "looks like a web page" },
        { "too long", "sends more than the file has" },
        { "silent", "no answer in time" },
        { "stalls", "no answer in time" },
        { "drips", "no answer in time" },
    };

    public static TheoryData<string> KindsOfBadMirrors => [.. BadMirrors.Select(row => row.Data.Item1)];

    [Theory, MemberData(nameof(KindsOfBadMirrors))]
    public void AfterABadMirrorTheNextIsTriedAndTheBadOneNotAskedAgain(string kind)
    {
        Assert.Equal("Tiny", Load((request, cancellation) =>
            request.Host == "one.invalid" ? Misbehave(kind, request, cancellation) : Serve(request, cancellation)).Name);
        Assert.Single(_requests, request => request.Host == "one.invalid");
        Assert.Equal(4, _requests.Count(request => request.Host == "two.invalid"));
        Assert.Equal(4, Files().Count());
    }

    [Theory, MemberData(nameof(BadMirrors))]
    public void WhenEveryMirrorFailsTheSampleStandsInAndSaysWhy(string kind, string reason)
    {
        var data = Load((request, cancellation) => Misbehave(kind, request, cancellation));
        Assert.True(data.IsSample);
        Assert.Contains(reason, data.ToText(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("one.invalid", data.ToText());
        Assert.Contains("two.invalid", data.ToText());
        Assert.Empty(Files());
        Assert.Equal(2, _requests.Count);
    }

    [Fact]
    public void ManyAtOnceAllEndWithWholeFiles()
    {
        Parallel.For(0, 8, _ => Assert.Equal("Tiny", Load(Serve).Name));
        Assert.Equal(4, Files().Count());
    }

    [Fact]
    public void CancellingStopsTheDownloadAndLeavesNothing()
    {
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Load(async (_, cancellation) =>
        {
            await source.CancelAsync();
            await Task.Delay(Timeout.Infinite, cancellation);
            return new HttpResponseMessage();
        }, cancellation: source.Token));
        Assert.Empty(Files());
    }

    [Fact]
    public void AFolderThatCannotBeWrittenLeadsToTheSample()
    {
        File.WriteAllText(_folder.File("mnist"), "a file where the folder should be");
        var data = Load(Serve);
        Assert.True(data.IsSample);
        Assert.Contains("data/mnist cannot be written", data.ToText());
        Assert.DoesNotContain(_folder.Path, data.ToText());
    }

    [Fact]
    public void ProgressIsToldAtMostOnceASecond()
    {
        Load(Serve);
        Assert.Single(_progress);
        Assert.Equal("Downloading train-images-idx3-ubyte.gz from one.invalid: 0.0 of 0.0 MB", _progress[0].ToString());
        Directory.Delete(_folder.File("mnist"), recursive: true);
        _progress.Clear();
        Load(Serve, new SteppingClock());
        Assert.Equal(2, _progress.Count);
    }

    [Fact]
    public void WhatAKilledDownloadLeftIsRemovedAndWhatALivingOneWritesIsNot()
    {
        Directory.CreateDirectory(_folder.File("mnist"));
        var dead = _folder.File($"mnist/train-labels-idx1-ubyte.gz.{int.MaxValue}-{Guid.NewGuid():n}.tmp");
        var living = _folder.File($"mnist/train-labels-idx1-ubyte.gz.{Environment.ProcessId}-{Guid.NewGuid():n}.tmp");
        File.WriteAllText(dead, "half");
        File.WriteAllText(living, "half");
        File.SetLastWriteTimeUtc(living, DateTime.UtcNow.AddHours(-2));
        Assert.Equal("Tiny", Load(Serve).Name);
        Assert.False(File.Exists(dead));
        Assert.True(File.Exists(living));
    }

    private DigitData Load(
        Func<Uri, CancellationToken, Task<HttpResponseMessage>> answer, TimeProvider? clock = null,
        CancellationToken cancellation = default) =>
        Mnist.Load(null, null, new DataSources
        {
            WorkbookData = null,
            DataFolder = () => _folder.Path,
            Offline = false,
            Known = [Tiny.Set, Tiny.Other],
            Handler = () => new Handler(this, answer),
            Clock = clock ?? _clock,
            Progress = progress => { lock (_progress) _progress.Add(progress); },
        }, cancellation);

    private IEnumerable<string?> Files() => Directory.Exists(_folder.File("mnist"))
        ? Directory.GetFiles(_folder.File("mnist")).Select(Path.GetFileName).Order()
        : [];

    private static byte[] Content(Uri request)
    {
        var i = Array.FindIndex(DigitFileName.Usual, name => request.AbsolutePath.EndsWith(name + ".gz", StringComparison.Ordinal));
        return IdxFileTests.Gzip(Tiny.Contents[i]);
    }

    private static Task<HttpResponseMessage> Serve(Uri request, CancellationToken cancellation) => Answer(Content(request));

    private static Task<HttpResponseMessage> Answer(byte[] bytes) =>
        Task.FromResult(new HttpResponseMessage { Content = new ByteArrayContent(bytes) });

    private async Task<HttpResponseMessage> Misbehave(string kind, Uri request, CancellationToken cancellation)
    {
        var (content, limits) = (Content(request), new DataSources());
        switch (kind)
        {
            case "404": return new HttpResponseMessage(HttpStatusCode.NotFound);
            case "refused": throw new HttpRequestException("Connection refused");
            case "truncated": return Streamed(new Pieces([content[..20]], () => { }, BreakOff));
            case "cut": return await Answer(content[..^20]);
            case "other bytes": return await Answer(IdxFileTests.Gzip(Tiny.OtherContents[0]));
            case "web page": return await Answer("<html>Please log in to the hotel's network</html>"u8.ToArray());
            case "too long": return await Answer(new byte[1 << 20]);
            case "silent": throw Pass(limits.StallLimit, cancellation);
            case "stalls": return Streamed(new Pieces([content[..20]], () => { }, atEnd: token => throw Pass(limits.StallLimit, token)));
            case "drips":
                var drops = Enumerable.Repeat(new byte[1], 100).ToArray();
                return Streamed(new Pieces(drops, () => _clock.Advance(0.9 * limits.StallLimit), BreakOff));
            default: throw new ArgumentException(kind);
        }

        static void BreakOff(CancellationToken cancellation) =>
            throw new HttpIOException(HttpRequestError.ResponseEnded, "The response ended prematurely.");
        static HttpResponseMessage Streamed(Stream pieces) => new() { Content = new StreamContent(pieces) };
    }

    private InvalidOperationException Pass(TimeSpan time, CancellationToken cancellation)
    {
        _clock.Advance(time);
        cancellation.ThrowIfCancellationRequested();
        return new("The download waits longer than its limit.");
    }

    private sealed class Handler(DownloadTests test, Func<Uri, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            lock (test._requests)
                test._requests.Add(request.RequestUri!);
            return answer(request.RequestUri!, cancellationToken);
        }
    }

    /// <summary>A body that comes piece by piece, and never to its end: what happens there throws.</summary>
    private sealed class Pieces(byte[][] pieces, Action before, Action<CancellationToken> atEnd) : MemoryStream
    {
        private int _next;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            before();
            cancellationToken.ThrowIfCancellationRequested();
            if (_next == pieces.Length)
                atEnd(cancellationToken);
            pieces[_next].CopyTo(buffer);
            return new(pieces[_next++].Length);
        }
    }

    /// <summary>Each look at it, 0.4 seconds have passed.</summary>
    private sealed class SteppingClock : FakeTimeProvider
    {
        public override long GetTimestamp()
        {
            Advance(TimeSpan.FromSeconds(0.4));
            return base.GetTimestamp();
        }
    }
}

/// <summary>The tests that read or set WORKBOOK_DATA: one class, so that they run one after the other.</summary>
public sealed class DataEnvironmentTests
{
    [Theory]
    [InlineData("mnist", "MNIST", "WORKBOOK_DATA")]
    [InlineData("fashion-mnist", "Fashion-MNIST", "WORKBOOK_FASHION_DATA")]
    public void TheRealSetIsReadAndVerified(string name, string title, string variable)
    {
        var folder = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named ? named : $"/usr/share/datasets/{name}";
        Assert.SkipUnless(Directory.Exists(folder),
            $"{variable} does not name a folder with the real {title}" +
            (name == "fashion-mnist" ? ", and Debian's package dataset-fashion-mnist is not installed." : "."));
        var inner = Path.Combine(folder, name);
        var data = Mnist.Load(name, Directory.Exists(inner) ? inner : folder);
        Assert.Equal((title, true, 60_000, 10_000), (data.Name, data.IsVerified, data.Train.Count, data.Test.Count));
        Assert.Equal((28, 28), (data.Test.Height, data.Test.Width));
        Assert.Equal(60_000, data.Train.LabelCounts().Sum());
        if (name == "mnist")
            Assert.Equal([5, 0, 4, 1, 9], Enumerable.Range(0, 5).Select(i => (int)data.Train.Label(i)));
        Assert.Equal(360_000, data.Train.Augmented(Augmentation.ShiftsAndFlip).Count);
        Assert.Equal((60_000, 10_000), (data.Shuffled(1).Train.Count, data.Shuffled(1).Test.Count));
    }

    [Fact]
    public void TheEnvironmentIsReadAtEachLoad()
    {
        var before = Environment.GetEnvironmentVariable("WORKBOOK_DATA");
        using var folder = new TemporaryFolder();
        try
        {
            Environment.SetEnvironmentVariable("WORKBOOK_DATA", folder.File("nowhere"));
            Assert.Throws<DirectoryNotFoundException>(() => Mnist.Load());
            Tiny.Write(folder.File("own"), Tiny.Contents);
            Environment.SetEnvironmentVariable("WORKBOOK_DATA", folder.File("own"));
            Assert.Equal(("own", 20), (Mnist.Load().Name, Mnist.Load().Train.Count));
        }
        finally
        {
            Environment.SetEnvironmentVariable("WORKBOOK_DATA", before);
        }
    }
}
