namespace NotebookHelpers;

/// <summary>
/// Random numbers that depend on a seed and a stream number only: not on torch's generators, nor on System.Random, whose
/// algorithm may change between versions of .NET. SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number
/// generators, 2014).
/// </summary>
internal struct SplitMix(ulong state)
{
    private ulong _state = state;

    /// <summary>A generator of its own for each seed and stream; neighbouring ones start far apart.</summary>
    internal static SplitMix Of(int seed, int stream = 0) => new(new SplitMix(((ulong)(uint)seed << 32) | (uint)stream).Next());

    internal ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>
    /// A whole number from 0 to below the bound, without bias (Lemire, Fast random integer generation in an interval, 2019).
    /// </summary>
    internal int Next(uint bound)
    {
        ulong high, low, threshold = (0ul - bound) % bound;
        do
            high = Math.BigMul(Next(), bound, out low);
        while (low < threshold);
        return (int)high;
    }

    /// <summary>Uniform from −bound to bound.</summary>
    internal float Within(double bound) => (float)(bound * (2 * ((Next() >> 11) * (1.0 / (1ul << 53))) - 1));
}
