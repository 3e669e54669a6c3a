using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.DotNet.Interactive.Formatting;
using NotebookRunner.Documents;

namespace NotebookRunner.Worker;

/// <summary>
/// What one cell produced, in the order in which it came, as an editor shows it: neighbouring writes to one stream are one
/// output, an update changes a display where it stands. Written by any thread.
/// </summary>
internal sealed partial class CellOutputs
{
    /// <summary>How many characters of console output a cell keeps.</summary>
    internal const int ConsoleLimit = 1_000_000;

    /// <summary>A cell that writes more characters than this to the console has run wild: it fails.</summary>
    internal const long Flood = 100_000_000;

    private readonly Lock _gate = new();
    private readonly List<Output> _outputs = [];
    private int _consoleLength;
    private long _written;
    private bool _truncated;
    private bool _changed;
    private string? _preview;

    /// <summary>Adds text to a stream.</summary>
    /// <param name="stream">stdout or stderr.</param>
    /// <param name="text">What was written.</param>
    internal void Write(string stream, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        lock (_gate)
        {
            _written += text.Length;
            if (_truncated)
                return;
            var fits = Math.Min(text.Length, ConsoleLimit - _consoleLength);
            StreamNamed(stream).Append(text[..fits]);
            _consoleLength += fits;
            if (fits < text.Length)
            {
                _truncated = true;
                StreamNamed("stderr").Append(
                    $"\n… the rest of this cell's console output is left out: more than {ConsoleLimit:N0} characters were written.\n");
            }
            _changed = true;
            _preview = null; // made of the stream's end when it is asked for
        }
    }

    /// <summary>Adds a display.</summary>
    internal void Display(string id, IReadOnlyList<FormattedValue> values)
    {
        lock (_gate)
        {
            _outputs.Add(new DisplayOutput(id) { Values = values });
            Show(values);
        }
    }

    /// <summary>Changes what is displayed, where it stands; says whether there is such a display here.</summary>
    internal bool Update(string id, IReadOnlyList<FormattedValue> values)
    {
        lock (_gate)
        {
            if (_outputs.OfType<DisplayOutput>().FirstOrDefault(output => output.Id == id) is not { } output)
                return false;
            output.Values = values;
            Show(values);
            return true;
        }
    }

    /// <summary>Adds an error, unless it was told just now.</summary>
    internal void Fail(CellFailure failure)
    {
        lock (_gate)
        {
            if (_outputs is [.., ErrorOutput last] && last.Text == failure.Text)
                _outputs.RemoveAt(_outputs.Count - 1);
            _outputs.Add(new ErrorOutput(failure));
            _changed = true;
        }
    }

    /// <summary>Whether the cell wrote more than <see cref="Flood"/>.</summary>
    internal bool IsFlooded
    {
        get
        {
            lock (_gate)
                return _written > Flood;
        }
    }

    /// <summary>Whether there is anything new since the last call.</summary>
    internal bool TakeChanged()
    {
        lock (_gate)
            return _changed && !(_changed = false);
    }

    /// <summary>The last line of the last output, short, for a progress display; null for none.</summary>
    internal string? Preview()
    {
        lock (_gate)
            return _preview ??= _outputs is [.., StreamOutput stream] ? LastLine(stream.Tail()) : null;
    }

    /// <summary>The outputs as nbformat has them.</summary>
    internal JsonArray ToJson()
    {
        lock (_gate)
            return [.. _outputs.Select(output => output.ToJson())];
    }

    /// <summary>The figures that this cell's outputs offer for the summary table.</summary>
    internal IReadOnlyList<HeadlineFigure> Headlines()
    {
        lock (_gate)
            return [.. _outputs.OfType<DisplayOutput>().SelectMany(output => output.Values)
                .Where(value => value.MimeType == HeadlineContract.MimeType).SelectMany(value => HeadlineFigure.Read(value.Value ?? ""))];
    }

    private StringBuilder StreamNamed(string name)
    {
        if (_outputs is not [.., StreamOutput last] || last.Name != name)
            _outputs.Add(last = new StreamOutput(name));
        return last.Text;
    }

    private void Show(IReadOnlyList<FormattedValue> values)
    {
        _changed = true;
        var text = values.FirstOrDefault(value => value.MimeType == "text/plain")?.Value
            ?? (values.FirstOrDefault(value => value.MimeType == "text/html") is { Value: { } html } ? PlainText(html) : null);
        _preview = LastLine(text ?? $"({values.FirstOrDefault()?.MimeType})");
    }

    private static string? LastLine(string text)
    {
        const int Longest = 160;
        var line = text.Split('\n', '\r').LastOrDefault(line => !string.IsNullOrWhiteSpace(line))?.Trim();
        return line is { Length: > Longest } ? line[..Longest] + "…" : line;
    }

    private static string PlainText(string html) =>
        System.Net.WebUtility.HtmlDecode(Spaces().Replace(Markup().Replace(html.Length > 20_000 ? html[..20_000] : html, " "), " ")).Trim();

    [GeneratedRegex(@"<(style|script|svg)\b.*?(</\1>|$)|<[^>]*>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Markup();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    private abstract class Output
    {
        internal abstract JsonObject ToJson();
    }

    private sealed class StreamOutput(string name) : Output
    {
        internal string Name { get; } = name;

        internal StringBuilder Text { get; } = new();

        internal string Tail() => Ansi.Strip(Text.ToString(Math.Max(0, Text.Length - 2000), Math.Min(2000, Text.Length)));

        internal override JsonObject ToJson() => new()
        {
            ["name"] = Name,
            ["output_type"] = "stream",
            ["text"] = MultilineText.Split(Text.ToString()),
        };
    }

    private sealed class DisplayOutput(string id) : Output
    {
        internal string Id { get; } = id;

        internal required IReadOnlyList<FormattedValue> Values { get; set; }

        internal override JsonObject ToJson()
        {
            var data = new JsonObject();
            foreach (var value in Values.OrderBy(value => value.MimeType, StringComparer.Ordinal))
                data[value.MimeType] = Data(value);
            return new() { ["data"] = data, ["metadata"] = new JsonObject(), ["output_type"] = "display_data" };
        }

        // As nbformat has it: JSON as JSON, text as lines, binary data as one string of base64.
        private static JsonNode? Data(FormattedValue value)
        {
            var text = value.Value ?? ""; // a cell may show null as any type
            if (value.MimeType.StartsWith("application/", StringComparison.Ordinal)
                && (value.MimeType == "application/json" || value.MimeType.EndsWith("+json", StringComparison.Ordinal)))
            {
                try
                {
                    return JupyterJsonReader.Read(text); // JsonNode.Parse finds some faults only when the copy is written
                }
                catch (JsonException)
                {
                    return text;
                }
            }
            var isText = value.MimeType.StartsWith("text/", StringComparison.Ordinal)
                || value.MimeType is "image/svg+xml" or "application/javascript";
            return isText ? MultilineText.Split(text) : text;
        }
    }

    private sealed class ErrorOutput(CellFailure failure) : Output
    {
        internal string Text => failure.Text;

        internal override JsonObject ToJson() => new()
        {
            ["ename"] = "Error",
            ["evalue"] = failure.Text,
            ["output_type"] = "error",
            ["traceback"] = new JsonArray([.. failure.Traceback.Select(line => (JsonNode)line)]),
        };
    }
}
