using System.Globalization;
using System.Text;

namespace NotebookHelpers;

/// <summary>A small table of results; numbers stand right, text left. Short cells stay on one line, however narrow the page is.</summary>
public sealed class SummaryTable : View
{
    private const int Short = 10;

    private readonly string[] _headers;
    private readonly string[][] _rows;
    private readonly bool[] _numeric;

    /// <summary>Makes a table.</summary>
    /// <param name="title">What the table shows.</param>
    /// <param name="headers">One a column.</param>
    /// <param name="rows">
    /// Each as long as <paramref name="headers"/>. Numbers are written with as many digits as tell something; a value
    /// that needs another format is given as a string. null is an empty cell.
    /// </param>
    /// <exception cref="ArgumentException">A row has another number of cells than there are headers.</exception>
    public SummaryTable(string title, string[] headers, IEnumerable<object?[]> rows)
    {
        Title = title;
        _headers = [.. headers];
        var cells = rows.ToList();
        if (cells.FindIndex(row => row.Length != headers.Length) is >= 0 and var wrong)
            throw new ArgumentException(
                $"Row {wrong} of '{title}' has {cells[wrong].Length} cells, but there are {headers.Length} headers. " +
                "Give every row one cell a header.", nameof(rows));
        _rows = [.. cells.Select(row => row.Select(Text).ToArray())];
        _numeric = [.. headers.Select((_, column) => IsNumeric(cells.Select(row => row[column])))];
        foreach (var row in _rows)
            for (var column = 0; column < row.Length; column++)
                if (_numeric[column])
                    row[column] = Html.Minus(row[column]);
    }

    /// <summary>What the table shows.</summary>
    public string Title { get; }

    /// <inheritdoc />
    public override string ToHtml()
    {
        var html = new StringBuilder(Html.Heading(Title))
            .Append($"<table aria-label=\"{Html.Encode(Title)}\" style=\"{Html.Card};border-collapse:collapse;margin:0 0 4px\">")
            .Append("<thead><tr>");
        for (var column = 0; column < _headers.Length; column++)
            html.Append($"<th scope=\"col\"{Style(column, "border-bottom:2px solid #808080!important")}>")
                .Append($"{Html.Encode(_headers[column])}</th>");
        html.Append("</tr></thead><tbody>");
        foreach (var row in _rows)
        {
            html.Append("<tr>");
            for (var column = 0; column < row.Length; column++)
                html.Append($"<td{Style(column, "border-bottom:1px solid #8080804d!important" + Wrapping(row[column], column))}>")
                    .Append($"{Html.Encode(row[column])}</td>");
            html.Append("</tr>");
        }
        return Html.Scrolling(html.Append("</tbody></table>").ToString());

        // !important, because editors (VS Code) take the borders off every table.
        string Style(int column, string border)
        {
            var side = _numeric[column] ? "right" : "left";
            return $" align=\"{side}\" style=\"{Html.Card};padding:4px 10px;text-align:{side};{border}\"";
        }

        string Wrapping(string cell, int column) => _numeric[column] || cell.Length <= Short ? ";white-space:nowrap" : "";
    }

    /// <inheritdoc />
    public override string ToText()
    {
        var widths = _headers.Select((header, column) => _rows.Select(row => row[column].Length).Append(header.Length).Max()).ToArray();
        IEnumerable<string[]> lines = [_headers, [.. widths.Select(width => new string('-', width))], .. _rows];
        return string.Join('\n', lines.Select(line => string.Join("  ", line.Select(Padded)).TrimEnd()).Prepend(Title));

        string Padded(string cell, int column) => _numeric[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]);
    }

    private static bool IsNumeric(IEnumerable<object?> column) =>
        column.Where(value => value is not (null or "")).OfType<object>().ToArray() is { Length: > 0 } known && known.All(LooksNumeric);

    private static bool LooksNumeric(object value) => value switch
    {
        string text => text.Any(char.IsAsciiDigit) && text.All(c => char.IsAsciiDigit(c) || " .,:%+-−×±eEs".Contains(c)),
        _ => IsNumber(value),
    };

    private static bool IsNumber(object value) =>
        value is sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal;

    private static string Text(object? value) => value switch
    {
        null => "",
        // through its shortest text, so that 0.1f reads 0.1
        float number => Html.Number(double.Parse(
            number.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)),
        _ when IsNumber(value) => Html.Number(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
