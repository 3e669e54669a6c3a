using System.Globalization;

namespace NotebookHelpers;

/// <summary>Says which known set some files are, by their checksums, and in what they differ from it.</summary>
internal static class Identity
{
    /// <summary>All four checksums of a known set: that set. None: null, a set of one's own. Some: an error.</summary>
    /// <param name="content">What the files hold.</param>
    /// <param name="paths">Where they are.</param>
    /// <param name="known">The sets that are known.</param>
    /// <param name="only">The one set that may be here; null: any, or one of one's own.</param>
    /// <exception cref="InvalidDataException">Some files are of a known set and others are not, or names are exchanged.</exception>
    internal static KnownSet? Of(DigitFiles content, string[] paths, IReadOnlyList<KnownSet> known, KnownSet? only)
    {
        if (Exchanged(paths, content.Hashes, known) is { } exchanged)
            throw new InvalidDataException(exchanged);
        var nearest = only ?? known.MaxBy(set => Matches(set, content.Hashes))!;
        var matches = Matches(nearest, content.Hashes);
        if (matches == 4)
            return nearest;
        if (matches == 0 && only is null)
            return null;
        var i = Enumerable.Range(0, 4).First(file => content.Hashes[file] != nearest.Files[file].Sha256);
        throw new InvalidDataException(
            $"{paths[i]}: damaged, or not of {nearest.Title}: the SHA-256 of its decompressed content should be " +
            $"{nearest.Files[i].Sha256} but is {content.Hashes[i]}; {Difference(content, nearest)}. " +
            (only is null ? "Other files here are of that set; get this one again." : ""));
    }

    /// <summary>What to say when the four files of a known set are all here under each other's names; null when they are not.</summary>
    internal static string? Exchanged(string[] paths, string?[] hashes, IEnumerable<KnownSet> known)
    {
        foreach (var set in known)
        {
            int[] meant = [.. hashes.Select(hash => Array.FindIndex(set.Files, file => file.Sha256 == hash))];
            if (!meant.Order().SequenceEqual([0, 1, 2, 3]) || meant.SequenceEqual([0, 1, 2, 3]))
                continue;
            var wrong = Enumerable.Range(0, 4).Where(i => meant[i] != i).Select(i => $"{paths[i]} holds {set.Files[meant[i]].Name}");
            return $"All four files of {set.Title} are here, but under exchanged names: {string.Join(", ", wrong)}. Rename them.";
        }
        return null;
    }

    /// <summary>The same for files that could not be read as what their names say.</summary>
    internal static string? Exchanged(string[] paths, IReadOnlyList<KnownSet> known)
    {
        var longest = known.SelectMany(set => set.Files).Max(file => file.Length);
        return Exchanged(paths, [.. paths.Select(path => ContentHash.Of(path, longest))], known);
    }

    /// <summary>In what a set differs from a known one, as far as counts and sizes tell.</summary>
    internal static string Difference(DigitFiles content, KnownSet set)
    {
        List<string> differences =
        [
            .. Count(content.Train, set.TrainCount, "training"),
            .. Count(content.Test, set.TestCount, "test"),
            .. (content.Height, content.Width) == (set.Height, set.Width) ? [] : new[]
            {
                $"images of {content.Height}×{content.Width} pixels in place of {set.Height}×{set.Width}",
            },
        ];
        return differences.Count == 0
            ? $"it has as many images as {set.Title} and of the same size, but other content: how many images or labels are changed " +
                $"cannot be told without the original, so get it again if it is meant to be {set.Title}"
            : $"unlike {set.Title}, it has {string.Join(", ", differences)}";
    }

    private static IEnumerable<string> Count(int found, int expected, string what)
    {
        if (found != expected)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{Math.Abs(found - expected):N0} {what} images {(found < expected ? "fewer" : "more")} ({found:N0}, not {expected:N0})");
    }

    private static int Matches(KnownSet set, string[] hashes) => set.Files.Where((file, i) => file.Sha256 == hashes[i]).Count();
}
