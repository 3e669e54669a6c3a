namespace NotebookHelpers;

/// <summary>Random orders.</summary>
internal static class Permutation
{
    /// <summary>The numbers 0 to count−1 in random order (Fisher and Yates).</summary>
    internal static int[] Of(int count, int seed, int stream = 0)
    {
        var random = SplitMix.Of(seed, stream);
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var j = random.Next((uint)i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }
}
