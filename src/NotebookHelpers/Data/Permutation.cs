namespace NotebookHelpers;

/// <summary>
/// Random orders that depend on a seed and a stream number only: not on torch's generators, nor on System.Random, whose
/// algorithm may change between versions of .NET. SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number
/// generators, 2014) drives a Fisher-Yates shuffle.
/// </summary>
internal struct Permutation(ulong state)
{
    private ulong _state = state;

    /// <summary>The numbers 0 to count−1 in random order.</summary>
    internal static int[] Of(int count, int seed, int stream = 0)
    {
        // The first output is the state of the shuffle: neighbouring seeds and epochs start far apart.
        var random = new Permutation(new Permutation(((ulong)(uint)seed << 32) | (uint)stream).Next());
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var j = random.Next((uint)i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    internal ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    // Without bias: Lemire, Fast random integer generation in an interval, 2019.
    private int Next(uint bound)
    {
        ulong high, low, threshold = (0ul - bound) % bound;
        do
            high = Math.BigMul(Next(), bound, out low);
        while (low < threshold);
        return (int)high;
    }
}
