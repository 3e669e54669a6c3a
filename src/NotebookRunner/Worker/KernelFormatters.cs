using System.Globalization;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.Formatting.Csv;
using Microsoft.DotNet.Interactive.Formatting.TabularData;
using static Microsoft.DotNet.Interactive.Formatting.PocketViewTags;

namespace NotebookRunner.Worker;

/// <summary>What the last kernel formats and the published package of its formatters does not: bytes, and tables as CSV too.</summary>
internal static class KernelFormatters
{
    private const int BytesPerLine = 16;

    /// <summary>Registers them where they are not: at a session's beginning, and after a cell's <c>Formatter.ResetToDefault()</c>.</summary>
    internal static void Register()
    {
        if (Formatter.RegisteredFormatters(includeDefaults: false).Any(formatter => formatter.Type == typeof(SessionVariables)))
            return;
        Formatter.Register<byte[]>(WriteBytes, PlainTextFormatter.MimeType);
        Formatter.Register<byte[]>(WriteBytesAsHtml, HtmlFormatter.MimeType);
        Formatter.Register<ReadOnlyMemory<byte>>((bytes, writer) => WriteBytes(bytes.ToArray(), writer), PlainTextFormatter.MimeType);
        Formatter.Register<ReadOnlyMemory<byte>>((bytes, writer) => WriteBytesAsHtml(bytes.ToArray(), writer), HtmlFormatter.MimeType);
        Formatter.SetPreferredMimeTypesFor(typeof(TabularDataResource), HtmlFormatter.MimeType, CsvFormatter.MimeType);
        Formatter.Register<SessionVariables>((variables, writer) => variables.WriteTo(writer), HtmlFormatter.MimeType);
    }

    private static void WriteBytesAsHtml(byte[] bytes, TextWriter writer)
    {
        writer.Write("<pre class=\"dni-binary\">");
        WriteBytes(bytes, writer);
        writer.Write("</pre>");
    }

    // 00000000  01 02 03 04 05 06 07 08  09 0A 0B 0C 0D 0E 0F 10  |................|
    private static void WriteBytes(byte[] bytes, TextWriter writer)
    {
        for (var offset = 0; offset < bytes.Length; offset += BytesPerLine)
        {
            var line = bytes.AsSpan(offset, Math.Min(BytesPerLine, bytes.Length - offset));
            writer.Write(offset.ToString("X8", CultureInfo.InvariantCulture) + "  ");
            for (var i = 0; i < BytesPerLine; i++)
                writer.Write((i < line.Length ? line[i].ToString("X2", CultureInfo.InvariantCulture) + " " : "   ") + (i == 7 ? " " : ""));
            writer.Write(" |");
            foreach (var value in line)
                writer.Write(value is >= 32 and < 127 ? (char)value : '.');
            writer.Write("|");
            if (offset + BytesPerLine < bytes.Length)
                writer.WriteLine();
        }
    }
}

/// <summary>The session's variables, as <c>#!who</c> and <c>#!whos</c> show them.</summary>
internal sealed class SessionVariables(ScriptState state, bool withValues)
{
    internal void WriteTo(TextWriter writer)
    {
        var variables = state.Variables.GroupBy(variable => variable.Name).Select(group => group.Last()).Where(CanBeAsked).ToList();
        PocketView view = withValues
            ? table(
                thead(tr(th("Variable"), th("Type"), th("Value"))),
                tbody(variables.Select(variable => tr(
                    td(variable.Name), td(variable.Value?.GetType()), td(div[@class: "dni-plaintext"](pre(variable.Value.ToDisplayString())))))))
            : div(variables.Select(variable => variable.Name + "\t "));
        view.WriteTo(writer, System.Text.Encodings.Web.HtmlEncoder.Default);
    }

    // The kernel asks for each value as JSON, and so lists none that has no JSON: no delegate, no cycle.
    private static bool CanBeAsked(ScriptVariable variable)
    {
        try
        {
            variable.Value.ToDisplayString(JsonFormatter.MimeType);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }
}
