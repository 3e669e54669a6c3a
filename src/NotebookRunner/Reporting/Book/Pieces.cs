using System.Globalization;
using System.Text.RegularExpressions;

namespace NotebookRunner.Reporting.Book;

/// <summary>HTML made here that waits while what surrounds it is sanitised; characters for private use mark its place.</summary>
internal sealed partial class Pieces
{
    private const char Start = '\uE000', End = '\uE001';

    private readonly List<string> _pieces = [];

    /// <summary>Text in which no author can have marked a place.</summary>
    internal static string Without(string text) => text.Replace(Start.ToString(), "").Replace(End.ToString(), "");

    /// <summary>Keeps a piece and gives the mark that stands for it.</summary>
    internal string Add(string html)
    {
        _pieces.Add(html);
        return string.Create(CultureInfo.InvariantCulture, $"{Start}{_pieces.Count - 1}{End}");
    }

    /// <summary>Puts the pieces into their places; marks that an author wrote as entities name none.</summary>
    internal string Restore(string html) => Place().Replace(html, place =>
        int.TryParse(place.Groups[1].Value, CultureInfo.InvariantCulture, out var number) && number < _pieces.Count ? _pieces[number] : "");

    [GeneratedRegex("\uE000([0-9]+)\uE001")]
    private static partial Regex Place();
}
