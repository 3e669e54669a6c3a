using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace NotebookRunner.Reporting.Book;

/// <summary>
/// The scripts and style sheets of the library's views, known by their content: they are embedded here from the library's own files.
/// </summary>
/// <remarks>
/// A page runs these scripts and no others, whatever an output's class says. Outputs of a view that was changed since keep their still
/// picture until their notebook is run again.
/// </remarks>
internal static class KnownViews
{
    private const string Folder = "views/";

    private static readonly FrozenSet<string> Hashes = Embedded().ToFrozenSet();

    internal static bool Knows(string text) => Hashes.Contains(Hash(text));

    /// <summary>The SHA-256 of a script as browsers take it: of its text in UTF-8, with line feeds.</summary>
    internal static string Hash(string text) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n"))));

    private static IEnumerable<string> Embedded() =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            // As the library writes them; see Html.Embedded there.
            .Select(name => Hash(Read(name)));

    private static string Read(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
