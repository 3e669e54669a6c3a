using System.Globalization;

namespace NotebookHelpers;

/// <summary>
/// Downloads a known set's gzipped files from the first mirror that delivers them whole. A file is verified in memory, written
/// under a temporary name and renamed: what is in the folder is never half a file, whoever else downloads at the same time.
/// </summary>
internal sealed class Download(DataSources sources, KnownSet set)
{
    private readonly List<string> _mirrors = [.. set.Mirrors];
    private readonly List<string> _failures = [];
    private long? _lastReport;

    /// <summary>Gets the files named; returns null, or why not all of them could be had.</summary>
    internal string? Run(string folder, string[] names, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var file in set.Files)
                WholeFile.RemoveAbandoned(Path.Combine(folder, file.Name + ".gz"));
            // Off the caller's thread: a host's synchronisation context cannot be waited for by itself.
            return Task.Run(() => RunAsync(folder, names, cancellation), cancellation).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException e) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(
                $"The download was stopped. What had arrived whole is in data/{set.Key}: run the same again for the rest, " +
                "or set WORKBOOK_OFFLINE=1 before the start to do without.", e, cancellation);
        }
        catch (Exception e) when (FullDisk.IsCauseOf(e))
        {
            return $"data/{set.Key} cannot be written: the disk is full. Make {Size(names)} MB free and run this again.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var where = e.Message.Replace(folder, $"data/{set.Key}", StringComparison.Ordinal).TrimEnd('.');
            return $"data/{set.Key} cannot be written: {where}.";
        }
    }

    // Gzipped they are smaller; a little too much free room does no harm.
    private int Size(string[] names) => set.Files.Where(file => names.Contains(file.Name)).Sum(file => file.Length / 1_000_000) + 1;

    private async Task<string?> RunAsync(string folder, string[] names, CancellationToken cancellation)
    {
        using var client = new HttpClient(sources.Handler()) { Timeout = Timeout.InfiniteTimeSpan };
        foreach (var file in set.Files.Where(file => names.Contains(file.Name)))
        {
            var content = await FromAnyMirror(client, file, cancellation);
            if (content is null)
                return "the download failed (" + string.Join("; ", _failures) + ").";
            Place(content, Path.Combine(folder, file.Name + ".gz"));
        }
        return null;
    }

    private async Task<byte[]?> FromAnyMirror(HttpClient client, KnownFile file, CancellationToken cancellation)
    {
        while (_mirrors.Count > 0)
        {
            var address = new Uri(new Uri(_mirrors[0]), file.Name + ".gz");
            string failure;
            try
            {
                return await FromMirror(client, address, file, cancellation);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                failure = "no answer in time";
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                failure = e is HttpRequestException { StatusCode: { } status }
                    ? string.Create(CultureInfo.InvariantCulture, $"HTTP status {(int)status}")
                    : e.InnerException is OperationCanceledException or TimeoutException ? "no answer in time" : e.Message.TrimEnd('.');
            }
            catch (InvalidDataException e)
            {
                failure = e.Message.TrimEnd('.');
            }
            _failures.Add($"{address.Host}: {failure}");
            // A mirror that failed once is not asked again: an offline machine waits once, not four times.
            _mirrors.RemoveAt(0);
        }
        return null;
    }

    private async Task<byte[]> FromMirror(HttpClient client, Uri address, KnownFile file, CancellationToken cancellation)
    {
        using var whole = new CancellationTokenSource(sources.FileLimit, sources.Clock);
        using var stall = new CancellationTokenSource(sources.StallLimit, sources.Clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, whole.Token, stall.Token);
        using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, ended.Token);
        response.EnsureSuccessStatusCode();
        var total = response.Content.Headers.ContentLength;
        // Gzip makes nothing noticeably longer: what is longer than the content itself is something else.
        var limit = file.Length + 1024;
        var received = new MemoryStream();
        await using var body = await response.Content.ReadAsStreamAsync(ended.Token);
        var buffer = new byte[1 << 16];
        for (int read; (read = await body.ReadAsync(buffer, ended.Token)) > 0;)
        {
            stall.CancelAfter(sources.StallLimit);
            received.Write(buffer, 0, read);
            if (received.Length > limit)
                throw new InvalidDataException($"{file.Name}.gz: the mirror sends more than the file has");
            Report(new DownloadProgress(file.Name + ".gz", address.Host, received.Length, total));
        }
        received.Position = 0;
        using var reader = new IdxReader(received, file.Name + ".gz", limit: file.Length);
        if (reader.ReadHashed(new byte[reader.Size]) != file.Sha256)
            throw new InvalidDataException($"{file.Name}.gz: the mirror sends other content (the SHA-256 differs)");
        return received.ToArray();
    }

    private static void Place(byte[] content, string target)
    {
        try
        {
            WholeFile.Write(target, content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && File.Exists(target))
        {
            // Another process placed the file and reads it (Windows forbids to replace it then); it is checked when it is loaded.
        }
    }

    private void Report(DownloadProgress progress)
    {
        var now = sources.Clock.GetTimestamp();
        if (_lastReport is { } last && sources.Clock.GetElapsedTime(last, now) < TimeSpan.FromSeconds(1))
            return;
        _lastReport = now;
        (sources.Progress ?? (value => Console.Error.WriteLine(value)))(progress);
    }
}
