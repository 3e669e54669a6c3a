using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace NotebookRunner.Reporting.Book;

/// <summary>HTML made here that waits while what surrounds it is sanitised; marks that no author can guess keep its places.</summary>
internal sealed class Pieces
{
    private readonly string _key = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
    private readonly List<string> _pieces = [];

    /// <summary>Keeps a piece and gives the mark that stands for it.</summary>
    internal string Add(string html)
    {
        _pieces.Add(html);
        return string.Create(CultureInfo.InvariantCulture, $"({_key}:{_pieces.Count - 1})");
    }

    /// <summary>A text without the marks in it.</summary>
    internal string Without(string text) => Regex.Replace(text, $@"\({_key}:[0-9]+\)", "");

    /// <summary>Puts the pieces into their places.</summary>
    internal string Restore(string html) => Regex.Replace(html, $@"\({_key}:([0-9]+)\)", place =>
        _pieces[int.Parse(place.Groups[1].Value, CultureInfo.InvariantCulture)]);
}
