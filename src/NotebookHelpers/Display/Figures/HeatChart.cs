namespace NotebookHelpers;

/// <summary>
/// A grid of coloured cells; a value that is not finite is a neutral cell that takes no part in the colours. A text may
/// have a second line, a note to the first.
/// </summary>
internal sealed record HeatChart(
    string Title, string XTitle, string YTitle, string[] Columns, string[] Rows, double[,] Values, string[,] Texts, string Scale)
    : Chart(Title, XTitle, YTitle)
{
    internal override IEnumerable<string> Describe()
    {
        yield return $"rows: {YTitle}; columns: {XTitle}" + (Scale.Length > 0 ? $"; colour: {Scale}" : "");
        var width = Columns.Concat(Rows).Concat(Texts.Cast<string>().Select(Line)).Max(text => text.Length);
        yield return string.Join(' ', Columns.Prepend("").Select(text => text.PadLeft(width)));
        for (var row = 0; row < Rows.Length; row++)
        {
            var cells = Enumerable.Range(0, Columns.Length).Select(column => Line(Texts[row, column]));
            yield return string.Join(' ', cells.Prepend(Rows[row]).Select(text => text.PadLeft(width)));
        }

        static string Line(string text) => text.Split('\n') is [var value, var note] ? $"{value} ({note})" : text;
    }
}
