using System.Text;
using System.Text.Json;

namespace NotebookHelpers;

/// <summary>
/// Results, one JSON object a line. Lines are only ever appended, each whole and on the disk before the next job starts;
/// what a killed process left of a last line is passed over with a word on standard error, and removed by the next append.
/// Files of several machines are merged by writing one after the other.
/// </summary>
public static class ResultsFile
{
    // Every line begins so; inside a text the quotation marks would be escaped.
    private const string Beginning = "{\"id\":\"";

    /// <summary>The results of a file, the first of each job; none where there is no file.</summary>
    /// <exception cref="InvalidDataException">
    /// A line that was finished is damaged; the message has its number and the reason. Or it is a pipe or a device.
    /// </exception>
    public static IReadOnlyList<ExperimentResult> Read(string path) => Read(path, Console.Error.WriteLine);

    /// <param name="path">The file.</param>
    /// <param name="say">Told of what a killed process left, which is passed over.</param>
    internal static IReadOnlyList<ExperimentResult> Read(string path, Action<string> say)
    {
        if (!File.Exists(path))
            return [];
        if (!PlainFile.Is(path))
            throw new InvalidDataException($"{path} is a pipe or a device, but a results file was expected. Name a file.");
        using var stream = Patiently(() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var lines = reader.ReadToEnd().Split('\n');
        return [.. lines.SelectMany((line, index) => ResultsOf(line, path, index + 1, isLast: index == lines.Length - 1, say))
            .DistinctBy(result => result.Id)];
    }

    private static IEnumerable<ExperimentResult> ResultsOf(string line, string path, int number, bool isLast, Action<string> say)
    {
        if (string.IsNullOrWhiteSpace(line))
            return [];
        if (Parse(line, out var problem) is { } result)
            return [result];
        // What a killed process left may have been joined with the whole line of another file.
        var whole = WholeIn(line);
        if (whole.Count > 0)
            say($"{path}, line {number}, holds more than one result: what is whole, {whole.Count}, is read, the rest passed over.");
        else if (isLast)
            say($"{path} ends with an unfinished line, {number}: a run was stopped while it wrote it. "
                + "It is passed over; its job is not done yet.");
        else
            throw new InvalidDataException(
                $"{path}, line {number}, is damaged: expected the JSON object of one finished job, but {problem} "
                + "Delete the line; the job is then done again.");
        return whole;
    }

    private static List<ExperimentResult> WholeIn(string line) =>
        [.. Pieces(line).Select(piece => Parse(piece, out _)).OfType<ExperimentResult>()];

    private static IEnumerable<string> Pieces(string line)
    {
        for (var start = line.IndexOf(Beginning, StringComparison.Ordinal); start >= 0;)
        {
            var next = line.IndexOf(Beginning, start + 1, StringComparison.Ordinal);
            yield return next < 0 ? line[start..] : line[start..next];
            start = next;
        }
    }

    /// <summary>Adds one line; several processes may append to the same file.</summary>
    /// <exception cref="IOException">It cannot be written; the file is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of a permission.</exception>
    public static void Append(string path, ExperimentResult result)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        using var stream = Patiently(() =>
            new FileStream(full, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        var end = Repaired(stream);
        try
        {
            stream.Position = end;
            stream.Write([.. JsonSerializer.SerializeToUtf8Bytes(result, ExperimentJson.Writing), (byte)'\n']);
            stream.Flush(flushToDisk: true);
        }
        catch
        {
            stream.SetLength(end);
            throw;
        }
    }

    /// <summary>Whether lines can be appended, asked before hours of work; the file and its folder are made if need be.</summary>
    /// <exception cref="IOException">They cannot, as on a disk that is mounted read-only.</exception>
    /// <exception cref="UnauthorizedAccessException">They cannot, for want of a permission.</exception>
    /// <exception cref="InvalidDataException">The file is UTF-16, and lines are UTF-8.</exception>
    internal static void Prepare(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var stream = Patiently(() => new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite));
        if ((stream.ReadByte(), stream.ReadByte()) is (0xFF, 0xFE) or (0xFE, 0xFF))
            throw new InvalidDataException($"{path} is UTF-16 text, as Windows PowerShell's > writes it, and lines are appended in UTF-8: "
                + "save it as UTF-8 (an editor's Save As can), or name another file.");
    }

    // While another process appends, which takes milliseconds, the file cannot be opened.
    private static FileStream Patiently(Func<FileStream> open)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return open();
            }
            catch (IOException exception) when (attempt < 100 && IsSharing(exception))
            {
                Thread.Sleep(50);
            }
    }

    // ERROR_SHARING_VIOLATION on Windows; EWOULDBLOCK, which flock gives, on Linux and macOS.
    internal static bool IsSharing(IOException exception) => exception.HResult is unchecked((int)0x80070020) or 11 or 35;

    // Where the next line goes: after the last finished one.
    private static long Repaired(FileStream stream)
    {
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var end = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        if (end == bytes.Length)
            return end;
        var last = Encoding.UTF8.GetString(bytes.AsSpan(end));
        if (Parse(last, out _) is not null || WholeIn(last).Count > 0)
        {
            stream.WriteByte((byte)'\n');   // nothing that is whole is lost
            return stream.Length;
        }
        stream.SetLength(end);
        return end;
    }

    private static ExperimentResult? Parse(string line, out string problem)
    {
        try
        {
            problem = "it is null.";
            // Editors and shells on Windows put a byte order mark before a file's text, and files are joined.
            return JsonSerializer.Deserialize<ExperimentResult>(line.TrimStart('\uFEFF'), ExperimentJson.Reading);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            problem = exception.Message;
            return null;
        }
    }
}
