using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace NotebookRunner.Documents;

/// <summary>
/// Where a notebook's outputs come from, kept in its metadata: profile, seed, data set, and a hash of the code that made
/// them, so that code and outputs that no longer belong together can be told.
/// </summary>
internal static class Provenance
{
    internal const string Key = "convnet_workbook";

    /// <summary>What a notebook's code publishes about its run, in <see cref="AppContext"/>: its seed.</summary>
    internal const string SeedSlot = "ConvNetWorkbook.Seed";

    /// <summary>SHA-256 over the code cells' texts in their order, each ended by a zero; line ends count as \n.</summary>
    internal static string HashOf(NotebookDocument document)
    {
        var code = string.Concat(document.Cells.Where(cell => cell.IsCode).Select(cell => cell.Source.ReplaceLineEndings("\n") + "\0"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));
    }

    /// <summary>Records a run in which every cell succeeded.</summary>
    internal static void Record(NotebookDocument document, string profile, string? data) =>
        document.SetMetadata(Key, new JsonObject
        {
            ["data"] = data,
            ["profile"] = profile,
            ["seed"] = AppContext.GetData(SeedSlot) is int seed ? seed : null,
            ["source_sha256"] = HashOf(document),
        });

    /// <summary>Forgets an earlier run, whose outputs are about to be replaced.</summary>
    internal static void Clear(NotebookDocument document) => document.SetMetadata(Key, null);
}
