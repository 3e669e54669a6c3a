using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace NotebookRunner.Reporting.Book;

/// <summary>
/// The scripts and style sheets of the library's views, known by their content: those of this version, which are embedded
/// here from the library's own files, and those of outputs that earlier versions made, by their SHA-256.
/// </summary>
/// <remarks>A page runs these scripts and no others, whatever an output's class says.</remarks>
internal static class KnownViews
{
    private const string Folder = "views/", Earlier = "earlier-views.txt";

    private static readonly FrozenSet<string> Hashes = Embedded().Concat(Recorded()).ToFrozenSet();

    internal static bool Knows(string text) => Hashes.Contains(Hash(text));

    /// <summary>The SHA-256 of a script as browsers take it: of its text in UTF-8, with line feeds.</summary>
    internal static string Hash(string text) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n"))));

    private static IEnumerable<string> Embedded() =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            // As the library writes them; see Html.Embedded there.
            .Select(name => Hash(Read(name)));

    private static IEnumerable<string> Recorded() =>
        Read(Earlier).Split('\n').Select(line => line.Split(' ')[0].Trim()).Where(hash => hash.Length > 0 && hash[0] != '#');

    private static string Read(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
