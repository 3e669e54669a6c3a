namespace NotebookHelpers;

/// <summary>Reads a large array with gaps, to see what memory charges for them. Lesson "Four loops, fast".</summary>
public static class MemoryWalk
{
    /// <summary>The sum of every <paramref name="step"/>-th number, from the first on.</summary>
    /// <param name="numbers">The array.</param>
    /// <param name="step">1 for all, 2 for every second, …</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is below 1.</exception>
    public static int Sum(ReadOnlySpan<int> numbers, int step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        var sum = 0;
        for (var i = 0; i < numbers.Length; i += step)
            sum += numbers[i];
        return sum;
    }
}
