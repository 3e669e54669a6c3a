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
    private static readonly JsonSerializerOptions Reading = new(ExperimentOptions.Json) { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    // Epochs and seeds of 0 would be left out as defaults, and then missed by a reader.
    private static readonly JsonSerializerOptions Writing = new(ExperimentOptions.Json)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Converters = { new OptionsConverter() },
    };

    private sealed class OptionsConverter : System.Text.Json.Serialization.JsonConverter<ExperimentOptions>
    {
        public override ExperimentOptions Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<ExperimentOptions>(ref reader, ExperimentOptions.Json)!;

        public override void Write(Utf8JsonWriter writer, ExperimentOptions value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value, ExperimentOptions.Json);
    }

    /// <summary>The results of a file, the first of each job; none where there is no file.</summary>
    /// <exception cref="InvalidDataException">A line that was finished is damaged; the message has its number and the reason.</exception>
    public static IReadOnlyList<ExperimentResult> Read(string path)
    {
        if (!File.Exists(path))
            return [];
        using var stream = Patiently(() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var lines = reader.ReadToEnd().Split('\n');
        var results = new Dictionary<string, ExperimentResult>();
        for (var number = 0; number < lines.Length; number++)
        {
            if (string.IsNullOrWhiteSpace(lines[number]))
                continue;
            if (Parse(lines[number], out var problem) is { } result)
                results.TryAdd(result.Id, result);
            else if (number < lines.Length - 1)
                throw new InvalidDataException($"{path}, line {number + 1}, is damaged: expected the JSON object of one finished job, but {problem} Delete the line; the job is then done again.");
            else
                Console.Error.WriteLine($"{path} ends with an unfinished line, {number + 1}: a run was stopped while it wrote it. It is passed over; its job is not done yet.");
        }
        return [.. results.Values];
    }

    /// <summary>Adds one line; several processes may append to the same file.</summary>
    /// <exception cref="IOException">It cannot be written; the file is as it was.</exception>
    public static void Append(string path, ExperimentResult result)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        using var stream = Patiently(() => new FileStream(full, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        var end = Repaired(stream);
        try
        {
            stream.Position = end;
            stream.Write([.. JsonSerializer.SerializeToUtf8Bytes(result, Writing), (byte)'\n']);
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
    internal static void Prepare(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var stream = Patiently(() => new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite));
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
    private static bool IsSharing(IOException exception) => exception.HResult is unchecked((int)0x80070020) or 11 or 35;

    // Where the next line goes: after the last finished one.
    private static long Repaired(FileStream stream)
    {
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var end = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        if (end == bytes.Length)
            return end;
        if (Parse(Encoding.UTF8.GetString(bytes.AsSpan(end)), out _) is not null)
        {
            stream.WriteByte((byte)'\n');   // whole but for its end
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
            return JsonSerializer.Deserialize<ExperimentResult>(line, Reading);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)   // no JSON, or an option out of its range
        {
            problem = exception.Message;
            return null;
        }
    }
}
