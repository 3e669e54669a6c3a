using System.Security.Cryptography;
using System.Text;

namespace NotebookHelpers;

/// <summary>One training to be done: a variant with one seed.</summary>
/// <param name="Variant">What the options are called in tables.</param>
/// <param name="Options">The options.</param>
/// <param name="Seed">Decides the images drawn, fresh weights, the batches' order, distortions and dropout.</param>
public sealed record ExperimentJob(string Variant, ExperimentOptions Options, int Seed)
{
    /// <summary>
    /// The same for the same options and seed, in every process and version; the variant's name is no part of it.
    /// Twelve hexadecimal digits of a SHA-256.
    /// </summary>
    public string Id => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{Options}#{Seed}"))))[..12];
}
